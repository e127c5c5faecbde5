//! Records an end once, and sends its event.

use remotion_lambda::RenderId;
use tokio::time::Instant;

use super::bus::DetailType;
use super::event::detail;
use crate::access::owner::Owner;
use crate::aws::service::{Service, ServiceError};
use crate::log::{RemotionLog, user_id};
use crate::render::Render;
use crate::render::end::{End, Final};
use crate::render::lease::Lease;
use crate::table::{Event, RendersTable};
use crate::{App, clock, kept};

/// How long functions need to see the cancel signal, which they check once a second, and to stop, in milliseconds.
const STOPPING: u64 = 5_000;

/// What is told of an end, where there is a bus.
pub fn told(app: &App, owner: &Owner, render: &Render, end: &End) -> Option<String> {
    app.bus.is_some().then(|| detail(owner, render, end))
}

/// Writes a render's end, unless another was written before.
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
    let detail = told(app, owner, render, end);
    let first = table.end(owner, render, end, detail.as_deref(), deadline);
    Ok(Written::of(first.await?, owner, render, end, detail))
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
    render: &Render,
    end: &End,
    deadline: Instant,
) -> Result<Written, ServiceError> {
    let detail = told(app, owner, render, end);
    let first = table.adopt(owner, render, end, detail.as_deref(), deadline);
    Ok(Written::of(first.await?, owner, render, end, detail))
}

/// A render that has ended makes room, and `wake` hears when, where that is known. One that has failed has other functions that
/// run on: they are asked to stop, and keep their place until they have.
pub async fn stop(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    render: &Render,
    end: &End,
    wake: impl AsyncFnOnce(Option<u64>),
    deadline: Instant,
) {
    let now = clock::now_ms();
    if end.status == Final::Done {
        return wake(Some(now)).await;
    }
    let lease = render.lease.as_ref().filter(|_| render.cancellable);
    let Some((lease, remotion_id)) = lease.zip(render.remotion_id()) else {
        return wake(None).await;
    };
    let frees_at = now + STOPPING;
    let bucket = &render.bucket_name;
    let cancel = app.storage.cancel(bucket, remotion_id, now, deadline);
    let freed = match cancel.await {
        Ok(()) => {
            let freed = table.free_at(owner, lease, frees_at, deadline);
            tokio::join!(freed, wake(Some(frees_at))).0
        }
        Err(error) => {
            wake(None).await;
            Err(Service::Bucket.failed(error))
        }
    };
    if let Err(error) = freed {
        let cause = crate::error::cause(&error);
        tracing::warn!(
            error.cause = cause,
            "A render that has ended keeps its capacity until its time has passed: {error}"
        );
    }
}

/// Where nobody is to be woken.
pub async fn nobody(_: Option<u64>) {}

/// Ends a render that waits, or that has been claimed, without its ever having been started. Whoever may not tell the event leaves
/// it to the sweep.
///
/// # Errors
///
/// Every failure of the table: then it may be written.
pub async fn end_unstarted(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    render: &Render,
    end: &End,
    deadline: Instant,
) -> Result<Written, ServiceError> {
    let detail = told(app, owner, render, end);
    let first = table
        .end_unstarted(owner, render, end, detail.as_deref(), deadline)
        .await?;
    // A batch's body is its other renders' as well.
    if first && render.batch.is_none() {
        kept::forget(app, &render.bucket_name, &render.id, deadline).await;
    }
    Ok(Written::of(first, owner, render, end, detail))
}

/// Frees the place of what has stopped. What fails here the sweep does later.
pub async fn free(table: &RendersTable, owner: &Owner, lease: &Lease, deadline: Instant) {
    if let Err(error) = table.free(owner, lease, deadline).await {
        let cause = crate::error::cause(&error);
        tracing::warn!(error.cause = cause, "Capacity could not be freed: {error}");
    }
}

/// The result of recording an end.
#[derive(Debug)]
pub enum Written {
    /// Something else has become of it: another was written before, it has been started, or it is gone.
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

/// Tells of an end, if anything is to be told, and strikes it off; `false` where it could not be told. What fails here the sweep
/// does later: the event lies in the table until then.
pub async fn tell(
    app: &App,
    table: &RendersTable,
    event: Option<&Event>,
    deadline: Instant,
) -> bool {
    let Some(event) = event else {
        return true;
    };
    if !put(app, DetailType::Render, &event.detail, deadline).await {
        return false;
    }
    if let Err(error) = table.told(event, deadline).await {
        let cause = crate::error::cause(&error);
        tracing::warn!(
            error.cause = cause,
            "An event that was sent could not be removed from the table."
        );
    }
    true
}

/// Puts an event onto the bus, if there is one; whether it need not be put again.
pub async fn put(app: &App, detail_type: DetailType, detail: &str, deadline: Instant) -> bool {
    let Some(bus) = &app.bus else {
        return true;
    };
    match bus.put(detail_type, detail, deadline).await {
        Ok(()) => true,
        Err(error) => {
            let cause = crate::error::cause(&error);
            tracing::warn!(error.cause = cause, "An event could not be sent: {error}");
            false
        }
    }
}

/// One line for each end, with its metrics.
pub fn log(render: &Render, end: &End) {
    let done = end.status == Final::Done;
    let id = render.remotion_id().map(RenderId::as_str);
    let remotion = RemotionLog::of(render.function_name.clone(), id).filter(|_| !done);
    tracing::info!(
        render.id = render.id.as_str(),
        user.id = &*user_id(&render.user),
        actor.id = render.actor.as_deref().map(user_id).as_deref(),
        render.status = end.status.as_str(),
        remotion.function = remotion.as_ref().map(RemotionLog::function),
        remotion.log_group = remotion.as_ref().map(RemotionLog::group),
        remotion.log_filter = remotion.as_ref().and_then(RemotionLog::filter),
        RendersDone = done.then_some(1),
        RendersFailed = (!done).then_some(1),
        Status = (!done).then_some(end.status.as_str()),
        RenderCosts = end.costs.as_ref().map(|costs| costs.accrued_so_far),
        RenderDuration = end.finished_at.saturating_sub(render.began_at()),
    );
}
