//! Starts a render that has waited: its request is merged with the operator's defaults and checked again.

use std::sync::Arc;

use remotion_lambda::RenderId;
use remotion_lambda::aws::Aftermath;
use remotion_lambda::json::Object;
use tokio::time::Instant;

use super::bodies::Bodies;
use crate::access::identity::Caller;
use crate::aws::service::ServiceError;
use crate::deadline::Deadline;
use crate::ends::settle::{Written, end_unstarted, free, tell, write};
use crate::error::{Error, cause};
use crate::items::Items;
use crate::log::{RemotionLog, user_id};
use crate::order::Order;
use crate::render::end::{End, Final};
use crate::render::lease::Lease;
use crate::render::{Phase, Render};
use crate::table::{RendersTable, Stored, Waiting};
use crate::{App, clock, kept};

/// The result of a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Started {
    /// It has been started, or nobody knows.
    Done,
    /// It could not be started: its place is free again.
    Freed,
    /// AWS takes it later: so it is with whatever comes next.
    NotNow,
}

/// Starts a render that has been claimed, once.
pub(super) async fn start(
    app: &App,
    table: &RendersTable,
    waiting: Waiting,
    sent: Result<Option<Stored>, ServiceError>,
    bodies: &Bodies,
    lease: Option<Lease>,
    deadline: Deadline,
) -> Started {
    let caller = Caller::earlier(
        waiting.owner.clone(),
        waiting.render.user.clone(),
        waiting.render.actor.clone(),
    );
    let is_kept = matches!(sent, Ok(Some(Stored::InBucket(_))));
    let attempt = attempt(
        app,
        &caller,
        &waiting,
        sent,
        bodies,
        lease.as_ref(),
        deadline.act_by,
    );
    let started = match attempt.await {
        Ok(render) => {
            log(&waiting, &render);
            let look_at = app.look_at(&render).unwrap_or_else(clock::now_ms);
            let launched = table.launched(&waiting.owner, &render, look_at, deadline.settle_by);
            if let Err(error) = launched.await {
                let cause = cause(&error);
                tracing::warn!(
                    error.cause = cause,
                    "A render has started, but could not be recorded: {error}"
                );
            }
            Started::Done
        }
        Err(error) => {
            Box::pin(failed(
                app,
                table,
                &waiting,
                lease,
                error,
                deadline.settle_by,
            ))
            .await
        }
    };
    // What has failed has let go of it.
    if is_kept && started == Started::Done {
        let Render {
            id, bucket_name, ..
        } = &waiting.render;
        Box::pin(kept::forget(app, bucket_name, id, deadline.settle_by)).await;
    }
    started
}

async fn attempt(
    app: &App,
    caller: &Caller,
    waiting: &Waiting,
    sent: Result<Option<Stored>, ServiceError>,
    bodies: &Bodies,
    lease: Option<&Lease>,
    deadline: Instant,
) -> Result<Render, Error> {
    let id = &waiting.render.id;
    let bucket = &waiting.render.bucket_name;
    let (body, index) = match sent? {
        Some(Stored::Here(body)) => (Some(Arc::new(body.into_bytes())), None),
        Some(Stored::InBucket(object)) => (bodies.of(app, bucket, object, deadline).await?, None),
        Some(Stored::InBatch { object, index }) => {
            (bodies.of(app, bucket, object, deadline).await?, Some(index))
        }
        None => (None, None),
    };
    let body = body.ok_or_else(gone)?;
    let asked = Object::parse(&body).map_err(|error| Error::InvalidJson(error.to_string()))?;
    let items = index.map(|index| Ok::<_, Error>((Items::of(&asked)?, index)));
    let items = items.transpose()?;
    let whole = match &items {
        Some((items, index)) => items.whole(*index).ok_or_else(gone)?,
        None => asked,
    };
    let order = Order::of(app, caller, &whole)?;
    let (_, render) = order.start(app, caller, Some(id), lease, deadline).await?;
    Ok(render)
}

fn gone() -> Error {
    Error::InvalidJson("what was sent is gone from the bucket".to_owned())
}

/// As the line of a request that starts one, which this render has had when it was taken in.
fn log(waiting: &Waiting, render: &Render) {
    let id = render.remotion_id().map(RenderId::as_str);
    let remotion = RemotionLog::of(render.function_name.clone(), id);
    let user = &waiting.render.user;
    tracing::info!(
        user.id = user_id(user).as_ref(),
        actor.id = waiting.render.actor.as_deref().map(user_id).as_deref(),
        render.id = waiting.render.id.as_str(),
        remotion.render_id = id,
        remotion.function = remotion.as_ref().map(RemotionLog::function),
        remotion.log_group = remotion.as_ref().map(RemotionLog::group),
        remotion.log_filter = remotion.as_ref().and_then(RemotionLog::filter),
        waited_ms = clock::now_ms().saturating_sub(waiting.render.started_at),
        "A render that waited has been started."
    );
}

/// What was not started waits again where it may succeed later; else it has failed, and blocks nobody.
async fn failed(
    app: &App,
    table: &RendersTable,
    waiting: &Waiting,
    lease: Option<Lease>,
    error: Error,
    deadline: Instant,
) -> Started {
    let why = cause(&error);
    let code = error.code().as_str();
    tracing::warn!(
        render.id = waiting.render.id.as_str(),
        error.code = code,
        error.detail = error.logged().map(tracing::field::display),
        error.cause = why,
        "A render that waited was not started."
    );
    match error.aftermath() {
        // Its own word, or the time that passes, will tell.
        Aftermath::Unknown => return Started::Done,
        Aftermath::NeverRan if error.retry_after().is_some() => {
            let back = table.put_back(waiting, lease.as_ref(), deadline).await;
            if let Err(error) = back {
                let cause = cause(&error);
                tracing::warn!(
                    error.cause = cause,
                    "A render could not be put back: {error}"
                );
            }
            return Started::NotNow;
        }
        _ => {}
    }
    fail(app, table, waiting, Phase::Starting, &error, deadline).await;
    if let Some(lease) = &lease {
        free(table, &waiting.owner, lease, deadline).await;
    }
    Started::Freed
}

/// It has failed, in this phase, without having been started, and blocks nobody.
pub(super) async fn fail(
    app: &App,
    table: &RendersTable,
    waiting: &Waiting,
    phase: Phase,
    error: &Error,
    deadline: Instant,
) {
    let render = Render {
        phase,
        lease: None,
        ..waiting.render.clone()
    };
    let reason = format!("{}: {error}", error.code().as_str());
    let end = End::before_its_start(Final::Failed, Some(reason), clock::now_ms());
    let owner = &waiting.owner;
    let written = match error {
        // What has run is counted. There is no bucket then, and nothing in it.
        Error::RenderFunctionFailed {
            aftermath: Aftermath::RanWithoutARender,
            ..
        } => write(app, table, owner, &render, &end, deadline).await,
        _ => end_unstarted(app, table, owner, &render, &end, deadline).await,
    };
    match written {
        Ok(Written::First(event)) => {
            tell(app, table, event.as_ref(), deadline).await;
        }
        Ok(Written::Already) => {}
        Err(error) => {
            let cause = cause(&error);
            tracing::warn!(
                error.cause = cause,
                "A failure could not be written: {error}"
            );
        }
    }
}
