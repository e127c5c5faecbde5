//! The calls, through the SDK, over connections that are played.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_lambda::config::Credentials;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::{Builder, SharedCredentialsProvider};
use tokio::time::Instant;

use super::{Aftermath, CallFailure, FunctionName, RenderFunction, Storage, StorageError};
use crate::StartPayload;

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
