//! Why an invocation of the render function gave no answer, and what is known of the render that it was to start.

use crate::aws::call::{BoxError, CallError};
use crate::options::Newer;
use crate::routines::reply::{ReplyError, Versions};
use crate::version::Version;

/// A failed invocation.
#[derive(Debug, thiserror::Error)]
pub enum InvocationError {
    /// AWS did not take the invocation: the function surely did not run.
    #[error("The render function was not invoked. {0}")]
    NotInvoked(#[source] CallError),
    /// The payload is larger than AWS Lambda takes: the function surely did not run.
    #[error("The options are too large for AWS Lambda.")]
    TooLarge,
    /// The function is too old for options of the request, and was not invoked.
    #[error("{}", needs_release(.newer, .deployed))]
    NeedsRelease {
        /// The options, and the first release that has each.
        newer: Vec<Newer>,
        /// The function's release.
        deployed: Version,
    },
    /// The function is of another release than the one that was pinned: it refused before anything else.
    #[error("The render function has another release of Remotion than the one that was sent.")]
    VersionMismatch(Option<Versions>),
    /// AWS throttled what the function itself invoked, before a render came of it.
    #[error("AWS Lambda throttled the render function.")]
    Throttled,
    /// The function has run, and says that it failed.
    #[error("The render function failed: {message}")]
    Failed {
        /// One line, without a stack.
        message: String,
        /// The option of the request that is wrong, where that is the reason.
        option: Option<&'static str>,
        /// Whether a render may have started all the same.
        aftermath: Aftermath,
    },
    /// It is not known what the function did.
    #[error("{reason}")]
    Unanswered {
        /// Why.
        reason: Unanswered,
        /// Whether it was asked to start a render.
        outcome_unknown: bool,
        /// The cause.
        source: Option<BoxError>,
    },
}

/// Why an invocation of the render function tells nothing of what it did.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// It crashed, or ran out of time or memory.
    #[error("The render function crashed: {0}.")]
    Crashed(String),
    /// Its answer cannot be read.
    #[error("The render function's answer cannot be read. {0}")]
    Unintelligible(&'static str),
    /// The connection broke.
    #[error("The connection to AWS broke before the render function's answer came.")]
    Broken,
    /// The time was up.
    #[error("The render function did not answer in time.")]
    TooLate,
}

/// Whether a failed start may have started a render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aftermath {
    /// The render function surely did not run.
    NeverRan,
    /// The render function has run, and no render has come of it.
    RanWithoutARender,
    /// A render may have started.
    Unknown,
}

impl InvocationError {
    /// What is known of the render that was to be started. Only what never ran may be sent again without a look.
    #[must_use]
    pub const fn aftermath(&self) -> Aftermath {
        match self {
            Self::Unanswered {
                outcome_unknown: true,
                ..
            } => Aftermath::Unknown,
            Self::Failed { aftermath, .. } => *aftermath,
            _ => Aftermath::NeverRan,
        }
    }

    /// What an answer comes to, where the function was asked to start a render and where it was not.
    /// `rendering`: it was to start a render. `invokes`: it invokes the function itself, so that AWS may have throttled it inside.
    pub(super) fn of_reply(error: ReplyError, rendering: bool, invokes: bool) -> Self {
        let reason = match error {
            ReplyError::Failed {
                message,
                option,
                by_aws,
            } => {
                return Self::Failed {
                    message,
                    option,
                    aftermath: after_failing(rendering, by_aws && invokes),
                };
            }
            ReplyError::Throttled { .. } if invokes => return Self::Throttled,
            ReplyError::Throttled { message } => {
                return Self::Failed {
                    message,
                    option: None,
                    aftermath: after_failing(rendering, false),
                };
            }
            ReplyError::VersionMismatch(versions) => return Self::VersionMismatch(versions),
            ReplyError::Crashed { .. } => Unanswered::Crashed(error.to_string()),
            ReplyError::Unintelligible(reason) => Unanswered::Unintelligible(reason),
        };
        Self::Unanswered {
            reason,
            outcome_unknown: rendering,
            source: None,
        }
    }
}

/// What is known of a render where the function says that it failed: `rendering` where it was to start one, which it may have
/// launched by then.
pub(super) const fn after_failing(rendering: bool, may_have_launched: bool) -> Aftermath {
    match (rendering, may_have_launched) {
        (false, _) => Aftermath::NeverRan,
        (true, true) => Aftermath::Unknown,
        (true, false) => Aftermath::RanWithoutARender,
    }
}

fn needs_release(newer: &[Newer], deployed: &Version) -> String {
    let needs: Vec<_> = newer
        .iter()
        .map(|newer| format!("{newer} needs Remotion {}", newer.since))
        .collect();
    format!(
        "{}, but the render function has {deployed}.",
        needs.join(", ")
    )
}
