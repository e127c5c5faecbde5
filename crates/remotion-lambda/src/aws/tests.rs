//! The calls, through the SDK, over connections that are played.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_lambda::config::Credentials;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::{Builder, SharedCredentialsProvider};
use tokio::time::Instant;

use super::{
    Aftermath, CallFailure, FunctionName, InvocationError, RenderFunction, Storage, StorageError,
};
use crate::json::Object;
use crate::{BucketName, CompositionsPayload, RenderOptions, StartPayload, Started};

/// Loses every answer.
#[derive(Debug)]
struct Losing;

impl HttpConnector for Losing {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(Err(ConnectorError::other("it was lost".into(), None)))
    }
}

fn losing() -> SharedHttpClient {
    http_client_fn(|_, _| SharedHttpConnector::new(Losing))
}

fn nothing() -> Builder {
    SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12())
}

fn region() -> Region {
    Region::from_static("us-east-1")
}

fn credentials() -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::new("id", "key", None, None, "tests"))
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// An SDK that lacks something a call needs.
fn incomplete() -> [(&'static str, SdkConfig); 3] {
    let empty = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Credentials, "");
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(&ProviderConfig::without_region().with_http_client(losing()))
        .profile_files(empty.build());
    let without_credentials = nothing()
        .region(region())
        .credentials_provider(SharedCredentialsProvider::new(provider.build()))
        .http_client(losing());
    let without_region = nothing()
        .credentials_provider(credentials())
        .http_client(losing());
    let without_client = nothing()
        .region(region())
        .credentials_provider(credentials());
    [
        ("credentials", without_credentials.build()),
        ("region", without_region.build()),
        ("client", without_client.build()),
    ]
}

fn function(sdk: &SdkConfig) -> RenderFunction {
    let name = "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec".to_owned();
    RenderFunction::new(sdk, FunctionName::try_from(name).expect("a name"), None)
}

fn payload() -> StartPayload {
    StartPayload::from_json(r#"{"composition":"A","serveUrl":"https://site.example/index.html"}"#)
        .expect("a payload")
}

#[tokio::test]
async fn a_start_without_credentials_never_ran() {
    // S3 would be asked by nobody in particular.
    let without_provider = nothing().region(region()).http_client(losing()).build();
    let incomplete = incomplete().into_iter();
    for (lacking, sdk) in incomplete.chain([("provider", without_provider)]) {
        let started = function(&sdk).start(&payload(), soon()).await;
        let error = started.expect_err(lacking);
        assert_eq!(error.aftermath(), Aftermath::NeverRan, "{lacking}");
        assert_eq!(
            error.to_string(),
            "The render function was not invoked. Nothing was sent to AWS: its credentials could not be loaded, or the region or the HTTP client is missing.",
            "{lacking}"
        );
    }
}

/// A connector may say of it whatever it likes.
#[tokio::test]
async fn of_a_start_whose_answer_is_lost_nothing_is_known() {
    let sdk = nothing()
        .region(region())
        .credentials_provider(credentials())
        .http_client(losing());
    let started = function(&sdk.build()).start(&payload(), soon()).await;
    let error = started.expect_err("no answer");
    assert_eq!(error.aftermath(), Aftermath::Unknown, "{error}");
}

#[tokio::test]
async fn storage_without_credentials() {
    for (lacking, sdk) in incomplete() {
        let storage = Storage::new(sdk);
        let state = storage.state("bucket", "1pwhfhh11z", soon()).await;
        let Err(StorageError::Call(error)) = state else {
            panic!("{lacking}: {state:?}");
        };
        assert_eq!(error.failure, CallFailure::NotConfigured, "{lacking}");
        // A link is signed without a connection.
        if lacking != "client" {
            let link = storage.signed_url("bucket", "key").await;
            let error = link.expect_err(lacking);
            assert_eq!(error.failure, CallFailure::NotConfigured, "{lacking}");
        }
    }
}

fn answer(status: u16, body: &'static str) -> ReplayEvent {
    let response = HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body));
    let response = response.try_into_http1x().expect("a response");
    let any = HttpRequest::new(SdkBody::empty());
    ReplayEvent::new(any.try_into_http1x().expect("a request"), response)
}

/// The requests that a start with large props comes to, and how it ends.
async fn started_with_large_props(
    answers: Vec<ReplayEvent>,
    payload: &mut StartPayload,
) -> (StaticReplayClient, Result<Started, InvocationError>) {
    let aws = StaticReplayClient::new(answers);
    let sdk = nothing()
        .region(region())
        .credentials_provider(credentials())
        .http_client(aws.clone())
        .build();
    let bucket = BucketName::try_from("remotionlambda-useast1-abc".to_owned()).expect("a name");
    let storage = Storage::new(sdk.clone());
    let started = function(&sdk)
        .start_large(payload, &storage, &bucket, soon())
        .await;
    (aws, started)
}

fn large_payload() -> StartPayload {
    let text = "x".repeat(200_000);
    StartPayload::from_json(&format!(
        r#"{{"composition":"A","serveUrl":"https://site.example/index.html","inputProps":{{"text":"{text}"}}}}"#
    ))
    .expect("a payload")
}

#[tokio::test]
async fn large_props_are_stored_before_the_start() {
    let answers = vec![
        answer(200, ""),
        answer(
            200,
            r#"{"type":"success","bucketName":"remotionlambda-useast1-abc","renderId":"1pwhfhh11z"}"#,
        ),
    ];
    let mut payload = large_payload();
    let (aws, started) = started_with_large_props(answers, &mut payload).await;
    assert_eq!(started.expect("a render").render_id.as_str(), "1pwhfhh11z");
    let [put, invoked] = aws.actual_requests().collect::<Vec<_>>()[..] else {
        panic!("two requests");
    };
    assert!(put.uri().contains("/input-props/"), "{}", put.uri());
    let invoked = invoked.body().bytes().expect("a payload");
    assert!(invoked.len() < 10_000);
    let invoked = String::from_utf8_lossy(invoked);
    assert!(invoked.contains(r#""type":"bucket-url""#), "{invoked}");
    assert!(payload.oversized_props().is_none());
}

#[tokio::test]
async fn where_large_props_are_not_stored_nothing_starts() {
    let mut payload = large_payload();
    let denied = vec![answer(403, "")];
    let (aws, started) = started_with_large_props(denied, &mut payload).await;
    let error = started.expect_err("no start");
    assert_eq!(error.aftermath(), Aftermath::NeverRan);
    assert_eq!(aws.actual_requests().count(), 1);
    // They are still there, for another attempt.
    let props = payload.oversized_props().expect("the props");
    assert!(props.text.len() > 200_000);
}

/// As for a render: an older function would ignore the option in silence.
#[tokio::test]
async fn compositions_by_an_option_that_is_too_new() {
    let options = br#"{"serveUrl":"https://site.example/index.html","mediaCacheSizeInBytes":1000000,"separateAudioTo":"a.wav"}"#;
    let options = Object::parse(options).expect("an object");
    let options = RenderOptions::parse(&options).expect("options");
    let payload = CompositionsPayload::new(options).expect("a payload");
    let sdk = nothing().http_client(losing()).build();
    let name = "remotion-render-4-0-351-mem2048mb-disk2048mb-120sec".to_owned();
    let function = RenderFunction::new(&sdk, FunctionName::try_from(name).expect("a name"), None);
    let error = function.compositions(&payload, soon()).await;
    assert_eq!(
        error.expect_err("a refusal").to_string(),
        "mediaCacheSizeInBytes needs Remotion 4.0.352, but the render function has 4.0.351."
    );
}
