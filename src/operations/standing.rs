//! How a render stands: by its state, by its output where the state does not tell, and by the time where there is neither.

use remotion_lambda::options::values::DeleteAfter;
use remotion_lambda::progress::Location;
use remotion_lambda::{Overview, Poll, Progress, Status};
use tokio::time::Instant;

use crate::error::Error;
use crate::table::{Kind, Render};
use crate::{App, clock};

/// The longest that a function of AWS Lambda may run, in milliseconds.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const LONGEST_FUNCTION: u64 = 15 * 60 * 1_000;

/// How a render stands, and whether AWS may still start it.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) overview: Overview,
    /// Seconds until AWS can no longer start it, where it has not begun.
    pub(super) may_start_for: Option<u64>,
}

impl Standing {
    /// Asks how a render stands. The render function is not invoked.
    ///
    /// # Errors
    ///
    /// [`Error::StateUnreadable`], [`Error::StateTooLarge`], [`Error::Call`].
    pub(super) async fn of(app: &App, render: &Render, moment: Instant) -> Result<Self, Error> {
        let now = clock::now_ms();
        let poll = Poll {
            render_id: render.id.as_str(),
            bucket_name: &render.bucket_name,
            function_name: &render.function_name,
            region: app.remotion_region(),
            now,
            max_event_age: milliseconds(app.max_event_age),
        };
        if render.kind == Kind::Still {
            return of_a_still(app, render, &poll, moment).await;
        }
        let own = |output: &Location| render.is_its(output);
        let Some(mut overview) = app.storage.overview(&poll, own, moment).await? else {
            return Ok(without_a_state(render, &poll));
        };
        // One time for the same event, in the list and here.
        overview.started_at = Some(render.started_at);
        Ok(Self {
            may_start_for: overview.may_start.then(|| seconds_left(render, &poll)),
            overview,
        })
    }
}

impl Render {
    /// Whether an object is this render's own: under its prefix, or in the place that it was given.
    pub(super) fn is_its(&self, object: &Location) -> bool {
        let prefix = format!("renders/{}/", self.id);
        let own = object.bucket == self.bucket_name && object.key.starts_with(&prefix);
        let given = self.output.as_ref().filter(|output| output.in_aws);
        own || given.is_some_and(|output| output.location == *object)
    }

    /// Whether it can no longer run, whatever its state says.
    pub(super) fn is_surely_over(&self, app: &App) -> bool {
        let longest = milliseconds(app.max_event_age) + LONGEST_FUNCTION;
        clock::now_ms().saturating_sub(self.started_at) > longest
    }
}

/// `start` writes a state before it answers: one that is not there has been deleted.
fn without_a_state(render: &Render, poll: &Poll<'_>) -> Standing {
    let mut overview = Progress::default().overview(poll, None);
    overview.started_at = Some(render.started_at);
    let age = poll.now.saturating_sub(render.started_at);
    let may_start = age < poll.max_event_age;
    if is_expired(render, poll) {
        overview.status = Status::Expired;
    } else if age > poll.max_event_age + LONGEST_FUNCTION {
        overview.status = Status::TimedOut;
    }
    Standing {
        may_start_for: (may_start && !overview.status.is_final())
            .then(|| seconds_left(render, poll)),
        overview,
    }
}

async fn of_a_still(
    app: &App,
    render: &Render,
    poll: &Poll<'_>,
    moment: Instant,
) -> Result<Standing, Error> {
    let mut overview = Progress::default().overview(poll, None);
    let output = render.output.as_ref();
    // Whether it is gone is asked only where it may be.
    let is_gone = match output.filter(|_| is_expired(render, poll)) {
        Some(output) => app.storage.size(&output.location, moment).await?.is_none(),
        None => false,
    };
    overview.status = if is_gone {
        Status::Expired
    } else {
        Status::Done
    };
    overview.started_at = Some(render.started_at);
    overview.finished_at = Some(render.started_at);
    overview.overall_progress = 1.0;
    overview.frames_rendered = 1;
    overview.frames_total = Some(1);
    overview.costs = output.and_then(|output| output.costs.clone());
    overview.output_size_in_bytes = output.and_then(|output| output.size_in_bytes);
    overview.output = output
        .filter(|_| !is_gone)
        .map(|output| output.location.clone());
    Ok(Standing {
        overview,
        may_start_for: None,
    })
}

/// Whether `deleteAfter`, which the id tells, has taken the files.
fn is_expired(render: &Render, poll: &Poll<'_>) -> bool {
    let age = poll.now.saturating_sub(render.started_at);
    render
        .id
        .delete_after()
        .map(DeleteAfter::days)
        .is_some_and(|days| age >= days * 24 * 3_600 * 1_000)
}

fn seconds_left(render: &Render, poll: &Poll<'_>) -> u64 {
    let age = poll.now.saturating_sub(render.started_at);
    poll.max_event_age
        .saturating_sub(age)
        .div_ceil(1_000)
        .max(1)
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
