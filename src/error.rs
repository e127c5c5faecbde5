//! Every way a request can fail: the status, the code, and the sentence for the person who can act.

use std::error::Error as StdError;

use lambda_http::http::StatusCode;
use serde::Serialize;

use crate::json::{Violation, clipped};
use crate::ledger::Quota;
use crate::remotion::{ProgressError, ReplyError, Versions};
use crate::service::Service;

/// A failed request. `Display` is what the caller may read; `source()` is for the log alone.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum Error {
    // The caller can act.
    #[error("The event is not one of API Gateway: {0}.")]
    InvalidEvent(String),
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
    #[error("AWS throttles the {0}. Nothing was started; try again in {RETRY_AFTER} s.")]
    Throttled(Service, #[source] Option<BoxError>),
    #[error("The {0} could not be reached. Nothing was started; try again.")]
    Unavailable(Service, #[source] BoxError),
    #[error("The {0} did not answer in time. Nothing was started; try again.")]
    TimedOut(Service, #[source] BoxError),

    // The outcome is not known.
    #[error(
        "A request with this Idempotency-Key may have started a render, but its end is not known. Take a new key to start one all the same."
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
    #[error("{reason}{}", if *.in_doubt { " The render may have started." } else { "" })]
    Unanswered {
        reason: Unanswered,
        /// Whether it was asked to start a render.
        in_doubt: bool,
        source: Option<BoxError>,
    },
    #[error("The state that Remotion keeps of the render cannot be understood.")]
    StateUnreadable(#[source] ProgressError),
    #[error(
        "AWS refused the request to the {0}. The operator of this API finds the reason in its log."
    )]
    Refused(Service, #[source] BoxError),
    #[error(
        "The configured {0} does not exist. The operator of this API must create it, or correct {variable}.", variable = .0.variable()
    )]
    Missing(Service, #[source] BoxError),
    #[error(
        "This API may not use the {0}. Its operator must grant its role {permissions} on it.", permissions = .0.permissions()
    )]
    Denied(Service, #[source] BoxError),
    #[error(
        "The input props could not be stored in Remotion's bucket. The operator of this API must check REMOTION_BUCKET_NAME and the role's s3:PutObject on input-props/*."
    )]
    PropsNotStored(#[source] BoxError),
    #[error("{}", mismatch(.0.as_ref()))]
    VersionMismatch(Option<Versions>),
}

/// Why an invocation of the render function tells nothing of what it did.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum Unanswered {
    #[error("The render function crashed: {0}.")]
    Crashed(String),
    #[error("The render function's answer cannot be understood. {0}")]
    Unintelligible(&'static str),
    #[error("The connection to AWS broke before the render function's answer came.")]
    Broken,
    #[error("The render function did not answer within the time left.")]
    TooLate,
}

/// Seconds that a throttled caller is asked to wait: AWS names none.
const RETRY_AFTER: u64 = 5;

/// The most that is said of a failure: a caller's own text may be megabytes.
const DETAIL_CHARS: usize = 1_000;

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
            Self::InvalidEvent(_) => (StatusCode::BAD_REQUEST, "invalid_event"),
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
            Self::Unavailable(service, _) => (
                StatusCode::SERVICE_UNAVAILABLE,
                service.pick(
                    "aws_unreachable",
                    "ledger_unavailable",
                    "storage_unavailable",
                ),
            ),
            Self::TimedOut(service, _) => (
                StatusCode::GATEWAY_TIMEOUT,
                service.pick(
                    "render_function_timed_out",
                    "ledger_timed_out",
                    "storage_timed_out",
                ),
            ),
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
            Self::Throttled(..) => (StatusCode::TOO_MANY_REQUESTS, "throttled"),
            Self::RenderFunctionFailed(_) => (StatusCode::BAD_GATEWAY, "render_function_error"),
            Self::Unanswered {
                reason, in_doubt, ..
            } => match (reason, in_doubt) {
                (Unanswered::Crashed(_), _) => (StatusCode::BAD_GATEWAY, "render_function_crashed"),
                (Unanswered::Unintelligible(_), _) => {
                    (StatusCode::BAD_GATEWAY, "render_function_reply_invalid")
                }
                (Unanswered::Broken, true) => (StatusCode::BAD_GATEWAY, "render_outcome_unknown"),
                (Unanswered::Broken, false) => {
                    (StatusCode::BAD_GATEWAY, "render_function_unanswered")
                }
                (Unanswered::TooLate, true) => {
                    (StatusCode::GATEWAY_TIMEOUT, "render_outcome_unknown")
                }
                (Unanswered::TooLate, false) => {
                    (StatusCode::GATEWAY_TIMEOUT, "render_function_timed_out")
                }
            },
            Self::StateUnreadable(_) => (StatusCode::BAD_GATEWAY, "render_state_invalid"),
            Self::Refused(service, _) => (
                StatusCode::BAD_GATEWAY,
                service.pick(
                    "render_function_refused",
                    "ledger_refused",
                    "storage_refused",
                ),
            ),
            Self::Missing(service, _) => (
                StatusCode::SERVICE_UNAVAILABLE,
                service.pick(
                    "render_function_missing",
                    "ledger_missing",
                    "storage_missing",
                ),
            ),
            Self::Denied(service, _) => (
                StatusCode::SERVICE_UNAVAILABLE,
                service.pick("render_function_denied", "ledger_denied", "storage_denied"),
            ),
            Self::PropsNotStored(_) => (StatusCode::SERVICE_UNAVAILABLE, "props_not_stored"),
            Self::VersionMismatch(_) => (StatusCode::SERVICE_UNAVAILABLE, "version_mismatch"),
        }
    }

    /// Seconds after which the same request may succeed, where waiting helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Throttled(..) => Some(RETRY_AFTER),
            Self::QuotaSpent(quota) => Some(quota.resets_in),
            Self::InFlight => Some(2),
            Self::Unavailable(..) | Self::TimedOut(..) => Some(1),
            _ => None,
        }
    }

    /// Whether a start that failed like this may have started a render all the same.
    #[must_use]
    pub fn leaves_doubt(&self) -> bool {
        matches!(self, Self::Unanswered { in_doubt: true, .. })
    }

    /// The body: a problem document.
    #[must_use]
    pub fn problem<'a>(&'a self, request_id: Option<&'a str>) -> Problem<'a> {
        let detail = clipped(&self.to_string(), DETAIL_CHARS);
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

impl Error {
    /// What the render function's answer comes to; `in_doubt` where it was asked to start a render.
    #[must_use]
    pub fn of_reply(error: ReplyError, in_doubt: bool) -> Self {
        let reason = match error {
            ReplyError::Refused(message) => return Self::RenderFunctionFailed(message),
            ReplyError::Throttled => return Self::Throttled(Service::RenderFunction, None),
            ReplyError::VersionMismatch(versions) => return Self::VersionMismatch(versions),
            ReplyError::Crashed { .. } => Unanswered::Crashed(error.to_string()),
            ReplyError::Unintelligible(reason) => Unanswered::Unintelligible(reason),
        };
        Self::Unanswered {
            reason,
            in_doubt,
            source: None,
        }
    }
}
