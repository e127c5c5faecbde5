//! Events that are not as API Gateway makes them, or hold what its callers can put there.

use lambda_http::http::{HeaderValue, Response};
use lambda_http::{Body, RequestExt};
use remotion_render_api::gateway::event::{self, Format};
use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, STARTED, event, post_render};

fn handle(event: &Value) -> Outcome {
    Deployment::new()
        .answering(STARTED)
        .handle(&event.to_string())
}

/// The event of a REST API.
fn rest() -> Value {
    json!({
        "resource": "/render", "path": "/render", "httpMethod": "POST", "body": null, "isBase64Encoded": false,
        "headers": {"content-type": "application/json"}, "multiValueHeaders": {"content-type": ["application/json"]},
        "queryStringParameters": {"limit": "7"}, "multiValueQueryStringParameters": {"limit": ["7"]},
        "requestContext": {"authorizer": {"claims": {"iss": "https://issuer.example", "sub": "ada"}}, "httpMethod": "POST", "stage": "prod", "requestId": "r"},
    })
}

#[test]
fn what_is_no_event() {
    for (text, reason) in [
        ("{}", "missing field `requestContext`"),
        ("[]", "invalid length"),
        ("7", "invalid type: integer"),
        (r#"{"httpMethod":"POST"}"#, "missing field `requestContext`"),
        (
            r#"{"httpMethod":7}"#,
            "httpMethod: invalid type: integer `7`",
        ),
    ] {
        let detail = Deployment::new()
            .handle(text)
            .assert_problem(400, "invalid_event");
        assert!(detail.contains(reason), "{text}: {detail}");
    }
}

#[test]
fn claims_that_are_no_strings_are_named() {
    let mut event = post_render("");
    event["requestContext"]["authorizer"]["jwt"]["claims"]["exp"] = json!(1_700_000_000);
    let detail = handle(&event).assert_problem(400, "invalid_event");
    assert!(
        detail.contains("requestContext.authorizer.jwt.claims.exp: invalid type: integer"),
        "{detail}"
    );
}

#[test]
fn bodies_in_base64() {
    let mut event = post_render("eyJjb2RlYyI6InZwOCJ9");
    event["isBase64Encoded"] = true.into();
    assert_eq!(handle(&event).payload()["codec"], "vp8");
    for wrong in ["{\"codec\":\"vp8\"}", "eyJ", "AAA"] {
        event["body"] = wrong.into();
        handle(&event).assert_problem(400, "invalid_event");
    }
    event["body"] = "/w==".into();
    handle(&event).assert_problem(400, "invalid_json");
}

#[test]
fn bodies_are_unescaped() {
    let event = event("render");
    let with_body = |body: &str| {
        let mut parsed: Value = serde_json::from_str(&event).expect("an event");
        parsed["body"] = "BODY".into();
        let small = parsed.to_string().replace("\"BODY\"", body);
        let large = format!("{small}{}", " ".repeat(70_000));
        let [small, large] =
            [small, large].map(|text| Deployment::new().answering(STARTED).handle(&text));
        assert_eq!(small.status(), large.status());
        assert_eq!(small.sent.len(), large.sent.len());
        large
    };
    let outcome = with_body(r#""{\"inputProps\":{\"text\":\"\u00e9\ud83d\ude00\\n\/\"}}""#);
    assert_eq!(
        outcome.payload()["inputProps"]["payload"],
        "{\"text\":\"é😀\\n/\"}"
    );
    for wrong in [r#""\ud83d""#, r#""\ud83d\u0041""#] {
        with_body(wrong).assert_problem(400, "invalid_event");
    }
    for wrong in ["7", "{}", "[]", "true"] {
        let detail = with_body(wrong).assert_problem(400, "invalid_event");
        assert!(detail.contains("body: invalid type"), "{detail}");
    }
    assert_eq!(with_body("null").payload()["codec"], "h264");
}

#[test]
fn paths_and_queries_that_make_no_uri() {
    let mut event = post_render("");
    for path in [
        "/ren der",
        "/\u{0}",
        "",
        "//",
        "render",
        "/r\u{e4}nder",
        "/%zz",
    ] {
        event["rawPath"] = path.into();
        handle(&event).assert_problem(404, "not_found");
    }
    event["rawPath"] = "/render".into();
    for query in [" ", "\u{7f}", "<>", "limit=%zz", "\u{e4}", "&&=&"] {
        event["rawQueryString"] = query.into();
        event["headers"]["host"] = "a b".into();
        assert_eq!(handle(&event).status(), 200, "{query:?}");
    }
}

#[test]
fn both_forms_give_the_same_request() {
    let read = |event: Value| {
        let event = serde_json::value::to_raw_value(&event).expect("JSON");
        event::read(&event).expect("an event")
    };
    let (format, request) = read(rest());
    assert_eq!(format, Format::V1);
    assert_eq!(request.raw_http_path(), "/render");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(
        request
            .query_string_parameters_ref()
            .and_then(|query| query.first("limit")),
        Some("7")
    );
    let mut http_api: Value = serde_json::from_str(&event("render")).expect("an event");
    http_api["rawQueryString"] = "limit=7".into();
    let (format, request) = read(http_api);
    assert_eq!(format, Format::V2);
    assert_eq!(
        request
            .query_string_parameters_ref()
            .and_then(|query| query.first("limit")),
        Some("7")
    );
    assert_eq!(handle(&rest()).status(), 200);
}

#[test]
fn replies() {
    let response = || {
        let mut response = Response::new(Body::Text("{}".into()));
        response
            .headers_mut()
            .insert("retry-after", HeaderValue::from_static("5"));
        response
    };
    for (format, field) in [(Format::V1, "multiValueHeaders"), (Format::V2, "cookies")] {
        let reply = serde_json::to_value(format.reply(response())).expect("JSON");
        assert_eq!(reply["statusCode"], 200);
        assert_eq!(reply["headers"]["retry-after"], "5");
        assert_eq!(reply["body"], "{}");
        assert_eq!(reply["isBase64Encoded"], false);
        assert!(reply.get(field).is_some(), "{reply}");
        let empty = serde_json::to_value(format.reply(Response::new(Body::Empty))).expect("JSON");
        assert_eq!(empty.get("body"), None);
    }
}
