//! `DELETE /render/{renderId}`: deletes a render of the caller's that is over.

use lambda_http::http::StatusCode;
use tokio::time::Instant;

use super::status::overview;
use crate::App;
use crate::error::Error;
use crate::http::Success;
use crate::identity::Caller;
use crate::remotion::RenderId;

/// Deletes its files, the output among them unless the operator has it put elsewhere, and then the record: until all is
/// done, a repetition finds it and goes on.
///
/// # Errors
///
/// [`Error::NoSuchRender`], [`Error::RenderRunning`], [`Error::LedgerAbsent`], and AWS's.
pub async fn delete(
    app: &App,
    caller: &Caller,
    id: &RenderId,
    deadline: Instant,
) -> Result<Success, Error> {
    let ledger = app.ledger()?;
    let render = ledger.find(caller, id, deadline).await?;
    if !render.deleting {
        if !overview(app, &render, deadline).await?.status.is_final() {
            return Err(Error::RenderRunning);
        }
        ledger.mark_deleting(caller, id, deadline).await?;
    }
    app.storage
        .delete_render(&render.bucket_name, id, deadline)
        .await?;
    ledger.forget(caller, id, deadline).await?;
    Ok(Success::empty(StatusCode::NO_CONTENT))
}
