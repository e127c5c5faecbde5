//! How much memory a batch and the state of a render take. A process of its own, since the allocator counts all.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_lambda::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use lambda_http::{Context, LambdaEvent};
use peak_alloc::PeakAlloc;
use remotion_render_api::App;
use remotion_render_api::config::Config;
use remotion_render_api::gateway::{event, http};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Takes everything and keeps nothing. It knows one render, of this state.
#[derive(Clone, Debug)]
struct Aws {
    state: &'static [u8],
}

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target");
        let (status, body) = match target.and_then(|target| target.split('.').next_back()) {
            Some("Query") => (200, SdkBody::from(KNOWN)),
            Some(_) => (200, SdkBody::from("{}")),
            None if request.uri().ends_with("/invocations") => (202, SdkBody::empty()),
            None if request.method() == "GET" => (200, SdkBody::from(self.state.to_vec())),
            None => (200, SdkBody::empty()),
        };
        drop(request);
        let response = HttpResponse::new(status.try_into().expect("a status"), body);
        HttpConnectorFuture::ready(Ok(response))
    }
}

const KNOWN: &str = r#"{"Items":[{"sk":{"S":"render#1pwhfhh11z"},"kind":{"S":"render"},"userId":{"S":"anna"},
    "bucketName":{"S":"remotionlambda-useast1-abc"},"functionName":{"S":"remotion-render-4-0-520-mem2048mb-disk2048mb-120sec"},
    "version":{"S":"4.0.520"},"composition":{"S":"MyVideo"},"cancellable":{"BOOL":false},"startedAt":{"N":"1700000000000"}}]}"#;

fn app(state: &'static [u8]) -> App {
    let variables = BTreeMap::from([
        (
            "REMOTION_FUNCTION_NAME",
            "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec",
        ),
        (
            "REMOTION_SERVE_URL",
            "https://site.example/sites/demo/index.html",
        ),
        ("REMOTION_COMPOSITION", "MyVideo"),
        ("REMOTION_BUCKET_NAME", "remotionlambda-useast1-abc"),
        ("REMOTION_RENDER_DEFAULTS", r#"{"concurrency":5}"#),
        ("REMOTION_MAX_EVENT_AGE_SECONDS", "300"),
        ("RENDERS_TABLE", "renders"),
        ("HOOK_URL", "https://hook.example/hooks/remotion"),
        ("HOOK_SECRET", "secret"),
        ("RENDER_CAPACITY", "100"),
        ("RENDER_QUEUE", "true"),
        ("DISPATCH_FUNCTION_NAME", "dispatch"),
    ]);
    let config = Config::from_vars(|name| variables.get(name).map(|value| (*value).to_owned()));
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
        .http_client(http_client_fn(move |_, _| {
            SharedHttpConnector::new(Aws { state })
        }))
        .build();
    App::new(config.expect("a valid configuration"), &sdk)
}

fn event(method: &str, path: &str, body: &str) -> LambdaEvent<Box<RawValue>> {
    let event = json!({
        "version": "2.0", "rawPath": path, "headers": {"content-type": "application/json"}, "body": body, "requestContext": {
            "authorizer": {"jwt": {"claims": {"iss": "https://issuer.example", "sub": "anna"}}}, "http": {"method": method, "path": path},
        },
    });
    LambdaEvent::new(to_raw_value(&event).expect("JSON"), Context::default())
}

/// The event of a batch, and the bytes of its body.
fn batch(items: usize, bytes: usize) -> (LambdaEvent<Box<RawValue>>, usize) {
    let text = "x".repeat(bytes / items);
    let items: Vec<_> = (0..items)
        .map(|at| json!({"name": at.to_string(), "inputProps": {"text": text}}))
        .collect();
    let body = json!({"items": items}).to_string();
    (event("POST", "/batches", &body), body.len())
}

/// Answers an event, and says how many bytes that took at most, with the event.
fn answer(app: &App, event: LambdaEvent<Box<RawValue>>) -> (Value, usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let before = MEMORY.current_usage() - event.payload.get().len();
    MEMORY.reset_peak_usage();
    let reply = runtime.block_on(Box::pin(event::handle(event, async |request| {
        http::handle(app, &request).await
    })));
    let peak = MEMORY.peak_usage() - before;
    (serde_json::to_value(reply).expect("JSON"), peak)
}

/// The function has 128 MB.
fn a_state_of_48_mb_peaks_little_above_itself() {
    const MIB: usize = 1024 * 1024;
    let error = |size| json!({"type": "renderer", "message": "x".repeat(size), "isFatal": false});
    let errors: Vec<_> = [10 * MIB, 20 * MIB]
        .into_iter()
        .chain(std::iter::repeat_n(17 * 1024, 1_000))
        .map(error)
        .collect();
    let state = json!({"chunks": [1], "startedDate": 1_700_000_000_000_u64, "errors": errors});
    let state: &'static [u8] = state.to_string().into_bytes().leak();
    drop(errors);
    assert!((46 * MIB..48 * MIB).contains(&state.len()));
    let app = app(state);
    let (reply, peak) = answer(&app, event("GET", "/render/1pwhfhh11z", ""));
    assert_eq!(reply["statusCode"], 200, "{reply}");
    let body = reply["body"].as_str().expect("a body");
    assert!(body.contains("\"message\":\"xxx"), "{body}");
    println!("{peak} bytes for a state of {}", state.len());
    // The other copy is what AWS sends.
    assert!(peak < 2 * state.len() + 4 * MIB, "{peak} bytes");
}

/// One test: what one allocates, another would count.
#[test]
fn memory() {
    a_batch_of_5_mb_peaks_at_three_times_its_body();
    a_state_of_48_mb_peaks_little_above_itself();
}

/// The event itself is a part of it.
fn a_batch_of_5_mb_peaks_at_three_times_its_body() {
    let app = app(b"");
    let run = |items, bytes| {
        let (event, body) = batch(items, bytes);
        let (reply, peak) = answer(&app, event);
        assert_eq!(reply["statusCode"], 202, "{reply}");
        (peak, body)
    };
    // The clients are made.
    run(1, 10);
    let (peak, body) = run(1_000, 5_000_000);
    println!("{peak} bytes for a body of {body}");
    assert!(peak <= 3 * body, "{peak} bytes for a body of {body}");
}
