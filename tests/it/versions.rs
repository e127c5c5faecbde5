//! Which version is sent, and how an upgrade is picked up.

use crate::harness::{Deployment, STARTED, event};

const MISMATCH: &str = r#"{"type":"error","message":"Version mismatch: When calling renderMediaOnLambda(), you passed remotion-render-4-0-526-mem2048mb-disk2048mb-120sec as the function, which has the version 4.0.520, but the @remotion/lambda package you used to invoke the function has version 4.0.526. Deploy a new function and use it to call getRenderProgress(). See: https://www.remotion.dev/docs/lambda/upgrading","stack":"Error"}"#;
const INFO: &str = r#"{"version":"4.0.520","type":"success"}"#;
const OLD: &str = "remotion-render-4-0-526-mem2048mb-disk2048mb-120sec";

#[test]
fn of_the_operator() {
    let outcome = Deployment::new()
        .with("REMOTION_VERSION", "4.0.400")
        .answering(STARTED)
        .handle(&event("render"));
    assert_eq!(outcome.payload()["version"], "4.0.400");
}

#[test]
fn asked_where_the_name_does_not_tell() {
    let outcome = Deployment::new()
        .with("REMOTION_FUNCTION_NAME", "renderer")
        .answering(INFO)
        .answering(STARTED)
        .handle(&event("render"));
    assert_eq!(outcome.status(), 200);
    assert_eq!(
        outcome.sent[0].body,
        serde_json::json!({"type": "info", "logLevel": "info"})
    );
    assert_eq!(outcome.sent[1].body["version"], "4.0.520");
}

#[test]
fn upgraded_function_heals() {
    let outcome = Deployment::new()
        .with("REMOTION_FUNCTION_NAME", OLD)
        .answering(MISMATCH)
        .answering(INFO)
        .answering(STARTED)
        .handle(&event("render"));
    assert_eq!(outcome.status(), 200);
    let sent: Vec<_> = outcome
        .sent
        .iter()
        .map(|sent| (sent.body["type"].as_str(), sent.body["version"].as_str()))
        .collect();
    assert_eq!(
        sent,
        [
            (Some("start"), Some("4.0.526")),
            (Some("info"), None),
            (Some("start"), Some("4.0.520"))
        ]
    );
}

#[test]
fn heals_once() {
    let outcome = Deployment::new()
        .with("REMOTION_FUNCTION_NAME", OLD)
        .answering(MISMATCH)
        .answering(INFO)
        .answering(MISMATCH)
        .handle(&event("render"));
    outcome.assert_problem(503, "version_mismatch");
    assert_eq!(outcome.sent.len(), 3);
}

#[test]
fn pinned_version_is_kept() {
    let outcome = Deployment::new()
        .with("REMOTION_VERSION", "4.0.526")
        .answering(MISMATCH)
        .handle(&event("render"));
    let detail = outcome.assert_problem(503, "version_mismatch");
    assert!(
        detail.contains("4.0.526") && detail.contains("4.0.520"),
        "{detail}"
    );
    assert_eq!(outcome.header("retry-after"), None);
    assert_eq!(outcome.sent.len(), 1);
}

#[test]
fn words_that_are_not_known() {
    let outcome = Deployment::new()
        .with("REMOTION_VERSION", "4.0.526")
        .answering(r#"{"type":"error","message":"Version mismatch: in other words {\"inputProps\":\"secret\"}"}"#)
        .handle(&event("render"));
    let detail = outcome.assert_problem(503, "version_mismatch");
    assert!(!detail.contains("secret"), "{detail}");
}
