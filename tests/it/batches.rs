//! Batches: all of it is checked first, then all of it is taken in, or none.

use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, post_render};
use crate::queue::{with_a_queue, with_capacity};
use crate::table::{calls, canceled};

fn batch(deployment: Deployment, body: &Value) -> Outcome {
    let mut event = post_render(&body.to_string());
    event["rawPath"] = "/batches".into();
    event["requestContext"]["http"] = json!({"method": "POST", "path": "/batches"});
    deployment.handle(&event.to_string())
}

/// Where all calls to take one in succeed.
fn taking_in() -> Deployment {
    with_a_queue()
        .answering("")
        .answering("{}")
        .answering("{}")
        .answering("{}")
        .answering("")
}

#[test]
fn taken_in_by_one_transaction() {
    let body = json!({"codec": "vp8", "items": [{"name": "a"}, {"inputProps": {"b": 1}}, {}]});
    let deployment = taking_in().with("RENDERS_PER_USER_PER_DAY", "5");
    let outcome = batch(deployment, &body);
    assert_eq!(outcome.status(), 202, "{}", outcome.body());
    let id = outcome.body()["batchId"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert!(id.starts_with("b-") && id.len() == 18, "{id}");
    assert_eq!(
        calls(&outcome)[..4],
        ["PUT", "GetItem", "GetItem", "TransactWriteItems"]
    );
    assert!(
        outcome.sent[0]
            .uri
            .contains(&format!("/render-api/batches/{id}.json"))
    );
    assert_eq!(outcome.sent[0].body, body);
    let writes = outcome.sent[3].body["TransactItems"]
        .as_array()
        .expect("writes");
    let counted = writes.iter().find_map(|write| {
        write["Update"]
            .get("ExpressionAttributeValues")
            .filter(|_| {
                write["Update"]["Key"]["sk"]["S"]
                    .as_str()
                    .is_some_and(|sk| sk.starts_with("quota#"))
            })
    });
    assert_eq!(counted.expect("the quota")[":more"]["N"], "3");
}

#[test]
fn where_there_is_no_queue() {
    batch(with_capacity(), &json!({"items": [{}]}))
        .assert_problem(404, "render_queue_not_configured");
}

#[test]
fn what_is_wrong_is_told_by_where_it_stands() {
    let wrong = |body: Value| batch(with_a_queue(), &body).violations();
    assert_eq!(wrong(json!({})), ["/items A batch needs items."]);
    assert_eq!(
        wrong(json!({"items": [1]})),
        ["/items/0 An item must be an object."]
    );
    // What all share is told once, however many have it.
    let told = wrong(json!({"crf": "x", "items": [{}, {}, {"inputProps": 1}, {"nmae": "x"}]}));
    let pointers: Vec<_> = told
        .iter()
        .map(|told| told.split(' ').next().unwrap_or_default())
        .collect();
    assert_eq!(pointers, ["/crf", "/items/2/inputProps", "/items/3/nmae"]);
    let many = json!({"items": vec![json!({"x": 1}); 1_000]});
    assert_eq!(wrong(many).len(), 100);
}

#[test]
fn what_only_the_operator_sets() {
    let outcome = batch(
        with_a_queue(),
        &json!({"items": [{}, {"privacy": "public"}]}),
    );
    let detail = outcome.assert_problem(403, "option_reserved");
    assert!(detail.ends_with("set privacy."), "{detail}");
    assert_eq!(outcome.body()["errors"][0]["pointer"], "/items/1/privacy");
}

/// All of it is told, as for a render, and where it stands.
#[test]
fn what_is_wrong_in_several_ways() {
    let deployment = with_a_queue().with("REMOTION_ALLOWED_COMPOSITIONS", "MyVideo");
    let body = json!({"items": [{"privacy": "public"}, {"crf": "x"}, {"composition": "Secret"}]});
    let told = batch(deployment, &body).violations();
    let pointers: Vec<_> = told
        .iter()
        .map(|told| told.split(' ').next().unwrap_or_default())
        .collect();
    assert_eq!(
        pointers,
        ["/items/0/privacy", "/items/1/crf", "/items/2/composition"]
    );
}

/// The answer is lost, and so is that of each further attempt: it is looked up whether the batch is there.
#[test]
fn whose_answer_is_lost() {
    let lost = |found: &str| {
        let mut deployment = with_a_queue().answering("").answering("{}").answering("{}");
        for _ in 0..3 {
            deployment = deployment.failing(500, "InternalServerError", "");
        }
        let deployment = deployment.answering(found).answering("").answering("");
        batch(deployment, &json!({"items": [{}]}))
    };
    let taken_in = lost(r#"{"Item":{"pk":{"S":"x"}}}"#);
    assert_eq!(taken_in.status(), 202, "{}", taken_in.body());
    let refused = lost("{}");
    let detail = refused.assert_problem(503, "renders_table_unavailable");
    assert!(detail.ends_with("Nothing was started."), "{detail}");
}

/// Nothing of it stays: neither the body in the bucket, nor a part of the quota.
#[test]
fn more_than_is_left_of_the_quota() {
    let refused = |limit: &str| {
        let deployment = with_a_queue()
            .with("RENDERS_PER_USER_PER_DAY", limit)
            .answering("")
            .answering("{}")
            .answering("{}");
        let reasons = json!([{"Code": "None"}, {"Code": "ConditionalCheckFailed"}, {"Code": "None"}, {"Code": "None"}]);
        batch(
            canceled(deployment, &reasons).answering(""),
            &json!({"items": [{}, {}, {}]}),
        )
    };
    let outcome = refused("5");
    let detail = outcome.assert_problem(429, "quota_spent");
    assert!(
        detail.starts_with("A batch of 3 renders is more than is left of your 5 a day."),
        "{detail}"
    );
    assert!(outcome.header("retry-after").is_some());
    assert_eq!(calls(&outcome).last().map(String::as_str), Some("DELETE"));
    // Which no other day changes.
    assert!(refused("2").header("retry-after").is_none());
}

#[test]
fn of_somebody_else() {
    for (method, path) in [
        ("GET", "/batches/b-0123456789abcdef"),
        ("GET", "/batches/x"),
        ("POST", "/batches/x/cancel"),
    ] {
        let mut event = post_render("");
        event["rawPath"] = path.into();
        event["requestContext"]["http"] = json!({"method": method, "path": path});
        let outcome = with_a_queue().answering("{}").handle(&event.to_string());
        outcome.assert_problem(404, "batch_not_found");
    }
}

#[test]
fn the_renders_of_one() {
    let record = |id: &str, batch: Option<&str>| {
        let mut item = json!({
            "pk": {"S": "owner#x#y"}, "sk": {"S": format!("render#{id}")}, "kind": {"S": "render"}, "bucketName": {"S": "b"},
            "functionName": {"S": "f"}, "version": {"S": "4.0.520"}, "composition": {"S": "MyVideo"},
            "cancellable": {"BOOL": true}, "startedAt": {"N": "1795463131638"}, "phase": {"S": "waiting"},
        });
        if let Some(batch) = batch {
            item["batchId"] = json!({"S": batch});
        }
        item
    };
    let items = json!({"Count": 2, "Items": [record("q-0123456789abcdef", Some("b-0123456789abcdef")), record("q-0123456789abcdeg", None)]});
    let mut event = post_render("");
    event["rawPath"] = "/render".into();
    event["rawQueryString"] = "batchId=b-0123456789abcdef".into();
    event["requestContext"]["http"] = json!({"method": "GET", "path": "/render"});
    let outcome = with_a_queue()
        .answering(&items.to_string())
        .handle(&event.to_string());
    let body = outcome.body();
    assert_eq!(body["renders"].as_array().map(Vec::len), Some(1), "{body}");
    assert_eq!(body["renders"][0]["batchId"], "b-0123456789abcdef");
    event["rawQueryString"] = "batchId=x".into();
    let outcome = with_a_queue().handle(&event.to_string());
    assert_eq!(outcome.body()["errors"][0]["parameter"], "batchId");
}
