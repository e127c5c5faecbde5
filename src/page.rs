//! The page, as one deployment serves it: compressed by `build.rs`, with the deployment's configuration in it.
//!
//! The page is compressed at build time. The configuration precedes it in a block that is not
//! compressed, so a cold function has almost nothing to do.

use crc32fast::Hasher;
use serde::Serialize;
use sha2::{Digest, Sha256};

use brand::Brand;

pub mod brand;

include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Where the users of the page sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// In a user pool of Cognito.
    Cognito(UserPool),
    /// At another issuer.
    Oidc(OidcClient),
}

/// A user pool, and how the page signs in to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPool {
    /// `COGNITO_USER_POOL_ID`: the pool that API Gateway's authorizer asks for.
    pub id: String,
    /// `COGNITO_USER_POOL_CLIENT_ID`: the client, one without a secret.
    pub client_id: String,
    /// `COGNITO_SELF_SIGN_UP`: whether the page offers to create an account. Default false.
    pub self_sign_up: bool,
    /// `COGNITO_PASSWORD_LENGTH`, `COGNITO_PASSWORD_SYMBOLS`: what the pool asks of a password. Default: nobody knows, and Cognito says
    /// what it refuses.
    pub password: Option<PasswordRule>,
}

/// What a user pool asks of a password, in addition to an upper-case letter, a lower-case letter and a digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PasswordRule {
    /// How many characters it has at least.
    pub length: u32,
    /// Whether one of them must be a symbol.
    pub symbols: bool,
}

/// A client of an OpenID Connect issuer, as the page is told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OidcClient {
    /// `JWT_ISSUER`: the issuer, as its tokens have it in `iss`.
    pub issuer: String,
    /// `OIDC_CLIENT_ID`: the client, one without a secret.
    pub client_id: String,
    /// `JWT_AUDIENCES`: the audiences whose tokens API Gateway's authorizer takes.
    pub audiences: Vec<String>,
}

impl OidcClient {
    /// The origin of the issuer, at which the page may ask; `None` where its URL has none.
    ///
    /// The policy of the page has it in a header, which no other character may get into.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        let host = self.issuer.find("://")? + "://".len();
        let end = self.issuer[host..].find(['/', '?', '#']);
        let end = end.map_or(self.issuer.len(), |length| host + length);
        let of_hosts = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        let is_host = host < end && self.issuer[host..end].bytes().all(of_hosts);
        is_host.then(|| &self.issuer[..end])
    }
}

/// What the page is told of a user pool.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UserPoolConfig<'a> {
    region: &'a str,
    user_pool_id: &'a str,
    user_pool_client_id: &'a str,
    self_sign_up: bool,
    cognito_endpoint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<PasswordRule>,
}

/// What the page is told: where users sign in, and how it presents itself.
#[derive(Debug, Serialize)]
struct PageConfig<'a, C> {
    #[serde(flatten)]
    sign_in: C,
    #[serde(flatten)]
    brand: &'a Brand,
}

/// The page.
#[derive(Debug)]
pub struct Page {
    config: String,
    content_security_policy: String,
    etag: String,
}

impl Page {
    /// The page of a deployment whose users are in a pool: they sign in at `cognito`, and its outputs have these origins; without
    /// any it plays none.
    #[must_use]
    pub fn of_pool(
        pool: &UserPool,
        brand: &Brand,
        region: &str,
        cognito: &str,
        outputs: &str,
    ) -> Self {
        let config = UserPoolConfig {
            region,
            user_pool_id: &pool.id,
            user_pool_client_id: &pool.client_id,
            self_sign_up: pool.self_sign_up,
            cognito_endpoint: cognito,
            password: pool.password,
        };
        Self::new(config, brand, cognito, outputs)
    }

    /// The page of a deployment whose users sign in at an issuer.
    #[must_use]
    pub fn of_issuer(client: &OidcClient, brand: &Brand, outputs: &str) -> Self {
        let origin = client.origin().unwrap_or_default();
        Self::new(client, brand, origin, outputs)
    }

    fn new(sign_in: impl Serialize, brand: &Brand, origin: &str, outputs: &str) -> Self {
        let config = serde_json::to_string(&PageConfig { sign_in, brand })
            .expect("strings serialise")
            // Nothing in it may end the element around it.
            .replace('<', r"\u003c");
        let outputs = if outputs.is_empty() {
            "'none'"
        } else {
            outputs
        };
        let content_security_policy = format!(
            "default-src 'none'; script-src {SCRIPT_HASH}; style-src {STYLE_HASH}; connect-src 'self' {origin}; \
             img-src data: {outputs}; media-src {outputs}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'"
        );
        let mut digest = Sha256::new();
        for part in [
            HEAD,
            &config,
            SCRIPT_HASH,
            STYLE_HASH,
            &content_security_policy,
        ] {
            digest.update(part);
        }
        digest.update(REST_CRC.to_le_bytes());
        let etag = digest
            .finalize()
            .iter()
            .take(8)
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        Self {
            config,
            content_security_policy,
            etag,
        }
    }

    /// What its Content Security Policy is: its own script and style, this API, where users sign in, and the bucket's outputs.
    #[must_use]
    pub fn content_security_policy(&self) -> &str {
        &self.content_security_policy
    }

    /// Changes whenever the page does.
    #[must_use]
    pub fn etag(&self) -> &str {
        &self.etag
    }

    /// As text.
    #[must_use]
    pub fn html(&self) -> String {
        [HEAD, &self.config, REST].concat()
    }

    /// As a gzip file.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc1952>, and <https://www.rfc-editor.org/rfc/rfc1951> for the block.
    #[must_use]
    pub fn gzip(&self) -> Vec<u8> {
        const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
        const STORED: u8 = 0;
        let start = [HEAD, &self.config].concat();
        let length = u16::try_from(start.len()).expect("a head of some hundred bytes");
        let mut crc = Hasher::new();
        crc.update(start.as_bytes());
        crc.combine(&Hasher::new_with_initial_len(REST_CRC, REST.len() as u64));
        let total = u32::try_from(start.len() + REST.len()).expect("a page, not a film");
        [
            &HEADER[..],
            &[STORED],
            &length.to_le_bytes(),
            &(!length).to_le_bytes(),
            start.as_bytes(),
            REST_DEFLATED,
            &crc.finalize().to_le_bytes(),
            &total.to_le_bytes(),
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::brand::Brand;
    use super::{OidcClient, Page, UserPool};

    const OUTPUTS: &str = "https://remotionlambda-useast1-abc.s3.us-east-1.amazonaws.com";

    const COGNITO: &str = "https://cognito-idp.us-east-1.amazonaws.com";

    fn page(cognito: &str) -> Page {
        let pool = UserPool {
            id: "us-east-1_abc</script>".into(),
            client_id: "4l5tsda2iu8lqugl73m8hgeb83".into(),
            self_sign_up: true,
            password: None,
        };
        Page::of_pool(&pool, &Brand::default(), "us-east-1", cognito, OUTPUTS)
    }

    fn client(issuer: &str) -> OidcClient {
        OidcClient {
            issuer: issuer.into(),
            client_id: "page</script>".into(),
            audiences: vec!["https://render.example".into(), "other".into()],
        }
    }

    #[test]
    fn both_forms_are_the_same() {
        let page = page(COGNITO);
        let mut unpacked = String::new();
        GzDecoder::new(page.gzip().as_slice())
            .read_to_string(&mut unpacked)
            .expect("a gzip file");
        assert_eq!(unpacked, page.html());
        assert!(unpacked.contains(r#"<script id="config" type="application/json">{"region":"us-east-1","userPoolId":"us-east-1_abc\u003c/script>","#));
        assert!(page.gzip().len() < 60_000, "{} bytes", page.gzip().len());
    }

    #[test]
    fn policies() {
        let at_aws = page(COGNITO);
        assert!(
            at_aws
                .content_security_policy()
                .contains("connect-src 'self' https://cognito-idp.us-east-1.amazonaws.com;")
        );
        for source in ["img-src data:", "media-src"] {
            assert!(
                at_aws
                    .content_security_policy()
                    .contains(&format!("{source} {OUTPUTS};"))
            );
        }
        assert!(!at_aws.content_security_policy().contains("unsafe"));
        let local = page("http://127.0.0.1:4566");
        assert!(
            local
                .content_security_policy()
                .contains("connect-src 'self' http://127.0.0.1:4566;")
        );
        assert_ne!(local.etag(), at_aws.etag());
    }

    #[test]
    fn at_an_issuer() {
        let page = Page::of_issuer(
            &client("https://login.example:8443/realms/app"),
            &Brand::default(),
            OUTPUTS,
        );
        assert!(page.html().contains(
            r#">{"issuer":"https://login.example:8443/realms/app","clientId":"page\u003c/script>","audiences":["https://render.example","other"]}<"#
        ));
        assert!(
            page.content_security_policy()
                .contains("connect-src 'self' https://login.example:8443;")
        );
    }

    #[test]
    fn origins_of_issuers() {
        for (issuer, origin) in [
            (
                "https://tenant.eu.auth0.com/",
                Some("https://tenant.eu.auth0.com"),
            ),
            ("https://issuer.example", Some("https://issuer.example")),
            ("http://[::1]:9000/a/b", Some("http://[::1]:9000")),
            (
                "https://issuer.example?a=/b",
                Some("https://issuer.example"),
            ),
            ("https:///path", None),
            ("https://a;script-src/", None),
            ("https://user@issuer.example/", None),
            ("https://*/", None),
            ("https://\u{e4}.example/", None),
        ] {
            assert_eq!(client(issuer).origin(), origin, "{issuer}");
        }
    }
}
