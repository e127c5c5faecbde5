//! What is done for a batch at the head of the queue: its renders get records, and are cancelled where it is.

use futures_util::stream::{self, StreamExt};
use remotion_lambda::json::Object;
use tokio::time::Instant;

use super::bodies::Bodies;
use crate::access::identity::Caller;
use crate::access::owner::Owner;
use crate::aws::service::Service;
use crate::batch::{Batch, BatchId};
use crate::deadline::Deadline;
use crate::ends::settle::{Written, end_unstarted};
use crate::error::{Error, cause};
use crate::items::Items;
use crate::order::Order;
use crate::render::end::{End, Final};
use crate::render::id::Id;
use crate::render::{Phase, Render};
use crate::table::{CHUNK, Chunk, RendersTable};
use crate::{App, clock};

/// How many renders of a cancelled batch are looked at side by side.
const AT_ONCE: usize = 20;

/// How far a batch has been worked off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WorkedOff {
    Wholly,
    /// There was no time for more.
    Partly,
    /// All but what cannot be done now: it is tried again at the next tick.
    ForNow,
}

/// Does all that a batch is at the head of the queue for, as long as there is time.
///
/// # Errors
///
/// What keeps it there: then it is tried again.
pub(super) async fn work_off(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    id: &BatchId,
    bodies: &Bodies,
    deadline: Deadline,
) -> Result<WorkedOff, Error> {
    // The index tells of it late.
    let mut batch = match table.batch(owner, id, deadline.settle_by).await {
        Err(Error::BatchNotFound) => return Ok(WorkedOff::Wholly),
        batch => batch?,
    };
    let mut done = expand(app, table, owner, &mut batch, bodies, deadline).await?;
    if done == WorkedOff::Wholly && batch.cancelling && batch.finished_at.is_none() {
        done = cancel(app, table, owner, &batch, deadline).await?;
    }
    if done == WorkedOff::Wholly {
        table.worked_off(owner, &batch, deadline.settle_by).await?;
    }
    Ok(done)
}

/// Gives each render of a batch a record.
async fn expand(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    batch: &mut Batch,
    bodies: &Bodies,
    deadline: Deadline,
) -> Result<WorkedOff, Error> {
    if batch.expanded == batch.total {
        return Ok(WorkedOff::Wholly);
    }
    let caller = Caller::earlier(owner.clone(), batch.user.clone(), batch.actor.clone());
    let body = bodies
        .of(app, &batch.bucket_name, batch.object(), deadline.settle_by)
        .await?;
    // What cannot be read gets records all the same: each fails when its turn comes, and says why.
    let body = body.as_deref().map(Vec::as_slice).unwrap_or_default();
    let asked = Object::parse(body).unwrap_or_default();
    let items = Items::of(&asked).ok();
    let until = app.queue.map(|queue| queue.waits_until(batch.started_at));
    while batch.expanded < batch.total {
        if Instant::now() >= deadline.act_by {
            return Ok(WorkedOff::Partly);
        }
        let end = batch.total.min(batch.expanded + CHUNK);
        let renders = (batch.expanded..end).map(|index| {
            let whole = items.as_ref().and_then(|items| items.whole(index));
            waiting(app, &caller, batch, index, &whole.unwrap_or_default())
        });
        let chunk = Chunk {
            renders: renders.collect(),
            until: until.unwrap_or(batch.started_at),
        };
        table
            .expand(owner, batch, &chunk, deadline.settle_by)
            .await?;
        batch.expanded = end;
    }
    Ok(WorkedOff::Wholly)
}

/// The record of one. What may not be started any more fails when its turn comes.
fn waiting(app: &App, caller: &Caller, batch: &Batch, index: u32, whole: &Object<'_>) -> Render {
    let id = Id::in_batch(&batch.id, index);
    let render = match Order::of(app, caller, whole) {
        Ok(order) => order.waiting(app, caller, id),
        Err(_) => Render {
            actor: caller.actor.clone(),
            ..app.unknown_render(id, Phase::Waiting, caller.user.clone())
        },
    };
    Render {
        batch: Some(batch.id.clone()),
        bucket_name: batch.bucket_name.clone(),
        started_at: batch.started_at,
        ..render
    }
}

/// Ends what waits of a batch, and asks what runs to stop.
async fn cancel(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    batch: &Batch,
    deadline: Deadline,
) -> Result<WorkedOff, Error> {
    let find = async |index| {
        let id = Id::in_batch(&batch.id, index);
        table.known(owner, &id, deadline.settle_by).await
    };
    let mut found = stream::iter(0..batch.total).map(find).buffered(AT_ONCE);
    let mut is_done = true;
    while let Some(render) = found.next().await {
        if Instant::now() >= deadline.act_by {
            return Ok(WorkedOff::Partly);
        }
        let Some(render) = render?.filter(|render| render.end.is_none()) else {
            continue;
        };
        match &render.phase {
            Phase::Waiting => {
                let end = End::before_its_start(Final::Cancelled, None, clock::now_ms());
                let ended = end_unstarted(app, table, owner, &render, &end, deadline.settle_by);
                is_done &= matches!(ended.await?, Written::First(_));
            }
            Phase::Started(id) if render.cancellable => {
                let bucket = &render.bucket_name;
                let cancel = app
                    .storage
                    .cancel(bucket, id, clock::now_ms(), deadline.settle_by);
                // What cannot be stopped now keeps nothing else from being ended.
                if let Err(error) = cancel.await {
                    let error = Service::Bucket.failed(error);
                    let cause = cause(&error);
                    tracing::warn!(
                        render.id = render.id.as_str(),
                        error.cause = cause,
                        "A render of a cancelled batch could not be stopped: {error}"
                    );
                    is_done = false;
                }
            }
            Phase::Started(_) => {}
            // It may be started at this moment.
            Phase::Starting => is_done = false,
        }
    }
    Ok(if is_done {
        WorkedOff::Wholly
    } else {
        WorkedOff::ForNow
    })
}
