//! How much memory a batch takes: its body, what is made of it, and no more. A process of its own, since the allocator counts all.

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
use serde_json::json;
use serde_json::value::to_raw_value;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Takes everything, and keeps nothing.
#[derive(Debug)]
struct Aws;

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_invocation = request.uri().ends_with("/invocations");
        let status = if is_invocation { 202 } else { 200 };
        let body = if request.headers().contains_key("x-amz-target") {
            "{}"
        } else {
            ""
        };
        drop(request);
        let response = HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body));
        HttpConnectorFuture::ready(Ok(response))
    }
}

fn app() -> App {
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
        .http_client(http_client_fn(|_, _| SharedHttpConnector::new(Aws)))
        .build();
    App::new(config.expect("a valid configuration"), &sdk)
}

/// The event of a batch, and the bytes of its body.
fn batch(items: usize, bytes: usize) -> (LambdaEvent<Box<serde_json::value::RawValue>>, usize) {
    let text = "x".repeat(bytes / items);
    let items: Vec<_> = (0..items)
        .map(|at| json!({"name": at.to_string(), "inputProps": {"text": text}}))
        .collect();
    let body = json!({"items": items}).to_string();
    let event = json!({
        "version": "2.0", "rawPath": "/batches", "headers": {"content-type": "application/json"}, "body": body, "requestContext": {
            "authorizer": {"jwt": {"claims": {"iss": "https://issuer.example", "sub": "anna"}}}, "http": {"method": "POST", "path": "/batches"},
        },
    });
    let event = to_raw_value(&event).expect("JSON");
    (LambdaEvent::new(event, Context::default()), body.len())
}

/// The event itself is a part of it.
#[test]
fn a_batch_of_5_mb_peaks_at_three_times_its_body() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let app = app();
    let run = |items, bytes| {
        let (event, body) = batch(items, bytes);
        // What is there already, but for the event.
        let before = MEMORY.current_usage() - event.payload.get().len();
        MEMORY.reset_peak_usage();
        let reply = runtime.block_on(Box::pin(event::handle(event, async |request| {
            http::handle(&app, &request).await
        })));
        let reply = serde_json::to_value(reply).expect("JSON");
        assert_eq!(reply["statusCode"], 202, "{reply}");
        (MEMORY.peak_usage() - before, body)
    };
    // The clients are made.
    run(1, 10);
    let (peak, body) = run(1_000, 5_000_000);
    println!("{peak} bytes for a body of {body}");
    assert!(peak <= 3 * body, "{peak} bytes for a body of {body}");
}
