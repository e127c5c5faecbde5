//! `POST /render`: what the function is sent, and what the caller gets.

use serde_json::Value;

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
    let expected = r#"{
        "type": "start", "version": "4.0.520", "composition": "MyVideo", "serveUrl": "https://site.example/sites/demo/index.html",
        "inputProps": {"type": "payload", "payload": "{\"title\": \"Hello from Rust\"}"}, "codec": "h264",
        "bucketName": "remotionlambda-useast1-abc",
        "enableCancellation": false, "rendererFunctionName": null, "framesPerLambda": null, "concurrency": null, "imageFormat": "jpeg",
        "crf": null, "envVariables": {}, "pixelFormat": null, "proResProfile": null, "x264Preset": null, "gopSize": null,
        "jpegQuality": 80, "maxRetries": 1, "privacy": "public", "logLevel": "info", "frameRange": null, "outName": null,
        "timeoutInMilliseconds": 30000, "chromiumOptions": {}, "scale": 1, "everyNthFrame": 1, "numberOfGifLoops": null,
        "concurrencyPerLambda": 1, "downloadBehavior": {"type": "play-in-browser"}, "muted": false, "overwrite": false,
        "audioBitrate": null, "videoBitrate": null, "encodingBufferSize": null, "encodingMaxRate": null, "webhook": null,
        "forceHeight": null, "forceWidth": null, "forceFps": null, "forceDurationInFrames": null, "audioCodec": null,
        "offthreadVideoCacheSizeInBytes": null, "deleteAfter": null, "colorSpace": null, "preferLossless": false,
        "forcePathStyle": false, "metadata": null, "licenseKey": null, "offthreadVideoThreads": null, "mediaCacheSizeInBytes": null,
        "storageClass": null, "isProduction": null, "sampleRate": 48000, "disableSharedMemoryCapture": false, "separateAudioTo": null,
        "output": {"type": "media"}
    }"#;
    let expected: Value = serde_json::from_str(expected).expect("JSON");
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
