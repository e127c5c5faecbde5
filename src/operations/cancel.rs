//! `POST /render/{renderId}/cancel`: asks a render to stop.

use lambda_http::http::StatusCode;
use serde_json::json;
use tokio::time::Instant;

use crate::error::Error;
use crate::http::Success;
use crate::identity::Caller;
use crate::remotion::RenderId;
use crate::{App, clock};

/// Writes Remotion's cancel signal, which each of the render's functions looks for once a second.
///
/// # Errors
///
/// [`Error::NoSuchRender`], [`Error::CancellationDisabled`], [`Error::LedgerAbsent`], and AWS's.
pub async fn cancel(
    app: &App,
    caller: &Caller,
    id: &RenderId,
    deadline: Instant,
) -> Result<Success, Error> {
    let render = app.ledger()?.find(caller, id, deadline).await?;
    if !render.cancellable {
        return Err(Error::CancellationDisabled);
    }
    app.storage
        .cancel(&render.bucket_name, id, clock::now_ms(), deadline)
        .await?;
    Ok(Success::json(
        StatusCode::ACCEPTED,
        &json!({"message": "SUCCESS", "renderId": id}),
    ))
}
