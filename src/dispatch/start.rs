//! The start of a render that has waited: what was sent is merged with the operator's defaults and checked again.

use remotion_lambda::aws::Aftermath;
use remotion_lambda::json::Object;
use tokio::time::Instant;

use crate::access::identity::Caller;
use crate::aws::service::ServiceError;
use crate::deadline::Deadline;
use crate::ends::settle::{Written, free, tell, write};
use crate::error::{Error, cause};
use crate::order::Order;
use crate::render::end::{End, Final};
use crate::render::lease::Lease;
use crate::render::{Phase, Render};
use crate::table::{RendersTable, Stored, Waiting};
use crate::{App, clock};

/// What has become of a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Started {
    /// It has been started, has failed, or nobody knows.
    Done,
    /// AWS takes it later: so it is with whatever comes next.
    NotNow,
}

/// Starts a render that has been claimed, once.
pub(super) async fn start(
    app: &App,
    table: &RendersTable,
    waiting: Waiting,
    sent: Result<Option<Stored>, ServiceError>,
    lease: Option<Lease>,
    deadline: Deadline,
) -> Started {
    let caller = Caller::earlier(waiting.owner.clone(), waiting.render.user.clone());
    let attempt = attempt(
        app,
        &caller,
        &waiting,
        sent,
        lease.as_ref(),
        deadline.act_by,
    );
    match attempt.await {
        Ok(render) => {
            let look_at = app.look_at(&Render {
                started_at: clock::now_ms(),
                ..render.clone()
            });
            let look_at = look_at.unwrap_or_else(clock::now_ms);
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
        Err(error) => failed(app, table, &waiting, lease, error, deadline.settle_by).await,
    }
}

async fn attempt(
    app: &App,
    caller: &Caller,
    waiting: &Waiting,
    sent: Result<Option<Stored>, ServiceError>,
    lease: Option<&Lease>,
    deadline: Instant,
) -> Result<Render, Error> {
    let id = &waiting.render.id;
    let body = match sent? {
        Some(Stored::Here(body)) => body.into_bytes(),
        Some(Stored::InBucket(key)) => {
            let bucket = &waiting.render.bucket_name;
            let body = app.storage.get(bucket, &key, deadline).await?;
            body.ok_or(Error::RenderNotFound)?
        }
        None => return Err(Error::RenderNotFound),
    };
    let asked = Object::parse(&body).map_err(|error| Error::InvalidJson(error.to_string()))?;
    let order = Order::of(app, caller, &asked)?;
    let (_, render) = order.start(app, caller, Some(id), lease, deadline).await?;
    Ok(render)
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
        error.cause = why,
        "A render that waited was not started: {error}"
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
    let render = Render {
        phase: Phase::Starting,
        lease: None,
        ..waiting.render.clone()
    };
    let reason = format!("{code}: {error}");
    let end = End::before_its_start(Final::Failed, Some(reason), clock::now_ms());
    match write(app, table, &waiting.owner, &render, &end, deadline).await {
        Ok(Written::First {
            event: Some(event), ..
        }) => tell(app, table, &event, deadline).await,
        Ok(_) => {}
        Err(error) => {
            let cause = cause(&error);
            tracing::warn!(
                error.cause = cause,
                "A failure could not be written: {error}"
            );
        }
    }
    if let Some(lease) = &lease {
        free(table, &waiting.owner, lease, deadline).await;
    }
    Started::Done
}
