//! What renders and stills have in common: at most one for each key, counted, and recorded.

use std::time::Duration;

use lambda_http::Request;
use lambda_http::http::{HeaderName, HeaderValue};
use tokio::time::Instant;

use crate::App;
use crate::access::identity::Caller;
use crate::deadline::Deadline;
use crate::ends::settle;
use crate::error::Error;
use crate::gateway::response::Success;
use crate::quota::Quota;
use crate::render::Render;
use crate::render::lease::Lease;
use crate::table::{Claim, Claimed, Earlier, IdempotencyKey, RendersTable, TakenIn};

/// How long a start waits for the rest of the quota, which is added to the answer if it is known.
const QUOTA_PATIENCE: Duration = Duration::from_secs(2);

/// The result of a request that is to start something.
pub(super) enum Once<T> {
    /// It has been started now.
    Now(T, Option<Quota>),
    /// An earlier request with this key has started it.
    Earlier(Earlier),
}

/// Runs what starts a render, unless it has run for this key, and keeps what it gives in the table of renders.
///
/// # Errors
///
/// As for [`claim`](crate::table::RendersTable::claim) and [`commit`](crate::table::RendersTable::commit);
/// [`Error::IdempotencyKeyInvalid`], [`Error::IdempotencyUnavailable`]; the failure of `run`.
pub(super) async fn once<T>(
    app: &App,
    caller: &Caller,
    request: &Request,
    route: &str,
    weight: u32,
    deadline: Deadline,
    run: impl AsyncFnOnce(Option<&Lease>, Instant) -> Result<(T, Render), Error>,
) -> Result<Once<T>, Error> {
    let key = idempotency_key(request)?;
    let Some(table) = &app.table else {
        return match key {
            Some(_) => Err(Error::IdempotencyUnavailable),
            None => Ok(Once::Now(run(None, deadline.settle_by).await?.0, None)),
        };
    };
    app.expect_invocation().await;
    let digested: [&[u8]; 2] = [route.as_bytes(), request.body()];
    let claim = match table
        .claim(caller, key.as_ref(), &digested, weight, deadline)
        .await?
    {
        Claimed::New(claim) => claim,
        Claimed::Replayed(earlier) => return Ok(Once::Earlier(earlier)),
    };
    if claim.is_empty() {
        app.expect_record(table).await;
    }
    let patience = deadline.act_by.min(Instant::now() + QUOTA_PATIENCE);
    let quota_left = table.quota_left(&claim, patience);
    let (outcome, quota) = tokio::join!(run(claim.lease(), deadline.act_by), quota_left);
    match outcome {
        Ok((started, render)) => {
            record(app, table, caller, &claim, &render, deadline.settle_by).await?;
            Ok(Once::Now(started, quota))
        }
        Err(error) => {
            table
                .roll_back(*claim, error.aftermath(), deadline.settle_by)
                .await;
            Err(error)
        }
    }
}

/// Writes down what was started, and what is known of its end.
async fn record(
    app: &App,
    table: &RendersTable,
    caller: &Caller,
    claim: &Claim,
    render: &Render,
    deadline: Instant,
) -> Result<(), Error> {
    let owner = &caller.owner;
    let end = render.end.as_ref();
    let event = end.and_then(|end| settle::told(app, owner, render, end));
    let due_at = app.look_at(render);
    let committed = table
        .commit(owner, claim, render, due_at, event.as_deref(), deadline)
        .await;
    if let Some(end) = &render.end {
        settle::log(render, end);
        // A still's function has stopped by now.
        if let Some(lease) = claim.lease() {
            settle::free(table, owner, lease, deadline).await;
        }
    }
    committed
}

/// Tells the caller that the answer is that of an earlier request.
pub(super) fn replayed(success: Success) -> Success {
    success.with(
        HeaderName::from_static("idempotent-replayed"),
        HeaderValue::from_static("true"),
    )
}

/// Whether what was to be taken in may wait now, so that what was sent for it must be kept.
pub(super) const fn may_be_in(taken_in: &Result<TakenIn, Error>) -> bool {
    matches!(taken_in, Ok(TakenIn::Now) | Err(Error::TakeInUnknown(_)))
}

pub(super) fn idempotency_key(request: &Request) -> Result<Option<IdempotencyKey>, Error> {
    let key = request.headers().get("idempotency-key");
    key.map(|value| IdempotencyKey::try_from(value.as_bytes()))
        .transpose()
}
