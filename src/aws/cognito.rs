//! Where browsers reach Cognito. The function itself has no client of it.

use aws_config::SdkConfig;
use aws_sdk_lambda::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};

/// Cognito's address in the function's own region, such as `https://cognito-idp.eu-central-1.amazonaws.com`, or
/// `AWS_ENDPOINT_URL`. Nothing where there is no such region.
///
/// The domain is that of the region's partition, which the SDK knows for each of its clients:
/// <https://docs.aws.amazon.com/general/latest/gr/cognito_identity.html>.
pub async fn endpoint(sdk: &SdkConfig) -> Option<String> {
    // Set where all of AWS is elsewhere, as on a developer's machine.
    if let Some(url) = sdk.endpoint_url() {
        return Some(url.trim().trim_end_matches('/').to_owned());
    }
    let params = Params::builder().region(sdk.region()?.as_ref()).build();
    let lambda = DefaultResolver::new()
        .resolve_endpoint(&params.ok()?)
        .await
        .ok()?;
    let domain = lambda.url().strip_prefix("https://lambda.")?;
    Some(format!("https://cognito-idp.{domain}"))
}

#[cfg(test)]
mod tests {
    use aws_config::{Region, SdkConfig};

    use super::endpoint;

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
            assert_eq!(endpoint(&sdk).await.as_deref(), Some(expected));
        }
    }

    #[tokio::test]
    async fn a_machine_of_its_own_is_asked_itself() {
        let sdk = SdkConfig::builder()
            .endpoint_url("http://127.0.0.1:4566/")
            .build();
        assert_eq!(
            endpoint(&sdk).await.as_deref(),
            Some("http://127.0.0.1:4566")
        );
    }
}
