//! The services of AWS that a deployment needs, and what it means that a call to one of them failed.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::time::{Instant, timeout_at};

use crate::error::{BoxError, Error};

/// Time for a connection to open, TLS included. AWS takes milliseconds; what takes this long will not come.
pub const CONNECT: Duration = Duration::from_secs(2);

/// Time for one attempt of a call that may be repeated: a connection that died while the function was frozen costs no more.
const ATTEMPT: Duration = Duration::from_secs(5);

/// A failed call, as the SDK tells it.
pub type CallError<E> = SdkError<E, HttpResponse>;

/// What a deployment needs, by the name that a person who reads an error knows it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// AWS Lambda, for Remotion's function.
    RenderFunction,
    /// `DynamoDB`, for the record of renders.
    Ledger,
    /// S3, for Remotion's bucket.
    Storage,
}

/// Why a call failed: who can act, and whether it may have been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// AWS will take it later.
    Throttled,
    /// The role may not, or its credentials are no good.
    Denied,
    /// What the call names does not exist.
    Missing,
    /// No connection came about, so that nothing can have been sent.
    NeverSent,
    /// No answer came in time: it may have been carried out.
    TimedOut,
    /// AWS says what is wrong with it.
    Refused,
    /// AWS failed, or its answer was lost: it may have been carried out.
    Lost,
}

/// The configuration with limits of time, and with retries for what may be repeated.
#[must_use]
pub fn limited(sdk: &SdkConfig) -> SdkConfig {
    let retries = RetryConfig::standard()
        .with_max_attempts(3)
        .with_initial_backoff(Duration::from_millis(50))
        .with_max_backoff(Duration::from_secs(1));
    let limits = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT)
        .build();
    sdk.to_builder()
        .retry_config(retries)
        .timeout_config(limits)
        .build()
}

impl Service {
    /// Waits for a call until the deadline.
    ///
    /// # Errors
    ///
    /// Every failure, as the caller may read it.
    pub async fn within<T, E>(
        self,
        deadline: Instant,
        call: impl Future<Output = Result<T, CallError<E>>>,
    ) -> Result<T, Error>
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        match timeout_at(deadline, call).await {
            Ok(outcome) => outcome.map_err(|error| self.failed(error)),
            Err(elapsed) => Err(Error::TimedOut(self, elapsed.into())),
        }
    }

    /// A failure, as the caller may read it.
    pub fn failed<E>(self, error: CallError<E>) -> Error
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        self.failed_by(Failure::of(&error), error.into())
    }

    /// A failure that is known to be this one.
    #[must_use]
    pub fn failed_by(self, failure: Failure, error: BoxError) -> Error {
        match failure {
            Failure::Throttled => Error::Throttled(self, Some(error)),
            Failure::Denied => Error::Denied(self, error),
            Failure::Missing => Error::Missing(self, error),
            Failure::NeverSent | Failure::Lost => Error::Unavailable(self, error),
            Failure::TimedOut => Error::TimedOut(self, error),
            Failure::Refused => Error::Refused(self, error),
        }
    }

    /// One of these, in the order of the variants.
    #[must_use]
    pub const fn pick<T: Copy>(self, render_function: T, ledger: T, storage: T) -> T {
        match self {
            Self::RenderFunction => render_function,
            Self::Ledger => ledger,
            Self::Storage => storage,
        }
    }

    /// The environment variable that names it.
    #[must_use]
    pub const fn variable(self) -> &'static str {
        self.pick(
            "REMOTION_FUNCTION_NAME",
            "RENDERS_TABLE",
            "REMOTION_BUCKET_NAME",
        )
    }

    /// What the role must be granted on it.
    #[must_use]
    pub const fn permissions(self) -> &'static str {
        self.pick(
            "lambda:InvokeFunction",
            "dynamodb:GetItem, PutItem, UpdateItem, DeleteItem, and Query on its index",
            "s3:GetObject, PutObject, DeleteObject and ListBucket",
        )
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pick("render function", "table of renders", "Remotion bucket"))
    }
}

impl Failure {
    /// What this error comes to.
    pub fn of<E>(error: &CallError<E>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        /// With status 400, beside all of 401 and 403.
        const DENIED: [&str; 7] = [
            "AccessDeniedException",
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidSignatureException",
            "InvalidToken",
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
        ];
        let status = error
            .raw_response()
            .map_or(0, |response| response.status().as_u16());
        match error {
            SdkError::ConstructionFailure(_) => Self::Denied,
            SdkError::DispatchFailure(_) if never_connected(error) => Self::NeverSent,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TimedOut,
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::ServiceError(failure) => match failure.err().code().unwrap_or_default() {
                code if THROTTLING_ERRORS.contains(&code) => Self::Throttled,
                "ResourceNotFoundException" | "NoSuchBucket" => Self::Missing,
                code if DENIED.contains(&code) => Self::Denied,
                _ if status == 429 => Self::Throttled,
                _ if matches!(status, 401 | 403) => Self::Denied,
                _ if (400..500).contains(&status) => Self::Refused,
                _ => Self::Lost,
            },
            _ => Self::Lost,
        }
    }
}

/// Whether no connection came about.
fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| error.source()).any(|error| {
        error
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect)
    })
}
