//! Writes that meet those of other requests, which no emulator plays.

use serde_json::{Value, json};

use crate::harness::{Deployment, Outcome, STARTED};
use crate::table::{FAILED, USED, calls, canceled, counting, deployment, digest, post};

/// The answer to a transaction of two writes that is refused for this.
fn refused(deployment: Deployment, codes: [&str; 2]) -> Deployment {
    canceled(deployment, &json!(codes.map(|code| json!({"Code": code}))))
}

/// What follows a claim.
fn started(deployment: Deployment) -> Deployment {
    deployment
        .answering("{}")
        .answering(STARTED)
        .answering(USED)
        .answering("{}")
}

/// The tokens of the first calls.
fn tokens(outcome: &Outcome, calls: usize) -> Vec<Value> {
    let token = |at: usize| outcome.sent[at].body["ClientRequestToken"].clone();
    (0..calls).map(token).collect()
}

#[test]
fn what_passes_is_tried_again_as_the_same_transaction() {
    for code in [
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    ] {
        let twice = refused(refused(counting(), [code, "None"]), ["None", code]);
        let outcome = post(started(twice), "a");
        assert_eq!(outcome.status(), 200, "{code}");
        let tokens = tokens(&outcome, 3);
        assert!(tokens[0].is_string(), "{tokens:?}");
        assert!(
            tokens.windows(2).all(|pair| pair[0] == pair[1]),
            "{tokens:?}"
        );
    }
}

#[test]
fn what_does_not_pass_within_seconds_is_throttling() {
    let always = (0..9).fold(counting(), |deployment, _| {
        refused(deployment, ["None", "ProvisionedThroughputExceeded"])
    });
    let outcome = post(always.answering("{}"), "a");
    outcome.assert_problem(429, "throttled");
    assert_eq!(calls(&outcome), ["TransactWriteItems"; 10]);
}

/// The other transaction may be the first request with this key: then the caller is to hear its answer.
#[test]
fn a_spent_quota_is_not_told_in_a_conflict_about_the_key() {
    let item =
        json!({"request": digest(), "bucketName": {"S": "b"}, "renderId": {"S": "1pwhfhh11z"}});
    let conflict = refused(
        counting(),
        ["TransactionConflict", "ConditionalCheckFailed"],
    );
    let taken = json!([
        {"Code": "ConditionalCheckFailed", "Item": item},
        {"Code": "ConditionalCheckFailed"},
    ]);
    let outcome = post(canceled(conflict, &taken), "a");
    assert_eq!(outcome.header("idempotent-replayed"), Some("true"));
}

/// What the key stands for is known, whoever writes the count.
#[test]
fn a_known_key_does_not_wait_for_the_quota() {
    let item =
        json!({"request": digest(), "bucketName": {"S": "b"}, "renderId": {"S": "1pwhfhh11z"}});
    let reasons = json!([
        {"Code": "ConditionalCheckFailed", "Item": item},
        {"Code": "TransactionConflict"},
    ]);
    let outcome = post(canceled(counting(), &reasons), "a");
    assert_eq!(outcome.header("idempotent-replayed"), Some("true"));
    assert_eq!(calls(&outcome), ["TransactWriteItems"]);
}

/// An attempt whose answer was lost goes on.
#[test]
fn a_transaction_in_progress_is_waited_for() {
    let in_progress = (0..4).fold(counting(), |deployment, _| {
        deployment.failing(400, "TransactionInProgressException", "in progress")
    });
    let outcome = post(started(in_progress), "a");
    assert_eq!(outcome.status(), 200);
    let tokens = tokens(&outcome, 5);
    assert!(
        tokens.windows(2).all(|pair| pair[0] == pair[1]),
        "{tokens:?}"
    );
}

/// A repetition of the request claims the key in the moment in which the first one frees it.
#[test]
fn a_key_is_freed_also_in_a_conflict() {
    let conflict = deployment()
        .answering("{}")
        .answering(FAILED)
        .failing(400, "TransactionConflictException", "ongoing")
        .answering("{}");
    let outcome = post(conflict, "a");
    outcome.assert_problem(502, "render_function_error");
    assert_eq!(
        calls(&outcome),
        ["TransactWriteItems", "start", "DeleteItem", "DeleteItem"]
    );
}

/// Its own word was faster: what that has written stays, and the key is answered all the same.
#[test]
fn a_record_that_is_there_stays() {
    let claimed = deployment().answering("{}").answering(STARTED);
    let reasons = ["ConditionalCheckFailed", "None", "None"].map(|code| json!({"Code": code}));
    let outcome = post(canceled(claimed, &json!(reasons)).answering("{}"), "a");
    assert_eq!(outcome.status(), 200, "{}", outcome.body());
    let last = outcome.sent.last().expect("a call");
    let writes = last.body["TransactItems"].as_array().expect("writes");
    let [write] = &writes[..] else {
        panic!("{writes:?}")
    };
    assert_eq!(
        write["Update"]["ExpressionAttributeValues"][":id"]["S"],
        "1pwhfhh11z"
    );

    let without_a_key = refused(
        deployment().answering(STARTED),
        ["ConditionalCheckFailed", "None"],
    );
    assert_eq!(without_a_key.post(&json!({})).status(), 200);
}
