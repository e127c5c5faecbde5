//! Why a call to AWS failed: who can act, and whether it may have been carried out.

use std::error::Error as StdError;
use std::fmt;

use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::time::{Instant, timeout_at};

/// The cause of a failure, for the log.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A failed call, as the SDK tells it.
pub type SdkFailure<E> = SdkError<E, HttpResponse>;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFailure {
    /// AWS will take it later.
    Throttled,
    /// The role may not, or its credentials are no good.
    Denied,
    /// The role may not use the key under which the data lie: what it lacks, such as `kms:Decrypt`.
    KeyDenied(String),
    /// What the call names does not exist.
    Missing,
    /// What the call names is in another region, which AWS may have named.
    InOtherRegion(Option<String>),
    /// No connection came about, so that nothing can have been sent.
    NeverSent,
    /// The SDK has no credentials, no region or no HTTP client, so that nothing can have been sent.
    NotConfigured,
    /// No answer came in time: it may have been carried out.
    TimedOut,
    /// AWS says what is wrong with it.
    Rejected,
    /// AWS failed, or its answer was lost: it may have been carried out.
    Lost,
}

/// A failed call.
#[derive(Debug)]
pub struct CallError {
    /// Why it failed.
    pub failure: CallFailure,
    /// The answer of AWS, if there was one.
    pub source: Option<BoxError>,
}

/// Waits for a call until a moment.
///
/// # Errors
///
/// Every failure of the call, and that it came too late.
pub async fn within<T, E>(
    moment: Instant,
    call: impl Future<Output = Result<T, SdkFailure<E>>>,
) -> Result<T, CallError>
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    match timeout_at(moment, call).await {
        Ok(outcome) => outcome.map_err(CallError::from),
        Err(elapsed) => Err(CallError::new(CallFailure::TimedOut, elapsed)),
    }
}

impl CallError {
    /// A failure, and what is known of it.
    pub fn new(failure: CallFailure, source: impl Into<BoxError>) -> Self {
        Self {
            failure,
            source: Some(source.into()),
        }
    }
}

impl<E> From<SdkFailure<E>> for CallError
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    fn from(error: SdkFailure<E>) -> Self {
        Self::new(CallFailure::of(&error), error)
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.failure {
            CallFailure::Throttled => f.write_str("AWS throttles the call. Try again later."),
            CallFailure::Denied => {
                f.write_str("The role may not make the call, or its credentials have expired.")
            }
            CallFailure::KeyDenied(action) => {
                write!(
                    f,
                    "The role lacks {action} on the key that encrypts the data."
                )
            }
            CallFailure::Missing => f.write_str("What the call names does not exist."),
            CallFailure::InOtherRegion(Some(region)) => {
                write!(f, "What the call names is in the region {region}.")
            }
            CallFailure::InOtherRegion(None) => {
                f.write_str("What the call names is in another region.")
            }
            CallFailure::NeverSent => f.write_str("AWS could not be reached. Nothing was sent."),
            CallFailure::NotConfigured => f.write_str(
                "Nothing was sent to AWS: its credentials could not be loaded, or the region or the HTTP client is missing.",
            ),
            CallFailure::TimedOut => f.write_str("AWS did not answer in time."),
            CallFailure::Rejected => f.write_str("AWS refused the call."),
            CallFailure::Lost => f.write_str("AWS failed, or its answer was lost."),
        }
    }
}

impl StdError for CallError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

impl CallFailure {
    /// Whether it is about what the call names, or about who makes it: another attempt has the same end.
    #[must_use]
    pub const fn is_about_it(&self) -> bool {
        matches!(
            self,
            Self::Denied
                | Self::KeyDenied(_)
                | Self::Missing
                | Self::InOtherRegion(_)
                | Self::Rejected
        )
    }

    /// What this error comes to.
    pub fn of<E>(error: &SdkFailure<E>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        match error {
            SdkError::ConstructionFailure(_) => Self::Denied,
            SdkError::DispatchFailure(_) if never_connected(error) => Self::NeverSent,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_other() && not_configured(error) => {
                Self::NotConfigured
            }
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::ServiceError(failure) => {
                let (code, message) = (failure.err().code(), failure.err().message());
                Self::answered(
                    failure.raw(),
                    code.unwrap_or_default(),
                    message.unwrap_or_default(),
                )
            }
            _ => Self::Lost,
        }
    }

    /// What an answer of AWS that is no success comes to.
    fn answered(response: &HttpResponse, code: &str, message: &str) -> Self {
        /// With status 400, and all of 401 and 403.
        const DENIED: [&str; 7] = [
            "AccessDeniedException",
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidSignatureException",
            "InvalidToken",
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
        ];
        /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
        const IN_OTHER_REGION: [&str; 3] = [
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
            "PermanentRedirect",
        ];
        let status = response.status().as_u16();
        let denied = || missing_key_permission(message).map_or(Self::Denied, Self::KeyDenied);
        match code {
            _ if THROTTLING_ERRORS.contains(&code) => Self::Throttled,
            "ResourceNotFoundException" | "NoSuchBucket" => Self::Missing,
            _ if IN_OTHER_REGION.contains(&code) || status == 301 => {
                let region = response.headers().get("x-amz-bucket-region");
                Self::InOtherRegion(region.map(ToOwned::to_owned))
            }
            _ if DENIED.contains(&code) => denied(),
            _ if status == 429 => Self::Throttled,
            _ if matches!(status, 401 | 403) => denied(),
            _ if (400..500).contains(&status) => Self::Rejected,
            _ => Self::Lost,
        }
    }
}

/// The action on a key that AWS misses in its own words, such as `kms:Decrypt`.
fn missing_key_permission(message: &str) -> Option<String> {
    let at = message.find("kms:")?;
    let action = &message[at + "kms:".len()..];
    let end = action
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(action.len());
    // An ARN has it too: `arn:aws:kms:us-east-1:…`.
    let named = action[..end].starts_with(|c: char| c.is_ascii_uppercase());
    Some(if named {
        format!("kms:{}", &action[..end])
    } else {
        "kms:Decrypt".to_owned()
    })
}

/// An error, and what caused it.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// Whether no connection came about.
fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    chain(error).any(|error| {
        error
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect)
    })
}

/// Whether the SDK gave up before it had a request to send. It tells so as of a connection, and most of its errors have private
/// types; a connector's own error, such as that of a lost answer, has none of these words.
fn not_configured(error: &(dyn StdError + 'static)) -> bool {
    const BEFORE_SENDING: [&str; 10] = [
        // The credentials.
        "an error occurred while loading credentials",
        "credentials provider timed out",
        "failed to select an auth scheme",
        "identity resolver timed out",
        "the credential provider was not enabled",
        "the credentials provider was not properly configured",
        "unexpected credentials error",
        // The endpoint, which the region decides.
        "A region must be set",
        "Invalid Configuration",
        "No HTTP client was available",
    ];
    chain(error).any(|error| {
        let message = error.to_string();
        BEFORE_SENDING
            .iter()
            .any(|words| message.starts_with(words))
    })
}

#[cfg(test)]
mod tests {
    use super::missing_key_permission;

    #[test]
    fn key_permissions() {
        let missing = |message| missing_key_permission(message);
        assert_eq!(
            missing(
                "User: arn:aws:sts::1:assumed-role/r is not authorized to perform: kms:GenerateDataKey on the resource"
            ),
            Some("kms:GenerateDataKey".into())
        );
        assert_eq!(
            missing(
                "The ciphertext refers to arn:aws:kms:us-east-1:1:key/x, which you may not use"
            ),
            Some("kms:Decrypt".into())
        );
        assert_eq!(missing("Access Denied"), None);
    }
}
