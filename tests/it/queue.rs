//! Renders that find no room: who is refused, who is taken in, and what each is told.

use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, STARTED, post_render};
use crate::table::{calls, canceled, get};

const REFUSED: &str = r#"{"Code":"ConditionalCheckFailed"}"#;

/// A deployment of 100 functions, where a render takes 6.
pub(crate) fn with_capacity() -> Deployment {
    Deployment::new()
        .with("RENDERS_TABLE", "renders")
        .with("REMOTION_BUCKET_NAME", "remotionlambda-useast1-abc")
        .with(
            "REMOTION_RENDER_DEFAULTS",
            r#"{"concurrency":5,"enableCancellation":true}"#,
        )
        .with("REMOTION_MAX_EVENT_AGE_SECONDS", "300")
        .with("HOOK_URL", "https://hook.example/hooks/remotion")
        .with("HOOK_SECRET", "the secret")
        .with("RENDER_CAPACITY", "100")
}

pub(crate) fn with_a_queue() -> Deployment {
    with_capacity()
        .with("RENDER_QUEUE", "true")
        .with("DISPATCH_FUNCTION_NAME", "dispatch")
}

/// Where all functions are taken.
fn full(deployment: Deployment) -> Deployment {
    let none = json!({"Code": "None"});
    let refused: Value = serde_json::from_str(REFUSED).expect("JSON");
    canceled(deployment, &json!([none, none, refused]))
}

fn post(deployment: Deployment, prefer: Option<&str>) -> Outcome {
    let mut event = post_render("{}");
    if let Some(prefer) = prefer {
        event["headers"]["prefer"] = prefer.into();
    }
    deployment.handle(&event.to_string())
}

#[test]
fn who_finds_no_room_is_told_when_to_come_again() {
    for deployment in [with_capacity(), with_a_queue()] {
        let outcome = post(full(deployment), None);
        outcome.assert_problem(429, "capacity_spent");
        assert_eq!(outcome.header("retry-after"), Some("10"));
        assert_eq!(calls(&outcome), ["TransactWriteItems"]);
    }
    // There is no queue in which to wait.
    let outcome = post(full(with_capacity()), Some("respond-async"));
    outcome.assert_problem(429, "capacity_spent");
}

#[test]
fn an_owner_has_so_many_at_once() {
    let none = json!({"Code": "None"});
    let refused: Value = serde_json::from_str(REFUSED).expect("JSON");
    let deployment = with_capacity().with("RENDERS_PER_OWNER_AT_ONCE", "2");
    let deployment = canceled(deployment, &json!([none, none, none, refused]));
    let outcome = post(deployment, None);
    let detail = outcome.assert_problem(429, "capacity_spent");
    assert!(
        detail.starts_with("You have reached your limit of renders"),
        "{detail}"
    );
}

#[test]
fn who_would_rather_wait_is_taken_in() {
    for prefer in ["respond-async", "wait=10, Respond-Async;x=1"] {
        let deployment = full(with_a_queue())
            .answering("{}")
            .answering("{}")
            .answering("{}")
            .responding(
                lambda_http::http::Response::builder()
                    .status(202)
                    .body("".into())
                    .expect("a response"),
            );
        let outcome = post(deployment, Some(prefer));
        assert_eq!(outcome.status(), 202, "{}", outcome.body());
        let body = outcome.body();
        assert_eq!(body["message"], "QUEUED");
        let id = body["renderId"].as_str().expect("an id");
        assert!(id.starts_with("q-") && id.len() == 18, "{id}");
        let asked = calls(&outcome);
        assert_eq!(
            asked[..4],
            [
                "TransactWriteItems",
                "GetItem",
                "GetItem",
                "TransactWriteItems"
            ]
        );
        assert!(
            outcome.sent[4]
                .uri
                .contains("/functions/dispatch/invocations")
        );
        assert_eq!(outcome.sent[4].headers["x-amz-invocation-type"], "Event");
        // What is kept is what the caller sent; the operator's defaults are merged when it starts.
        let written = outcome.sent[3].body.to_string();
        assert!(!written.contains("concurrency"), "{written}");
    }
}

#[test]
fn where_there_is_room_nobody_waits() {
    let deployment = with_a_queue()
        .answering("{}")
        .answering(STARTED)
        .answering("{}");
    let outcome = post(deployment, Some("respond-async"));
    assert_eq!(outcome.status(), 200);
    assert_eq!(outcome.body()["renderId"], "1pwhfhh11z");
}

/// What waits before it is counted each time.
#[test]
fn the_longer_the_queue_the_less_often_to_ask() {
    let item = json!({
        "pk": {"S": "owner#https://issuer.example#anna"}, "sk": {"S": "render#q-0123456789abcdef"}, "phase": {"S": "waiting"},
        "kind": {"S": "render"}, "userId": {"S": "anna"}, "bucketName": {"S": "remotionlambda-useast1-abc"},
        "functionName": {"S": "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec"}, "version": {"S": "4.0.520"},
        "composition": {"S": "MyVideo"}, "cancellable": {"BOOL": true}, "startedAt": {"N": "1795724464694"},
        "due": {"S": "queue"}, "dueAt": {"S": "000000000000001-0-1795724464694"},
    });
    for (before, seconds) in [(0, "5"), (49, "5"), (200, "20"), (1_000, "30")] {
        let deployment = with_a_queue()
            .answering(&json!({"Items": [item]}).to_string())
            .answering(&json!({"Item": item}).to_string())
            .answering(&json!({"Count": before}).to_string());
        let outcome = get(deployment, "GET", "/render/q-0123456789abcdef", "");
        assert_eq!(outcome.body()["status"], "waiting", "{}", outcome.body());
        assert_eq!(outcome.body()["waitingBefore"], before);
        assert_eq!(outcome.header("retry-after"), Some(seconds));
    }
}
