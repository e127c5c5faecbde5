//! `POST /render/{renderId}/cancel`: asks a render to stop.

use lambda_http::http::StatusCode;
use serde_json::json;

use crate::access::identity::Caller;
use crate::deadline::Deadline;
use crate::ends::settle::{Written, end_unstarted};
use crate::error::Error;
use crate::gateway::response::Success;
use crate::overview::Found;
use crate::render::end::{End, Final};
use crate::render::id::Id;
use crate::render::{Kind, Phase, Render};
use crate::{App, clock};

/// Writes Remotion's cancel signal, which each of the render's functions looks for once a second.
///
/// # Errors
///
/// [`Error::RenderNotFound`], [`Error::RenderOver`], [`Error::CancellationDisabled`], [`Error::RenderStarting`],
/// [`Error::RendersTableNotConfigured`], [`Error::Call`].
pub async fn cancel(
    app: &App,
    caller: &Caller,
    id: &Id,
    deadline: Deadline,
) -> Result<Success, Error> {
    let mut found = Found::find(app, caller, id, deadline.settle_by).await?;
    if found.render.phase == Phase::Waiting && found.render.end.is_none() {
        if take_out(app, caller, &found.render, deadline).await? {
            return Ok(accepted(id));
        }
        // It has been started meanwhile.
        found = Found::find(app, caller, id, deadline.settle_by).await?;
    }
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
    let Some(remotion_id) = render.remotion_id() else {
        return Err(Error::RenderStarting);
    };
    let now = clock::now_ms();
    app.storage
        .cancel(&render.bucket_name, remotion_id, now, deadline.settle_by)
        .await?;
    Ok(accepted(id))
}

/// Takes a render out of the queue; `false` where it does not wait any more.
async fn take_out(
    app: &App,
    caller: &Caller,
    render: &Render,
    deadline: Deadline,
) -> Result<bool, Error> {
    let end = End::before_its_start(Final::Cancelled, None, clock::now_ms());
    let table = app.table()?;
    let ended = end_unstarted(app, table, &caller.owner, render, &end, deadline.settle_by);
    Ok(matches!(ended.await?, Written::First(_)))
}

fn accepted(id: &Id) -> Success {
    Success::json(
        StatusCode::ACCEPTED,
        &json!({"message": "SUCCESS", "renderId": id}),
    )
}
