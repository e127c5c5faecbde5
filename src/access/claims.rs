//! The claims of a token, as API Gateway hands them over: flattened into texts, in two forms.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>

use std::collections::HashMap;

use lambda_http::request::RequestContext;
use serde_json::{Map, Value};

/// The most bytes that an issuer, a user's id or a tenant's may have: keys of the table of renders are made of them.
///
/// `OpenID` Connect allows ids of 255 characters.
const MAX_BYTES: usize = 255;

/// The words that other types than text are flattened into.
const OTHER_TYPES: [&str; 5] = ["true", "false", "null", "undefined", "<nil>"];

/// The claims that API Gateway has verified.
#[derive(Clone, Copy, Debug)]
pub(super) enum Claims<'a> {
    /// Of a JWT authorizer (HTTP API, payload 2.0): all are texts.
    Http(&'a HashMap<String, String>),
    /// Of a Cognito authorizer (REST API, or payload 1.0).
    Rest(&'a Map<String, Value>),
}

/// How a claim holds several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One value, whatever is in it.
    Text,
    /// Values with spaces between them, as `scope` has.
    Words,
    /// An array of texts without spaces, as `cognito:groups` is.
    List,
}

impl<'a> Claims<'a> {
    /// The claims in a request context, or `None` where API Gateway has verified nobody.
    pub(super) fn verified(context: Option<&'a RequestContext>) -> Option<Self> {
        match context? {
            RequestContext::ApiGatewayV2(context) => {
                let jwt = context.authorizer.as_ref()?.jwt.as_ref()?;
                Some(Self::Http(&jwt.claims))
            }
            RequestContext::ApiGatewayV1(context) => {
                let claims = context.authorizer.fields.get("claims")?;
                Some(Self::Rest(claims.as_object()?))
            }
            _ => None,
        }
    }

    /// A claim that is a text.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        match self {
            Self::Http(claims) => claims.get(name).map(String::as_str),
            Self::Rest(claims) => claims.get(name)?.as_str(),
        }
    }

    /// A claim by which somebody can be told from everybody else.
    pub(super) fn identity(self, name: &str) -> Option<&'a str> {
        self.text(name).filter(|value| is_identity(value))
    }

    /// Whether a claim is the boolean `true`.
    pub(super) fn is_true(self, name: &str) -> bool {
        match self {
            Self::Http(_) => self.text(name) == Some("true"),
            Self::Rest(claims) => claims
                .get(name)
                .is_some_and(|value| *value == true || value == "true"),
        }
    }

    /// The values of a claim that may hold several.
    pub(super) fn values(self, name: &str, shape: Shape) -> Vec<String> {
        if let Self::Rest(claims) = self
            && let Some(Value::Array(values)) = claims.get(name)
        {
            let texts = values.iter().filter_map(Value::as_str);
            return texts.map(ToOwned::to_owned).collect();
        }
        let Some(text) = self.text(name) else {
            return Vec::new();
        };
        match (shape, self) {
            (Shape::Text, _) => vec![text.to_owned()],
            (Shape::Words, _) => words(text),
            // An HTTP API writes an array as `[admin editors]`.
            (Shape::List, Self::Http(_)) => {
                let inner = text
                    .strip_prefix('[')
                    .and_then(|rest| rest.strip_suffix(']'));
                inner.map_or_else(|| vec![text.to_owned()], words)
            }
            // A REST API writes an array as `admin,editors`.
            (Shape::List, Self::Rest(_)) => text
                .split(',')
                .filter(|value| !value.is_empty())
                .map(ToOwned::to_owned)
                .collect(),
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(' ').filter(|word| !word.is_empty());
    words.map(ToOwned::to_owned).collect()
}

/// Whether a text tells somebody from everybody else. Arrays, objects, numbers and the like do not once the gateway has flattened
/// them: `["a b"]` and `["a","b"]` become the same text, as all long numbers do that a float cannot tell apart.
pub(super) fn is_identity(value: &str) -> bool {
    let is_array = value.starts_with('[') && value.ends_with(']');
    let is_json = value.starts_with('{') && value.ends_with('}');
    let is_object = is_json || value.starts_with("map[") && value.ends_with(']');
    let is_other = is_array || is_object || OTHER_TYPES.contains(&value) || is_float(value);
    !value.trim().is_empty() && value.len() <= MAX_BYTES && !is_other
}

/// Whether a text is a float as Go or Java write it: `1.2e+20`, `1.2E20`.
fn is_float(value: &str) -> bool {
    let Some((mantissa, exponent)) = value.split_once(['e', 'E']) else {
        return false;
    };
    let (sign, digits) = match exponent.strip_prefix(['+', '-']) {
        Some(digits) => (true, digits),
        None => (false, exponent),
    };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // Without sign and point it may be an id in hexadecimal digits.
    let is_mantissa = match mantissa.trim_start_matches('-').split_once('.') {
        Some((whole, fraction)) => number(whole) && number(fraction),
        None => sign && number(mantissa.trim_start_matches('-')),
    };
    is_mantissa && number(digits)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;
    use serde_json::json;

    use super::{Claims, Shape, is_identity};

    #[test]
    fn what_is_no_identity() {
        for value in [
            "",
            " ",
            "\t\n",
            "[a b]",
            "[]",
            r#"["a"]"#,
            r#"{"id":"a"}"#,
            "map[id:a]",
            "true",
            "false",
            "null",
            "undefined",
            "<nil>",
            "1.2345678901234568e+16",
            "1e+20",
            "1.2345678901234568E16",
            "-1e-7",
        ] {
            assert!(!is_identity(value), "{value}");
        }
        for value in [
            "ada",
            "auth0|5f0c1c1e",
            "123",
            "12345e67",
            "1e5",
            "a#b",
            " a",
            "[a",
            "Ünïcode",
            "e+",
            "1.5",
            "https://issuer.example/",
        ] {
            assert!(is_identity(value), "{value}");
        }
        assert!(is_identity(&"a".repeat(255)));
        assert!(!is_identity(&"a".repeat(256)));
        assert!(!is_identity(&"ü".repeat(128)));
    }

    proptest! {
        /// Whatever the entries are, the text that the gateway makes of an array or an object is nobody.
        #[test]
        fn flattened_arrays_are_nobody(entries in prop::collection::vec(".{0,12}", 0..4)) {
            let array = format!("[{}]", entries.join(" "));
            prop_assert!(!is_identity(&array));
            let object = format!("map[{}]", entries.join(":"));
            prop_assert!(!is_identity(&object));
        }

        /// A text of one value is that value alone, whatever it holds.
        #[test]
        fn a_text_is_one_value(text in ".{1,24}") {
            let claims = HashMap::from([("role".to_owned(), text.clone())]);
            prop_assert_eq!(Claims::Http(&claims).values("role", Shape::Text), vec![text]);
        }

        /// No entry of an array is a value unless it stands there by itself.
        #[test]
        fn a_list_has_its_entries(entries in prop::collection::vec("[^ ]{1,12}", 1..5)) {
            let claims = HashMap::from([("groups".to_owned(), format!("[{}]", entries.join(" ")))]);
            prop_assert_eq!(Claims::Http(&claims).values("groups", Shape::List), entries);
        }
    }

    #[test]
    fn values() {
        let claims = HashMap::from([
            ("cognito:groups".to_owned(), "[editors admins]".to_owned()),
            ("scope".to_owned(), "openid render:start".to_owned()),
            ("role".to_owned(), "not editors".to_owned()),
        ]);
        let claims = Claims::Http(&claims);
        assert_eq!(
            claims.values("cognito:groups", Shape::List),
            ["editors", "admins"]
        );
        assert_eq!(
            claims.values("scope", Shape::Words),
            ["openid", "render:start"]
        );
        assert_eq!(claims.values("role", Shape::Text), ["not editors"]);
        // What is no array is one value.
        assert_eq!(claims.values("role", Shape::List), ["not editors"]);
        assert_eq!(claims.values("none", Shape::List), [""; 0]);
    }

    #[test]
    fn values_of_a_rest_api() {
        let claims = json!({
            "cognito:groups": "editors,admins", "scope": "a b", "role": "x,y", "list": ["a b", "c", 7], "number": 7, "flag": true,
        });
        let claims = Claims::Rest(claims.as_object().expect("an object"));
        assert_eq!(
            claims.values("cognito:groups", Shape::List),
            ["editors", "admins"]
        );
        assert_eq!(claims.values("scope", Shape::Words), ["a", "b"]);
        assert_eq!(claims.values("role", Shape::Text), ["x,y"]);
        assert_eq!(claims.values("list", Shape::List), ["a b", "c"]);
        assert_eq!(claims.identity("number"), None);
        assert!(claims.is_true("flag") && !claims.is_true("number"));
    }
}
