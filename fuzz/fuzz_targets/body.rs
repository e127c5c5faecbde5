//! Any bytes as what a signed-in user sends to `POST /render`, or, where the first byte is odd, to `POST /still`.

#![no_main]

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use remotion_lambda_fuzz::mutate;
use remotion_render_api_fuzz::api::Api;
use remotion_render_api_fuzz::aws::Sent;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

/// What the operator reserves. A still has those keys only that it knows.
static RESERVED: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "privacy": "private", "logLevel": "warn", "isProduction": false, "licenseKey": "rm_pub_1", "storageClass": "STANDARD",
        "envVariables": {"KEY": "secret"}, "chromiumOptions": {"gl": "swangle"}, "mediaCacheSizeInBytes": 9,
        "offthreadVideoCacheSizeInBytes": 8, "offthreadVideoThreads": 2, "forcePathStyle": true,
        "enableCancellation": true, "framesPerLambda": 20, "concurrencyPerLambda": 2, "rendererFunctionName": "renderer",
        "webhook": {"url": "https://hook.example/", "secret": "s"},
    })
});

static API: LazyLock<Api> = LazyLock::new(|| {
    Api::new(&[
        ("REMOTION_RENDER_DEFAULTS", &RESERVED.to_string()),
        ("REMOTION_ALLOWED_COMPOSITIONS", "MyVideo,Other"),
    ])
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((first, body)) = data.split_first() else {
        return Corpus::Reject;
    };
    let (path, routine) = if first % 2 == 0 {
        ("/render", "start")
    } else {
        ("/still", "still")
    };
    let (body, is_base64) = match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (STANDARD.encode(body), true),
    };
    let event = json!({
        "version": "2.0", "rawPath": path, "body": body, "isBase64Encoded": is_base64,
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "authorizer": {"jwt": {"claims": {"iss": "https://issuer.example", "sub": "ada"}}}, "http": {"method": "POST", "path": path}, "requestId": "r",
        },
    });
    let answer = API.handle(to_raw_value(&event).expect("JSON"));
    assert!(answer.status < 500, "{answer:?}");
    assert_eq!(answer.status == 200, answer.started().is_some());
    if let Some(payload) = answer.started() {
        assert_payload(payload, routine);
    }
    for sent in &answer.sent {
        if let Sent::Storage(method, path) = sent {
            assert!(
                method == "PUT" && path.starts_with("/input-props/"),
                "{method} {path}"
            );
        }
    }
    Corpus::Keep
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let dictionary = include_str!("../dictionaries/body.dict");
    mutate::json(data, (size, max_size, seed), 1, &[dictionary])
});

/// The operator's word stands, whatever the caller says.
fn assert_payload(payload: &Value, routine: &str) {
    assert_eq!(payload["type"], routine);
    assert_eq!(payload["version"], "4.0.520");
    assert_eq!(
        payload["serveUrl"],
        "https://site.example/sites/demo/index.html"
    );
    assert_eq!(payload["bucketName"], "remotionlambda-useast1-abc");
    assert!(
        ["MyVideo", "Other"].contains(&payload["composition"].as_str().expect("a composition"))
    );
    for (name, value) in RESERVED.as_object().expect("an object") {
        match payload.get(name) {
            Some(sent) => assert_eq!(sent, value, "{name}"),
            None => assert_eq!(routine, "still", "{name} is gone"),
        }
    }
    let file = &payload["outName"];
    assert!(
        file.is_null() || file.as_str().is_some_and(|file| !file.contains('/')),
        "{file}"
    );
    let props = &payload["inputProps"];
    if props["type"] == "payload" {
        let text = props["payload"].as_str().expect("props are text");
        assert!(text.starts_with('{'), "{text}");
    } else {
        assert_eq!(props["type"], "bucket-url");
    }
}
