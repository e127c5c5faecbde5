//! What the caller hears when the function or AWS fails.

use aws_smithy_types::body::SdkBody;
use lambda_http::http::Response;

use crate::harness::{Deployment, Outcome, STARTED, event, post_render};

fn answered(body: &str) -> Outcome {
    Deployment::new().answering(body).handle(&event("render"))
}

fn failed(status: u16, code: &str, message: &str) -> Outcome {
    let outcome = Deployment::new()
        .failing(status, code, message)
        .handle(&event("render"));
    assert_eq!(outcome.sent.len(), 1, "never sent twice");
    outcome
}

#[test]
fn refused_without_its_stack() {
    let outcome = answered(
        r#"{"type":"error","message":"The specified bucket does not exist","stack":"NoSuchBucket: The specified bucket does not exist\n    at Z.handleError (/var/task/index.js:55:47562)"}"#,
    );
    let detail = outcome.assert_problem(502, "render_function_error");
    assert_eq!(
        detail,
        "The render function failed: The specified bucket does not exist"
    );
    assert!(!outcome.body().to_string().contains("/var/task"));
}

/// `start` launches the render before it waits for its first file: where that could not be stored, the render may run.
#[test]
fn an_error_after_the_launch() {
    for (name, message) in [
        ("SlowDown", "Please reduce your request rate."),
        (
            "InternalError",
            "We encountered an internal error. Please try again.",
        ),
        ("AccessDenied", "Access Denied"),
        ("Error", "read ECONNRESET"),
    ] {
        let stack = format!(r"{name}: {message}\n    at x (/var/task/index.js:1:1)");
        let body = format!(r#"{{"type":"error","message":"{message}","stack":"{stack}"}}"#);
        let detail = answered(&body).assert_problem(502, "render_function_error");
        assert!(detail.contains(". A render may have started."), "{detail}");
        let mut event = post_render("{}");
        event["rawPath"] = "/still".into();
        let still = Deployment::new()
            .answering(&body)
            .handle(&event.to_string());
        let detail = still.assert_problem(502, "render_function_error");
        assert!(!detail.contains("may have started"), "{detail}");
    }
}

#[test]
fn crashed() {
    let body = r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 1 Error: Runtime exited with error: signal: killed","trace":["at x (/var/task/index.js:1:1)"]}"#;
    let response = Response::builder()
        .header("x-amz-function-error", "Unhandled")
        .body(SdkBody::from(body))
        .expect("a response");
    let outcome = Deployment::new()
        .responding(response)
        .handle(&event("render"));
    let detail = outcome.assert_problem(502, "render_function_crashed");
    assert!(
        detail.contains("Runtime.ExitError") && detail.contains("A render may have started."),
        "{detail}"
    );
    assert!(!outcome.body().to_string().contains("/var/task"));
    // The header may be lost on the way.
    answered(body).assert_problem(502, "render_function_crashed");
}

#[test]
fn nonsense() {
    for body in [
        "",
        " ",
        "null",
        "<html>",
        "[]",
        "{}",
        r#"{"type":"success"}"#,
        r#"{"type":"success","renderId":7,"bucketName":"b"}"#,
    ] {
        let detail = answered(body).assert_problem(502, "render_function_reply_invalid");
        assert!(
            detail.starts_with("The render function's answer cannot be read."),
            "{detail}"
        );
    }
}

#[test]
fn missing() {
    let outcome = failed(
        404,
        "ResourceNotFoundException",
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nope",
    );
    outcome.assert_problem(503, "render_function_missing");
    assert_eq!(outcome.header("retry-after"), None);
    assert!(!outcome.body().to_string().contains("arn:"));
}

#[test]
fn denied() {
    let outcome = failed(
        403,
        "AccessDeniedException",
        "User: arn:aws:sts::000000000000:assumed-role/r/f is not authorized",
    );
    outcome.assert_problem(503, "render_function_denied");
    assert!(!outcome.body().to_string().contains("arn:"));
}

#[test]
fn throttled() {
    let outcome = Deployment::new().throttling(4).handle(&event("render"));
    outcome.assert_problem(429, "throttled");
    assert_eq!(outcome.header("retry-after"), Some("5"));
    assert_eq!(outcome.sent.len(), 4);
    let nested = answered(
        r#"{"type":"error","message":"TooManyRequestsException: Rate Exceeded.","stack":""}"#,
    );
    nested.assert_problem(429, "throttled");
    assert_eq!(nested.header("retry-after"), Some("5"));
}

#[test]
fn throttled_for_a_moment() {
    let outcome = Deployment::new()
        .throttling(3)
        .answering(STARTED)
        .handle(&event("render"));
    assert_eq!(outcome.status(), 200);
    let bodies: Vec<_> = outcome.sent.iter().map(|sent| &sent.body).collect();
    assert_eq!(bodies.len(), 4);
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn only_what_surely_did_not_run_is_sent_again() {
    for (status, code) in [
        (500, "ServiceException"),
        (503, ""),
        (502, "EC2UnexpectedException"),
        (403, "AccessDeniedException"),
        (413, "RequestTooLargeException"),
    ] {
        assert_eq!(failed(status, code, "").sent.len(), 1, "{status} {code}");
    }
}

#[test]
fn of_what_starts_nothing_the_outcome_is_known() {
    let mut health = post_render("");
    health["rawPath"] = "/health".into();
    health["requestContext"]["http"]["method"] = "GET".into();
    let outcome = Deployment::new()
        .failing(500, "ServiceException", "")
        .handle(&health.to_string());
    let detail = outcome.assert_problem(502, "render_function_unanswered");
    assert!(!detail.contains("started"), "{detail}");
}

#[test]
fn broken_service() {
    failed(502, "EC2UnexpectedException", "").assert_problem(502, "render_function_refused");
    failed(502, "", "").assert_problem(502, "render_outcome_unknown");
    failed(500, "ServiceException", "").assert_problem(502, "render_outcome_unknown");
    failed(400, "InvalidParameterValueException", "")
        .assert_problem(502, "render_function_refused");
    failed(413, "RequestTooLargeException", "").assert_problem(413, "payload_too_large");
}

#[test]
fn problems_carry_the_request_id() {
    assert_eq!(
        failed(403, "AccessDeniedException", "").body()["requestId"],
        "JKJaXmPLvHcESHA="
    );
}

/// A tree would round the number; deeper than one goes, see the fuzz seed of that name.
#[test]
fn default_props_are_handed_on_as_they_are() {
    let props = r#"{"n":1.00000000000000000001}"#;
    let reply = format!(
        r#"{{"type":"success","compositions":[{{"id":"MyVideo","width":1,"height":1,"fps":30,"durationInFrames":1,"defaultProps":{props}}}]}}"#
    );
    let mut event = post_render("");
    event["rawPath"] = "/compositions".into();
    event["requestContext"]["http"] = serde_json::json!({"method": "GET", "path": "/compositions"});
    let outcome = Deployment::new()
        .answering(&reply)
        .handle(&event.to_string());
    assert_eq!(outcome.status(), 200);
    let lambda_http::Body::Text(body) = outcome.response.body() else {
        panic!("text")
    };
    assert!(body.contains(props), "{body}");
}
