//! Whom the AWS clients trust.

use std::path::Path;

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// The roots of AWS's own endpoints, five certificates that end between 2037 and 2040: reading the machine's 144 costs a
/// fifth of a cold start. Source: <https://www.amazontrust.com/repository/>
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// The HTTP client of every AWS client: TLS by ring, Amazon's roots, and those of the bundle.
///
/// # Errors
///
/// A sentence, where the bundle cannot be read or holds no certificate.
pub fn http_client(ca_bundle: Option<&Path>) -> Result<SharedHttpClient, String> {
    let mut roots = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    if let Some(path) = ca_bundle {
        let pem = std::fs::read(path).map_err(|error| {
            format!("AWS_CA_BUNDLE: {} cannot be read: {error}.", path.display())
        })?;
        if !pem
            .windows(27)
            .any(|window| window == b"-----BEGIN CERTIFICATE-----")
        {
            return Err(format!(
                "AWS_CA_BUNDLE: {} holds no PEM certificate.",
                path.display()
            ));
        }
        roots.add_pem_certificate(pem);
    }
    let context = TlsContext::builder()
        .with_trust_store(roots)
        .build()
        .map_err(|error| format!("TLS cannot be set up: {error}."))?;
    Ok(Builder::new()
        .tls_provider(Provider::rustls(CryptoMode::Ring))
        .tls_context(context)
        .build_https())
}
