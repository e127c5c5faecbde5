//! Every way a request can fail: the code, and the sentence for the person who can act.

use std::sync::Arc;

use lambda_http::http::StatusCode;
use remotion_lambda::aws::{
    Aftermath, BoxError, CallError, CallFailure, InvocationError, StorageError, Unanswered,
};
use remotion_lambda::json::Violation;
use remotion_lambda::options::Newer;
use remotion_lambda::{InvalidOptions, ProgressError, Version, Versions};

use crate::access::acting::ActAsRefusal;
use crate::aws::service::{Service, ServiceError};
use crate::code::Code;
use crate::quota::Quota;
use crate::render::id::Id;

/// A failed request. `Display` is what the caller may read; `source()` is for the log alone.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum Error {
    // The caller can act.
    #[error("The event does not come from API Gateway: {0}.")]
    InvalidEvent(String),
    #[error("Sign in, and send the ID token as a Bearer token.")]
    Unauthenticated,
    #[error(
        "The token is of the issuer {0:?}, whose users this API does not know. Sign in at the issuer that its operator has set with JWT_ISSUER."
    )]
    OtherIssuer(String),
    #[error(
        "The token has no claim {0:?} of a text of 1 to 255 bytes, by which this API knows its users. Send a token that has it."
    )]
    UserIdMissing(String),
    #[error(
        "The token has no claim {0:?} that this API can go by. Send a token that has it, or ask whoever runs the sign-in to add it."
    )]
    ClaimMissing(String),
    #[error("{0}")]
    ActAsRefused(#[from] ActAsRefusal),
    #[error("The signature does not match this body and the secret of this deployment.")]
    SignatureInvalid,
    #[error("Only members of the group {0:?} may use this API.")]
    GroupRequired(String),
    #[error("The operator of this API does not allow the composition {0:?}.")]
    CompositionNotAllowed(String),
    #[error("{}", reserved(.0))]
    OptionReserved(Vec<Violation>),
    #[error("There is no such route.")]
    NotFound,
    #[error("The allowed methods are {0}.")]
    MethodNotAllowed(&'static str),
    #[error("The body is not a JSON object: {0}.")]
    InvalidJson(String),
    #[error("The body must be JSON. Send it with `Content-Type: application/json`.")]
    UnsupportedMediaType,
    #[error("{0}")]
    PayloadTooLarge(String),
    #[error(
        "The input props are {bytes} bytes, and at most {limit} are allowed. Send less, or ask the operator of this API to set REMOTION_BUCKET_NAME."
    )]
    PropsTooLarge { bytes: usize, limit: usize },
    #[error("{}", invalid(.0.iter().map(|wrong| &wrong.detail), "options"))]
    InvalidOptions(Vec<Violation>),
    #[error("{}", invalid(.0.iter().map(|wrong| &wrong.detail), "parameters"))]
    InvalidParameters(Vec<WrongParameter>),
    #[error("{}", needs_release(.newer, .deployed))]
    OptionNeedsRelease {
        newer: Vec<Newer>,
        deployed: Version,
    },

    #[error("There is no such render.")]
    RenderNotFound,
    #[error("There is no such batch.")]
    BatchNotFound,
    #[error(
        "This deployment has no queue, in which a batch would wait. Its operator may set RENDER_QUEUE."
    )]
    RenderQueueNotConfigured,
    #[error(
        "This deployment keeps no record of renders, so it does not know who owns them. Ask its operator to set RENDERS_TABLE."
    )]
    RendersTableNotConfigured,
    #[error(
        "This deployment keeps no record of requests, so it cannot honour an Idempotency-Key. Leave it out, or ask its operator to set RENDERS_TABLE."
    )]
    IdempotencyUnavailable,
    #[error("An Idempotency-Key must be 1 to 255 visible ASCII characters.")]
    IdempotencyKeyInvalid,
    #[error("This Idempotency-Key was used with another request. Use a new one.")]
    IdempotencyKeyReused,
    #[error("The render is running. Cancel it, or wait until it has ended.")]
    RenderRunning,
    #[error(
        "AWS may still start this render. Delete it when it has ended, or in {seconds} seconds, when it can no longer start."
    )]
    RenderMayStart { seconds: u64 },
    #[error("The render is being started. Cancel it again in a second.")]
    RenderStarting,
    #[error("The render has ended. There is nothing to cancel.")]
    RenderOver,
    #[error("The batch has ended. There is nothing to cancel.")]
    BatchOver,

    // Waiting helps.
    #[error(
        "A request with this Idempotency-Key is in progress. Send it again in 2 seconds to get its answer."
    )]
    InFlight,
    #[error("You have spent this month's budget of ${budget}. It resets in {resets_in} seconds.")]
    BudgetSpent { budget: f64, resets_in: u64 },
    #[error(
        "All of this deployment's render capacity is in use. Try again in {retry_after} seconds."
    )]
    CapacitySpent { retry_after: u64 },
    #[error(
        "You have reached your limit of renders at the same time. Try again in {retry_after} seconds, or when one of them has ended."
    )]
    TooManyAtOnce { retry_after: u64 },
    #[error(
        "A batch of {renders} renders is more than is left of your {limit} a day. Your quota resets in {resets_in} seconds."
    )]
    BatchOverQuota {
        renders: u32,
        limit: u32,
        resets_in: u64,
    },
    #[error("You have used all {} of today's renders. Your quota resets in {} seconds.", .0.limit, .0.resets_in)]
    QuotaSpent(Quota),

    // The outcome is not known.
    #[error(
        "A request with this Idempotency-Key may have started a render, but its outcome is not known. If so, your list has it when it has ended, unless it is a still. Use a new key to start another one."
    )]
    KeyOutcomeUnknown,
    #[error(
        "It is not known whether this has been accepted. If so, your list has it. Look there before you send it again."
    )]
    TakeInUnknown(#[source] ServiceError),
    #[error("The render {render_id} has started, but could not be recorded.")]
    NotRecorded { render_id: Id, source: ServiceError },

    // The operator can act.
    #[error(
        "The render cannot be cancelled, because it was started without enableCancellation. Ask the operator of this API to set it."
    )]
    CancellationDisabled,
    #[error("{}", failed(.message, *.aftermath))]
    RenderFunctionFailed {
        message: String,
        aftermath: Aftermath,
    },
    #[error("{reason}{}", if *.outcome_unknown { MAY_HAVE_STARTED } else { "" })]
    Unanswered {
        reason: Unanswered,
        /// Whether it was asked to start a render.
        outcome_unknown: bool,
        source: Option<BoxError>,
    },
    #[error("The state that Remotion keeps of the render cannot be read.")]
    StateUnreadable(#[source] ProgressError),
    #[error(
        "The state that Remotion keeps of the render is {bytes} bytes, and at most {limit} can be read."
    )]
    StateTooLarge { bytes: u64, limit: u64 },
    #[error("{0}")]
    Call(#[from] ServiceError),
    #[error(
        "The input props could not be stored in Remotion's bucket. The operator of this API must check REMOTION_BUCKET_NAME, and grant the role s3:PutObject on input-props/*."
    )]
    PropsNotStored(#[source] ServiceError),
    #[error("{}", mismatch(.0.as_ref()))]
    VersionMismatch(Option<Versions>),
    #[error(
        "The answer is {0} bytes, more than AWS Lambda can return. The operator of this API must make it smaller, for instance with shorter default props."
    )]
    ResponseTooLarge(usize),

    /// The failure of a moment ago, which is remembered for some seconds.
    #[error(transparent)]
    Remembered(Arc<Self>),
}

/// A parameter of the query that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongParameter {
    /// Its name.
    pub parameter: &'static str,
    /// A sentence for the person who can correct it.
    pub detail: String,
}

impl Error {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.code().status()
    }

    /// The code, for programs.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::InvalidEvent(_) => Code::InvalidEvent,
            Self::Unauthenticated | Self::OtherIssuer(_) | Self::UserIdMissing(_) => {
                Code::Unauthenticated
            }
            Self::ClaimMissing(_) => Code::ClaimRequired,
            Self::ActAsRefused(_) => Code::ActAsNotAllowed,
            Self::GroupRequired(_) => Code::GroupRequired,
            Self::CompositionNotAllowed(_) => Code::CompositionNotAllowed,
            Self::OptionReserved(_) => Code::OptionReserved,
            Self::NotFound => Code::NotFound,
            Self::MethodNotAllowed(_) => Code::MethodNotAllowed,
            Self::InvalidJson(_) => Code::InvalidJson,
            Self::UnsupportedMediaType => Code::UnsupportedMediaType,
            Self::PayloadTooLarge(_) | Self::PropsTooLarge { .. } => Code::PayloadTooLarge,
            Self::InvalidOptions(_) | Self::InvalidParameters(_) => Code::InvalidOptions,
            Self::OptionNeedsRelease { .. } => Code::OptionNeedsRelease,
            Self::RenderNotFound => Code::RenderNotFound,
            Self::BatchNotFound => Code::BatchNotFound,
            Self::RenderQueueNotConfigured => Code::RenderQueueNotConfigured,
            Self::RendersTableNotConfigured => Code::RendersTableNotConfigured,
            Self::IdempotencyUnavailable => Code::IdempotencyUnavailable,
            Self::IdempotencyKeyInvalid => Code::IdempotencyKeyInvalid,
            Self::IdempotencyKeyReused => Code::IdempotencyKeyReused,
            Self::RenderRunning => Code::RenderRunning,
            Self::RenderMayStart { .. } | Self::RenderStarting => Code::RenderMayStart,
            Self::RenderOver => Code::RenderOver,
            Self::BatchOver => Code::BatchOver,
            Self::InFlight => Code::IdempotencyInFlight,
            Self::QuotaSpent(_) | Self::BatchOverQuota { .. } => Code::QuotaSpent,
            Self::BudgetSpent { .. } => Code::BudgetSpent,
            Self::CapacitySpent { .. } | Self::TooManyAtOnce { .. } => Code::CapacitySpent,
            Self::SignatureInvalid => Code::SignatureInvalid,
            Self::KeyOutcomeUnknown => Code::IdempotencyOutcomeUnknown,
            Self::TakeInUnknown(_) => Code::RenderOutcomeUnknown,
            Self::NotRecorded { .. } => Code::RenderNotRecorded,
            Self::CancellationDisabled => Code::CancellationNotEnabled,
            Self::RenderFunctionFailed { .. } => Code::RenderFunctionError,
            Self::Unanswered {
                reason,
                outcome_unknown,
                ..
            } => match (reason, outcome_unknown) {
                (Unanswered::Crashed(_), _) => Code::RenderFunctionCrashed,
                (Unanswered::Unintelligible(_), _) => Code::RenderFunctionReplyInvalid,
                (_, true) => Code::RenderOutcomeUnknown,
                (Unanswered::Broken, false) => Code::RenderFunctionUnanswered,
                (Unanswered::TooLate, false) => Code::RenderFunctionTimedOut,
            },
            Self::StateUnreadable(_) | Self::StateTooLarge { .. } => Code::RenderStateInvalid,
            Self::Call(call) => call.code(),
            Self::PropsNotStored(_) => Code::PropsNotStored,
            Self::VersionMismatch(_) => Code::VersionMismatch,
            Self::ResponseTooLarge(_) => Code::ResponseTooLarge,
            Self::Remembered(error) => error.code(),
        }
    }

    /// Seconds after which the same request may succeed, where waiting helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::QuotaSpent(quota) => Some(quota.resets_in),
            // One of more renders than a day has never fits.
            Self::BatchOverQuota { renders, limit, .. } if renders > limit => None,
            Self::BudgetSpent { resets_in, .. } | Self::BatchOverQuota { resets_in, .. } => {
                Some(*resets_in)
            }
            Self::CapacitySpent { retry_after } | Self::TooManyAtOnce { retry_after } => {
                Some(*retry_after)
            }
            Self::InFlight => Some(2),
            Self::RenderStarting => Some(1),
            Self::RenderMayStart { seconds } => Some(*seconds),
            Self::Call(call) => call.retry_after(),
            Self::Remembered(error) => error.retry_after(),
            _ => None,
        }
    }

    /// What is known about the render that the failed request was to start.
    #[must_use]
    pub fn aftermath(&self) -> Aftermath {
        match self {
            Self::Unanswered {
                outcome_unknown: true,
                ..
            }
            | Self::TakeInUnknown(_) => Aftermath::Unknown,
            Self::RenderFunctionFailed { aftermath, .. } => *aftermath,
            // A still's function has opened the site to find out that options are wrong.
            Self::InvalidOptions(_) => Aftermath::RanWithoutARender,
            _ => Aftermath::NeverRan,
        }
    }

    /// Whether AWS failed, so that a caller who started a render wants to know whether it runs.
    #[must_use]
    pub const fn is_of_aws(&self) -> bool {
        matches!(self, Self::Call(_) | Self::PropsNotStored(_))
    }

    /// The error, where the log may have its words: a caller's mistake and what a composition says may have anything in them.
    #[must_use]
    pub fn logged(&self) -> Option<&Self> {
        let is_ours = self.status().is_server_error() && !self.is_of_the_render_function();
        is_ours.then_some(self)
    }

    /// Whether Remotion's function has failed, so that its log says why.
    #[must_use]
    pub fn is_of_the_render_function(&self) -> bool {
        match self {
            Self::RenderFunctionFailed { .. } | Self::Unanswered { .. } => true,
            Self::Remembered(error) => error.is_of_the_render_function(),
            _ => false,
        }
    }
}

/// The causes of an error, sentence by sentence. Not by the SDK's `DisplayErrorContext`: that adds AWS's whole answer, in
/// which S3 may quote the request, the token of the role's session included.
#[must_use]
pub fn cause(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let beneath: Vec<_> = std::iter::successors(error.source(), |error| error.source())
        .filter(|error| !error.is::<ServiceError>() && !error.is::<CallError>())
        .map(ToString::to_string)
        .collect();
    (!beneath.is_empty()).then(|| beneath.join(": "))
}

impl From<InvocationError> for Error {
    fn from(error: InvocationError) -> Self {
        match error {
            InvocationError::NotInvoked(error) => Self::Call(Service::RenderFunction.failed(error)),
            InvocationError::TooLarge => Self::PayloadTooLarge(error.to_string()),
            InvocationError::NeedsRelease { newer, deployed } => {
                Self::OptionNeedsRelease { newer, deployed }
            }
            InvocationError::VersionMismatch(versions) => Self::VersionMismatch(versions),
            InvocationError::Throttled => Self::Call(ServiceError {
                service: Service::RenderFunction,
                failure: CallFailure::Throttled,
                source: None,
            }),
            InvocationError::Failed {
                message,
                option: Some(option),
                ..
            } => Self::InvalidOptions(vec![Violation::at(option, in_a_sentence(&message))]),
            InvocationError::Failed {
                message, aftermath, ..
            } => Self::RenderFunctionFailed { message, aftermath },
            InvocationError::Unanswered {
                reason,
                outcome_unknown,
                source,
            } => Self::Unanswered {
                reason,
                outcome_unknown,
                source,
            },
        }
    }
}

/// Only [`Storage`](remotion_lambda::aws::Storage) returns one that does not name the service.
impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        Self::Call(Service::Bucket.failed(error))
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Call(error) => error.into(),
            StorageError::StateTooLarge { bytes, limit } => Self::StateTooLarge { bytes, limit },
            StorageError::StateUnreadable(error) => Self::StateUnreadable(error),
        }
    }
}

impl From<InvalidOptions> for Error {
    fn from(wrong: InvalidOptions) -> Self {
        Self::InvalidOptions(wrong.0)
    }
}

fn reserved(violations: &[Violation]) -> String {
    let last = |violation: &Violation| {
        let name = violation.pointer.rsplit('/').next();
        name.unwrap_or_default().to_owned()
    };
    let mut names: Vec<_> = violations.iter().map(last).collect();
    names.dedup();
    format!(
        "Only the operator of this API may set {}.",
        names.join(", ")
    )
}

fn invalid<'a>(details: impl ExactSizeIterator<Item = &'a String>, what: &str) -> String {
    let count = details.len();
    let mut details = details;
    match (details.next(), count) {
        (Some(only), 1) => only.clone(),
        _ => format!("{count} {what} are wrong: see `errors`."),
    }
}

fn needs_release(newer: &[Newer], deployed: &Version) -> String {
    let needs: Vec<_> = newer
        .iter()
        .map(|newer| format!("{newer} needs Remotion {}", newer.since))
        .collect();
    format!(
        "{}, but the render function has {deployed}. Leave it out, or ask the operator of this API to deploy a newer function.",
        needs.join(", ")
    )
}

fn mismatch(versions: Option<&Versions>) -> String {
    let versions = versions.map_or_else(
        || "This API and the render function have different versions of Remotion.".to_owned(),
        |Versions { sent, deployed }| {
            format!(
                "This API was told to send Remotion {sent}, but the render function has {deployed}."
            )
        },
    );
    format!("{versions} The operator must correct REMOTION_VERSION, or unset it.")
}

/// Nobody knows what a start has come to.
const MAY_HAVE_STARTED: &str =
    " A render may have started. If so, your list has it when it has ended, unless it is a still.";

fn failed(message: &str, aftermath: Aftermath) -> String {
    match aftermath {
        Aftermath::Unknown => format!(
            "The render function failed: {}.{MAY_HAVE_STARTED}",
            message.trim_end_matches('.')
        ),
        _ => format!("The render function failed: {message}"),
    }
}

/// A message of Remotion's, without the name of its class, and with a full stop.
fn in_a_sentence(message: &str) -> String {
    let message = message
        .trim_start_matches("Error: ")
        .trim_start_matches("RangeError: ");
    format!("{}.", message.trim_end_matches('.'))
}
