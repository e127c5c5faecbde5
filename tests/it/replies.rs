//! What the caller hears when the function or AWS fails.

use aws_smithy_types::body::SdkBody;
use lambda_http::http::Response;

use crate::harness::{Deployment, Outcome, event};

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
        detail.contains("Runtime.ExitError") && detail.ends_with("The render may have started."),
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
            detail.starts_with("The render function's answer cannot be understood."),
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
    let outcome = failed(429, "TooManyRequestsException", "Rate Exceeded.");
    outcome.assert_problem(429, "throttled");
    assert_eq!(outcome.header("retry-after"), Some("5"));
    let nested = answered(
        r#"{"type":"error","message":"TooManyRequestsException: Rate Exceeded.","stack":""}"#,
    );
    nested.assert_problem(429, "throttled");
    assert_eq!(nested.header("retry-after"), Some("5"));
}

#[test]
fn broken_service() {
    failed(500, "ServiceException", "").assert_problem(502, "render_outcome_unknown");
    failed(400, "InvalidParameterValueException", "")
        .assert_problem(502, "render_function_refused");
    failed(413, "RequestTooLargeException", "").assert_problem(413, "payload_too_large");
}

#[test]
fn problems_carry_the_request_id() {
    assert_eq!(
        failed(429, "TooManyRequestsException", "").body()["requestId"],
        "JKJaXmPLvHcESHA="
    );
}
