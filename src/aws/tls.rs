//! Which certificates the AWS clients trust, and how they shake hands.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::{cipher_suite, default_provider};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, SupportedCipherSuite};

/// By what a handshake costs, the least first: at AWS the server takes what suits it.
const SUITES: [SupportedCipherSuite; 7] = [
    cipher_suite::TLS13_AES_128_GCM_SHA256,
    cipher_suite::TLS13_AES_256_GCM_SHA384,
    cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
    cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
];

/// TLS by ring, with the roots that Mozilla trusts, and those of the bundle.
///
/// The roots are constants: to read the machine's files, or PEM of our own, would cost a fifth of a cold start.
///
/// # Errors
///
/// A sentence, where the bundle cannot be read or contains no certificate.
pub fn config(ca_bundle: Option<&Path>) -> Result<ClientConfig, String> {
    let provider = CryptoProvider {
        cipher_suites: SUITES.to_vec(),
        ..default_provider()
    };
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}."))?
        .with_root_certificates(roots(ca_bundle)?)
        .with_no_client_auth();
    Ok(config)
}

fn roots(ca_bundle: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if let Some(path) = ca_bundle {
        let told = |what: &str| format!("AWS_CA_BUNDLE: {} {what}.", path.display());
        let pem = std::fs::read(path).map_err(|error| told(&format!("cannot be read: {error}")))?;
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|error| told(&format!("is not PEM: {error}")))?;
        // As other clients do: other content of a bundle is ignored.
        if roots.add_parsable_certificates(certificates).0 == 0 {
            return Err(told("contains no certificate"));
        }
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::config;

    #[track_caller]
    fn assert_refused(content: &str, reason: &str) {
        let file = std::env::temp_dir().join(format!("ca-bundle-{}", std::process::id()));
        std::fs::write(&file, content).expect("a file");
        let refused = config(Some(&file)).expect_err("no bundle");
        std::fs::remove_file(&file).expect("the file");
        assert!(
            refused.starts_with("AWS_CA_BUNDLE: ") && refused.ends_with(reason),
            "{refused}"
        );
    }

    #[test]
    fn bundles() {
        assert!(config(None).is_ok());
        let nowhere = config(Some(Path::new("/nowhere.pem"))).expect_err("no bundle");
        assert!(
            nowhere.starts_with("AWS_CA_BUNDLE: /nowhere.pem cannot be read: "),
            "{nowhere}"
        );
        assert_refused("", "contains no certificate.");
        assert_refused(
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "contains no certificate.",
        );
    }

    #[test]
    fn amazons_roots_are_among_them() {
        let subjects = webpki_roots::TLS_SERVER_ROOTS
            .iter()
            .map(|root| root.subject.as_ref());
        let amazons =
            subjects.filter(|subject| subject.windows(14).any(|text| text == b"Amazon Root CA"));
        assert_eq!(amazons.count(), 4);
    }
}
