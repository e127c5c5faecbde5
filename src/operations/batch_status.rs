//! `GET /batches/{batchId}`: how many renders of a batch wait, have started and have ended.

use lambda_http::http::StatusCode;
use remotion_lambda::Costs;
use serde::Serialize;

use crate::App;
use crate::access::identity::Caller;
use crate::batch::BatchId;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::Success;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchBody<'a> {
    batch_id: &'a BatchId,
    total: u32,
    waiting: u32,
    started: u32,
    done: u32,
    /// Those that ran out of time too.
    failed: u32,
    cancelled: u32,
    costs: Costs,
    /// In milliseconds since 1970.
    started_at: u64,
    /// `null` as long as one of them has not ended.
    finished_at: Option<u64>,
}

/// Tells how a batch stands.
///
/// # Errors
///
/// [`Error::BatchNotFound`], [`Error::RendersTableNotConfigured`], [`Error::Call`].
pub async fn batch_status(
    app: &App,
    caller: &Caller,
    id: &BatchId,
    deadline: Deadline,
) -> Result<Success, Error> {
    let batch = app
        .table()?
        .batch(&caller.owner, id, deadline.settle_by)
        .await?;
    if !caller.may_see_that_of(&batch.user) {
        return Err(Error::BatchNotFound);
    }
    let body = BatchBody {
        batch_id: id,
        total: batch.total,
        waiting: batch.waiting,
        started: batch.started,
        done: batch.done,
        failed: batch.failed,
        cancelled: batch.cancelled,
        costs: Costs::sum(batch.costs, app.remotion_region()),
        started_at: batch.started_at,
        finished_at: batch.finished_at,
    };
    Ok(Success::json(StatusCode::OK, &body))
}
