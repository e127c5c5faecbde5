//! `POST /batches/{batchId}/cancel`: asks the renders of a batch to stop.

use lambda_http::http::StatusCode;
use serde_json::json;

use crate::App;
use crate::access::identity::Caller;
use crate::batch::BatchId;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::Success;

/// Has what waits of it taken out of the queue, and what runs asked to stop, by whoever looks at the queue.
///
/// # Errors
///
/// [`Error::BatchNotFound`], [`Error::BatchOver`], [`Error::RendersTableNotConfigured`], [`Error::Call`].
pub async fn cancel_batch(
    app: &App,
    caller: &Caller,
    id: &BatchId,
    deadline: Deadline,
) -> Result<Success, Error> {
    let table = app.table()?;
    if caller.sees_only().is_some() {
        let batch = table.batch(&caller.owner, id, deadline.settle_by).await?;
        if !caller.may_see_that_of(&batch.user) {
            return Err(Error::BatchNotFound);
        }
    }
    table
        .cancel_batch(&caller.owner, id, deadline.settle_by)
        .await?;
    if let Some(dispatcher) = &app.dispatcher {
        dispatcher.wake(deadline.settle_by).await;
    }
    Ok(Success::json(
        StatusCode::ACCEPTED,
        &json!({"message": "SUCCESS", "batchId": id}),
    ))
}
