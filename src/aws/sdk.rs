//! The configuration that the AWS clients share, from the environment of AWS Lambda.
//!
//! It replaces `aws_config::load`, which also reads profiles, and makes clients for STS and for EC2's metadata
//! before it looks into the environment: a seventh of a cold start, for what a function never has.

use aws_config::environment::credentials::EnvironmentVariableCredentialsProvider;
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::identity::IdentityCache;
use aws_config::meta::region::ProvideRegion;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

/// Which endpoints of AWS's are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// `AWS_USE_FIPS_ENDPOINT`: those with validated cryptography. Default false.
    pub fips: bool,
    /// `AWS_USE_DUALSTACK_ENDPOINT`: those that have IPv6 too. Default false.
    pub dual_stack: bool,
}

/// Credentials, region and endpoints by `AWS_ACCESS_KEY_ID` and its companions, `AWS_REGION`, `AWS_ENDPOINT_URL` and
/// `AWS_ENDPOINT_URL_<SERVICE>`.
pub async fn from_env(http_client: SharedHttpClient, endpoints: Endpoints) -> SdkConfig {
    let mut sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(http_client)
        .region(EnvironmentVariableRegionProvider::new().region().await)
        .credentials_provider(SharedCredentialsProvider::new(
            EnvironmentVariableCredentialsProvider::new(),
        ))
        .identity_cache(IdentityCache::lazy().build())
        .service_config(Environment);
    sdk.set_endpoint_url(variable("AWS_ENDPOINT_URL"));
    sdk.set_use_fips(Some(endpoints.fips));
    sdk.set_use_dual_stack(Some(endpoints.dual_stack));
    sdk.build()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The services' own variables.
#[derive(Debug)]
struct Environment;

impl LoadServiceConfig for Environment {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        variable(&format!("{}_{service}", key.env()))
    }
}
