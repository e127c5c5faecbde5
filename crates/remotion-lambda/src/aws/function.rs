//! Invokes the deployed render function. The only file that names `aws_sdk_lambda`.
//!
//! An invocation is sent again only if it surely did not run: a `start` that runs twice costs twice.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::operation::invoke::{InvokeError, InvokeOutput};
use aws_sdk_lambda::primitives::Blob;
use aws_types::SdkConfig;
use tokio::time::{Instant, sleep, timeout_at};

use super::call::{BoxError, CallError, CallFailure, SdkFailure};
use super::function_name::FunctionName;
use super::invocation::{InvocationError, Unanswered, after_failing};
use super::storage::Storage;
use crate::options::Newer;
use crate::options::texts::BucketName;
use crate::routines::compositions::{Composition, CompositionsPayload};
use crate::routines::info::InfoPayload;
use crate::routines::payload::Routine;
use crate::routines::reply::{Started, Versions, decode};
use crate::routines::start::StartPayload;
use crate::routines::still::{StillPayload, StillReply};
use crate::version::Version;

/// The render function of one deployment. Its clones know the same release.
#[derive(Clone, Debug)]
pub struct RenderFunction {
    client: Client,
    name: FunctionName,
    version: SentVersion,
}

/// The version to send.
#[derive(Clone, Debug)]
enum SentVersion {
    /// The operator's: kept, whatever the function says.
    Pinned(Version),
    /// The function's own, by its name or by its answer to `info`; `None` until it has been asked.
    Learnt(Arc<Mutex<Option<Version>>>),
}

impl RenderFunction {
    /// The function of this name or ARN, in the region of `sdk`. `version` is the operator's, if any.
    #[must_use]
    pub fn new(sdk: &SdkConfig, name: FunctionName, version: Option<Version>) -> Self {
        // A `start` that is sent twice is paid twice, and the SDK would retry by itself.
        // It may also take as long as the caller has time.
        let config = aws_sdk_lambda::config::Builder::from(sdk)
            .retry_config(RetryConfig::disabled())
            .timeout_config(
                TimeoutConfig::builder()
                    .disable_operation_attempt_timeout()
                    .build(),
            )
            .build();
        let version = match version {
            Some(version) => SentVersion::Pinned(version),
            None => SentVersion::Learnt(Arc::new(Mutex::new(Version::of_function(name.as_str())))),
        };
        Self {
            client: Client::from_conf(config),
            name,
            version,
        }
    }

    /// The version that a routine is sent with: asked for, where it is not known.
    ///
    /// # Errors
    ///
    /// Every failure of an invocation.
    pub async fn version(&self, deadline: Instant) -> Result<Version, InvocationError> {
        match self.known_version() {
            Some(version) => Ok(version),
            None => self.learn_version(deadline).await,
        }
    }

    /// Its release, as far as it is known without asking.
    #[must_use]
    pub fn known_version(&self) -> Option<Version> {
        match &self.version {
            SentVersion::Pinned(version) => Some(version.clone()),
            SentVersion::Learnt(version) => version
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        }
    }

    /// Starts a render, once. [`InvocationError::aftermath`] tells of a failure whether a render may have started.
    ///
    /// Props that are too large for a request must be in Remotion's bucket first: [`Self::start_large`] puts them there.
    ///
    /// # Errors
    ///
    /// As for [`Self::run`]; options that the function is too old for are refused.
    pub async fn start(
        &self,
        payload: &StartPayload,
        deadline: Instant,
    ) -> Result<Started, InvocationError> {
        let too_new = |version: &Version| payload.options().newer_than(version.release());
        let (started, _) = self.run(payload, too_new, deadline).await?;
        Ok(started)
    }

    /// The same, of a payload whose props may be too large for a request: those are put into Remotion's bucket first. The payload
    /// then names them there, where the first render that succeeds deletes them.
    ///
    /// # Errors
    ///
    /// As for [`Self::start`]; [`InvocationError::NotInvoked`] where the props could not be stored.
    pub async fn start_large(
        &self,
        payload: &mut StartPayload,
        storage: &Storage,
        bucket: &BucketName,
        deadline: Instant,
    ) -> Result<Started, InvocationError> {
        if let Some(props) = payload.oversized_props() {
            let stored = storage.put_props(bucket, props.text.to_owned(), deadline);
            payload.input_props = stored.await.map_err(InvocationError::NotInvoked)?;
        }
        self.start(payload, deadline).await
    }

    /// Renders a still, once. Props that are too large for a request must be in Remotion's bucket first: see
    /// [`StillPayload::oversized_props`].
    ///
    /// # Errors
    ///
    /// As for [`Self::start`].
    pub async fn still(
        &self,
        payload: &StillPayload,
        deadline: Instant,
    ) -> Result<StillReply, InvocationError> {
        let too_new = |version: &Version| payload.options().shared.newer_than(version.release());
        let (reply, _) = self.run(payload, too_new, deadline).await?;
        Ok(reply)
    }

    /// What the site can render. The function opens it, which takes some seconds.
    ///
    /// # Errors
    ///
    /// As for [`Self::start`].
    pub async fn compositions(
        &self,
        payload: &CompositionsPayload,
        deadline: Instant,
    ) -> Result<Vec<Composition>, InvocationError> {
        let too_new = |version: &Version| payload.newer_than(version.release());
        let (reply, _) = self.run(payload, too_new, deadline).await?;
        Ok(reply.compositions)
    }

    /// Runs a routine, once; gives its answer, and the function's release. `too_new` names what must not be sent to a release.
    ///
    /// # Errors
    ///
    /// See [`InvocationError`].
    pub async fn run<R: Routine>(
        &self,
        routine: &R,
        too_new: impl Fn(&Version) -> Vec<Newer>,
        deadline: Instant,
    ) -> Result<(R::Reply, Version), InvocationError> {
        let suiting = |version: Version| match too_new(&version) {
            newer if newer.is_empty() => Ok(version),
            newer => Err(InvocationError::NeedsRelease {
                newer,
                deployed: version,
            }),
        };
        let version = suiting(self.version(deadline).await?)?;
        match self.send(routine, &version, deadline).await {
            // The check comes before all else: the routine did not run, and may be sent again.
            Err(InvocationError::VersionMismatch(_))
                if matches!(self.version, SentVersion::Learnt(_)) =>
            {
                let learnt = suiting(self.learn_version(deadline).await?)?;
                // Then it was a composition that said so: the routine has run. A start opens no site.
                if learnt == version && !R::INVOKES {
                    return Err(InvocationError::Failed {
                        message: "Version mismatch".to_owned(),
                        option: None,
                        aftermath: after_failing(R::STARTS, false),
                    });
                }
                Ok((self.send(routine, &learnt, deadline).await?, learnt))
            }
            outcome => Ok((outcome?, version)),
        }
    }

    /// Asks the function for its release, and compares it with the one that is sent.
    ///
    /// # Errors
    ///
    /// [`InvocationError::VersionMismatch`] with a version that the operator has pinned; and those of an invocation.
    pub async fn check(&self, deadline: Instant) -> Result<Version, InvocationError> {
        let deployed = self.learn_version(deadline).await?;
        match &self.version {
            SentVersion::Pinned(sent) if *sent != deployed => {
                Err(InvocationError::VersionMismatch(Some(Versions {
                    sent: sent.clone(),
                    deployed,
                })))
            }
            _ => Ok(deployed),
        }
    }

    /// Its name or ARN, as the operator has given it.
    #[must_use]
    pub const fn name(&self) -> &FunctionName {
        &self.name
    }

    /// Asks the function for its release, and remembers it.
    async fn learn_version(&self, deadline: Instant) -> Result<Version, InvocationError> {
        let version = self
            .invoke::<InfoPayload>(InfoPayload::json, deadline)
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
    ) -> Result<R::Reply, InvocationError> {
        self.invoke::<R>(|| routine.payload(version), deadline)
            .await
    }

    /// Invokes the function, again where it surely did not run and there is time.
    async fn invoke<R: Routine>(
        &self,
        payload: impl Fn() -> Vec<u8>,
        deadline: Instant,
    ) -> Result<R::Reply, InvocationError> {
        let mut waits = waits();
        let output = loop {
            let error = match timeout_at(deadline, self.attempt(payload())).await {
                Ok(Ok(output)) => break output,
                Ok(Err(error)) => error,
                Err(_) => return Err(unanswered::<R>(Unanswered::TooLate, None)),
            };
            let failure = failure(&error);
            match waits.next() {
                Some(wait)
                    if matches!(failure, CallFailure::Throttled | CallFailure::NeverSent)
                        && Instant::now() + wait < deadline =>
                {
                    sleep(wait).await;
                }
                _ => return Err(not_answered::<R>(failure, error)),
            }
        };
        let body = output.payload().map(AsRef::as_ref).unwrap_or_default();
        decode(output.function_error(), body)
            .map_err(|error| InvocationError::of_reply(error, R::STARTS, R::INVOKES))
    }

    async fn attempt(&self, payload: Vec<u8>) -> Result<InvokeOutput, SdkFailure<InvokeError>> {
        self.client
            .invoke()
            .function_name(self.name.as_str())
            .payload(Blob::new(payload))
            .send()
            .await
    }
}

/// How long to wait before each further attempt: doubling, and random, so that many callers do not come back at once.
fn waits() -> impl Iterator<Item = Duration> {
    [100, 200, 400]
        .map(|most| Duration::from_millis(fastrand::u64(most / 2..=most)))
        .into_iter()
}

/// The failure of an invocation.
fn failure(error: &SdkFailure<InvokeError>) -> CallFailure {
    let status = error.raw_response().map(|raw| raw.status().as_u16());
    match CallFailure::of(error) {
        // AWS Lambda's named errors of this status tell why it could not run the function.
        // Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors>
        CallFailure::Lost
            if status == Some(502) && error.code().is_some_and(|code| !code.is_empty()) =>
        {
            CallFailure::Rejected
        }
        failure => failure,
    }
}

fn not_answered<R: Routine>(
    failure: CallFailure,
    error: SdkFailure<InvokeError>,
) -> InvocationError {
    match failure {
        CallFailure::Lost => unanswered::<R>(Unanswered::Broken, Some(error.into())),
        CallFailure::TimedOut => unanswered::<R>(Unanswered::TooLate, Some(error.into())),
        CallFailure::Rejected if error.code() == Some("RequestTooLargeException") => {
            InvocationError::TooLarge
        }
        failure => InvocationError::NotInvoked(CallError::new(failure, error)),
    }
}

fn unanswered<R: Routine>(reason: Unanswered, source: Option<BoxError>) -> InvocationError {
    InvocationError::Unanswered {
        reason,
        outcome_unknown: R::STARTS,
        source,
    }
}
