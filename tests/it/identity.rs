//! Who may render.

use serde_json::{Value, json};

use crate::harness::{Deployment, STARTED, event, post_render};

#[test]
fn nobody() {
    let outcome = Deployment::new()
        .answering(STARTED)
        .handle(&event("no-claims"));
    outcome.assert_problem(401, "unauthenticated");
    assert_eq!(outcome.header("www-authenticate"), Some("Bearer"));
    assert!(outcome.sent.is_empty());
}

#[test]
fn headers_are_no_identity() {
    let mut event: Value = serde_json::from_str(&event("no-claims")).expect("an event");
    event["headers"] = json!({"x-amzn-oidc-identity": "ada", "x-user-id": "ada", "sub": "ada", "authorization": "Bearer e30.eyJzdWIiOiJhZGEifQ.c2ln"});
    Deployment::new()
        .answering(STARTED)
        .handle(&event.to_string())
        .assert_problem(401, "unauthenticated");
}

#[test]
fn empty_sub() {
    let mut event = post_render("{}");
    event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "".into();
    Deployment::new()
        .answering(STARTED)
        .handle(&event.to_string())
        .assert_problem(401, "unauthenticated");
}

#[test]
fn rest_api() {
    let outcome = Deployment::new()
        .answering(STARTED)
        .handle(&event("render-rest"));
    assert_eq!(outcome.status(), 200);
    assert_eq!(
        outcome.payload()["inputProps"]["payload"],
        r#"{"title": "Hello from Rust"}"#
    );
}

#[test]
fn required_group() {
    let member = |groups: &str| {
        let mut event = post_render("{}");
        event["requestContext"]["authorizer"]["jwt"]["claims"]["cognito:groups"] = groups.into();
        Deployment::new()
            .with("REQUIRED_GROUP", "editors")
            .answering(STARTED)
            .handle(&event.to_string())
    };
    assert_eq!(member("[editors viewers]").status(), 200);
    assert_eq!(member("[editors]").status(), 200);
    let outcome = member("[viewers]");
    assert_eq!(
        outcome.assert_problem(403, "group_required"),
        r#"Only members of the group "editors" may use this API."#
    );
    assert!(outcome.sent.is_empty());
    Deployment::new()
        .with("REQUIRED_GROUP", "editors")
        .handle(&event("render"))
        .assert_problem(403, "group_required");
}
