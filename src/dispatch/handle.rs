//! The events of the function `dispatch`: each is a reason to look at the queue.

use lambda_http::LambdaEvent;
use lambda_runtime::Error as RuntimeError;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::{Duration, Instant, sleep};

use super::round::round;
use crate::deadline::Deadline;
use crate::ends::settle::free;
use crate::error::{Error, cause};
use crate::hook::Tag;
use crate::table::{Lock, RendersTable};
use crate::{App, clock};

/// A place that is to be freed first, when its functions have stopped.
#[derive(Deserialize)]
struct Freed {
    free: Box<RawValue>,
    /// In milliseconds since 1970.
    at: u64,
}

/// The longest that is waited for functions to stop, in milliseconds.
const PATIENCE: u64 = 10_000;

/// Looks at the queue, unless another does.
///
/// # Errors
///
/// That it could not be looked at, so that AWS counts it as failed.
pub async fn handle(app: &App, event: LambdaEvent<Box<RawValue>>) -> Result<(), RuntimeError> {
    let deadline = Deadline::of(Some(&event.context));
    if let Ok(freed) = serde_json::from_str(event.payload.get()) {
        free_first(app, &freed, deadline).await;
    }
    dispatch(app, deadline).await.map_err(|error| {
        let cause = cause(&error);
        let code = error.code().as_str();
        tracing::error!(
            error.code = code,
            error.cause = cause,
            "The queue could not be read: {error}"
        );
        error.into()
    })
}

async fn free_first(app: &App, freed: &Freed, deadline: Deadline) {
    let tag = Tag::read(&freed.free);
    let of_lease = tag.and_then(|tag| Some((tag.owner, tag.lease?)));
    if let (Some((owner, lease)), Some(table)) = (of_lease, &app.table) {
        let wait = freed.at.saturating_sub(clock::now_ms()).min(PATIENCE);
        sleep(Duration::from_millis(wait)).await;
        free(table, &owner, &lease, deadline.settle_by).await;
    }
}

async fn dispatch(app: &App, deadline: Deadline) -> Result<(), Error> {
    let table = app.table()?;
    let Some(mut lock) = table.lock(clock::now_ms(), deadline.act_by).await? else {
        return Ok(());
    };
    loop {
        let looked = Box::pin(round(app, table, &mut lock, deadline)).await;
        if looked.is_err() || Instant::now() >= deadline.act_by {
            release(table, &mut lock, deadline.settle_by).await;
            return looked.map(|_| ());
        }
        // Whoever was turned away meanwhile had a reason.
        if !looked? && table.unlock(&mut lock, deadline.settle_by).await? {
            return Ok(());
        }
    }
}

/// Gives the lock back though somebody was turned away: whoever comes next need not wait until it has expired.
async fn release(table: &RendersTable, lock: &mut Lock, deadline: Instant) {
    for _ in 0..2 {
        match table.unlock(lock, deadline).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => {
                let cause = cause(&error);
                tracing::warn!(
                    error.cause = cause,
                    "The lock on the queue could not be given back: {error}"
                );
                return;
            }
        }
    }
}
