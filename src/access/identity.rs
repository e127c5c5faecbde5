//! Who is calling. Identity comes only from claims that API Gateway has verified, never from headers.

use lambda_http::aws_lambda_events::apigw::ApiGatewayRequestAuthorizer;
use lambda_http::request::RequestContext;
use serde_json::Value;

use super::owner::Owner;

/// The most bytes that an issuer or a user's id may have: keys of the table of renders are made of them.
///
/// `OpenID` Connect allows ids of 255 characters.
const MAX_BYTES: usize = 255;

/// A signed-in user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose renders the caller may start and see.
    pub owner: Owner,
    /// The user's immutable id (`sub`). Never empty.
    pub user: String,
    groups: Vec<String>,
}

impl Caller {
    /// The caller in a request context, or `None` where API Gateway has verified no identity.
    ///
    /// Takes the claims of a JWT authorizer (HTTP API, payload 2.0) and of a Cognito authorizer (REST API, or payload 1.0).
    /// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>
    ///
    /// Of Cognito's tokens it takes the ID token, and the access token of the same client, which a JWT authorizer lets in too.
    #[must_use]
    pub fn verified(context: Option<&RequestContext>) -> Option<Self> {
        match context? {
            RequestContext::ApiGatewayV2(context) => {
                let claims = &context.authorizer.as_ref()?.jwt.as_ref()?.claims;
                let claim = |name: &str| claims.get(name).map(String::as_str);
                Self::new(claim, claim("cognito:groups").map(bracketed))
            }
            RequestContext::ApiGatewayV1(context) => {
                let claims = rest_claims(&context.authorizer)?;
                let claim = |name: &str| claims.get(name).and_then(Value::as_str);
                Self::new(claim, claims.get("cognito:groups").map(listed))
            }
            _ => None,
        }
    }

    /// Whoever has asked for a render earlier, and is not asking now: in no group.
    #[must_use]
    pub fn earlier(owner: Owner, user: String) -> Self {
        Self {
            owner,
            user,
            groups: Vec::new(),
        }
    }

    fn new<'a>(
        claim: impl Fn(&str) -> Option<&'a str>,
        groups: Option<Vec<String>>,
    ) -> Option<Self> {
        let identifying = |name: &str| {
            let value = claim(name)?;
            let usable = !value.trim().is_empty() && value.len() <= MAX_BYTES;
            usable.then(|| value.to_owned())
        };
        // Cognito's own claim; other issuers have none.
        let is_for_apis = matches!(claim("token_use"), None | Some("id" | "access"));
        let user = identifying("sub").filter(|_| is_for_apis)?;
        Some(Self {
            owner: Owner {
                issuer: identifying("iss")?,
                id: user.clone(),
            },
            user,
            groups: groups.unwrap_or_default(),
        })
    }

    /// Whether the user is in this Cognito group.
    #[must_use]
    pub fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|g| g == group)
    }
}

fn rest_claims(
    authorizer: &ApiGatewayRequestAuthorizer,
) -> Option<&serde_json::Map<String, Value>> {
    authorizer.fields.get("claims")?.as_object()
}

/// An HTTP API writes a list claim as `[admin editors]`.
fn bracketed(text: &str) -> Vec<String> {
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    inner.split_whitespace().map(ToOwned::to_owned).collect()
}

/// A REST API writes a list claim as `admin,editors`; payload 1.0 may hold the list itself.
fn listed(claim: &Value) -> Vec<String> {
    match claim {
        Value::String(text) => text
            .split(',')
            .filter(|group| !group.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        Value::Array(groups) => groups
            .iter()
            .filter_map(Value::as_str)
            .map(ToOwned::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::RequestExt;
    use serde_json::{Value, json};

    use super::Caller;
    use crate::gateway::event;

    fn caller(event: &Value) -> Option<Caller> {
        let event = serde_json::value::to_raw_value(event).expect("JSON");
        Caller::verified(
            event::read(&event)
                .expect("an event")
                .1
                .request_context_ref(),
        )
    }

    fn http_api(authorizer: &Value) -> Value {
        json!({
            "version": "2.0", "rawPath": "/render", "headers": {"x-user-id": "mallory", "authorization": "Bearer forged"},
            "requestContext": {"authorizer": authorizer, "http": {"method": "POST", "path": "/render"}},
        })
    }

    fn rest_api(authorizer: &Value) -> Value {
        json!({
            "httpMethod": "POST", "path": "/render", "headers": {"x-user-id": "mallory"}, "resource": "/render",
            "requestContext": {"authorizer": authorizer, "httpMethod": "POST", "stage": "prod"},
        })
    }

    #[track_caller]
    fn assert_nobody(event: &Value) {
        assert_eq!(caller(event), None);
    }

    #[test]
    fn http_api_claims() {
        let ada = caller(&http_api(
            &json!({"jwt": {"claims": {"iss": "https://issuer.example", "sub": "ada", "cognito:groups": "[editors admins]"}}}),
        ))
        .expect("ada");
        assert_eq!(ada.user, "ada");
        assert!(
            ada.is_in("editors")
                && ada.is_in("admins")
                && !ada.is_in("edit")
                && !ada.is_in("editors admins")
        );
        for (token_use, admitted) in [("id", true), ("access", true), ("refresh", false)] {
            let claims = json!({"jwt": {"claims": {"iss": "https://issuer.example", "sub": "ada", "token_use": token_use}}});
            assert_eq!(
                caller(&http_api(&claims)).is_some(),
                admitted,
                "{token_use}"
            );
        }
        assert_nobody(&http_api(
            &json!({"jwt": {"claims": {"iss": "https://issuer.example", "sub": ""}}}),
        ));
        assert_nobody(&http_api(
            &json!({"jwt": {"claims": {"iss": "https://issuer.example", "sub": " "}}}),
        ));
        assert_nobody(&http_api(&json!({"jwt": {"claims": {"username": "ada"}}})));
        assert_nobody(&http_api(&json!({"jwt": {"claims": null}})));
        assert_nobody(&http_api(
            &json!({"lambda": {"claims": {"iss": "https://issuer.example", "sub": "ada"}, "sub": "ada"}}),
        ));
        assert_nobody(&http_api(&json!({"jwt": {"claims": {"sub": "ada"}}})));
        assert_nobody(&http_api(
            &json!({"jwt": {"claims": {"sub": "ada", "iss": ""}}}),
        ));
        let long = "a".repeat(256);
        assert_nobody(&http_api(
            &json!({"jwt": {"claims": {"iss": "https://issuer.example", "sub": long}}}),
        ));
        assert_nobody(&http_api(&json!({"iam": {"userId": "ada"}})));
        assert_nobody(&http_api(&json!(null)));
    }

    #[test]
    fn rest_api_claims() {
        let ada = caller(&rest_api(
            &json!({"claims": {"iss": "https://issuer.example", "sub": "ada", "cognito:groups": "editors,admins"}}),
        ))
        .expect("ada");
        assert_eq!(ada.user, "ada");
        assert!(ada.is_in("editors") && ada.is_in("admins") && !ada.is_in("editors,admins"));
        let listed = caller(&rest_api(
            &json!({"claims": {"iss": "https://issuer.example", "sub": "ada", "cognito:groups": ["editors"]}}),
        ))
        .expect("ada");
        assert!(listed.is_in("editors"));
        assert_nobody(&rest_api(
            &json!({"claims": {"iss": "https://issuer.example", "sub": ""}}),
        ));
        assert_nobody(&rest_api(
            &json!({"claims": {"iss": "https://issuer.example", "sub": 7}}),
        ));
        assert_nobody(&rest_api(&json!({"claims": null})));
        assert_nobody(&rest_api(&json!({"principalId": "ada", "sub": "ada"})));
        assert_nobody(&rest_api(&json!(null)));
    }
}
