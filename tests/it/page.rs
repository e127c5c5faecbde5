//! `GET /`: the page, for anybody who asks for it, and nothing else for nobody.

use lambda_http::Body;
use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, event, post_render};

fn deployment() -> Deployment {
    Deployment::new()
        .with("REMOTION_BUCKET_NAME", "remotionlambda-useast1-abc")
        .with("COGNITO_USER_POOL_ID", "us-east-1_bVwFsBUGO")
        .with("COGNITO_USER_POOL_CLIENT_ID", "4l5tsda2iu8lqugl73m8hgeb83")
        .with("COGNITO_SELF_SIGN_UP", "true")
}

/// Without a token, as a browser asks.
fn ask(deployment: Deployment, method: &str, path: &str, headers: Value) -> Outcome {
    let mut event = post_render("");
    event["rawPath"] = path.into();
    event["requestContext"] = json!({"http": {"method": method, "path": path}, "requestId": "r"});
    event["headers"] = headers;
    deployment.handle(&event.to_string())
}

fn get(headers: Value) -> Outcome {
    ask(deployment(), "GET", "/", headers)
}

#[test]
fn its_users_sign_in_where_their_pool_is() {
    let elsewhere = deployment().with("COGNITO_USER_POOL_ID", "eu-west-1_AbCdEf");
    let page = ask(elsewhere, "GET", "/", json!({}));
    let Body::Text(html) = page.response.body() else {
        panic!("text")
    };
    assert!(html.contains(r#""region":"eu-west-1""#));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("connect-src 'self' https://cognito-idp.eu-west-1.amazonaws.com;"));
}

#[test]
fn its_users_sign_in_at_the_issuer_where_it_has_a_client() {
    let elsewhere = || {
        Deployment::new()
            .with("JWT_ISSUER", "https://issuer.example/tenant")
            .with("JWT_AUDIENCES", "https://render.example,other")
    };
    ask(elsewhere(), "GET", "/", json!({})).assert_problem(404, "not_found");
    let deployment = || elsewhere().with("OIDC_CLIENT_ID", "page");
    let config = json!({
        "issuer": "https://issuer.example/tenant", "clientId": "page", "audiences": ["https://render.example", "other"],
    });
    assert_eq!(told(deployment()), config);
    // It has the operator's colour there, too.
    let painted = deployment().with("PAGE_COLOR", "#0a7d5a");
    assert_eq!(told(painted)["color"], "#0a7d5a");
    let page = ask(deployment(), "GET", "/", json!({}));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("connect-src 'self' https://issuer.example; "));
}

/// What the page is told.
fn told(deployment: Deployment) -> Value {
    let page = ask(deployment, "GET", "/", json!({}));
    let Body::Text(html) = page.response.body() else {
        panic!("text")
    };
    let (_, rest) = html
        .split_once(r#"<script id="config" type="application/json">"#)
        .expect("a place");
    let (told, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(told).expect("JSON")
}

#[test]
fn anybody_gets_it() {
    let page = get(json!({"accept-encoding": "gzip, deflate, br"}));
    assert_eq!(page.status(), 200);
    assert!(page.sent.is_empty());
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(page.header("content-encoding"), Some("gzip"));
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    assert!(
        matches!(page.response.body(), Body::Binary(bytes) if bytes.starts_with(&[0x1f, 0x8b]))
    );

    assert_eq!(get(json!({})).header("content-encoding"), None);
    let config = json!({
        "region": "us-east-1", "userPoolId": "us-east-1_bVwFsBUGO", "userPoolClientId": "4l5tsda2iu8lqugl73m8hgeb83",
        "selfSignUp": true, "cognitoEndpoint": "https://cognito-idp.us-east-1.amazonaws.com",
    });
    assert_eq!(told(deployment()), config);
}

#[test]
fn it_has_the_operator_s_name_and_colour() {
    let plain = told(deployment());
    assert_eq!(
        (&plain["title"], &plain["color"]),
        (&Value::Null, &Value::Null)
    );
    let title = r#" Ana's </script><script>alert("Vidéos")</script> "#;
    let branded = told(
        deployment()
            .with("PAGE_TITLE", title)
            .with("PAGE_COLOR", "#0a7D5a"),
    );
    assert_eq!(branded["title"], title.trim());
    assert_eq!(branded["color"], "#0a7D5a");
}

#[test]
fn it_tells_the_rule_for_passwords_where_it_is_known() {
    let strong = deployment()
        .with("COGNITO_PASSWORD_LENGTH", "20")
        .with("COGNITO_PASSWORD_SYMBOLS", "true");
    assert_eq!(
        told(strong)["password"],
        json!({"length": 20, "symbols": true})
    );
    let elsewhere = deployment().with("COGNITO_PASSWORD_SYMBOLS", "false");
    assert_eq!(told(elsewhere).get("password"), None);
}

#[test]
fn nobody_gets_it_twice() {
    for accept in ["gzip", "identity"] {
        let page = get(json!({"accept-encoding": accept}));
        let etag = page.header("etag").expect("a tag").to_owned();
        for known in [etag.clone(), format!("\"x\", W/{etag}")] {
            let again = get(json!({"accept-encoding": accept, "if-none-match": known}));
            assert_eq!(again.status(), 304);
            assert_eq!(again.header("etag"), Some(etag.as_str()));
            assert_eq!(*again.response.body(), Body::Empty);
        }
    }
    let other = get(json!({"if-none-match": "\"x\""}));
    assert_eq!(other.status(), 200);
}

#[test]
fn it_may_do_no_more_than_it_must() {
    let page = get(json!({}));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'sha256-"),
        "{policy}"
    );
    assert!(
        !policy.contains("unsafe") && !policy.contains('*'),
        "{policy}"
    );
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
}

/// Its outputs are where the links to them lead.
#[test]
fn it_plays_outputs_and_nothing_else() {
    let policy = |bucket: &str| {
        let page = ask(
            deployment().with("REMOTION_BUCKET_NAME", bucket),
            "GET",
            "/",
            json!({}),
        );
        let policy = page.header("content-security-policy").expect("a policy");
        policy.to_owned()
    };
    assert!(
        policy("remotionlambda-useast1-abc")
            .contains("media-src https://remotionlambda-useast1-abc.s3.us-east-1.amazonaws.com;")
    );
    // Whose name no certificate of S3's has.
    assert!(policy("remotion.example").contains("media-src https://s3.us-east-1.amazonaws.com;"));
    assert!(policy("").contains("img-src data: 'none'; media-src 'none';"));
}

/// Only where the caller takes it, and where it gets through.
#[test]
fn compressed_or_not() {
    for accept in ["identity", "gzip;q=0", "deflate, gzip; q=0.0"] {
        let page = get(json!({"accept-encoding": accept}));
        assert_eq!(page.header("content-encoding"), None, "{accept}");
    }
    let weighted = get(json!({"accept-encoding": "br, gzip;q=0.5"}));
    assert_eq!(weighted.header("content-encoding"), Some("gzip"));

    let mut rest: Value = serde_json::from_str(&event("render-rest")).expect("an event");
    rest["httpMethod"] = "GET".into();
    rest["path"] = "/".into();
    rest["requestContext"]["path"] = "/".into();
    rest["requestContext"]["httpMethod"] = "GET".into();
    rest["headers"] = json!({"Accept-Encoding": "gzip"});
    rest["multiValueHeaders"] = json!({"Accept-Encoding": ["gzip"]});
    let page = deployment().handle(&rest.to_string());
    assert_eq!(page.status(), 200);
    assert_eq!(page.header("content-encoding"), None);
    assert!(matches!(page.response.body(), Body::Text(_)));
}

#[test]
fn nothing_else_is_for_anybody() {
    for path in ["/render", "/compositions", "/health", "/index.html", "//"] {
        let outcome = ask(deployment(), "GET", path, json!({}));
        assert!([401, 404].contains(&outcome.status().as_u16()), "{path}");
    }
    let outcome = ask(deployment(), "POST", "/", json!({}));
    outcome.assert_problem(405, "method_not_allowed");
    assert_eq!(outcome.header("allow"), Some("GET"));
}

#[test]
fn the_operator_may_turn_it_off() {
    let outcome = ask(Deployment::new(), "GET", "/", json!({}));
    outcome.assert_problem(404, "not_found");
}
