//! A deployment on simulated time: its functions, which are killed now and then.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_lambda::config::{Credentials, SharedCredentialsProvider};
use lambda_http::http::Response;
use lambda_http::{Body, Context, LambdaEvent};
use remotion_lambda::webhook::signature;
use remotion_render_api::config::Config;
use remotion_render_api::gateway::{event, http};
use remotion_render_api::{App, clock, ends};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::aws::{Aws, BUCKET};

/// When time begins.
pub(crate) const BEGAN: u64 = 1_795_724_464_694;

pub(crate) const SECRET: &str = "the secret";

pub(crate) const FUNCTION: &str = "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec";

/// Runs on simulated time, and with the same chance every time: `SIM_SEED` is another one.
pub(crate) fn simulated<T>(run: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let seed = std::env::var("SIM_SEED").map_or(1, |seed| seed.parse().expect("a number"));
    fastrand::seed(seed);
    runtime.block_on(Box::pin(async {
        clock::simulate(BEGAN);
        run.await
    }))
}

/// A deployment with these variables over the required ones.
pub(crate) fn app(aws: &Aws, variables: &[(&str, &str)]) -> App {
    let required = BTreeMap::from([
        ("REMOTION_FUNCTION_NAME", FUNCTION),
        (
            "REMOTION_SERVE_URL",
            "https://site.example/sites/demo/index.html",
        ),
        ("REMOTION_COMPOSITION", "MyVideo"),
        ("REMOTION_BUCKET_NAME", BUCKET),
        (
            "REMOTION_RENDER_DEFAULTS",
            r#"{"enableCancellation":true,"concurrency":5}"#,
        ),
        ("RENDERS_TABLE", "renders"),
        ("HOOK_URL", "https://hook.example/hooks/remotion"),
        ("HOOK_SECRET", SECRET),
        ("EVENT_BUS_NAME", "renders"),
    ]);
    let config = Config::from_vars(|name| {
        let given = variables.iter().find(|(given, _)| *given == name);
        let value = given
            .map(|(_, value)| *value)
            .or_else(|| required.get(name).copied());
        value.map(ToOwned::to_owned)
    });
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
        .http_client(aws.client())
        .build();
    App::new(config.expect("a valid configuration"), &sdk)
}

/// A deployment where renders wait that find no room among so many functions, with these variables besides.
pub(crate) fn with_a_queue(aws: &Aws, capacity: u32, variables: &[(&str, &str)]) -> App {
    let capacity = capacity.to_string();
    let queue = [
        ("RENDER_CAPACITY", capacity.as_str()),
        ("RENDER_QUEUE", "true"),
        ("DISPATCH_FUNCTION_NAME", "dispatch"),
        ("REMOTION_MAX_EVENT_AGE_SECONDS", "300"),
    ];
    app(aws, &[&queue, variables].concat())
}

/// A request by a user.
pub(crate) async fn ask(
    app: &App,
    user: &str,
    method: &str,
    path: &str,
    body: &Value,
    key: Option<&str>,
) -> (u16, Value) {
    let mut event = json!({
        "version": "2.0", "rawPath": path, "headers": {"content-type": "application/json", "prefer": "respond-async"},
        "body": body.to_string(), "requestContext": {
            "authorizer": {"jwt": {"claims": {"iss": "https://issuer.example", "sub": user}}}, "http": {"method": method, "path": path},
        },
    });
    if let Some(key) = key {
        event["headers"]["idempotency-key"] = key.into();
    }
    let event = to_raw_value(&event).expect("JSON");
    let (_, request) = event::read(&event).expect("an event");
    read(&Box::pin(http::handle(app, &request)).await)
}

fn read(response: &Response<Body>) -> (u16, Value) {
    let body = serde_json::from_slice(response.body()).unwrap_or_default();
    (response.status().as_u16(), body)
}

/// What Remotion would send when a render has ended.
pub(crate) fn webhook(id: &str, payload: &Value, kind: &str) -> Value {
    let mut body = json!({
        "type": kind, "renderId": id, "bucketName": BUCKET, "expectedBucketOwner": "1",
        "customData": payload["webhook"]["customData"],
    });
    if kind == "error" {
        body["errors"] = json!([{"message": "Error: it threw", "name": "Error", "stack": ""}]);
    }
    body
}

/// The function `ends` is sent a webhook, signed with a secret.
pub(crate) async fn tell(app: &App, body: &Value, secret: &str) -> u64 {
    let text = body.to_string();
    let event = json!({
        "version": "2.0", "rawPath": "/hooks/remotion", "body": text,
        "headers": {"content-type": "application/json", "x-remotion-signature": signature(secret, text.as_bytes())},
        "requestContext": {"http": {"method": "POST", "path": "/hooks/remotion"}},
    });
    let reply = Box::pin(ends::handle(app, lambda_event(&event)))
        .await
        .expect("an answer");
    serde_json::to_value(reply).expect("JSON")["statusCode"]
        .as_u64()
        .expect("a status")
}

/// The function `ends` is woken by the tick.
pub(crate) async fn sweep(app: &App) {
    Box::pin(ends::handle(app, lambda_event(&json!({"sweep": true}))))
        .await
        .ok();
}

pub(crate) fn lambda_event(event: &Value) -> LambdaEvent<Box<RawValue>> {
    LambdaEvent::new(to_raw_value(event).expect("JSON"), Context::default())
}

/// The state of a render that has ended so, or that goes on.
pub(crate) fn state(started: u64, kind: Option<&str>) -> Value {
    let mut state = json!({
        "functionLaunched": started, "timeoutTimestamp": started + 120_000, "serveUrlOpened": started + 1, "framesRendered": 60,
        "framesEncoded": 60, "chunks": [0], "lambdasInvoked": 1, "errors": [], "receivedArtifact": [], "renderMetadata": {
            "type": "video", "codec": "h264", "frameRange": [0, 59], "everyNthFrame": 1, "totalChunks": 1, "startedDate": started,
            "estimatedRenderLambdaInvokations": 1, "outName": "out.mp4",
        },
    });
    match kind {
        Some("success") => {
            state["postRenderData"] = json!({"outputSize": 7, "timeToFinish": 5, "endTime": started + 4_000, "errors": []});
        }
        Some("error") => {
            state["errors"] = json!([{"message": "Error: it threw", "name": "Error", "stack": "", "isFatal": true, "willRetry": false, "attempt": 1}]);
        }
        _ => {}
    }
    state
}
