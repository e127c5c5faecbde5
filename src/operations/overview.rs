//! How a render stands: by its state, by its output where the state does not tell, and by the time where there is neither.

use remotion_lambda::aws::StorageError;
use remotion_lambda::options::values::DeleteAfter;
use remotion_lambda::progress::Location;
use remotion_lambda::{BucketName, Overview, Poll, Progress, RenderId, Status};
use tokio::time::Instant;

use crate::access::identity::Caller;
use crate::error::Error;
use crate::table::{Kind, Render};
use crate::{App, clock};

/// The longest that a function of AWS Lambda may run, in milliseconds.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const LONGEST_FUNCTION: u64 = 15 * 60 * 1_000;

/// A render of the caller's, and its state, if that was asked for already.
pub(super) struct Found {
    pub(super) render: Render,
    state: Option<Result<Option<Vec<u8>>, StorageError>>,
}

impl Found {
    /// Asks for the record and the state at the same time. Nothing of the state is told, not even that it is there, before the
    /// record has said whose render it is.
    ///
    /// # Errors
    ///
    /// [`Error::RenderNotFound`], [`Error::RendersTableNotConfigured`], [`Error::Call`].
    pub(super) async fn find(
        app: &App,
        caller: &Caller,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<Self, Error> {
        let record = app.table()?.find(&caller.owner, id, deadline);
        let bucket = app.bucket_name.as_ref().map(BucketName::as_str);
        let state = async {
            Ok(match bucket {
                Some(bucket) => Some(app.storage.state(bucket, id.as_str(), deadline).await),
                None => None,
            })
        };
        let (render, state) = tokio::try_join!(record, state)?;
        let state = state.filter(|_| bucket == Some(&render.bucket_name));
        Ok(Self { render, state })
    }

    /// How the render stands. The render function is not invoked.
    ///
    /// # Errors
    ///
    /// [`Error::StateUnreadable`], [`Error::StateTooLarge`], [`Error::Call`].
    pub(super) async fn overview(
        &mut self,
        app: &App,
        deadline: Instant,
    ) -> Result<Overview, Error> {
        let state = self.state.take();
        let render = &self.render;
        let poll = Poll {
            render_id: render.id.as_str(),
            bucket_name: &render.bucket_name,
            function_name: &render.function_name,
            region: app.remotion_region(),
            now: clock::now_ms(),
            max_event_age: milliseconds(app.max_event_age),
        };
        if render.kind == Kind::Still {
            return of_a_still(app, render, &poll, deadline).await;
        }
        let own = |output: &Location| render.is_its(output);
        let storage = &app.storage;
        let known = match state.transpose()? {
            Some(Some(state)) => Some(storage.overview_of(&state, &poll, own, deadline).await?),
            Some(None) => None,
            None => storage.overview(&poll, own, deadline).await?,
        };
        let mut overview = known.unwrap_or_else(|| without_a_state(render, &poll));
        // One time for the same event, in the list and here.
        overview.started_at = Some(render.started_at);
        Ok(overview)
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

    /// Seconds until AWS can no longer start it, where it has not begun.
    pub(super) fn may_start_for(&self, app: &App) -> u64 {
        let age = clock::now_ms().saturating_sub(self.started_at);
        let left = milliseconds(app.max_event_age).saturating_sub(age);
        left.div_ceil(1_000).max(1)
    }

    /// Whether it can no longer run, whatever its state says.
    pub(super) fn is_surely_over(&self, app: &App) -> bool {
        let longest = milliseconds(app.max_event_age) + LONGEST_FUNCTION;
        clock::now_ms().saturating_sub(self.started_at) > longest
    }
}

/// `start` writes a state before it answers: one that is not there has been deleted.
fn without_a_state(render: &Render, poll: &Poll<'_>) -> Overview {
    let mut overview = Progress::default().overview(poll, None);
    let age = poll.now.saturating_sub(render.started_at);
    if is_expired(render, poll) {
        overview.status = Status::Expired;
    } else if age > poll.max_event_age + LONGEST_FUNCTION {
        overview.status = Status::TimedOut;
    }
    overview.may_start = age < poll.max_event_age && !overview.status.is_final();
    overview
}

async fn of_a_still(
    app: &App,
    render: &Render,
    poll: &Poll<'_>,
    deadline: Instant,
) -> Result<Overview, Error> {
    let mut overview = Progress::default().overview(poll, None);
    let output = render.output.as_ref();
    // Whether it is gone is asked only where it may be.
    let is_gone = match output.filter(|_| is_expired(render, poll)) {
        Some(output) => app
            .storage
            .size(&output.location, deadline)
            .await?
            .is_none(),
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
    Ok(overview)
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

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
