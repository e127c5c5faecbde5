//! The deployed Remotion function, invoked. The only file that names `aws_sdk_lambda`, beside the log.

use std::sync::{Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::operation::invoke::InvokeError;
use aws_sdk_lambda::primitives::Blob;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use crate::error::Error;
use crate::remotion::{self, InfoPayload, Routine, Version, Versioned, Versions};

/// The render function of one deployment.
#[derive(Debug)]
pub struct Renderer {
    client: Client,
    function: String,
    version: SentVersion,
}

/// The version to send.
#[derive(Debug)]
enum SentVersion {
    /// The operator's: kept, whatever the function says.
    Pinned(Version),
    /// The function's own, by its name or by its answer to `info`; `None` until it has been asked.
    Learnt(Mutex<Option<Version>>),
}

impl Renderer {
    /// The function of this name or ARN. `version` is the operator's, if any.
    #[must_use]
    pub fn new(sdk: &SdkConfig, function: String, version: Option<Version>) -> Self {
        // A `start` that is sent twice is paid twice, and the SDK would retry by itself.
        let config = aws_sdk_lambda::config::Builder::from(sdk)
            .retry_config(RetryConfig::disabled())
            .build();
        let version = match version {
            Some(version) => SentVersion::Pinned(version),
            None => SentVersion::Learnt(Mutex::new(Version::of_function(&function))),
        };
        Self {
            client: Client::from_conf(config),
            function,
            version,
        }
    }

    /// Runs a routine, once; gives its answer, and the release that gave it.
    ///
    /// # Errors
    ///
    /// Every failure of the function or of AWS, as the caller may read it.
    pub async fn run<R: Routine>(
        &self,
        routine: &R,
        deadline: Instant,
    ) -> Result<(R::Reply, Version), Error> {
        let version = match self.known_version() {
            Some(version) => version,
            None => self.learn_version(deadline).await?,
        };
        match self.send(routine, &version, deadline).await {
            // The check comes before all else: the routine did not run, and may be sent again.
            Err(Error::VersionMismatch(_)) if matches!(self.version, SentVersion::Learnt(_)) => {
                let version = self.learn_version(deadline).await?;
                Ok((self.send(routine, &version, deadline).await?, version))
            }
            outcome => Ok((outcome?, version)),
        }
    }

    /// Asks the function for its release, and compares it with the one that is sent.
    ///
    /// # Errors
    ///
    /// [`Error::VersionMismatch`] with a version that the operator has pinned; and those of an invocation.
    pub async fn check(&self, deadline: Instant) -> Result<Version, Error> {
        let deployed = self.learn_version(deadline).await?;
        match &self.version {
            SentVersion::Pinned(sent) if *sent != deployed => {
                Err(Error::VersionMismatch(Some(Versions {
                    sent: sent.clone(),
                    deployed,
                })))
            }
            _ => Ok(deployed),
        }
    }

    /// The function's name or ARN, as the operator has given it.
    #[must_use]
    pub fn function_name(&self) -> &str {
        &self.function
    }

    fn known_version(&self) -> Option<Version> {
        match &self.version {
            SentVersion::Pinned(version) => Some(version.clone()),
            SentVersion::Learnt(version) => version
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        }
    }

    /// Asks the function for its release, and remembers it.
    async fn learn_version(&self, deadline: Instant) -> Result<Version, Error> {
        let version = self
            .invoke::<InfoPayload>(&InfoPayload::default(), deadline)
            .await?
            .version;
        if let SentVersion::Learnt(known) = &self.version {
            *known.lock().unwrap_or_else(PoisonError::into_inner) = Some(version.clone());
        }
        Ok(version)
    }

    async fn send<R: Routine>(
        &self,
        routine: &R,
        version: &Version,
        deadline: Instant,
    ) -> Result<R::Reply, Error> {
        self.invoke::<R>(&Versioned { routine, version }, deadline)
            .await
    }

    async fn invoke<R: Routine>(
        &self,
        payload: &impl Serialize,
        deadline: Instant,
    ) -> Result<R::Reply, Error> {
        let payload = serde_json::to_vec(payload)
            .expect("a payload of strings, numbers and JSON text serialises");
        let call = self
            .client
            .invoke()
            .function_name(&self.function)
            .payload(Blob::new(payload))
            .send();
        let output = timeout_at(deadline, call)
            .await
            .map_err(|_| Error::TimedOut)?
            .map_err(not_invoked)?;
        let body = output.payload().map(AsRef::as_ref).unwrap_or_default();
        Ok(remotion::decode(output.function_error(), body)?)
    }
}

/// What it means that AWS Lambda did not hand on an answer.
fn not_invoked(error: SdkError<InvokeError>) -> Error {
    match error.code() {
        Some("ResourceNotFoundException") => Error::RenderFunctionMissing(error.into()),
        Some("TooManyRequestsException" | "ThrottlingException" | "EC2ThrottledException") => {
            Error::Throttled(Some(error.into()))
        }
        Some("RequestTooLargeException") => {
            Error::PayloadTooLarge("The options are too large for AWS Lambda.".to_owned())
        }
        Some(
            "AccessDeniedException"
            | "UnrecognizedClientException"
            | "ExpiredTokenException"
            | "InvalidSignatureException",
        ) => Error::RenderFunctionDenied(error.into()),
        Some(_)
            if error
                .raw_response()
                .is_some_and(|response| response.status().is_client_error()) =>
        {
            Error::RenderFunctionRefused(error.into())
        }
        _ => match error {
            SdkError::TimeoutError(_) => Error::TimedOut,
            SdkError::ConstructionFailure(_) => Error::RenderFunctionDenied(error.into()),
            SdkError::DispatchFailure(ref failure) if failure.is_timeout() => Error::TimedOut,
            SdkError::DispatchFailure(_) if never_connected(&error) => {
                Error::Unreachable(error.into())
            }
            _ => Error::AnswerLost(error.into()),
        },
    }
}

/// Whether no connection came about, so that nothing can have been sent.
fn never_connected(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| {
        error
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect)
    })
}
