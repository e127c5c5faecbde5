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

/// The items that a start writes: the record, and next to it what was sent.
fn kept(body: &str) -> Vec<Value> {
    let start = deployment().answering(STARTED).answering("{}");
    let outcome = start.handle(&post_render(body).to_string());
    assert_eq!(outcome.status(), 200, "{}", outcome.body());
    assert_eq!(calls(&outcome), ["start", "TransactWriteItems"]);
    let writes = outcome.sent[1].body["TransactItems"].as_array();
    let writes = writes.expect("a transaction").iter();
    let items: Vec<_> = writes.map(|write| write["Put"]["Item"].clone()).collect();
    // Only the record is in an index: lists do not read what was sent.
    let indexed = |item: &Value| item.get("startedAt").is_some() || item.get("due").is_some();
    assert_eq!(items.iter().filter(|item| indexed(item)).count(), 1);
    items
}

fn status(items: &[Value]) -> Outcome {
    let mut event = post_render("");
    event["rawPath"] = "/render/1pwhfhh11z".into();
    event["requestContext"]["http"] = json!({"method": "GET", "path": "/render/1pwhfhh11z"});
    let outcome = deployment()
        .answering(&json!({"Items": items, "Count": items.len()}).to_string())
        .answering("{}")
        .handle(&event.to_string());
    assert_eq!(calls(&outcome), ["Query", "GET"]);
    outcome
}

#[test]
fn it_is_told_without_the_operators_defaults() {
    let sent = json!({"composition": "Other", "inputProps": {"title": "Hello"}, "codec": "vp8", "name": "Ada"});
    let items = kept(&sent.to_string());
    let told = status(&items);
    let body = told.body();
    let options = json!({"composition": "Other", "codec": "vp8", "name": "Ada"});
    assert_eq!(body["options"], options);
    assert_eq!(body["inputProps"], json!({"title": "Hello"}));
    for text in [json!(items).to_string(), body.to_string()] {
        assert!(
            !text.contains(SECRET) && !text.contains("envVariables"),
            "{text}"
        );
    }
}

/// Numbers may have more digits than a program's.
#[test]
fn it_is_told_digit_by_digit() {
    let told = status(&kept(r#"{"inputProps":{"n":0.12345678901234567890123}}"#));
    let text = String::from_utf8_lossy(told.response.body()).into_owned();
    assert!(
        text.contains(r#""inputProps":{"n":0.12345678901234567890123}"#),
        "{text}"
    );
}

#[test]
fn large_props_are_not_kept() {
    let body = json!({"composition": "Other", "inputProps": {"text": "x".repeat(40_000)}});
    let items = kept(&body.to_string());
    assert!(json!(items).to_string().len() < 3_000);
    let told = status(&items).body();
    assert_eq!(told["options"], json!({"composition": "Other"}));
    assert_eq!(told["inputProps"], Value::Null);
}

#[test]
fn where_it_is_not_kept() {
    let told = status(&kept("{}")[..1]).body();
    assert_eq!(
        (&told["options"], &told["inputProps"]),
        (&Value::Null, &Value::Null)
    );
}

/// A megabyte is all that DynamoDB looks at for one answer.
#[test]
fn a_page_that_is_cut_short_goes_on() {
    let record = kept("{}").remove(0);
    let mut rest = json!({"Items": [record], "Count": 1});
    let mut cut = rest.clone();
    cut["LastEvaluatedKey"] = json!({"pk": {"S": "x"}, "sk": {"S": "y"}, "startedAt": {"N": "1"}});
    rest["Items"][0]["sk"]["S"] = "render#2pwhfhh22z".into();
    let mut event = post_render("");
    event["rawPath"] = "/render".into();
    event["requestContext"]["http"] = json!({"method": "GET", "path": "/render"});
    let outcome = deployment()
        .answering(&cut.to_string())
        .answering(&rest.to_string())
        .handle(&event.to_string());
    assert_eq!(outcome.sent[1].body["ExclusiveStartKey"]["sk"]["S"], "y");
    let body = outcome.body();
    assert_eq!(body["renders"].as_array().map(Vec::len), Some(2), "{body}");
    assert_eq!(body["cursor"], Value::Null);
}

#[test]
fn progress_and_time_left_go_by_the_frames() {
    let record = json!({"Items": kept("{}"), "Count": 2});
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
        .answering(&record.to_string())
        .answering(&state.to_string())
        .handle(&event.to_string())
        .body();
    assert_eq!(told["progress"], 0.5);
    let left = told["timeLeft"].as_u64().expect("a time");
    // As much again as has passed, and that goes on.
    let most = 15_000 + (remotion_render_api::clock::now_ms() - now);
    assert!((10_000..most).contains(&left), "{left}");
    // Remotion's own measure weighs more than the frames.
    assert_ne!(told["overallProgress"], told["progress"]);
}
