//! What a start takes of the quota, and when it is given back.

use serde_json::json;

use super::{CRASHED, FAILED, USED, calls, counting, deployment, post, spent, writes};
use crate::harness::{STARTED, post_render};

const SAYS_THROTTLED: &str =
    r#"{"type":"error","message":"Error: captions: Rate Exceeded","stack":""}"#;
/// Its own release is what it was sent: it is the composition that says so, and it has run.
#[test]
fn a_composition_cannot_say_that_versions_differ() {
    let mismatch =
        r#"{"type":"error","message":"Version mismatch: it is not what I like","stack":""}"#;
    let info = r#"{"type":"success","version":"4.0.520"}"#;
    let mut event = post_render("{}");
    event["rawPath"] = "/still".into();
    let outcome = counting()
        .answering("{}")
        .answering(mismatch)
        .answering(info)
        .answering(USED)
        .answering("{}")
        .handle(&event.to_string());
    let asked = calls(&outcome);
    outcome.assert_problem(502, "render_function_error");
    assert_eq!(
        asked.iter().filter(|call| *call == "still").count(),
        1,
        "{asked:?}"
    );
    assert_eq!(
        asked.last().map(String::as_str),
        Some("DeleteItem"),
        "{asked:?}"
    );
}

#[test]
fn what_is_left_of_a_quota() {
    let counted = counting()
        .answering("{}")
        .answering(STARTED)
        .answering(USED)
        .answering("{}")
        .post(&json!({}));
    assert_eq!(
        calls(&counted),
        [
            "TransactWriteItems",
            "start",
            "GetItem",
            "TransactWriteItems"
        ]
    );
    assert_eq!(
        counted.header("ratelimit-policy"),
        Some("\"renders\";q=5;w=86400")
    );
    let left = counted.header("ratelimit").expect("what is left");
    assert!(left.starts_with("\"renders\";r=3;t="), "{left}");
    // A claim of its own, since there is no key: what was taken is given back once.
    let [claim, _] = &writes(&counted, 0)[..] else {
        panic!("two writes")
    };
    assert!(
        claim.0 == "Put" && claim.1.starts_with("claim#"),
        "{claim:?}"
    );
}

#[test]
fn a_spent_quota() {
    for outcome in [
        spent(counting()).post(&json!({})),
        post(spent(counting()), "a"),
    ] {
        outcome.assert_problem(429, "quota_spent");
        assert_eq!(calls(&outcome), ["TransactWriteItems"]);
        let seconds = outcome
            .header("retry-after")
            .and_then(|text| text.parse::<u64>().ok());
        assert!(seconds.is_some_and(|s| (1..=86_400).contains(&s)));
        let left = outcome.header("ratelimit").expect("what is left");
        assert!(left.starts_with("\"renders\";r=0;t="), "{left}");
    }
}

#[test]
fn what_never_ran_is_given_back() {
    let denied = counting()
        .answering("{}")
        .failing(403, "AccessDeniedException", "no")
        .answering(USED)
        .answering("{}")
        .post(&json!({}));
    denied.assert_problem(503, "render_function_denied");
    assert_eq!(
        calls(&denied),
        [
            "TransactWriteItems",
            "start",
            "GetItem",
            "TransactWriteItems"
        ]
    );
    let [claimed, given_back] = [0, 3].map(|at| writes(&denied, at));
    assert_eq!(given_back[0], ("Delete".to_owned(), claimed[0].1.clone()));
    assert_eq!(given_back[1], ("Update".to_owned(), claimed[1].1.clone()));
    let [claim, less] = [&denied.sent[0].body, &denied.sent[3].body];
    assert_eq!(
        less["TransactItems"][1]["Update"]["UpdateExpression"],
        "ADD used :less"
    );
    assert_eq!(
        less["TransactItems"][0]["Delete"]["ExpressionAttributeValues"][":holder"],
        claim["TransactItems"][0]["Put"]["Item"]["holder"]
    );
}

/// The function has worked for it: whoever repeats it would render on the operator's bill without end.
#[test]
fn what_has_run_is_counted() {
    let still = |answer: &str| {
        let mut event = post_render("{}");
        event["rawPath"] = "/still".into();
        counting()
            .answering("{}")
            .answering(answer)
            .answering(USED)
            .answering("{}")
            .handle(&event.to_string())
    };
    for (answer, code) in [
        (FAILED, "render_function_error"),
        (CRASHED, "render_function_crashed"),
        // Only a start invokes the function itself: this is what the composition says.
        (SAYS_THROTTLED, "render_function_error"),
    ] {
        let outcome = still(answer);
        outcome.assert_problem(502, code);
        let written = calls(&outcome).split_off(3);
        assert!(
            !written.contains(&"TransactWriteItems".to_owned()),
            "{written:?}"
        );
    }
    let start = counting()
        .answering("{}")
        .answering(FAILED)
        .answering(USED)
        .answering("{}")
        .post(&json!({}));
    start.assert_problem(502, "render_function_error");
    assert!(!calls(&start)[1..].contains(&"TransactWriteItems".to_owned()));
}

/// Its version was asked for, to start a render, and there it has failed.
#[test]
fn what_has_run_to_tell_its_version_is_not_counted() {
    let outcome = counting()
        .with("REMOTION_FUNCTION_NAME", "render")
        .answering("{}")
        .answering(FAILED)
        .answering(USED)
        .answering("{}")
        .post(&json!({}));
    outcome.assert_problem(502, "render_function_error");
    assert_eq!(
        calls(&outcome),
        [
            "TransactWriteItems",
            "info",
            "GetItem",
            "TransactWriteItems"
        ]
    );
}

/// A start that has run without starting a render may be sent again by its key.
#[test]
fn a_start_that_failed_frees_the_key() {
    let outcome = post(
        deployment()
            .answering("{}")
            .answering(FAILED)
            .answering("{}"),
        "a",
    );
    outcome.assert_problem(502, "render_function_error");
    assert_eq!(
        calls(&outcome),
        ["TransactWriteItems", "start", "DeleteItem"]
    );
}
