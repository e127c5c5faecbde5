//! The safety net: once a minute, finds what was not reported in time.

use remotion_lambda::{Overview, Status};
use tokio::time::Instant;

use super::bus::DetailType;
use super::event::batch_detail;
use super::settle::{Written, end_unstarted, free, nobody, put, stop, tell, write};
use crate::access::owner::Owner;
use crate::batch::Batch;
use crate::bounds::GRACE;
use crate::clock::milliseconds;
use crate::deadline::Deadline;
use crate::error::{Error, cause};
use crate::overview::Found;
use crate::render::Phase;
use crate::render::end::{End, Final};
use crate::render::id::Id;
use crate::table::{Due, RendersTable};
use crate::{App, clock, kept};

/// How many are processed together.
const PAGE: i32 = 100;

/// When a render is looked at again that AWS may still start, or that could not be looked at, in milliseconds.
const LATER: u64 = 5 * 60 * 1_000;

/// In milliseconds.
const A_YEAR: u64 = 365 * 24 * 3_600 * 1_000;

/// Ends what has ended without a word, and tells what was not told, as long as there is time.
///
/// # Errors
///
/// [`Error::RendersTableNotConfigured`]; that it could not be asked what is due.
pub(super) async fn sweep(app: &App, deadline: Deadline) -> Result<(), Error> {
    let table = app.table()?;
    let now = clock::now_ms();
    let mut after = None;
    let mut bus_takes = true;
    while Instant::now() < deadline.act_by {
        let (due, last) = table
            .due(now, PAGE, after.as_ref(), deadline.act_by)
            .await?;
        for due in due {
            let tells = matches!(due, Due::Event(_) | Due::Batch(..));
            if Instant::now() >= deadline.act_by || tells && !bus_takes {
                continue;
            }
            // What fails is seen to at the next tick, and keeps nothing behind it waiting.
            let seen_to = see_to(app, table, due, deadline.settle_by).await;
            bus_takes &= seen_to || !tells;
        }
        after = last;
        if after.is_none() {
            break;
        }
    }
    // What has been freed makes room for what waits.
    if let Some(dispatcher) = &app.dispatcher
        && table.room(deadline.settle_by).await?.1 > 0
    {
        dispatcher.wake(deadline.settle_by).await;
    }
    Ok(())
}

/// `false` where it is still to be seen to.
async fn see_to(app: &App, table: &RendersTable, due: Due, deadline: Instant) -> bool {
    let seen_to = match due {
        Due::Event(event) => return tell(app, table, Some(&event), deadline).await,
        Due::Lease(owner, lease) => {
            free(table, &owner, &lease, deadline).await;
            return true;
        }
        Due::Batch(owner, batch) => finish(app, table, &owner, &batch, deadline).await,
        Due::Waited(owner, id) => has_waited(app, table, &owner, &id, deadline)
            .await
            .map(|()| true),
        Due::Render(owner, render) => {
            let looked = look_at(app, table, &owner, &render.id, deadline).await;
            if looked.is_err() {
                // The oldest come first, and there may not be the time for all.
                let until = clock::now_ms() + LATER;
                let _ = table.postpone(&owner, &render, until, deadline).await;
            }
            looked.map(|()| true)
        }
    };
    seen_to.unwrap_or_else(|error| {
        let cause = cause(&error);
        let code = error.code().as_str();
        tracing::warn!(
            error.code = code,
            error.cause = cause,
            "The sweep could not check a render: {error}"
        );
        false
    })
}

/// Tells of a batch whose last render has ended, and deletes what was sent for it; `false` where it could not be told.
async fn finish(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    batch: &Batch,
    deadline: Instant,
) -> Result<bool, Error> {
    // The index tells of it late.
    let batch = match table.batch(owner, &batch.id, deadline).await {
        Err(Error::BatchNotFound) => return Ok(true),
        batch => batch?,
    };
    let detail = batch_detail(owner, &batch, app.remotion_region());
    if !put(app, DetailType::Batch, &detail, deadline).await {
        return Ok(false);
    }
    table.batch_told(owner, &batch.id, deadline).await?;
    // Told is told, whatever becomes of this.
    kept::forget_batch(app, &batch, deadline).await;
    Ok(true)
}

/// Fails a render that has waited for too long.
async fn has_waited(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    id: &Id,
    deadline: Instant,
) -> Result<(), Error> {
    // The index tells of a record late: this is what it is now.
    let Some(render) = table.known(owner, id, deadline).await? else {
        return Ok(table.forget_request_of(owner, id, deadline).await?);
    };
    // It may yet be put back.
    if render.phase == Phase::Starting && render.end.is_none() {
        return Ok(());
    }
    if render.phase != Phase::Waiting || render.end.is_some() {
        return Ok(table.forget_request_of(owner, id, deadline).await?);
    }
    let now = clock::now_ms();
    let minutes = now.saturating_sub(render.started_at) / 60_000;
    let error =
        format!("wait_expired: There was no capacity for this render within {minutes} minutes.");
    let end = End::before_its_start(Final::Failed, Some(error), now);
    end_unstarted(app, table, owner, &render, &end, deadline).await?;
    Ok(())
}

async fn look_at(
    app: &App,
    table: &RendersTable,
    owner: &Owner,
    id: &Id,
    deadline: Instant,
) -> Result<(), Error> {
    let render = table.known(owner, id, deadline).await?;
    let Some(render) = render.filter(|render| render.end.is_none()) else {
        return Ok(());
    };
    let now = clock::now_ms();
    let mut found = Found::new(render, None);
    let overview = found.overview_if_readable(app, deadline).await?;
    let end = match found.render.phase {
        // The dispatcher died, or the answer of Remotion's function was lost, and no render has reported since.
        Phase::Starting => {
            let error = "start_outcome_unknown: It is not known whether this render was started.";
            Some(End::before_its_start(
                Final::Failed,
                Some(error.to_owned()),
                now,
            ))
        }
        Phase::Waiting => return Ok(()),
        Phase::Started(_) => End::told_by(&overview, now),
    };
    let Some(end) = end else {
        let until = next_look(&overview, now);
        table
            .postpone(owner, &found.render, until, deadline)
            .await?;
        return Ok(());
    };
    let written = write(app, table, owner, &found.render, &end, deadline).await?;
    if let Written::First(event) = written {
        let render = &found.render;
        tokio::join!(
            stop(app, table, owner, render, &end, nobody, deadline),
            tell(app, table, event.as_ref(), deadline)
        );
    }
    Ok(())
}

/// When a render that has not ended, as far as is known, is to be looked at again, in milliseconds since 1970.
fn next_look(overview: &Overview, now: u64) -> u64 {
    // Nobody will ever know how: its files are gone.
    if overview.status == Status::Expired {
        return now + A_YEAR;
    }
    let at_its_end = overview
        .timeout_at
        .map(|timeout| timeout + milliseconds(GRACE));
    let at_its_end = at_its_end.filter(|at| *at > now && !overview.may_start);
    at_its_end.unwrap_or(now + LATER)
}
