//! Idempotency, quota and ownership: what the table is asked, and what the caller hears.

use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, STARTED, post_render};

const SUB: &str = "5f0c1c1e-9a4e-4c57-8a55-0d6f6c1f8f11";
const CRASHED: &str = r#"{"errorType":"Sandbox.Timedout","errorMessage":"Task timed out"}"#;
const REFUSED: &str =
    r#"{"type":"error","message":"The specified bucket does not exist","stack":""}"#;

fn deployment() -> Deployment {
    Deployment::new().with("RENDERS_TABLE", "renders")
}

fn post(deployment: Deployment, key: &str) -> Outcome {
    let mut event = post_render(r#"{"codec":"vp8"}"#);
    event["headers"]["idempotency-key"] = key.into();
    deployment.handle(&event.to_string())
}

fn get(deployment: Deployment, method: &str, path: &str, query: &str) -> Outcome {
    let mut event = post_render("");
    event["rawPath"] = path.into();
    event["rawQueryString"] = query.into();
    event["requestContext"]["http"] = json!({"method": method, "path": path});
    deployment.handle(&event.to_string())
}

/// What was asked of AWS, in order: the table's operations and the function's routines.
fn calls(outcome: &Outcome) -> Vec<String> {
    let call = |sent: &crate::harness::Sent| match sent.headers.get("x-amz-target") {
        Some(target) => target.rsplit('.').next().unwrap_or_default().to_owned(),
        None => sent.body["type"]
            .as_str()
            .unwrap_or(&sent.method)
            .to_owned(),
    };
    outcome.sent.iter().map(call).collect()
}

/// The answer to a reservation where somebody else has this item.
fn taken(deployment: Deployment, item: &Value) -> Deployment {
    let body = json!({"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "The conditional request failed", "Item": item});
    let response = lambda_http::http::Response::builder()
        .status(400)
        .body(body.to_string().into());
    deployment.responding(response.expect("a response"))
}

/// The digest of the body that `post` sends.
fn digest() -> Value {
    let outcome = post(
        deployment()
            .answering("{}")
            .answering(STARTED)
            .answering("{}")
            .answering("{}"),
        "a",
    );
    outcome.sent[0].body["Item"]["body"].clone()
}

fn now() -> u64 {
    remotion_render_api::clock::now_ms() / 1_000
}

#[test]
fn a_start_is_recorded() {
    let outcome = deployment()
        .answering(STARTED)
        .answering("{}")
        .post(&json!({"composition": "Other"}));
    assert_eq!(outcome.status(), 200);
    assert_eq!(calls(&outcome), ["start", "PutItem"]);
    let item = &outcome.sent[1].body["Item"];
    assert_eq!(item["pk"]["S"], format!("user#{SUB}"));
    assert_eq!(item["sk"]["S"], "render#1pwhfhh11z");
    assert_eq!(item["bucketName"]["S"], "remotionlambda-useast1-abc");
    assert_eq!(item["version"]["S"], "4.0.527");
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
    assert_eq!(calls(&outcome), ["PutItem", "start", "PutItem"]);
}

#[test]
fn a_key_is_reserved_before_and_fulfilled_after() {
    let outcome = post(
        deployment()
            .answering("{}")
            .answering(STARTED)
            .answering("{}")
            .answering("{}"),
        "a",
    );
    assert_eq!(outcome.status(), 200);
    assert_eq!(outcome.header("idempotent-replayed"), None);
    assert_eq!(
        calls(&outcome),
        ["PutItem", "start", "PutItem", "UpdateItem"]
    );
    assert_eq!(outcome.sent[0].body["Item"]["sk"]["S"], "key#a");
    assert!(
        outcome.sent[0].body["ConditionExpression"]
            .as_str()
            .is_some_and(|text| text.contains("attribute_not_exists"))
    );
}

#[test]
fn a_key_that_is_known_gives_the_first_answer() {
    let item = json!({"body": digest(), "bucketName": {"S": "remotionlambda-useast1-abc"}, "renderId": {"S": "1pwhfhh11z"}});
    let outcome = post(taken(deployment(), &item), "a");
    assert_eq!(outcome.status(), 200);
    assert_eq!(outcome.header("idempotent-replayed"), Some("true"));
    assert_eq!(outcome.body()["renderId"], "1pwhfhh11z");
    assert_eq!(calls(&outcome), ["PutItem"]);
}

#[test]
fn a_key_with_another_body() {
    let outcome = post(taken(deployment(), &json!({"body": {"B": "AAAA"}})), "a");
    outcome.assert_problem(422, "idempotency_key_reused");
    assert_eq!(calls(&outcome), ["PutItem"]);
}

#[test]
fn a_key_whose_request_is_under_way() {
    let outcome = post(
        taken(
            deployment(),
            &json!({"body": digest(), "reservedAt": {"N": now().to_string()}}),
        ),
        "a",
    );
    outcome.assert_problem(409, "idempotency_in_flight");
    assert_eq!(outcome.header("retry-after"), Some("2"));
}

#[test]
fn a_key_whose_outcome_is_unknown() {
    // Its request has been killed, or says so itself.
    let killed = json!({"body": digest(), "reservedAt": {"N": (now() - 61).to_string()}});
    let doubtful = json!({"body": digest(), "reservedAt": {"N": now().to_string()}, "doubtful": {"BOOL": true}});
    for item in [killed, doubtful] {
        let outcome = post(taken(deployment(), &item), "a");
        outcome.assert_problem(409, "render_outcome_unknown");
        assert_eq!(outcome.header("retry-after"), None);
        assert_eq!(calls(&outcome), ["PutItem"]);
    }
}

#[test]
fn a_start_that_surely_did_not_run_frees_the_key() {
    let refused = post(
        deployment()
            .answering("{}")
            .answering(REFUSED)
            .answering("{}"),
        "a",
    );
    refused.assert_problem(502, "render_function_error");
    assert_eq!(calls(&refused), ["PutItem", "start", "DeleteItem"]);
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
fn a_start_in_doubt_keeps_the_key() {
    let outcome = post(
        deployment()
            .answering("{}")
            .answering(CRASHED)
            .answering("{}"),
        "a",
    );
    outcome.assert_problem(502, "render_function_crashed");
    assert_eq!(calls(&outcome), ["PutItem", "start", "UpdateItem"]);
    assert_eq!(
        outcome.sent[2].body["UpdateExpression"],
        "SET doubtful = :yes"
    );
}

#[test]
fn keys_that_are_none() {
    for key in ["", "a b", &"x".repeat(256)] {
        post(deployment(), key).assert_problem(422, "idempotency_key_invalid");
    }
}

#[test]
fn quota() {
    let deployment = || deployment().with("RENDERS_PER_USER_PER_DAY", "5");
    let counted = deployment()
        .answering(r#"{"Attributes":{"starts":{"SS":["a","b"]}}}"#)
        .answering(STARTED)
        .answering("{}")
        .post(&json!({}));
    assert_eq!(calls(&counted), ["UpdateItem", "start", "PutItem"]);
    assert_eq!(
        counted.header("ratelimit-policy"),
        Some("\"renders\";q=5;w=86400")
    );
    assert!(
        counted
            .header("ratelimit")
            .is_some_and(|text| text.starts_with("\"renders\";r=3;t="))
    );

    let spent = taken(deployment(), &json!({})).post(&json!({}));
    spent.assert_problem(429, "quota_spent");
    assert_eq!(calls(&spent), ["UpdateItem"]);
    assert!(
        spent
            .header("retry-after")
            .and_then(|text| text.parse::<u64>().ok())
            .is_some_and(|s| (1..=86_400).contains(&s))
    );
    assert!(
        spent
            .header("ratelimit")
            .is_some_and(|text| text.starts_with("\"renders\";r=0;t="))
    );

    let back = deployment()
        .answering(r#"{"Attributes":{"starts":{"SS":["a"]}}}"#)
        .answering(REFUSED)
        .answering("{}")
        .post(&json!({}));
    assert_eq!(calls(&back), ["UpdateItem", "start", "UpdateItem"]);
    let [counted, given_back] = [0, 2].map(|at| &back.sent[at].body);
    assert_eq!(given_back["UpdateExpression"], "DELETE starts :token");
    for field in ["Key", "TableName"] {
        assert_eq!(given_back[field], counted[field]);
    }
    let token = |update: &Value| update["ExpressionAttributeValues"][":token"].clone();
    assert_eq!(token(given_back), token(counted));

    // Nobody knows whether it has started: it stays counted.
    let kept = deployment()
        .answering(r#"{"Attributes":{"starts":{"SS":["a"]}}}"#)
        .answering(CRASHED)
        .post(&json!({}));
    assert_eq!(calls(&kept), ["UpdateItem", "start"]);
}

#[test]
fn a_spent_quota_frees_the_key() {
    let outcome = post(
        taken(
            deployment()
                .with("RENDERS_PER_USER_PER_DAY", "5")
                .answering("{}"),
            &json!({}),
        )
        .answering("{}"),
        "a",
    );
    outcome.assert_problem(429, "quota_spent");
    assert_eq!(calls(&outcome), ["PutItem", "UpdateItem", "DeleteItem"]);
}

#[test]
fn a_start_that_is_recorded_succeeds_though_its_key_is_not_fulfilled() {
    let outcome = post(
        deployment()
            .answering("{}")
            .answering(STARTED)
            .answering("{}")
            .failing(400, "AccessDeniedException", "no"),
        "a",
    );
    assert_eq!(outcome.status(), 200);
}

#[test]
fn what_may_stand_in_spite_of_a_lost_answer_is_undone() {
    let lost = |deployment: Deployment| deployment.failing(400, "AccessDeniedException", "no");
    let unreserved = post(lost(deployment()).answering("{}"), "a");
    unreserved.assert_problem(503, "ledger_denied");
    assert_eq!(calls(&unreserved), ["PutItem", "DeleteItem"]);
    let [put, delete] = [0, 1].map(|at| &unreserved.sent[at].body);
    assert_eq!(delete["ConditionExpression"], "holder = :holder");
    assert_eq!(
        delete["ExpressionAttributeValues"][":holder"],
        put["Item"]["holder"]
    );

    let uncounted = lost(deployment().with("RENDERS_PER_USER_PER_DAY", "5"))
        .answering("{}")
        .post(&json!({}));
    uncounted.assert_problem(503, "ledger_denied");
    assert_eq!(calls(&uncounted), ["UpdateItem", "UpdateItem"]);
}

#[test]
fn stills_are_counted_and_given_back() {
    let still = |answer: &str| {
        let mut event = post_render("{}");
        event["rawPath"] = "/still".into();
        deployment()
            .with("RENDERS_PER_USER_PER_DAY", "5")
            .answering(r#"{"Attributes":{"starts":{"SS":["a"]}}}"#)
            .answering(answer)
            .answering("{}")
            .handle(&event.to_string())
    };
    assert_eq!(calls(&still(CRASHED)), ["UpdateItem", "still"]);
    let refused = still(REFUSED);
    refused.assert_problem(502, "render_function_error");
    assert_eq!(calls(&refused), ["UpdateItem", "still", "UpdateItem"]);
}

#[test]
fn list() {
    let render = |id: &str, at: u64| {
        json!({
            "pk": {"S": "user#x"}, "sk": {"S": format!("render#{id}")}, "bucketName": {"S": "b"}, "functionName": {"S": "f"},
            "version": {"S": "4.0.527"}, "composition": {"S": "MyVideo"}, "cancellable": {"BOOL": true}, "startedAt": {"N": at.to_string()},
        })
    };
    let items = json!({"Items": [render("aaaaaaaaaa", 2), render("bbbbbbbbbb", 1)], "LastEvaluatedKey": {"pk": {"S": "user#x"}}});
    let outcome = get(
        deployment().answering(&items.to_string()),
        "GET",
        "/render",
        "limit=2&cursor=9.cccccccccc",
    );
    assert_eq!(
        outcome.body(),
        json!({
            "renders": [
                {"renderId": "aaaaaaaaaa", "bucketName": "b", "composition": "MyVideo", "startedAt": 2},
                {"renderId": "bbbbbbbbbb", "bucketName": "b", "composition": "MyVideo", "startedAt": 1},
            ],
            "cursor": "1.bbbbbbbbbb",
        })
    );
    let query = &outcome.sent[0].body;
    assert_eq!(
        (&query["Limit"], &query["ScanIndexForward"]),
        (&json!(2), &json!(false))
    );
    // Whatever a cursor says, the partition is the caller's own.
    assert_eq!(
        query["ExpressionAttributeValues"][":user"]["S"],
        format!("user#{SUB}")
    );
    assert_eq!(query["ExclusiveStartKey"]["pk"]["S"], format!("user#{SUB}"));

    let last = get(
        deployment().answering(r#"{"Items":[]}"#),
        "GET",
        "/render",
        "",
    );
    assert_eq!(last.body(), json!({"renders": [], "cursor": null}));
    assert_eq!(last.sent[0].body["Limit"], 20);
    let wrong = get(deployment(), "GET", "/render", "limit=101&cursor=x");
    assert_eq!(
        wrong.violations(),
        [
            "/limit limit must be a whole number from 1 to 100.",
            "/cursor cursor must be the one of the page before."
        ]
    );
}

#[test]
fn what_is_not_the_callers_is_not_there() {
    for (method, path) in [
        ("GET", "/render/1pwhfhh11z"),
        ("DELETE", "/render/1pwhfhh11z"),
        ("POST", "/render/1pwhfhh11z/cancel"),
    ] {
        let outcome = get(deployment().answering("{}"), method, path, "");
        outcome.assert_problem(404, "render_not_found");
        assert_eq!(calls(&outcome), ["GetItem"]);
        assert_eq!(
            outcome.sent[0].body["Key"]["pk"]["S"],
            format!("user#{SUB}")
        );
    }
}
