//! Answers that cost an invocation, which are kept for a while.

use serde_json::{Value, json};

use crate::harness::{Deployment, post_render};

/// Whoever asks again at once, of a site that fails or of a function that is not there, pays for no other invocation.
#[test]
fn failures_of_what_costs_an_invocation_are_remembered() {
    let failed = r#"{"type":"error","message":"Error: Visited the site, but no call to registerRoot() was found","stack":""}"#;
    for (path, answer, code) in [
        ("/compositions", failed, "render_function_error"),
        ("/health", failed, "render_function_error"),
    ] {
        let mut event = post_render("");
        event["rawPath"] = path.into();
        event["requestContext"]["http"] = json!({"method": "GET", "path": path});
        let event = event.to_string();
        let (responses, sent) = Deployment::new()
            .answering(answer)
            .handle_all([event.as_str(); 20]);
        assert_eq!(sent.len(), 1, "{path}");
        for response in responses {
            let body: Value = serde_json::from_slice(response.body()).expect("JSON");
            assert_eq!(body["code"], code, "{path}: {body}");
        }
    }
}

/// The caller would wait, and pay, for a render that cannot succeed.
#[test]
fn a_composition_that_the_site_is_known_not_to_have() {
    let listed = json!({"type": "success", "compositions": [
        {"id": "MyVideo", "width": 1, "height": 1, "fps": 30, "durationInFrames": 1, "defaultProps": {}},
    ]});
    let list = {
        let mut event = post_render("");
        event["rawPath"] = "/compositions".into();
        event["requestContext"]["http"] = json!({"method": "GET", "path": "/compositions"});
        event.to_string()
    };
    let start = post_render(r#"{"composition":"YourVideo"}"#).to_string();
    let (responses, sent) = Deployment::new()
        .answering(&listed.to_string())
        .handle_all([list.as_str(), start.as_str()]);
    assert_eq!(sent.len(), 1);
    let body: Value = serde_json::from_slice(responses[1].body()).expect("JSON");
    assert_eq!(body["code"], "invalid_options", "{body}");
    assert_eq!(body["errors"][0]["pointer"], "/composition");
}
