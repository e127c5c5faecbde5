//! An end is written once, and told.

use remotion_lambda::aws::FunctionName;
use tokio::time::Instant;

use super::event::detail;
use crate::access::owner::Owner;
use crate::aws::service::{Service, ServiceError};
use crate::render::Render;
use crate::render::end::{End, Final};
use crate::render::lease::Lease;
use crate::table::{Event, RendersTable};
use crate::{App, clock};

/// How long functions take to see the cancel signal, which they look for once a second, and to stop, in milliseconds.
const STOPPING: u64 = 10_000;

/// Writes a render's end, with the event that is to be told; the event, where this end is the first one.
///
/// # Errors
///
/// Every failure of the table: then it may be written.
pub async fn write(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    render: &Render,
    end: &End,
    deadline: Instant,
) -> Result<Written, ServiceError> {
    let detail = app.tells.then(|| detail(owner, render, end));
    let first = table.end(owner, render, end, detail.as_deref(), deadline);
    let first = first.await?;
    if first && end.status != Final::Done {
        stop(app, table, owner, render, deadline).await;
    }
    Ok(Written::of(first, owner, render, end, detail))
}

/// A render that has failed has other functions that run on: asks them to stop, and keeps their place until they have.
async fn stop(app: &App, table: &RendersTable, owner: &Owner, render: &Render, deadline: Instant) {
    let Some(lease) = render.lease.as_ref().filter(|_| render.cancellable) else {
        return;
    };
    let now = clock::now_ms();
    let bucket = &render.bucket_name;
    let cancel = app
        .storage
        .cancel(bucket, &render.remotion_id, now, deadline);
    let freed = match cancel.await {
        Ok(()) => table.free_at(owner, lease, now + STOPPING, deadline).await,
        Err(error) => Err(Service::Bucket.failed(error)),
    };
    if let Err(error) = freed {
        let cause = crate::error::cause(&error);
        tracing::warn!(
            error.cause = cause,
            "A render that has ended holds its place until its time has passed: {error}"
        );
    }
}

/// Frees the place of what has stopped. What fails here the sweep does later.
pub async fn free(table: &RendersTable, owner: &Owner, lease: &Lease, deadline: Instant) {
    if let Err(error) = table.free(owner, lease, deadline).await {
        let cause = crate::error::cause(&error);
        tracing::warn!(error.cause = cause, "A place could not be freed: {error}");
    }
}

/// The same of a render whose record was lost: that is written too.
///
/// # Errors
///
/// Every failure of the table: then it may be written.
pub async fn adopt(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    render: Render,
    end: End,
    deadline: Instant,
) -> Result<Written, ServiceError> {
    let detail = app.tells.then(|| detail(owner, &render, &end));
    let render = Render {
        end: Some(end.clone()),
        ..render
    };
    let first = table.adopt(owner, &render, &end, detail.as_deref(), deadline);
    let first = first.await?;
    Ok(Written::of(first, owner, &render, &end, detail))
}

/// What has come of an end.
#[derive(Debug)]
pub enum Written {
    /// Another was written before, or the render is gone.
    Already,
    /// It is the first one, and this is to be told of it, if anything is.
    First(Option<Event>),
}

impl Written {
    fn of(first: bool, owner: &Owner, render: &Render, end: &End, detail: Option<String>) -> Self {
        if !first {
            return Self::Already;
        }
        log(render, end);
        Self::First(detail.map(|detail| Event::of(owner, render, detail)))
    }
}

/// Tells of an end, and strikes it off. What fails here the sweep does later: the event lies in the table until then.
pub async fn tell(app: &App, table: &RendersTable, event: &Event, deadline: Instant) {
    let Some(bus) = &app.bus else {
        return;
    };
    if let Err(error) = bus.put(&event.detail, deadline).await {
        let cause = crate::error::cause(&error);
        tracing::warn!(error.cause = cause, "An event could not be put: {error}");
        return;
    }
    if let Err(error) = table.told(event, deadline).await {
        let cause = crate::error::cause(&error);
        tracing::warn!(
            error.cause = cause,
            "An event that was put could not be struck off."
        );
    }
}

/// One line for each end, with its metrics.
pub fn log(render: &Render, end: &End) {
    let done = end.status == Final::Done;
    let function = FunctionName::try_from(render.function_name.clone()).ok();
    let function = function.filter(|_| !done);
    tracing::info!(
        render.id = render.id.as_str(),
        user.id = render.user,
        render.status = end.status.as_str(),
        remotion.function = function.as_ref().map(FunctionName::as_str),
        remotion.log_group = function.as_ref().map(FunctionName::log_group),
        remotion.log_filter = function
            .as_ref()
            .map(|_| format!("\"renderId={}\"", render.remotion_id)),
        RendersDone = done.then_some(1),
        RendersFailed = (!done).then_some(1),
        Status = (!done).then_some(end.status.as_str()),
        RenderCosts = end.costs.as_ref().map(|costs| costs.accrued_so_far),
        RenderDuration = end.finished_at.saturating_sub(render.started_at),
    );
}
