//! How a render ended: written once, and never changed.

use remotion_lambda::json::clipped;
use remotion_lambda::progress::Location;
use remotion_lambda::webhook::{End as Signed, WebhookBody};
use remotion_lambda::{Costs, Overview, Status};

/// The most that is kept of an error, in characters.
const ERROR_CHARS: usize = 500;

/// How a render ended.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The final state.
    pub status: Final,
    /// In milliseconds since 1970.
    pub finished_at: u64,
    /// How many frames were rendered.
    pub frames: u64,
    /// Its costs, by Remotion's estimate.
    pub costs: Option<Costs>,
    /// The output.
    pub output: Option<Location>,
    /// The size of the output.
    pub output_size_in_bytes: Option<u64>,
    /// Why it failed, in a line.
    pub error: Option<String>,
}

/// A state that stays so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Final {
    /// The output is there.
    Done,
    /// An error ended it.
    Failed,
    /// Somebody ended it.
    Cancelled,
    /// Its function ran out of time, or died.
    TimedOut,
}

impl Final {
    const ALL: [Self; 4] = [Self::Done, Self::Failed, Self::Cancelled, Self::TimedOut];

    /// Its name in answers, events and the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::TimedOut => "timed_out",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// The status of a render that has ended so.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Done => Status::Done,
            Self::Failed => Status::Failed,
            Self::Cancelled => Status::Cancelled,
            Self::TimedOut => Status::TimedOut,
        }
    }

    /// The final state that a status is. `expired` is none: what it tells of is the files.
    const fn of(status: Status) -> Option<Self> {
        match status {
            Status::Done => Some(Self::Done),
            Status::Failed => Some(Self::Failed),
            Status::Cancelled => Some(Self::Cancelled),
            Status::TimedOut => Some(Self::TimedOut),
            _ => None,
        }
    }
}

impl End {
    /// The end that the state of a render tells of; `None` where it goes on.
    #[must_use]
    pub fn told_by(overview: &Overview, now: u64) -> Option<Self> {
        let status = Final::of(overview.status)?;
        Some(Self::with_figures(status, overview, cause(overview), now))
    }

    /// The end that Remotion has signed: its kind decides how, the state gives the figures.
    #[must_use]
    pub fn signed_by(webhook: &WebhookBody, overview: &Overview, now: u64) -> Self {
        let status = match (webhook.end, overview.status) {
            (Signed::Success, _) => Final::Done,
            (Signed::Error, Status::Cancelled) => Final::Cancelled,
            // It cancels itself when its time ends.
            (Signed::Error, Status::TimedOut) if webhook.is_cancellation() => Final::TimedOut,
            (Signed::Error, _) if webhook.is_cancellation() => Final::Cancelled,
            (Signed::Error, _) => Final::Failed,
            _ => Final::TimedOut,
        };
        let said = webhook.error();
        let error = cause(overview).or(said.as_deref());
        Self::with_figures(status, overview, error, now)
    }

    /// The end of a render that has never been started.
    #[must_use]
    pub fn before_its_start(status: Final, error: Option<String>, now: u64) -> Self {
        Self {
            status,
            finished_at: now,
            frames: 0,
            costs: None,
            output: None,
            output_size_in_bytes: None,
            error: error.map(|error| clipped(&error, ERROR_CHARS)),
        }
    }

    fn with_figures(status: Final, overview: &Overview, error: Option<&str>, now: u64) -> Self {
        let done = status == Final::Done;
        let error = error.filter(|_| status == Final::Failed);
        let timeout = overview.timeout_at.filter(|_| status == Final::TimedOut);
        Self {
            status,
            finished_at: overview.finished_at.or(timeout).unwrap_or(now).min(now),
            frames: overview
                .frames_total
                .filter(|_| done)
                .unwrap_or(overview.frames_rendered),
            costs: overview.costs.clone(),
            output: overview.output.clone().filter(|_| done),
            output_size_in_bytes: overview.output_size_in_bytes.filter(|_| done),
            error: error.map(|error| clipped(error, ERROR_CHARS)),
        }
    }
}

/// The error that ended it, or else the last one.
fn cause(overview: &Overview) -> Option<&str> {
    let errors = &overview.errors;
    let fatal = errors.iter().find(|error| error.is_fatal);
    let error = fatal.or_else(|| errors.last())?;
    Some(&error.message)
}
