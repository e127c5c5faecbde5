//! The path of a request, without the prefix that API Gateway adds.

use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};

/// The part of a path that a custom domain's API mapping adds, such as `/video`. Never empty, and without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasePath(String);

impl TryFrom<String> for BasePath {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let path = text.trim_end_matches('/');
        let segment = |segment: &str| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~$+!*'()".contains(&b);
            !segment.is_empty() && segment.bytes().all(plain)
        };
        match path.strip_prefix('/') {
            Some(inner) if inner.split('/').all(segment) => Ok(Self(path.to_owned())),
            _ => Err("must be a path such as /video"),
        }
    }
}

/// The path of a request, beginning with a slash.
///
/// On API Gateway's own domains the stage stands before it, unless the stage is `$default`; on others the base path. One slash
/// at the end does not count.
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
#[must_use]
pub fn of<'a>(request: &'a Request, base_path: Option<&BasePath>) -> &'a str {
    let path = request.raw_http_path();
    let prefix = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            if is_api_gateways(context.domain_name.as_deref()) {
                stage(context.stage.as_deref())
            } else {
                base_path.map(|base| base.0.clone())
            }
        }
        Some(RequestContext::ApiGatewayV1(context)) => {
            if !is_api_gateways(context.domain_name.as_deref()) {
                base_path.map(|base| base.0.clone())
            } else if context.path.as_deref().is_none_or(|whole| whole == path) {
                stage(context.stage.as_deref())
            } else {
                // A REST API's path has no stage: only that of its context has.
                None
            }
        }
        _ => None,
    };
    let path = prefix.map_or(path, |prefix| without(path, &prefix));
    match path.strip_suffix('/') {
        // Slashes alone are not the root.
        Some(shorter) if !shorter.bytes().all(|b| b == b'/') => shorter,
        _ => path,
    }
}

fn stage(stage: Option<&str>) -> Option<String> {
    stage
        .filter(|stage| !stage.is_empty() && *stage != "$default")
        .map(|stage| format!("/{stage}"))
}

/// Whether a domain is one that API Gateway gives. Without one there is nothing else that could be meant.
fn is_api_gateways(domain: Option<&str>) -> bool {
    domain.is_none_or(|domain| domain.contains(".execute-api."))
}

/// A path without its prefix, where it has that.
fn without<'a>(path: &'a str, prefix: &str) -> &'a str {
    match path.strip_prefix(prefix) {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{BasePath, of};
    use crate::gateway::event;

    const OWN: &str = "abc.execute-api.us-east-1.amazonaws.com";

    fn path_of(event: &Value, base: Option<&str>) -> String {
        let event = serde_json::value::to_raw_value(event).expect("JSON");
        let (_, request) = event::read(&event).expect("an event");
        let base = base.map(|base| BasePath::try_from(base.to_owned()).expect("a base path"));
        of(&request, base.as_ref()).to_owned()
    }

    fn http_api(domain: &str, stage: &str, path: &str) -> Value {
        let context =
            json!({"domainName": domain, "stage": stage, "http": {"method": "GET", "path": path}});
        json!({"version": "2.0", "rawPath": path, "headers": {}, "requestContext": context})
    }

    fn rest_api(domain: &str, path: &str, whole: Option<&str>) -> Value {
        let context =
            json!({"domainName": domain, "stage": "prod", "path": whole, "httpMethod": "GET"});
        json!({"httpMethod": "GET", "path": path, "resource": "/{proxy+}", "headers": {}, "requestContext": context})
    }

    #[test]
    fn stages() {
        let path = |stage, path| path_of(&http_api(OWN, stage, path), None);
        assert_eq!(path("$default", "/render"), "/render");
        assert_eq!(path("prod", "/prod/render"), "/render");
        assert_eq!(path("prod", "/prod"), "/");
        assert_eq!(path("prod", "/prod/"), "/");
        assert_eq!(path("prod", "/production/render"), "/production/render");
        // Once.
        assert_eq!(path("render", "/render/render"), "/render");
        assert_eq!(path("prod", "/prod/prod/render"), "/prod/render");
    }

    #[test]
    fn base_paths() {
        let on_own_domain =
            |stage, path| path_of(&http_api("api.example.com", stage, path), Some("/video"));
        assert_eq!(on_own_domain("prod", "/video/render"), "/render");
        assert_eq!(on_own_domain("prod", "/videos/render"), "/videos/render");
        // Never both: the stage is no part of it there, nor the base path on API Gateway's domain.
        assert_eq!(on_own_domain("prod", "/prod/render"), "/prod/render");
        let event = http_api(OWN, "prod", "/prod/video/render");
        assert_eq!(path_of(&event, Some("/video")), "/video/render");
        assert_eq!(
            path_of(&http_api("api.example.com", "prod", "/render"), None),
            "/render"
        );
    }

    #[test]
    fn rest_apis() {
        assert_eq!(
            path_of(&rest_api(OWN, "/render", Some("/prod/render")), None),
            "/render"
        );
        assert_eq!(
            path_of(&rest_api(OWN, "/prod/render", Some("/prod/render")), None),
            "/render"
        );
        assert_eq!(
            path_of(&rest_api(OWN, "/prod/render", None), None),
            "/render"
        );
        let mapped = rest_api("api.example.com", "/video/render", Some("/video/render"));
        assert_eq!(path_of(&mapped, Some("/video/")), "/render");
    }

    #[test]
    fn one_slash_at_the_end() {
        let path = |path| path_of(&http_api(OWN, "$default", path), None);
        assert_eq!(path("/render/"), "/render");
        assert_eq!(path("/"), "/");
        assert_eq!(path("//"), "//");
        assert_eq!(path("/render//"), "/render/");
        assert_eq!(path("///"), "///");
    }

    #[test]
    fn what_is_no_base_path() {
        for wrong in ["", "/", "video", "/a b", "/a//b", "/ü", "/video?x"] {
            assert!(BasePath::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
