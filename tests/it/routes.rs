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
        "/RENDER",
        "/render/1pwhfhh11z/x",
        "//render",
        "/%2e%2e/render",
        "/still/x",
    ] {
        let outcome = request("POST", path);
        outcome.assert_problem(404, "not_found");
        assert!(outcome.sent.is_empty());
    }
}

/// It is in the table of routes, so that its path is known; another function answers it.
#[test]
fn the_function_that_answers_callers_has_no_hook() {
    let outcome = request("POST", "/hooks/remotion");
    outcome.assert_problem(404, "not_found");
    assert!(outcome.sent.is_empty());
}

#[test]
fn no_id_of_a_render() {
    for id in [
        "x",
        "1PWHFHH11Z",
        "..",
        "1pwhfhh11z%2f",
        "renders",
        "1pwhfhh11z\u{0}",
    ] {
        request("GET", &format!("/render/{id}")).assert_problem(404, "render_not_found");
    }
}

#[test]
fn wrong_method() {
    let routes = [
        (
            "/render",
            "GET, POST",
            &["PUT", "DELETE", "PATCH", "HEAD"][..],
        ),
        ("/render/1pwhfhh11z", "GET, DELETE", &["POST", "PUT"]),
        ("/render/1pwhfhh11z/cancel", "POST", &["GET", "DELETE"]),
        ("/still", "POST", &["GET"]),
        ("/compositions", "GET", &["POST"]),
        ("/health", "GET", &["POST"]),
    ];
    for (path, allowed, methods) in routes {
        for method in methods {
            let outcome = request(method, path);
            outcome.assert_problem(405, "method_not_allowed");
            assert_eq!(outcome.header("allow"), Some(allowed));
            assert!(outcome.sent.is_empty());
        }
    }
}

#[test]
fn without_a_table() {
    for (method, path) in [
        ("GET", "/render"),
        ("GET", "/render/1pwhfhh11z"),
        ("DELETE", "/render/1pwhfhh11z"),
        ("POST", "/render/1pwhfhh11z/cancel"),
    ] {
        let detail = request(method, path).assert_problem(404, "renders_table_not_configured");
        assert!(detail.contains("RENDERS_TABLE"), "{detail}");
    }
    with_header("idempotency-key", "a", "{}").assert_problem(422, "idempotency_unavailable");
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
    assert!(detail.ends_with("at most 6291456 are allowed."), "{detail}");
}
