//! `POST /render`: what the function is sent, and what the caller gets.

use serde_json::{Value, json};

use crate::fixtures::fixture;
use crate::harness::{Deployment, FUNCTION, STARTED, event};

#[test]
fn success() {
    let outcome = Deployment::new()
        .answering(STARTED)
        .handle(&event("render"));
    assert_eq!(outcome.status(), 200);
    assert_eq!(outcome.header("content-type"), Some("application/json"));
    let body = std::str::from_utf8(outcome.response.body()).expect("text");
    assert_eq!(
        body,
        r#"{"message":"SUCCESS","bucketName":"remotionlambda-useast1-abc","renderId":"1pwhfhh11z"}"#
    );
}

#[test]
fn one_synchronous_invocation() {
    let outcome = Deployment::new()
        .answering(STARTED)
        .handle(&event("render"));
    let [sent] = outcome.sent.as_slice() else {
        panic!("one request")
    };
    assert_eq!(sent.method, "POST");
    assert_eq!(
        sent.uri,
        format!(
            "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/{FUNCTION}/invocations"
        )
    );
    // RequestResponse is what AWS Lambda does without the header.
    assert_eq!(
        sent.headers
            .get("x-amz-invocation-type")
            .map_or("RequestResponse", String::as_str),
        "RequestResponse"
    );
}

/// Value for value what the official clients send for the same options: every key of the newest known release, to every
/// function.
#[test]
fn payload() {
    let outcome = Deployment::new()
        .with("REMOTION_BUCKET_NAME", "remotionlambda-useast1-abc")
        .answering(STARTED)
        .handle(&event("render"));
    let cases: Value = fixture("start.json");
    let mut expected = cases[0]["payload"].clone();
    for (key, value) in [
        ("version", json!("4.0.520")),
        ("composition", json!("MyVideo")),
        (
            "serveUrl",
            json!("https://site.example/sites/demo/index.html"),
        ),
        (
            "inputProps",
            json!({"type": "payload", "payload": r#"{"title": "Hello from Rust"}"#}),
        ),
        ("bucketName", json!("remotionlambda-useast1-abc")),
        // What newer releases send than the one on file.
        ("disableSharedMemoryCapture", json!(false)),
        ("separateAudioTo", json!(null)),
        ("output", json!({"type": "media"})),
    ] {
        expected[key] = value;
    }
    assert_eq!(expected.as_object().map(serde_json::Map::len), Some(58));
    assert_eq!(outcome.payload(), &expected);
}

#[test]
fn an_arn_is_as_good_as_a_name() {
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:remotion-render-4-0-311-mem2048mb-disk2048mb-120sec";
    let outcome = Deployment::new()
        .with("REMOTION_FUNCTION_NAME", arn)
        .answering(STARTED)
        .handle(&event("render"));
    assert_eq!(outcome.payload()["version"], "4.0.311");
}
