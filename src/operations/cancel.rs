//! `POST /render/{renderId}/cancel`: asks a render to stop.

use lambda_http::http::StatusCode;
use serde_json::json;

use crate::access::identity::Caller;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::Success;
use crate::overview::Found;
use crate::render::Kind;
use crate::render::id::Id;
use crate::{App, clock};

/// Writes Remotion's cancel signal, which each of the render's functions looks for once a second.
///
/// # Errors
///
/// [`Error::RenderNotFound`], [`Error::RenderOver`], [`Error::CancellationDisabled`],
/// [`Error::RendersTableNotConfigured`], [`Error::Call`].
pub async fn cancel(
    app: &App,
    caller: &Caller,
    id: &Id,
    deadline: Deadline,
) -> Result<Success, Error> {
    let mut found = Found::find(app, caller, id, deadline.settle_by).await?;
    let is_over = match found
        .overview_and_end(app, caller, deadline.settle_by)
        .await
    {
        Ok(overview) => overview.status.is_final(),
        // Whoever runs on although the state cannot be read may be stopped.
        Err(Error::StateUnreadable(_) | Error::StateTooLarge { .. }) => false,
        Err(error) => return Err(error),
    };
    let render = found.render;
    if is_over || render.kind == Kind::Still {
        return Err(Error::RenderOver);
    }
    if !render.cancellable {
        return Err(Error::CancellationDisabled);
    }
    app.storage
        .cancel(
            &render.bucket_name,
            &render.remotion_id,
            clock::now_ms(),
            deadline.settle_by,
        )
        .await?;
    Ok(Success::json(
        StatusCode::ACCEPTED,
        &json!({"message": "SUCCESS", "renderId": id}),
    ))
}
