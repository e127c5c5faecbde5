//! The addresses of services for which there is no AWS client.

use aws_config::SdkConfig;
use aws_sdk_lambda::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_types::service_config::ServiceConfigKey;

/// Where AWS Lambda is, as the SDK's client addresses it. Nothing where there is no such region.
pub async fn lambda(sdk: &SdkConfig) -> Option<String> {
    let params = Params::builder()
        .region(sdk.region()?.as_ref())
        .use_fips(sdk.use_fips().unwrap_or_default())
        .use_dual_stack(sdk.use_dual_stack().unwrap_or_default())
        .set_endpoint(configured(sdk, "Lambda"));
    resolved(params.build().ok()?).await
}

/// The endpoint that the configuration names for a service, by the id that its SDK has, or else for all of AWS.
#[must_use]
pub fn configured(sdk: &SdkConfig, service: &'static str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let own = sdk
        .service_config()
        .and_then(|services| services.load_config(key));
    own.or_else(|| sdk.endpoint_url().map(ToOwned::to_owned))
}

/// Where browsers reach Cognito, such as `https://cognito-idp.eu-central-1.amazonaws.com`, or `AWS_ENDPOINT_URL`. Nothing where
/// there is no such region.
///
/// The domain is that of the region's partition, which the SDK knows for each of its clients:
/// <https://docs.aws.amazon.com/general/latest/gr/cognito_identity.html>.
pub async fn cognito(sdk: &SdkConfig) -> Option<String> {
    // Set where all of AWS is elsewhere, as on a developer's machine.
    if let Some(url) = sdk.endpoint_url() {
        return Some(url.trim().trim_end_matches('/').to_owned());
    }
    let params = Params::builder().region(sdk.region()?.as_ref()).build();
    let lambda = resolved(params.ok()?).await?;
    let domain = lambda.strip_prefix("https://lambda.")?;
    Some(format!("https://cognito-idp.{domain}"))
}

async fn resolved(params: Params) -> Option<String> {
    let resolver = DefaultResolver::new();
    let endpoint = resolver.resolve_endpoint(&params).await.ok()?;
    Some(endpoint.url().to_owned())
}

#[cfg(test)]
mod tests {
    use aws_config::{Region, SdkConfig};

    use super::{cognito, lambda};

    #[tokio::test]
    async fn each_partition_has_its_own_domain() {
        for (region, expected) in [
            ("us-east-1", "https://cognito-idp.us-east-1.amazonaws.com"),
            (
                "us-gov-west-1",
                "https://cognito-idp.us-gov-west-1.amazonaws.com",
            ),
            (
                "cn-north-1",
                "https://cognito-idp.cn-north-1.amazonaws.com.cn",
            ),
            (
                "eusc-de-east-1",
                "https://cognito-idp.eusc-de-east-1.amazonaws.eu",
            ),
        ] {
            let sdk = SdkConfig::builder().region(Region::new(region)).build();
            assert_eq!(cognito(&sdk).await.as_deref(), Some(expected));
        }
    }

    #[tokio::test]
    async fn lambda_is_where_its_client_asks() {
        let sdk = SdkConfig::builder()
            .region(Region::from_static("us-gov-west-1"))
            .use_fips(true);
        assert_eq!(
            lambda(&sdk.build()).await.as_deref(),
            Some("https://lambda-fips.us-gov-west-1.amazonaws.com")
        );
    }

    #[tokio::test]
    async fn a_machine_of_its_own_is_asked_itself() {
        let sdk = SdkConfig::builder()
            .endpoint_url("http://127.0.0.1:4566/")
            .build();
        assert_eq!(
            cognito(&sdk).await.as_deref(),
            Some("http://127.0.0.1:4566")
        );
    }
}
