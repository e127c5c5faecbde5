//! What the function `ends` makes of a body: nothing, where it is not signed, or not what Remotion sends.

use aws_smithy_http_client::test_util::StaticReplayClient;
use lambda_http::{Context, LambdaEvent};
use remotion_lambda::webhook::signature;
use remotion_render_api::ends;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use crate::harness::Deployment;

const SECRET: &str = "secret";

/// Status and problem, where AWS must not be asked for anything.
#[track_caller]
fn told(body: &str, signature: &str) -> (u64, Value) {
    let deployment = Deployment::new()
        .with("RENDERS_TABLE", "renders")
        .with("HOOK_URL", "https://hook.example/hooks/remotion")
        .with("HOOK_SECRET", SECRET);
    let aws = StaticReplayClient::new(Vec::new());
    let app = deployment.app(aws.clone());
    let event = json!({
        "version": "2.0", "rawPath": "/hooks/remotion", "body": body,
        "headers": {"content-type": "application/json", "x-remotion-signature": signature},
        "requestContext": {"http": {"method": "POST", "path": "/hooks/remotion"}},
    });
    let event = LambdaEvent::new(to_raw_value(&event).expect("JSON"), Context::default());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let reply = runtime.block_on(Box::pin(ends::handle(&app, event)));
    assert_eq!(aws.actual_requests().count(), 0, "{body}");
    let reply = serde_json::to_value(reply.expect("an answer")).expect("JSON");
    let problem = serde_json::from_str(reply["body"].as_str().unwrap_or("null"));
    (
        reply["statusCode"].as_u64().expect("a status"),
        problem.expect("JSON"),
    )
}

fn webhook(others: &Value) -> Value {
    let mut body = json!({
        "type": "success", "renderId": "1pwhfhh11z", "bucketName": "remotionlambda-useast1-abc", "expectedBucketOwner": "1",
        "customData": {"issuer": "eA", "owner": "eQ", "user": null, "id": null, "lease": null},
    });
    for (name, value) in others.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

#[test]
fn what_is_not_signed() {
    let body = webhook(&json!({})).to_string();
    for signed in [
        signature("another secret", body.as_bytes()),
        signature(SECRET, b"{}"),
        String::new(),
    ] {
        let (status, problem) = told(&body, &signed);
        assert_eq!(
            (status, &problem["code"]),
            (401, &json!("signature_invalid"))
        );
    }
}

#[test]
fn what_is_signed_and_is_not_what_remotion_sends() {
    let tag = &webhook(&json!({}))["customData"];
    let in_order = json!([
        "success",
        "1pwhfhh11z",
        "remotionlambda-useast1-abc",
        "1",
        tag,
        null,
        null,
        null,
        []
    ]);
    for body in [
        in_order.to_string(),
        json!([]).to_string(),
        json!({}).to_string(),
        format!("{}x", webhook(&json!({}))),
        webhook(&json!({"type": "other"})).to_string(),
        webhook(&json!({"renderId": 7})).to_string(),
        webhook(&json!({"bucketName": ""})).to_string(),
        webhook(&json!({"bucketName": "a b/../c"})).to_string(),
        webhook(&json!({"errors": [1]})).to_string(),
    ] {
        let (status, problem) = told(&body, &signature(SECRET, body.as_bytes()));
        assert_eq!(
            (status, &problem["code"]),
            (400, &json!("invalid_json")),
            "{body}"
        );
    }
}

#[test]
fn what_another_deployment_has_started() {
    for tag in [
        json!(null),
        json!("text"),
        json!({"jobId": "1"}),
        json!({"issuer": "", "owner": ""}),
        json!({"issuer": "eA", "owner": "*"}),
    ] {
        let body = webhook(&json!({"customData": tag})).to_string();
        assert_eq!(
            told(&body, &signature(SECRET, body.as_bytes())).0,
            204,
            "{body}"
        );
    }
}

/// Remotion's form for testing webhooks sends `demo-render-id`.
#[test]
fn what_is_no_render() {
    for render_id in ["demo-render-id", "../x", ""] {
        let body = webhook(&json!({"renderId": render_id})).to_string();
        assert_eq!(
            told(&body, &signature(SECRET, body.as_bytes())),
            (204, Value::Null),
            "{body}"
        );
    }
}
