//! What a caller has sent comes back with the status, so that the render can be made again; and nothing else does.

use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, STARTED, post_render};
use crate::table::calls;

const BUCKET: &str = "remotionlambda-useast1-abc";
const SECRET: &str = "hunter2";

/// A deployment whose operator has defaults that are nobody's business.
fn deployment() -> Deployment {
    let defaults =
        json!({"envVariables": {"KEY": SECRET}, "crf": 30, "inputProps": {"brand": SECRET}});
    Deployment::new()
        .with("RENDERS_TABLE", "renders")
        .with("REMOTION_BUCKET_NAME", BUCKET)
        .with("REMOTION_RENDER_DEFAULTS", &defaults.to_string())
}

/// The record that a start writes.
fn recorded(body: &str) -> Value {
    let start = deployment().answering(STARTED).answering("{}");
    let outcome = start.handle(&post_render(body).to_string());
    assert_eq!(outcome.status(), 200, "{}", outcome.body());
    // What is sent is in the record: no further call, and no transaction.
    assert_eq!(calls(&outcome), ["start", "PutItem"]);
    outcome.sent[1].body["Item"].clone()
}

fn status(record: &Value) -> Outcome {
    let mut event = post_render("");
    event["rawPath"] = "/render/1pwhfhh11z".into();
    event["requestContext"]["http"] = json!({"method": "GET", "path": "/render/1pwhfhh11z"});
    let outcome = deployment()
        .answering(&json!({"Item": record}).to_string())
        .answering("{}")
        .handle(&event.to_string());
    assert_eq!(calls(&outcome), ["GetItem", "GET"]);
    outcome
}

#[test]
fn it_is_told_without_the_operators_defaults() {
    let sent = json!({"composition": "Other", "inputProps": {"title": "Hello"}, "codec": "vp8", "name": "Ada"});
    let record = recorded(&sent.to_string());
    let told = status(&record);
    let body = told.body();
    let options = json!({"composition": "Other", "codec": "vp8", "name": "Ada"});
    assert_eq!(body["options"], options);
    assert_eq!(body["inputProps"], json!({"title": "Hello"}));
    for text in [record.to_string(), body.to_string()] {
        assert!(
            !text.contains(SECRET) && !text.contains("envVariables"),
            "{text}"
        );
    }
}

/// Numbers may have more digits than a program's.
#[test]
fn it_is_told_digit_by_digit() {
    let told = status(&recorded(
        r#"{"inputProps":{"n":0.12345678901234567890123}}"#,
    ));
    let text = String::from_utf8_lossy(told.response.body()).into_owned();
    assert!(
        text.contains(r#""inputProps":{"n":0.12345678901234567890123}"#),
        "{text}"
    );
}

#[test]
fn large_props_are_not_kept() {
    let body = json!({"composition": "Other", "inputProps": {"text": "x".repeat(40_000)}});
    let record = recorded(&body.to_string());
    assert!(record.to_string().len() < 2_000);
    let told = status(&record).body();
    assert_eq!(told["options"], json!({"composition": "Other"}));
    assert_eq!(told["inputProps"], Value::Null);
}

#[test]
fn a_render_from_before_tells_nothing() {
    let mut record = recorded("{}");
    let record = record.as_object_mut().expect("an item");
    record.remove("sentOptions");
    record.remove("sentProps");
    let told = status(&Value::from(record.clone())).body();
    assert_eq!(
        (&told["options"], &told["inputProps"]),
        (&Value::Null, &Value::Null)
    );
}

/// A megabyte is all that DynamoDB looks at for one answer, and records with props may be more than that.
#[test]
fn a_page_that_is_cut_short_goes_on() {
    let record = recorded("{}");
    let cut = json!({"Items": [record], "Count": 1, "LastEvaluatedKey": {"pk": {"S": "x"}, "sk": {"S": "y"}, "startedAt": {"N": "1"}}});
    let mut event = post_render("");
    event["rawPath"] = "/render".into();
    event["requestContext"]["http"] = json!({"method": "GET", "path": "/render"});
    let outcome = deployment()
        .answering(&cut.to_string())
        .handle(&event.to_string());
    let cursor = outcome.body()["cursor"].as_str().map(ToOwned::to_owned);
    assert!(
        cursor.is_some_and(|cursor| cursor.ends_with(".1pwhfhh11z")),
        "{}",
        outcome.body()
    );
}

#[test]
fn progress_and_time_left_go_by_the_frames() {
    let now = remotion_render_api::clock::now_ms();
    let state = json!({
        "functionLaunched": now - 10_000, "timeoutTimestamp": now + 110_000, "serveUrlOpened": now - 9_000, "framesRendered": 5,
        "framesEncoded": 0, "chunks": [], "lambdasInvoked": 0, "errors": [],
        "renderMetadata": {"type": "video", "codec": "h264", "frameRange": [0, 9], "everyNthFrame": 1, "totalChunks": 1,
                           "startedDate": now, "estimatedRenderLambdaInvokations": 1},
    });
    let mut event = post_render("");
    event["rawPath"] = "/render/1pwhfhh11z".into();
    event["requestContext"]["http"] = json!({"method": "GET", "path": "/render/1pwhfhh11z"});
    let told = deployment()
        .answering(&json!({"Item": recorded("{}")}).to_string())
        .answering(&state.to_string())
        .handle(&event.to_string())
        .body();
    assert_eq!(told["progress"], 0.5);
    let left = told["timeLeft"].as_u64().expect("a time");
    assert!((10_000..15_000).contains(&left), "{left}");
    // Remotion's own measure weighs more than the frames.
    assert_ne!(told["overallProgress"], told["progress"]);
}
