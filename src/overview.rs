//! The status of a render: from its state, from its output if the state does not say, and from the time if there is neither.

use remotion_lambda::aws::StorageError;
use remotion_lambda::progress::Location;
use remotion_lambda::{BucketName, Overview, Poll, Progress, RenderError, Status};
use tokio::time::Instant;

use crate::access::identity::Caller;
use crate::bounds::LONGEST_FUNCTION;
use crate::clock::milliseconds;
use crate::ends::settle::{Written, nobody, stop, write};
use crate::error::{Error, cause};
use crate::render::end::{End, Final};
use crate::render::id::Id;
use crate::render::{Kind, Render};
use crate::{App, clock};

/// In milliseconds.
const LONGEST: u64 = LONGEST_FUNCTION.as_secs() * 1_000;

/// A render of the caller's, and its state, if that was asked for already.
pub struct Found {
    /// The render.
    pub render: Render,
    state: Option<State>,
}

/// The state from S3; `None` if there is none.
type State = Result<Option<Vec<u8>>, StorageError>;

impl Found {
    /// A render, and its state, if that was asked for already.
    #[must_use]
    pub const fn new(render: Render, state: Option<State>) -> Self {
        Self { render, state }
    }

    /// Asks for the record and the state at the same time. Nothing of the state is told, not even that it is there, before the
    /// record has said whose render it is.
    ///
    /// # Errors
    ///
    /// [`Error::RenderNotFound`], [`Error::RendersTableNotConfigured`], [`Error::Call`].
    pub async fn find(
        app: &App,
        caller: &Caller,
        id: &Id,
        deadline: Instant,
    ) -> Result<Self, Error> {
        let table = app.table()?;
        let record = async {
            let render = table.find_with_sent(&caller.owner, id, deadline).await?;
            if caller.may_see_that_of(&render.user) {
                Ok(render)
            } else {
                Err(Error::RenderNotFound)
            }
        };
        let bucket = app.bucket_name.as_ref().map(BucketName::as_str);
        let place = bucket.zip(id.remotion());
        let state = async {
            Ok(match &place {
                Some((bucket, id)) => Some(app.storage.state(bucket, id.as_str(), deadline).await),
                None => None,
            })
        };
        let (render, state) = tokio::try_join!(record, state)?;
        let state = state.filter(|_| bucket == Some(&render.bucket_name));
        Ok(Self::new(render, state))
    }

    /// The status of the render. The render function is not invoked.
    ///
    /// # Errors
    ///
    /// [`Error::StateUnreadable`], [`Error::StateTooLarge`], [`Error::Call`].
    pub async fn overview(&mut self, app: &App, deadline: Instant) -> Result<Overview, Error> {
        let state = self.state.take();
        let render = &self.render;
        let Some(poll) = poll(app, render) else {
            return Ok(before_its_start(render));
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
        let overview = known.unwrap_or_else(|| without_a_state(render, &poll));
        Ok(as_recorded(render, overview))
    }

    /// The same; of a state that cannot be read, what the time tells.
    ///
    /// # Errors
    ///
    /// [`Error::Call`].
    pub async fn overview_if_readable(
        &mut self,
        app: &App,
        deadline: Instant,
    ) -> Result<Overview, Error> {
        match self.overview(app, deadline).await {
            Err(Error::StateUnreadable(_) | Error::StateTooLarge { .. }) => {
                Ok(self.without_a_state(app))
            }
            overview => overview,
        }
    }

    /// What [`Self::overview`] tells, and writes how the render has ended, where nobody has before.
    ///
    /// # Errors
    ///
    /// As for [`Self::overview`].
    pub async fn overview_and_end(
        &mut self,
        app: &App,
        caller: &Caller,
        deadline: Instant,
    ) -> Result<Overview, Error> {
        let overview = self.overview(app, deadline).await?;
        if let Err(error) = self.end(app, caller, &overview, deadline).await {
            let cause = cause(&error);
            tracing::warn!(
                error.cause = cause,
                "The end of a render could not be written: {error}"
            );
        }
        Ok(overview)
    }

    /// Writes how the render has ended by what is known of it, where nobody has before.
    ///
    /// # Errors
    ///
    /// [`Error::RendersTableNotConfigured`], [`Error::Call`]: then it may be written.
    pub async fn end(
        &self,
        app: &App,
        caller: &Caller,
        overview: &Overview,
        deadline: Instant,
    ) -> Result<(), Error> {
        let render = &self.render;
        let end = End::told_by(overview, clock::now_ms());
        let Some(end) = end.filter(|_| render.end.is_none() && !render.deleting) else {
            return Ok(());
        };
        let (table, owner) = (app.table()?, &caller.owner);
        // The event is told by whoever may.
        if let Written::First(_) = write(app, table, owner, render, &end, deadline).await? {
            stop(app, table, owner, render, &end, nobody, deadline).await;
        }
        Ok(())
    }

    /// The status of a render whose state does not help: from the time that has passed.
    #[must_use]
    pub fn without_a_state(&self, app: &App) -> Overview {
        let render = &self.render;
        let Some(poll) = poll(app, render) else {
            return before_its_start(render);
        };
        as_recorded(render, without_a_state(render, &poll))
    }

    /// Seconds until AWS can no longer start it, where it has not begun.
    #[must_use]
    pub fn may_start_for(&self, app: &App) -> u64 {
        let age = clock::now_ms().saturating_sub(self.render.began_at());
        let left = milliseconds(app.max_event_age).saturating_sub(age);
        left.div_ceil(1_000).max(1)
    }

    /// Whether it can no longer run, whatever its state says.
    #[must_use]
    pub fn is_surely_over(&self, app: &App) -> bool {
        let longest = milliseconds(app.max_event_age) + LONGEST;
        clock::now_ms().saturating_sub(self.render.began_at()) > longest
    }
}

/// The question for its state; `None` where Remotion has none yet, or nobody knows of it.
fn poll<'a>(app: &'a App, render: &'a Render) -> Option<Poll<'a>> {
    Some(Poll {
        render_id: render.remotion_id()?.as_str(),
        bucket_name: &render.bucket_name,
        function_name: &render.function_name,
        region: app.remotion_region(),
        now: clock::now_ms(),
        max_event_age: milliseconds(app.max_event_age),
    })
}

/// The status of a render that Remotion does not know.
fn before_its_start(render: &Render) -> Overview {
    let poll = Poll {
        render_id: render.id.as_str(),
        bucket_name: &render.bucket_name,
        function_name: &render.function_name,
        region: "",
        now: clock::now_ms(),
        max_event_age: 0,
    };
    let mut overview = Progress::default().overview(&poll, None);
    overview.costs = None;
    overview.may_start = true;
    as_recorded(render, overview)
}

/// What the record knows better: when the render started, so that there is one time in list and status; and how it has ended,
/// which is told ever after as it was written.
fn as_recorded(render: &Render, mut overview: Overview) -> Overview {
    overview.started_at = Some(render.started_at);
    let Some(end) = &render.end else {
        return overview;
    };
    // What is in the operator's own bucket stays.
    let expired = overview.status == Status::Expired
        && end
            .output
            .as_ref()
            .is_none_or(|output| render.is_under_its_prefix(output));
    let done = end.status == Final::Done;
    // A webhook can come before the state says so, and a state can be gone.
    if overview.status != end.status.status() {
        let guess = RenderError::out_of_time();
        overview.errors.retain(|error| *error != guess);
        overview.errors.splice(0..0, why(end));
    }
    if !expired {
        overview.status = end.status.status();
    }
    overview.may_start = false;
    overview.finished_at = Some(end.finished_at);
    if end.costs.is_some() {
        overview.costs.clone_from(&end.costs);
    }
    // Older releases tell of an end before their state does: then the state knows more.
    let output = end.output.clone().or(overview.output.take());
    let size = end.output_size_in_bytes.or(overview.output_size_in_bytes);
    overview.output = output.filter(|_| done && !expired);
    overview.output_size_in_bytes = size.filter(|_| done);
    if done {
        overview.overall_progress = 1.0;
    }
    overview
}

/// The error of an end.
fn why(end: &End) -> Option<RenderError> {
    match end.status {
        Final::TimedOut => Some(RenderError::out_of_time()),
        Final::Failed => end.error.as_deref().map(RenderError::fatal),
        Final::Done | Final::Cancelled => None,
    }
}

/// `start` writes a state before it answers: one that is not there has been deleted.
fn without_a_state(render: &Render, poll: &Poll<'_>) -> Overview {
    let mut overview = Progress::default().overview(poll, None);
    let age = poll.now.saturating_sub(render.began_at());
    if render.is_expired(poll.now) {
        overview.status = Status::Expired;
    } else if age > poll.max_event_age + LONGEST {
        overview.status = Status::TimedOut;
        overview.errors.push(RenderError::out_of_time());
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
    let output = render.output.as_ref().map(|output| &output.location);
    // Whether it is gone is asked only where it may be.
    if let Some(output) = output.filter(|output| render.has_lost(output, poll.now))
        && app.storage.size(output, deadline).await?.is_none()
    {
        overview.status = Status::Expired;
    }
    overview.frames_rendered = 1;
    overview.frames_total = Some(1);
    overview.artifacts.clone_from(&render.artifacts);
    Ok(as_recorded(render, overview))
}
