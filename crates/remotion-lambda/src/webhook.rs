//! The message that Remotion's function sends to a `webhook` when a render has ended, and its signature.
//!
//! Remotion sends a webhook three times within seconds, and then gives up; a webhook with a character beyond
//! ASCII never arrives. It reports the end of a render early, and must not be the only way to learn of it.
//!
//! ```
//! use remotion_lambda::webhook::{SIGNATURE_HEADER, WebhookBody, verify};
//!
//! fn renders_that_ended(body: &[u8], header: &str) -> Option<WebhookBody> {
//!     // Before anything else, over the body as it was received, byte for byte.
//!     verify("the secret", body, header).ok()?;
//!     serde_json::from_slice(body).ok()
//! }
//! assert_eq!(SIGNATURE_HEADER, "X-Remotion-Signature");
//! assert!(renders_that_ended(b"{}", "sha512=00").is_none());
//! ```
//!
//! Source: <https://www.remotion.dev/docs/lambda/webhooks>

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::Sha512;

use crate::progress::says_cancelled;
use crate::redaction::redacted;
use crate::text;

/// The header that has the signature.
pub const SIGNATURE_HEADER: &str = "X-Remotion-Signature";

/// What Remotion writes in front of the digest.
const PREFIX: &str = "sha512=";

/// A signature is not that of the body by the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The signature does not match this body and the secret.")]
pub struct SignatureError;

/// A webhook of Remotion's.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookBody {
    /// How the render has ended.
    #[serde(rename = "type")]
    pub end: End,
    /// The render. A [`RenderId`](crate::RenderId) of every webhook that a render sends; Remotion's form for testing webhooks
    /// sends `demo-render-id`, which is none.
    pub render_id: String,
    /// The bucket that holds its state.
    pub bucket_name: String,
    /// The AWS account of that bucket.
    pub expected_bucket_owner: String,
    /// What the options of the render had as `webhook.customData`.
    pub custom_data: Option<Box<RawValue>>,
    /// The output's plain URL, which only whoever may read the object can open. Only of a success.
    pub output_url: Option<String>,
    /// How long the render took, in milliseconds. Only of a success.
    pub time_to_finish: Option<f64>,
    /// Its costs, by Remotion's estimate. Only of a success.
    pub costs: Option<WebhookCosts>,
    /// What ended it. Only of an error.
    #[serde(default)]
    pub errors: Vec<WebhookError>,
}

impl WebhookBody {
    /// Whether somebody has cancelled the render: Remotion tells of it as of an error. A render that has failed lists the
    /// cancellation of its other functions after what has ended it.
    #[must_use]
    pub fn is_cancellation(&self) -> bool {
        let error = self.errors.first();
        error.is_some_and(|error| says_cancelled(&error.name, &error.message))
    }

    /// What ended the render, in a line that its owner may read: of at most 500 characters, with ARNs and links into AWS's console
    /// replaced.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        let error = self.errors.first()?;
        Some(redacted(error.message.lines().next().unwrap_or_default()))
    }
}

/// How a render ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum End {
    /// The output is there.
    Success,
    /// An error ended it, or somebody has cancelled it.
    Error,
    /// The time of the function that launched it was up.
    Timeout,
}

/// What a render cost, as Remotion estimates.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookCosts {
    /// In `currency`.
    pub estimated_cost: f64,
    /// Such as `$0.01`.
    pub estimated_display_cost: String,
    /// `USD`.
    pub currency: String,
    /// What is not in it.
    pub disclaimer: String,
}

/// An error that ended a render.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct WebhookError {
    /// Of several lines, with whatever the composition has thrown. Half of a surrogate pair in it is replaced.
    #[serde(deserialize_with = "text::whole")]
    pub message: String,
    /// The class of the error.
    #[serde(default, deserialize_with = "text::whole")]
    pub name: String,
    /// With paths of the render function.
    #[serde(default, deserialize_with = "text::whole")]
    pub stack: String,
}

/// Whether a body was signed with the secret. Takes the same time for every wrong signature of the right length.
///
/// # Errors
///
/// [`SignatureError`]: also for one that is written in another way than Remotion's, `sha512=` and 128 lower-case digits.
pub fn verify(secret: &str, body: &[u8], signature: &str) -> Result<(), SignatureError> {
    let digits = signature.strip_prefix(PREFIX).ok_or(SignatureError)?;
    let given = decoded(digits.as_bytes()).ok_or(SignatureError)?;
    mac(secret, body)
        .verify_slice(&given)
        .map_err(|_| SignatureError)
}

/// The signature of a body, as Remotion writes it: for whoever plays Remotion in a test.
#[must_use]
pub fn signature(secret: &str, body: &[u8]) -> String {
    let digest = mac(secret, body).finalize().into_bytes();
    digest
        .iter()
        .fold(PREFIX.to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

fn mac(secret: &str, body: &[u8]) -> Hmac<Sha512> {
    let mut mac = Hmac::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(body);
    mac
}

/// The bytes that lower-case digits write.
fn decoded(digits: &[u8]) -> Option<[u8; 64]> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 64];
    let pairs = digits.chunks_exact(2);
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{End, SignatureError, WebhookBody, signature, verify};

    const BODY: &str = r#"{"type":"error","renderId":"twfxbvz3tu"}"#;

    #[test]
    fn signatures() {
        let right = signature("secret", BODY.as_bytes());
        assert_eq!(verify("secret", BODY.as_bytes(), &right), Ok(()));
        let digits = &right["sha512=".len()..];
        for wrong in [
            String::new(),
            digits.to_owned(),
            format!("sha256={digits}"),
            format!("SHA512={digits}"),
            right.to_uppercase().replace("SHA512", "sha512"),
            format!("{right} "),
            format!(" {right}"),
            format!("{right}00"),
            right[..right.len() - 2].to_owned(),
            right.replacen("sha512=", "sha512= ", 1),
            signature("other", BODY.as_bytes()),
            signature("", BODY.as_bytes()),
            "NO_SECRET_PROVIDED".to_owned(),
            "sha512=".to_owned(),
            format!("sha512={}", "é".repeat(64)),
        ] {
            assert_eq!(
                verify("secret", BODY.as_bytes(), &wrong),
                Err(SignatureError),
                "{wrong}"
            );
        }
        assert!(verify("secret", b"{}", &right).is_err());
    }

    #[test]
    fn bodies() {
        let read = |text: &str| serde_json::from_str::<WebhookBody>(text);
        let done = read(
            r#"{"type":"success","renderId":"jhfd2nq9ju","expectedBucketOwner":"1","bucketName":"b","customData":{"jobId":"j1"},
                "outputUrl":"https://s3.example/b/out.mp4","lambdaErrors":[],"outputFile":"https://s3.example/b/out.mp4","timeToFinish":4819,
                "costs":{"currency":"USD","disclaimer":"Estimated.","estimatedCost":0.00012,"estimatedDisplayCost":"$0"},"later":1}"#,
        )
        .expect("a webhook");
        assert_eq!(done.end, End::Success);
        let costs = done.costs.expect("costs");
        assert_eq!(costs.estimated_display_cost, "$0");
        assert_eq!(
            done.custom_data.map(|data| data.get().to_owned()),
            Some(r#"{"jobId":"j1"}"#.to_owned())
        );
        let failed = read(
            r#"{"type":"error","renderId":"twfxbvz3tu","expectedBucketOwner":"1","bucketName":"b","customData":null,"errors":[{"message":"m","name":"Error","stack":"s"}]}"#,
        )
        .expect("a webhook");
        assert_eq!(failed.end, End::Error);
        assert_eq!(failed.errors[0].message, "m");
        assert!(!failed.is_cancellation());
        assert!(failed.custom_data.is_none());
        let ended_by = |error: &str| {
            read(&format!(
                r#"{{"type":"error","renderId":"twfxbvz3tu","expectedBucketOwner":"1","bucketName":"b","errors":[{error}]}}"#
            ))
            .expect("a webhook")
        };
        let stopped = r#"{"message":"Error: renderMedia() got cancelled\n    at x","name":"Error","stack":"s"}"#;
        assert!(ended_by(stopped).is_cancellation());
        assert!(ended_by(r#"{"message":"cancelled","name":"CancelledError"}"#).is_cancellation());
        let a_failure = format!(r#"{{"message":"No font","name":"Error"}},{stopped}"#);
        assert!(!ended_by(&a_failure).is_cancellation());
        let by_the_composition =
            r#"{"message":"Error: No data","name":"CancelledError","stack":"s"}"#;
        assert!(!ended_by(by_the_composition).is_cancellation());
        let late = read(
            r#"{"type":"timeout","renderId":"twfxbvz3tu","expectedBucketOwner":"1","bucketName":"b"}"#,
        )
        .expect("a webhook");
        assert_eq!(late.end, End::Timeout);
        for wrong in [
            "[]",
            "{}",
            r#"{"type":"success"}"#,
            r#"{"type":"other","renderId":"twfxbvz3tu","expectedBucketOwner":"1","bucketName":"b"}"#,
            r#"{"type":"timeout","renderId":7,"expectedBucketOwner":"1","bucketName":"b"}"#,
            r#"{"type":"error","renderId":"x","expectedBucketOwner":"1","bucketName":"b","errors":[{"message":7}]}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    /// What Remotion's form for testing webhooks sends, whose render is none.
    #[test]
    fn a_test() {
        let body = r#"{"type":"success","renderId":"demo-render-id","expectedBucketOwner":"demo-bucket-owner","bucketName":"demo-bucket-name"}"#;
        let body: WebhookBody = serde_json::from_str(body).expect("a webhook");
        assert_eq!(body.render_id, "demo-render-id");
    }

    #[test]
    fn half_a_surrogate_pair() {
        let body = r#"{"type":"error","renderId":"twfxbvz3tu","expectedBucketOwner":"1","bucketName":"b",
            "errors":[{"message":"No \ud83d here","name":"\ud83d","stack":"\ud83d"}]}"#;
        let body: WebhookBody = serde_json::from_str(body).expect("a webhook");
        let message = body.error().expect("an error");
        assert!(
            message.starts_with("No \u{fffd}") && message.ends_with(" here"),
            "{message}"
        );
    }
}
