//! `DELETE /render/{renderId}`: deletes a caller's render or still that can no longer run.

use lambda_http::http::StatusCode;
use remotion_lambda::progress::Location;
use tokio::time::Instant;

use crate::App;
use crate::access::identity::Caller;
use crate::aws::service::Service;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::Success;
use crate::overview::Found;
use crate::render::id::Id;

/// Deletes its files, and then the record: until all is done, a repetition finds it and goes on.
///
/// # Errors
///
/// [`Error::RenderNotFound`], [`Error::RenderRunning`], [`Error::RenderMayStart`], [`Error::StateUnreadable`],
/// [`Error::StateTooLarge`], [`Error::RendersTableNotConfigured`], [`Error::Call`].
pub async fn delete(
    app: &App,
    caller: &Caller,
    id: &Id,
    deadline: Deadline,
) -> Result<Success, Error> {
    let deadline = deadline.settle_by;
    let table = app.table()?;
    let mut found = Found::find(app, caller, id, deadline).await?;
    if !found.render.deleting {
        end(app, caller, &mut found, deadline).await?;
        table.mark_deleting(&caller.owner, id, deadline).await?;
    }
    let render = found.render;
    for file in render.elsewhere() {
        delete_elsewhere(app, file, deadline).await?;
    }
    if let Some(remotion_id) = render.remotion_id() {
        app.storage
            .delete_render(&render.bucket_name, remotion_id, deadline)
            .await?;
    }
    table.forget(&caller.owner, &render, deadline).await?;
    Ok(Success::empty(StatusCode::NO_CONTENT))
}

/// Its end is written before anything of it is deleted: afterwards nobody would know of it.
async fn end(
    app: &App,
    caller: &Caller,
    found: &mut Found,
    deadline: Instant,
) -> Result<(), Error> {
    let overview = match found.overview(app, deadline).await {
        // A state that cannot be read must not be kept for ever.
        Err(Error::StateUnreadable(_) | Error::StateTooLarge { .. })
            if found.is_surely_over(app) =>
        {
            found.without_a_state(app)
        }
        overview => overview?,
    };
    if overview.status.is_final() {
        return found.end(app, caller, &overview, deadline).await;
    }
    Err(if overview.may_start {
        Error::RenderMayStart {
            seconds: found.may_start_for(app),
        }
    } else {
        Error::RenderRunning
    })
}

/// Deletes a file in the operator's own place. Only the configured bucket is surely one that the role may use.
async fn delete_elsewhere(app: &App, file: &Location, deadline: Instant) -> Result<(), Error> {
    let configured = app
        .output_bucket
        .as_ref()
        .is_some_and(|bucket| bucket.as_str() == file.bucket);
    match app.storage.delete(file, deadline).await {
        Err(error) if !configured && error.failure.is_about_it() => Ok(()),
        outcome => Ok(outcome.map_err(|error| Service::OutputBucket.failed(error))?),
    }
}
