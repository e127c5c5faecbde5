//! Idempotency, quota and ownership: what the table is asked, and what the caller hears.

mod lists;
mod quota;

use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, STARTED, post_render};

const OWNER: &str = "owner#https://cognito-idp.us-east-1.amazonaws.com/us-east-1_bVwFsBUGO#5f0c1c1e-9a4e-4c57-8a55-0d6f6c1f8f11";
const CRASHED: &str = r#"{"errorType":"Sandbox.Timedout","errorMessage":"Task timed out"}"#;
pub(crate) const FAILED: &str =
    r#"{"type":"error","message":"The specified bucket does not exist","stack":""}"#;
pub(crate) const USED: &str = r#"{"Item":{"used":{"N":"2"}}}"#;

pub(crate) fn deployment() -> Deployment {
    Deployment::new().with("RENDERS_TABLE", "renders")
}

pub(crate) fn counting() -> Deployment {
    deployment().with("RENDERS_PER_USER_PER_DAY", "5")
}

pub(crate) fn post(deployment: Deployment, key: &str) -> Outcome {
    let mut event = post_render(r#"{"codec":"vp8"}"#);
    event["headers"]["idempotency-key"] = key.into();
    deployment.handle(&event.to_string())
}

pub(crate) fn get(deployment: Deployment, method: &str, path: &str, query: &str) -> Outcome {
    let mut event = post_render("");
    event["rawPath"] = path.into();
    event["rawQueryString"] = query.into();
    event["requestContext"]["http"] = json!({"method": method, "path": path});
    deployment.handle(&event.to_string())
}

/// What was asked of AWS, in order: the table's operations and the function's routines.
pub(crate) fn calls(outcome: &Outcome) -> Vec<String> {
    let call = |sent: &crate::harness::Sent| match sent.headers.get("x-amz-target") {
        Some(target) => target.rsplit('.').next().unwrap_or_default().to_owned(),
        None => sent.body["type"]
            .as_str()
            .unwrap_or(&sent.method)
            .to_owned(),
    };
    outcome.sent.iter().map(call).collect()
}

/// What a transaction writes, in order: the kind of write, and the item's sort key.
fn writes(outcome: &Outcome, at: usize) -> Vec<(String, String)> {
    let items = outcome.sent[at].body["TransactItems"]
        .as_array()
        .expect("a transaction");
    let write = |item: &Value| {
        let (kind, write) = item
            .as_object()
            .expect("a write")
            .iter()
            .next()
            .expect("one");
        let key = write.get("Key").unwrap_or(&write["Item"]);
        (
            kind.clone(),
            key["sk"]["S"].as_str().expect("a key").to_owned(),
        )
    };
    items.iter().map(write).collect()
}

/// The answer to a transaction that is refused, with a reason for each write.
pub(crate) fn canceled(deployment: Deployment, reasons: &Value) -> Deployment {
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled", "CancellationReasons": reasons,
    });
    let response = lambda_http::http::Response::builder()
        .status(400)
        .body(body.to_string().into());
    deployment.responding(response.expect("a response"))
}

/// The answer to a claim where somebody else has this item.
pub(crate) fn taken(deployment: Deployment, item: &Value) -> Deployment {
    let reason = json!({"Code": "ConditionalCheckFailed", "Item": item});
    canceled(deployment, &json!([reason, {"Code": "None"}]))
}

fn spent(deployment: Deployment) -> Deployment {
    canceled(
        deployment,
        &json!([{"Code": "None"}, {"Code": "ConditionalCheckFailed"}]),
    )
}

/// The digest of the request that `post` sends.
pub(crate) fn digest() -> Value {
    let outcome = post(
        deployment()
            .answering("{}")
            .answering(STARTED)
            .answering("{}"),
        "a",
    );
    outcome.sent[0].body["TransactItems"][0]["Put"]["Item"]["request"].clone()
}

fn now() -> u64 {
    remotion_render_api::clock::now_ms() / 1_000
}

#[test]
fn a_start_without_key_and_quota_is_recorded_in_two_calls() {
    let outcome = deployment()
        .answering(STARTED)
        .answering("{}")
        .post(&json!({"composition": "Other"}));
    assert_eq!(outcome.status(), 200);
    assert_eq!(calls(&outcome), ["start", "TransactWriteItems"]);
    let item = &outcome.sent[1].body["TransactItems"][0]["Put"]["Item"];
    assert_eq!(item["pk"]["S"], OWNER);
    assert_eq!(item["sk"]["S"], "render#1pwhfhh11z");
    assert_eq!(item["kind"]["S"], "render");
    assert_eq!(item["bucketName"]["S"], "remotionlambda-useast1-abc");
    assert_eq!(item["version"]["S"], "4.0.520");
    assert_eq!(item["composition"]["S"], "Other");
    assert_eq!(item["cancellable"]["BOOL"], false);
}

#[test]
fn a_start_that_cannot_be_recorded_is_no_success() {
    let outcome = deployment()
        .answering(STARTED)
        .failing(400, "ResourceNotFoundException", "no table")
        .post(&json!({}));
    outcome.assert_problem(502, "render_not_recorded");
}

#[test]
fn a_key_never_promises_a_render_that_is_not_recorded() {
    let unrecorded = deployment().answering("{}").answering(STARTED).failing(
        400,
        "ResourceNotFoundException",
        "no table",
    );
    let outcome = post(unrecorded, "a");
    outcome.assert_problem(502, "render_not_recorded");
    // All or none.
    let [record, sent, answer] = &writes(&outcome, 2)[..] else {
        panic!("three writes")
    };
    assert_eq!(record, &("Put".to_owned(), "render#1pwhfhh11z".to_owned()));
    assert_eq!(sent.1, "render#1pwhfhh11z#sent");
    assert_eq!(answer.0, "Update");
}

#[test]
fn a_key_and_a_quota_are_claimed_together() {
    let outcome = post(
        counting()
            .answering("{}")
            .answering(STARTED)
            .answering(USED)
            .answering("{}"),
        "a",
    );
    assert_eq!(outcome.status(), 200);
    assert_eq!(outcome.header("idempotent-replayed"), None);
    // What is left is read while the render starts.
    assert_eq!(
        calls(&outcome),
        [
            "TransactWriteItems",
            "start",
            "GetItem",
            "TransactWriteItems"
        ]
    );
    let [key, day] = &writes(&outcome, 0)[..] else {
        panic!("two writes")
    };
    assert_eq!(
        key,
        &(
            "Put".to_owned(),
            "key#5f0c1c1e-9a4e-4c57-8a55-0d6f6c1f8f11#a".to_owned()
        )
    );
    assert!(day.0 == "Update" && day.1.starts_with("quota#"), "{day:?}");
    let claim = &outcome.sent[0].body["TransactItems"][0]["Put"];
    assert_eq!(claim["Item"]["pk"]["S"], OWNER);
    let condition = claim["ConditionExpression"].as_str().expect("a condition");
    assert!(condition.contains("attribute_not_exists"), "{condition}");
}

#[test]
fn a_key_that_is_known_gives_the_first_answer() {
    let item = json!({"request": digest(), "bucketName": {"S": "remotionlambda-useast1-abc"}, "renderId": {"S": "1pwhfhh11z"}});
    let outcome = post(taken(counting(), &item), "a");
    assert_eq!(outcome.status(), 200);
    assert_eq!(outcome.header("idempotent-replayed"), Some("true"));
    assert_eq!(outcome.body()["renderId"], "1pwhfhh11z");
    assert_eq!(calls(&outcome), ["TransactWriteItems"]);
}

/// AWS promises the item; an answer without it is not taken for that of another request.
#[test]
fn a_refusal_without_the_item_is_looked_up() {
    let item = json!({"Item": {"request": digest(), "bucketName": {"S": "b"}, "renderId": {"S": "1pwhfhh11z"}}});
    let known = canceled(deployment(), &json!([{"Code": "ConditionalCheckFailed"}]))
        .answering(&item.to_string());
    let outcome = post(known, "a");
    assert_eq!(outcome.header("idempotent-replayed"), Some("true"));
    assert_eq!(calls(&outcome), ["TransactWriteItems", "GetItem"]);
    // Gone again: the request before this one has just failed.
    let gone = canceled(deployment(), &json!([{"Code": "ConditionalCheckFailed"}])).answering("{}");
    post(gone, "a").assert_problem(409, "idempotency_in_flight");
}

#[test]
fn a_key_with_another_request() {
    let outcome = post(
        taken(
            deployment(),
            &json!({"request": {"B": "AAAA"}, "holder": {"S": "x"}}),
        ),
        "a",
    );
    outcome.assert_problem(422, "idempotency_key_reused");
    assert_eq!(calls(&outcome), ["TransactWriteItems"]);
}

#[test]
fn a_key_whose_request_is_in_progress() {
    let item = json!({"request": digest(), "reservedAt": {"N": now().to_string()}});
    let outcome = post(taken(deployment(), &item), "a");
    outcome.assert_problem(409, "idempotency_in_flight");
    assert_eq!(outcome.header("retry-after"), Some("2"));
}

#[test]
fn a_key_whose_outcome_is_unknown() {
    // Its request has been killed, or says so itself.
    let killed = json!({"request": digest(), "reservedAt": {"N": (now() - 61).to_string()}});
    let unknown = json!({"request": digest(), "reservedAt": {"N": now().to_string()}, "outcomeUnknown": {"BOOL": true}});
    for item in [killed, unknown] {
        let outcome = post(taken(deployment(), &item), "a");
        outcome.assert_problem(409, "idempotency_outcome_unknown");
        assert_eq!(outcome.header("retry-after"), None);
        assert_eq!(calls(&outcome), ["TransactWriteItems"]);
    }
}

#[test]
fn a_start_that_surely_never_ran_frees_the_key() {
    let throttled = post(
        deployment().answering("{}").throttling(4).answering("{}"),
        "a",
    );
    throttled.assert_problem(429, "throttled");
    assert_eq!(
        calls(&throttled).last().map(String::as_str),
        Some("DeleteItem")
    );
}

#[test]
fn a_start_outcome_unknown_keeps_the_key() {
    // Remotion's own file of the render is stored after the render has been launched.
    let not_stored = r#"{"type":"error","message":"Please reduce your request rate.","stack":"SlowDown: Please reduce"}"#;
    for (answer, code) in [
        (CRASHED, "render_function_crashed"),
        (not_stored, "render_function_error"),
    ] {
        let started = deployment().answering("{}").answering(answer);
        let outcome = post(started.answering("{}"), "a");
        outcome.assert_problem(502, code);
        assert_eq!(
            calls(&outcome),
            ["TransactWriteItems", "start", "UpdateItem"]
        );
        assert_eq!(
            outcome.sent[2].body["UpdateExpression"],
            "SET outcomeUnknown = :yes"
        );
    }
}

#[test]
fn keys_that_are_none() {
    for key in ["", "a b", &"x".repeat(256)] {
        post(deployment(), key).assert_problem(422, "idempotency_key_invalid");
    }
}

#[test]
fn what_may_stand_in_spite_of_a_lost_answer_is_undone() {
    let lost = |deployment: Deployment| deployment.failing(400, "AccessDeniedException", "no");
    let unreserved = post(lost(deployment()).answering("{}"), "a");
    unreserved.assert_problem(503, "renders_table_denied");
    assert_eq!(calls(&unreserved), ["TransactWriteItems", "DeleteItem"]);
    let [put, delete] = [0, 1].map(|at| &unreserved.sent[at].body);
    assert_eq!(delete["ConditionExpression"], "holder = :holder");
    assert_eq!(
        delete["ExpressionAttributeValues"][":holder"],
        put["TransactItems"][0]["Put"]["Item"]["holder"]
    );

    let uncounted = lost(counting()).answering("{}").post(&json!({}));
    uncounted.assert_problem(503, "renders_table_denied");
    assert_eq!(
        calls(&uncounted),
        ["TransactWriteItems", "TransactWriteItems"]
    );
}

const STILL: &str = r#"{"type":"success","bucketName":"b","renderId":"1pwhfhh11z","outKey":"renders/1pwhfhh11z/out.png","sizeInBytes":7,
    "estimatedPrice":{"accruedSoFar":0.00001,"displayCost":"<$0.001","currency":"USD","disclaimer":"d"}}"#;

fn still(deployment: Deployment, key: Option<&str>) -> Outcome {
    let mut event = post_render("{}");
    event["rawPath"] = "/still".into();
    if let Some(key) = key {
        event["headers"]["idempotency-key"] = key.into();
    }
    deployment.handle(&event.to_string())
}

#[test]
fn a_still_is_recorded_as_a_render_is() {
    let made = still(deployment().answering(STILL).answering("{}"), None);
    assert_eq!(made.status(), 200);
    assert_eq!(calls(&made), ["still", "TransactWriteItems"]);
    let item = made.sent[1].body["TransactItems"][0]["Put"]["Item"].clone();
    // A still ends when it starts, and counts in its month.
    let sums = &made.sent[1].body["TransactItems"][2]["Update"];
    let month = sums["Key"]["sk"]["S"].as_str().expect("a key");
    assert!(month.starts_with("usage#20"), "{month}");
    assert_eq!(
        sums["ExpressionAttributeValues"][":costs"]["N"],
        "0.0000100000"
    );
    assert_eq!(item["ended"]["S"], "done");
    assert_eq!(item["kind"]["S"], "still");
    assert_eq!(item["outputKey"]["S"], "renders/1pwhfhh11z/out.png");

    let known = || deployment().answering(&json!({"Items": [item.clone()]}).to_string());
    let seen = get(known(), "GET", "/render/1pwhfhh11z", "");
    let body = seen.body();
    assert_eq!(
        (&body["kind"], &body["status"]),
        (&json!("still"), &json!("done"))
    );
    assert_eq!(body["outputSizeInBytes"], 7);
    assert_eq!(body["costs"]["accruedSoFar"], 0.000_01);
    let url = body["outputUrl"].as_str().expect("a link");
    assert!(url.contains("renders/1pwhfhh11z/out.png"), "{url}");
    assert_eq!(calls(&seen), ["Query"]);

    get(known(), "POST", "/render/1pwhfhh11z/cancel", "").assert_problem(409, "render_over");
}

#[test]
fn where_the_sound_goes_is_recorded() {
    let place = r#"{"separateAudioTo":{"bucketName":"sounds","key":"{id}.wav"}}"#;
    let own = deployment()
        .with("REMOTION_VERSION", "4.1.0")
        .with("REMOTION_RENDER_DEFAULTS", place)
        .answering(STARTED)
        .answering("{}")
        .post(&json!({}));
    assert_eq!(own.status(), 200);
    let sent = &own.sent[0].body["separateAudioTo"]["key"];
    let item = &own.sent[1].body["TransactItems"][0]["Put"]["Item"];
    assert_eq!(item["audioBucket"]["S"], "sounds");
    assert_eq!(&item["audioKey"]["S"], sent);
}

#[test]
fn what_a_composition_has_made_with_a_still_is_linked() {
    let artifact = |key: &str| json!({"filename": "a.srt", "sizeInBytes": 7, "s3Key": key});
    let mut reply: Value = serde_json::from_str(STILL).expect("JSON");
    reply["receivedArtifacts"] = json!([
        artifact("renders/1pwhfhh11z/artifacts/a.srt"),
        artifact("renders/aaaaaaaaaa/artifacts/a.srt"),
        {"filename": 7},
    ]);
    let made = still(
        deployment().answering(&reply.to_string()).answering("{}"),
        None,
    );
    assert_eq!(made.status(), 200);
    let item = &made.sent[1].body["TransactItems"][0]["Put"]["Item"];
    let known = deployment().answering(&json!({"Items": [item]}).to_string());
    let body = get(known, "GET", "/render/1pwhfhh11z", "").body();
    let artifacts = body["artifacts"].as_array().expect("a list");
    assert_eq!(artifacts.len(), 1, "{body}");
    assert_eq!(artifacts[0]["name"], "a.srt");
    let url = artifacts[0]["url"].as_str().expect("a link");
    assert!(
        url.contains("/renders/1pwhfhh11z/artifacts/a.srt?"),
        "{url}"
    );
}

#[test]
fn a_still_is_made_once_for_a_key() {
    let first = still(
        deployment()
            .answering("{}")
            .answering(STILL)
            .answering("{}"),
        Some("a"),
    );
    let claim = &first.sent[0].body["TransactItems"][0]["Put"]["Item"];
    let record = first.sent[2].body["TransactItems"][0]["Put"]["Item"].clone();
    let item = json!({"request": claim["request"], "bucketName": {"S": "b"}, "renderId": {"S": "1pwhfhh11z"}});
    let again = still(
        taken(deployment(), &item).answering(&json!({"Item": record}).to_string()),
        Some("a"),
    );
    assert_eq!(again.status(), 200);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(calls(&again), ["TransactWriteItems", "GetItem"]);
    assert_eq!(again.body()["sizeInBytes"], 7);
    // The same key and body mean something else for a render.
    let render = post_render("{}");
    let mut event = render;
    event["headers"]["idempotency-key"] = "a".into();
    taken(deployment(), &item)
        .handle(&event.to_string())
        .assert_problem(422, "idempotency_key_reused");
}
