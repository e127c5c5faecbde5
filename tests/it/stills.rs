//! What holds for a still.

use serde_json::{Value, json};

use crate::harness::{Deployment, post_render};

fn still(deployment: Deployment, body: &Value) -> crate::harness::Outcome {
    let mut event = post_render(&body.to_string());
    event["rawPath"] = "/still".into();
    deployment.handle(&event.to_string())
}

/// One that a browser would run, or that Remotion's own state has.
#[test]
fn names_of_stills() {
    for name in ["x.html", "progress.json", "cancel.json"] {
        let outcome = still(Deployment::new(), &json!({"outName": name}));
        assert_eq!(
            outcome.violations(),
            ["/outName outName must end in .png with the imageFormat png."]
        );
    }
}

#[test]
fn the_limit_that_holds_for_a_still() {
    let outcome = still(
        Deployment::new(),
        &json!({"inputProps": {"text": "x".repeat(5_000_000)}}),
    );
    let detail = outcome.assert_problem(413, "payload_too_large");
    assert!(detail.contains("at most 4993976 are allowed"), "{detail}");
}

/// Remotion finds it out once it has opened the site; it is the caller's mistake, not the operator's.
#[test]
fn a_frame_and_a_composition_that_the_site_does_not_have() {
    for (message, told) in [
        (
            "Cannot use frame 600: Duration of composition is 60, therefore the highest frame that can be rendered is 59",
            "/frame Cannot use frame 600: Duration of composition is 60, therefore the highest frame that can be rendered is 59.",
        ),
        (
            "Error: Could not find composition with ID Nope. Available compositions: Hello, Long",
            "/composition Could not find composition with ID Nope. Available compositions: Hello, Long.",
        ),
    ] {
        let answer = json!({"type": "error", "message": message, "stack": ""}).to_string();
        let outcome = still(Deployment::new().answering(&answer), &json!({}));
        outcome.assert_problem(422, "invalid_options");
        let error = &outcome.body()["errors"][0];
        let told_here = format!(
            "{} {}",
            error["pointer"].as_str().expect("text"),
            error["detail"].as_str().expect("text")
        );
        assert_eq!(told_here, told);
    }
}
