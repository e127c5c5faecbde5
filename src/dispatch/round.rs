//! One look at the queue: whatever there is room for is started, the first first. Nothing overtakes the head, so that none starves.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use remotion_lambda::aws::CallFailure;
use tokio::time::{Duration, Instant};

use super::batches::{WorkedOff, work_off};
use super::bodies::Bodies;
use super::start::{Started, fail, start};
use crate::aws::service::ServiceError;
use crate::bounds::{GRACE, LONGEST_FUNCTION};
use crate::clock::milliseconds;
use crate::deadline::Deadline;
use crate::error::{Error, cause};
use crate::render::Phase;
use crate::table::{ClaimedWaiting, Head, Lock, Place, RendersTable, Waiting};
use crate::{App, clock};

/// How many are processed together.
const PAGE: i32 = 50;

/// How many are started concurrently.
const AT_ONCE: usize = 20;

/// What a start needs: nothing is claimed that there is no time to start.
const TO_START: Duration = Duration::from_secs(5);

/// The longest that batches are worked off before whatever else waits is looked at.
const BATCHES: Duration = Duration::from_secs(3);

/// How a look at the queue has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looked {
    /// At its end, or where its time was up.
    Through,
    /// Where there was no room, or AWS would start nothing more.
    NoRoom,
}

/// Starts what there is room for, as long as there is time. `true` where another look helps: what could not be started has made
/// room again, after those behind it had found none, or a batch is not worked off.
///
/// # Errors
///
/// [`Error::Call`]: what has been claimed by then is started all the same.
pub(super) async fn round(
    app: &App,
    table: &RendersTable,
    lock: &mut Lock,
    deadline: Deadline,
) -> Result<bool, Error> {
    let bodies = Bodies::default();
    let claim_by = deadline.act_by - TO_START;
    let batches_by = deadline.until(Instant::now() + BATCHES);
    let mut is_batch_left = false;
    let mut starting = FuturesUnordered::new();
    let mut ended = Vec::new();
    let mut full_owners = BTreeSet::new();
    let mut batches = BTreeSet::new();
    let mut last: Option<Place> = None;
    let looked = 'queue: loop {
        if Instant::now() >= claim_by {
            break Ok(Looked::Through);
        }
        let page = Box::pin(table.head(PAGE, last.as_ref(), deadline.act_by));
        let page = match while_they_start(&mut starting, &mut ended, page).await {
            Ok(page) if page.is_empty() => break Ok(Looked::Through),
            Ok(page) => page,
            Err(error) => break Err(error.into()),
        };
        for head in page {
            last = Some(head.place().clone());
            let waiting = match head {
                Head::Render(waiting) if full_owners.contains(&waiting.owner) => continue,
                Head::Render(waiting) => *waiting,
                Head::Batch(owner, id, _) if batches.insert(id.clone()) => {
                    if Instant::now() >= batches_by.act_by {
                        is_batch_left = true;
                        continue;
                    }
                    let done = Box::pin(work_off(app, table, &owner, &id, &bodies, batches_by));
                    let done = while_they_start(&mut starting, &mut ended, done);
                    match done.await {
                        Ok(done) => is_batch_left |= done == WorkedOff::Partly,
                        Err(error) => {
                            warn(&error, "A batch could not be processed");
                            continue;
                        }
                    }
                    // What it has put into the queue may be before the rest of this page.
                    last = None;
                    continue 'queue;
                }
                Head::Batch(..) => continue,
            };
            if starting.len() >= AT_ONCE {
                ended.extend(starting.next().await);
            }
            if ended.contains(&Started::NotNow) {
                break 'queue Ok(Looked::NoRoom);
            }
            if Instant::now() >= claim_by {
                break 'queue Ok(Looked::Through);
            }
            // What was sent is read meanwhile.
            let sent = table.request(&waiting.owner, &waiting.render.id, deadline.act_by);
            let claim = claim(app, table, lock, &waiting, deadline);
            let claim = Box::pin(async { tokio::join!(claim, sent) });
            let (claimed, sent) = while_they_start(&mut starting, &mut ended, claim).await;
            match claimed {
                Ok(ClaimedWaiting::Claimed(lease)) => {
                    lock.pass(&waiting);
                    starting.push(start(app, table, waiting, sent, &bodies, lease, deadline));
                }
                Ok(ClaimedWaiting::Gone) => {}
                Ok(ClaimedWaiting::Refused(error)) => {
                    let failed = fail(
                        app,
                        table,
                        &waiting,
                        Phase::Waiting,
                        &error,
                        deadline.settle_by,
                    );
                    while_they_start(&mut starting, &mut ended, Box::pin(failed)).await;
                }
                Ok(ClaimedWaiting::OwnerIsFull) => {
                    full_owners.insert(waiting.owner);
                }
                Ok(ClaimedWaiting::NoRoom) => break 'queue Ok(Looked::NoRoom),
                // What is wrong with an owner's items holds up nobody else.
                Err(
                    error @ Error::Call(ServiceError {
                        failure: CallFailure::Rejected,
                        ..
                    }),
                ) => {
                    warn(&error, "A render that waits could not be claimed");
                    full_owners.insert(waiting.owner);
                }
                Err(error) => break 'queue Err(error),
            }
        }
    };
    ended.extend(starting.collect::<Vec<_>>().await);
    let looked = looked?;
    let is_awaited = looked == Looked::NoRoom || ended.contains(&Started::NotNow);
    let noted = table.await_room(is_awaited, clock::now_ms(), deadline.settle_by);
    noted.await?;
    let is_room = ended.contains(&Started::Freed) && !ended.contains(&Started::NotNow);
    Ok(is_room || is_batch_left)
}

/// Waits for something, while those that are being started go on.
async fn while_they_start<T>(
    starting: &mut FuturesUnordered<impl Future<Output = Started>>,
    ended: &mut Vec<Started>,
    mut what: impl Future<Output = T> + Unpin,
) -> T {
    loop {
        tokio::select! {
            found = &mut what => return found,
            Some(started) = starting.next() => ended.push(started),
        }
    }
}

/// What cannot be done holds up nothing else.
fn warn(error: &Error, what: &str) {
    let cause = cause(error);
    let code = error.code().as_str();
    tracing::warn!(error.code = code, error.cause = cause, "{what}: {error}");
}

async fn claim(
    app: &App,
    table: &RendersTable,
    lock: &Lock,
    waiting: &Waiting,
    deadline: Deadline,
) -> Result<ClaimedWaiting, Error> {
    let now = clock::now_ms();
    // When nobody can be starting it any more, nor can it still run.
    let longest = app.max_event_age + LONGEST_FUNCTION + GRACE;
    let look_at = now + milliseconds(longest);
    // As the operator has it now: whoever asks for a render has no say in it.
    let weight = app.weight(&app.policy.defaults);
    Ok(table
        .claim_waiting(lock, waiting, weight, now, look_at, deadline)
        .await?)
}
