//! Which routes there are, and what a body may be.

use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, STARTED, event, post_render};

fn request(method: &str, path: &str) -> Outcome {
    let mut event = post_render("{}");
    event["rawPath"] = path.into();
    event["requestContext"]["http"] = json!({"method": method, "path": path});
    Deployment::new()
        .answering(STARTED)
        .handle(&event.to_string())
}

fn with_header(name: &str, value: &str, body: &str) -> Outcome {
    let mut event = post_render(body);
    event["headers"] = json!({name: value});
    Deployment::new()
        .answering(STARTED)
        .handle(&event.to_string())
}

#[test]
fn unknown_route() {
    for path in [
        "/",
        "/renders",
        "/render/",
        "/RENDER",
        "/render/x",
        "//render",
        "/%2e%2e/render",
    ] {
        let outcome = request("POST", path);
        outcome.assert_problem(404, "not_found");
        assert!(outcome.sent.is_empty());
    }
}

#[test]
fn wrong_method() {
    for method in ["GET", "PUT", "DELETE", "PATCH", "HEAD"] {
        let outcome = request(method, "/render");
        outcome.assert_problem(405, "method_not_allowed");
        assert_eq!(outcome.header("allow"), Some("POST"));
        assert!(outcome.sent.is_empty());
    }
}

#[test]
fn empty_body() {
    let outcome = Deployment::new()
        .answering(STARTED)
        .handle(&event("empty-body"));
    assert_eq!(outcome.status(), 200);
    assert_eq!(outcome.payload()["composition"], "MyVideo");
    assert_eq!(outcome.payload()["codec"], "h264");
    assert_eq!(
        outcome.payload()["inputProps"],
        json!({"type": "payload", "payload": "{}"})
    );
}

#[test]
fn bad_body() {
    let detail = Deployment::new()
        .handle(&event("bad-body"))
        .assert_problem(400, "invalid_json");
    assert!(
        detail.starts_with("The body is not a JSON object: EOF while parsing"),
        "{detail}"
    );
    for body in [
        "[]",
        "[\"MyVideo\"]",
        "null",
        "\"MyVideo\"",
        "1",
        "{} {}",
        "{}x",
        "{\"codec\":}",
        "\u{0}",
    ] {
        let outcome = Deployment::new().handle(&post_render(body).to_string());
        outcome.assert_problem(400, "invalid_json");
        assert!(outcome.sent.is_empty());
    }
}

#[test]
fn content_type() {
    assert_eq!(
        with_header("content-type", "application/json; charset=utf-8", "{}").status(),
        200
    );
    assert_eq!(
        with_header("content-type", "Application/JSON", "{}").status(),
        200
    );
    assert_eq!(with_header("accept", "text/plain", "{}").status(), 200);
    // A body that is not there has no type.
    assert_eq!(with_header("content-type", "text/plain", "").status(), 200);
    with_header("content-type", "application/x-www-form-urlencoded", "{}")
        .assert_problem(415, "unsupported_media_type");
    with_header("content-type", "application/jsonp", "{}")
        .assert_problem(415, "unsupported_media_type");
}

#[test]
fn base64_body() {
    let mut event: Value = post_render("eyJjb2RlYyI6InZwOCJ9");
    event["isBase64Encoded"] = true.into();
    let outcome = Deployment::new()
        .answering(STARTED)
        .handle(&event.to_string());
    assert_eq!(outcome.payload()["codec"], "vp8");
}

#[test]
fn too_large_a_body() {
    let body = format!(
        "{{\"inputProps\":{{\"text\":\"{}\"}}}}",
        "x".repeat(7 * 1024 * 1024)
    );
    let detail = Deployment::new()
        .handle(&post_render(&body).to_string())
        .assert_problem(413, "payload_too_large");
    assert!(detail.ends_with("at most 6291456 are taken."), "{detail}");
}
