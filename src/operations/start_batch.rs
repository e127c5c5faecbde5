//! `POST /batches`: takes in many renders of shared options.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use remotion_lambda::json::{Object, Violation};
use serde::Serialize;

use super::once::{idempotency_key, may_be_in, replayed};
use crate::access::identity::Caller;
use crate::batch::{Batch, BatchId};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::body;
use crate::gateway::response::Success;
use crate::items::Items;
use crate::order::Order;
use crate::table::{Arrival, Earlier, EarlierId, TakenIn};
use crate::{App, clock, kept};

/// Its name in digests of requests.
const ROUTE: &str = "POST /batches";

/// The most that is told of what is wrong, and the most items that are looked at which are wrong.
const MAX_VIOLATIONS: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TakenInBody<'a> {
    message: &'static str,
    bucket_name: &'a str,
    batch_id: &'a BatchId,
}

/// Takes the batch in: its renders start as there is room, each at most once.
///
/// # Errors
///
/// [`Error::RenderQueueNotConfigured`]; what is wrong with the request, of which nothing is taken in then; what a claim is refused
/// for; [`Error::Call`].
pub async fn start_batch(
    app: &App,
    caller: &Caller,
    request: &Request,
    deadline: Deadline,
) -> Result<Success, Error> {
    let bucket_name = match (&app.queue, &app.bucket_name) {
        (Some(_), Some(bucket_name)) => bucket_name.as_str(),
        _ => return Err(Error::RenderQueueNotConfigured),
    };
    let key = idempotency_key(request)?;
    let asked = body::object(request)?;
    let total = checked(app, caller, &asked)?;
    let table = app.table()?;
    let batch = Batch::new(caller, bucket_name.to_owned(), total, clock::now_ms());
    let body = request.body().to_vec();
    app.storage
        .put(bucket_name, batch.object(), body, deadline.act_by)
        .await?;
    let digested: [&[u8]; 2] = [ROUTE.as_bytes(), request.body()];
    let arrival = Arrival::Batch(&batch);
    let taken_in = table.take_in(caller, key.as_ref(), &digested, arrival, deadline);
    let taken_in = taken_in.await;
    if !may_be_in(&taken_in) {
        kept::forget_batch(app, &batch, deadline.settle_by).await;
    }
    match taken_in? {
        TakenIn::Now => {
            if let Some(dispatcher) = &app.dispatcher {
                dispatcher.wake(deadline.settle_by).await;
            }
            Ok(success(bucket_name, &batch.id))
        }
        TakenIn::Earlier(Earlier {
            bucket_name,
            id: EarlierId::Batch(id),
            ..
        }) => Ok(replayed(success(&bucket_name, &id))),
        TakenIn::Earlier(_) => Err(Error::IdempotencyKeyReused),
    }
}

/// How many renders the batch has, each of which may be started.
fn checked(app: &App, caller: &Caller, asked: &Object<'_>) -> Result<u32, Error> {
    let items = Items::of(asked)?;
    let mut wrong = Vec::new();
    let mut only_reserved = true;
    let mut faulty = 0;
    for index in 0..items.count() {
        let Some(whole) = items.whole(index).filter(|_| faulty < MAX_VIOLATIONS) else {
            break;
        };
        let violations = match Order::of(app, caller, &whole) {
            Ok(_) => continue,
            Err(Error::OptionReserved(violations)) => violations,
            Err(error) => {
                only_reserved = false;
                placed(error)?
            }
        };
        faulty += 1;
        for violation in violations {
            let violation = items.placed(index, violation);
            // What all share is wrong once.
            if wrong.len() < MAX_VIOLATIONS && !wrong.contains(&violation) {
                wrong.push(violation);
            }
        }
    }
    if wrong.is_empty() {
        return Ok(items.count());
    }
    Err(if only_reserved {
        Error::OptionReserved(wrong)
    } else {
        Error::InvalidOptions(wrong)
    })
}

/// Where in an item it is that it is wrong.
///
/// # Errors
///
/// What is not about a place.
fn placed(error: Error) -> Result<Vec<Violation>, Error> {
    let detail = error.to_string();
    match error {
        Error::InvalidOptions(violations) => Ok(violations),
        Error::CompositionNotAllowed(_) => Ok(vec![Violation::at("composition", detail)]),
        Error::OptionNeedsRelease { newer, .. } => {
            let at = newer
                .iter()
                .map(|newer| Violation::at(newer.option, &detail));
            Ok(at.collect())
        }
        error => Err(error),
    }
}

fn success(bucket_name: &str, batch_id: &BatchId) -> Success {
    let body = TakenInBody {
        message: "QUEUED",
        bucket_name,
        batch_id,
    };
    Success::json(StatusCode::ACCEPTED, &body)
}
