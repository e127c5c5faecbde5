//! Every way a request can fail: the status, the code, and the sentence for the person who can act.

use std::error::Error as StdError;

use lambda_http::http::StatusCode;
use serde::Serialize;

use crate::json::Violation;
use crate::ledger::Quota;
use crate::remotion::{ProgressError, ReplyError, Versions};

/// A failed request. `Display` is what the caller may read; `source()` is for the log alone.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum Error {
    // The caller can act.
    #[error("Sign in, and send the id token as a Bearer token: API Gateway has verified nobody.")]
    Unauthenticated,
    #[error("Only members of the group {0:?} may use this API.")]
    GroupRequired(String),
    #[error("The composition {0:?} may not be rendered here.")]
    CompositionNotAllowed(String),
    #[error("{}", reserved(.0))]
    OptionReserved(Vec<Violation>),
    #[error("There is no such route.")]
    NotFound,
    #[error("This route takes {0}.")]
    MethodNotAllowed(&'static str),
    #[error("The body is not a JSON object: {0}.")]
    InvalidJson(String),
    #[error("The body must be JSON: send it with `Content-Type: application/json`.")]
    UnsupportedMediaType,
    #[error("{0}")]
    PayloadTooLarge(String),
    #[error(
        "The input props are {0} bytes. Without REMOTION_BUCKET_NAME, which the operator of this API may set, at most about 190,000 are taken."
    )]
    PropsTooLarge(usize),
    #[error("{}", invalid(.0))]
    InvalidOptions(Vec<Violation>),

    #[error("There is no such render.")]
    NoSuchRender,
    #[error(
        "This deployment keeps no record of renders, so that it cannot tell whose they are. Its operator may set RENDERS_TABLE."
    )]
    LedgerAbsent,
    #[error(
        "This deployment keeps no record of requests, so that an Idempotency-Key would promise too much. Leave it out, or ask its operator to set RENDERS_TABLE."
    )]
    IdempotencyUnavailable,
    #[error("An Idempotency-Key has 1 to 255 visible ASCII characters.")]
    IdempotencyKeyInvalid,
    #[error("This Idempotency-Key has been used with another body. Take a new one.")]
    IdempotencyKeyReused,
    #[error("The render is not over. Cancel it, or wait.")]
    RenderRunning,

    // Waiting helps.
    #[error("A request with this Idempotency-Key is under way. Its answer comes within seconds.")]
    InFlight,
    #[error("You have started all {} renders of today. There are new ones in {} s.", .0.limit, .0.resets_in)]
    QuotaSpent(Quota),
    #[error("The record of renders could not be reached. Nothing was started; try again.")]
    LedgerUnavailable(#[source] BoxError),
    #[error(
        "Remotion's bucket could not be reached. Try again; if that does not help, the operator of this API must check the role."
    )]
    StorageUnavailable(#[source] BoxError),
    #[error(
        "AWS Lambda throttles the render function. Nothing was started; try again in {RETRY_AFTER} s."
    )]
    Throttled(#[source] Option<BoxError>),
    #[error("AWS could not be reached. Nothing was started; try again.")]
    Unreachable(#[source] BoxError),

    // The outcome is not known.
    #[error(
        "A request with this Idempotency-Key may have started a render, but its end is not known. Look before you try again, with a new key."
    )]
    OutcomeUnknown,
    #[error("The render has started, but could not be recorded.")]
    NotRecorded(#[source] BoxError),

    // The operator can act.
    #[error(
        "The render cannot be cancelled: it was started without enableCancellation, which the operator of this API may set."
    )]
    CancellationDisabled,
    #[error("The render function failed: {0}")]
    RenderFunctionFailed(String),
    #[error("The render function crashed: {0}. The render may have started.")]
    RenderFunctionCrashed(String),
    #[error("The render function's answer cannot be understood. {0} The render may have started.")]
    ReplyInvalid(&'static str),
    #[error(
        "The connection to AWS broke before the render function's answer came. The render may have started."
    )]
    AnswerLost(#[source] BoxError),
    #[error(
        "AWS Lambda refused the request to the render function. The operator of this API finds the reason in its log."
    )]
    RenderFunctionRefused(#[source] BoxError),
    #[error("The state that Remotion keeps of the render cannot be understood.")]
    StateUnreadable(#[source] ProgressError),
    #[error(
        "The configured render function does not exist. The operator of this API must deploy it, or correct REMOTION_FUNCTION_NAME."
    )]
    RenderFunctionMissing(#[source] BoxError),
    #[error(
        "This API may not invoke the configured render function. Its operator must grant its role lambda:InvokeFunction on it."
    )]
    RenderFunctionDenied(#[source] BoxError),
    #[error(
        "The input props could not be stored in Remotion's bucket. The operator of this API must check REMOTION_BUCKET_NAME and the role's s3:PutObject on input-props/*."
    )]
    PropsNotStored(#[source] BoxError),
    #[error("{}", mismatch(.0.as_ref()))]
    VersionMismatch(Option<Versions>),
    #[error(
        "The render function did not answer within the time left. The render may have started."
    )]
    TimedOut,
}

/// Seconds that a throttled caller is asked to wait: AWS names none.
const RETRY_AFTER: u64 = 5;

/// Whatever lies beneath a failure, for the log.
pub type BoxError = Box<dyn StdError + Send + Sync>;

impl Error {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.class().0
    }

    /// A stable name in `snake_case`, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.class().1
    }

    fn class(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            Self::GroupRequired(_) => (StatusCode::FORBIDDEN, "group_required"),
            Self::CompositionNotAllowed(_) => (StatusCode::FORBIDDEN, "composition_not_allowed"),
            Self::OptionReserved(_) => (StatusCode::FORBIDDEN, "option_reserved"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::MethodNotAllowed(_) => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::InvalidJson(_) => (StatusCode::BAD_REQUEST, "invalid_json"),
            Self::NoSuchRender => (StatusCode::NOT_FOUND, "render_not_found"),
            Self::LedgerAbsent => (StatusCode::NOT_FOUND, "renders_table_missing"),
            Self::IdempotencyUnavailable => {
                (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_unavailable")
            }
            Self::IdempotencyKeyInvalid => {
                (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_invalid")
            }
            Self::IdempotencyKeyReused => {
                (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused")
            }
            Self::RenderRunning => (StatusCode::CONFLICT, "render_running"),
            Self::InFlight => (StatusCode::CONFLICT, "idempotency_in_flight"),
            Self::QuotaSpent(_) => (StatusCode::TOO_MANY_REQUESTS, "quota_spent"),
            Self::LedgerUnavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "ledger_unavailable"),
            Self::StorageUnavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable"),
            Self::OutcomeUnknown => (StatusCode::CONFLICT, "render_outcome_unknown"),
            Self::NotRecorded(_) => (StatusCode::BAD_GATEWAY, "render_not_recorded"),
            Self::CancellationDisabled => (StatusCode::CONFLICT, "cancellation_not_enabled"),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            }
            Self::PayloadTooLarge(_) | Self::PropsTooLarge(_) => {
                (StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large")
            }
            Self::InvalidOptions(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_options"),
            Self::Throttled(_) => (StatusCode::TOO_MANY_REQUESTS, "throttled"),
            Self::Unreachable(_) => (StatusCode::SERVICE_UNAVAILABLE, "aws_unreachable"),
            Self::RenderFunctionFailed(_) => (StatusCode::BAD_GATEWAY, "render_function_error"),
            Self::RenderFunctionCrashed(_) => (StatusCode::BAD_GATEWAY, "render_function_crashed"),
            Self::ReplyInvalid(_) => (StatusCode::BAD_GATEWAY, "render_function_reply_invalid"),
            Self::AnswerLost(_) => (StatusCode::BAD_GATEWAY, "render_outcome_unknown"),
            Self::RenderFunctionRefused(_) => (StatusCode::BAD_GATEWAY, "render_function_refused"),
            Self::StateUnreadable(_) => (StatusCode::BAD_GATEWAY, "render_state_invalid"),
            Self::RenderFunctionMissing(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "render_function_missing")
            }
            Self::RenderFunctionDenied(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "render_function_denied")
            }
            Self::PropsNotStored(_) => (StatusCode::SERVICE_UNAVAILABLE, "props_not_stored"),
            Self::VersionMismatch(_) => (StatusCode::SERVICE_UNAVAILABLE, "version_mismatch"),
            Self::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "render_outcome_unknown"),
        }
    }

    /// Seconds after which the same request may succeed, where waiting helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Throttled(_) => Some(RETRY_AFTER),
            Self::QuotaSpent(quota) => Some(quota.resets_in),
            Self::InFlight => Some(2),
            Self::Unreachable(_) | Self::LedgerUnavailable(_) | Self::StorageUnavailable(_) => {
                Some(1)
            }
            _ => None,
        }
    }

    /// Whether a start that failed like this may have started a render all the same.
    #[must_use]
    pub fn leaves_doubt(&self) -> bool {
        matches!(
            self,
            Self::RenderFunctionCrashed(_)
                | Self::ReplyInvalid(_)
                | Self::AnswerLost(_)
                | Self::TimedOut
        )
    }

    /// The body: a problem document.
    #[must_use]
    pub fn problem<'a>(&'a self, request_id: Option<&'a str>) -> Problem<'a> {
        let detail = self.to_string();
        Problem {
            r#type: "about:blank",
            title: self.status().canonical_reason().unwrap_or_default(),
            status: self.status().as_u16(),
            message: detail.clone(),
            detail,
            code: self.code(),
            request_id,
            errors: match self {
                Self::OptionReserved(errors) | Self::InvalidOptions(errors) => errors,
                _ => &[],
            },
        }
    }
}

/// A problem document. Source: <https://www.rfc-editor.org/rfc/rfc9457>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// The same as `detail`: API Gateway's own errors and the success body carry `message`.
    message: String,
    code: &'static str,
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Violation],
}

fn reserved(violations: &[Violation]) -> String {
    let names: Vec<_> = violations
        .iter()
        .map(|v| v.pointer.trim_start_matches('/'))
        .collect();
    format!(
        "Only the operator of this API may set {}.",
        names.join(", ")
    )
}

fn invalid(violations: &[Violation]) -> String {
    match violations {
        [only] => only.detail.clone(),
        many => format!("{} options are wrong: see `errors`.", many.len()),
    }
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

impl From<ReplyError> for Error {
    fn from(error: ReplyError) -> Self {
        match error {
            ReplyError::Refused(message) => Self::RenderFunctionFailed(message),
            ReplyError::Throttled => Self::Throttled(None),
            ReplyError::VersionMismatch(versions) => Self::VersionMismatch(versions),
            ReplyError::Crashed { .. } => Self::RenderFunctionCrashed(error.to_string()),
            ReplyError::Unintelligible(reason) => Self::ReplyInvalid(reason),
        }
    }
}
