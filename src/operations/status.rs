//! `GET /render/{renderId}`: how a render of the caller's stands.

use lambda_http::http::StatusCode;
use lambda_http::http::header::{HeaderValue, RETRY_AFTER};
use serde::Serialize;
use tokio::time::Instant;

use crate::error::Error;
use crate::http::Success;
use crate::identity::Caller;
use crate::ledger::Render;
use crate::remotion::{Overview, Poll, Progress, RenderId, Status};
use crate::{App, clock};

/// Longer than any function may run, in milliseconds: a render without a state by then has lost it.
const LOST_AFTER: u64 = 20 * 60 * 1_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusBody<'a> {
    #[serde(flatten)]
    overview: &'a Overview,
    composition: &'a str,
    /// `null` until it is done, and where the operator has the output put elsewhere.
    output_url: Option<String>,
}

/// Reads the state that Remotion keeps in its bucket; the render function is not asked.
///
/// # Errors
///
/// [`Error::NoSuchRender`], [`Error::StateUnreadable`], [`Error::LedgerAbsent`], and AWS's.
pub async fn status(
    app: &App,
    caller: &Caller,
    id: &RenderId,
    deadline: Instant,
) -> Result<Success, Error> {
    let render = app.ledger()?.find(caller, id, deadline).await?;
    let overview = overview(app, &render, deadline).await?;
    // The role reaches Remotion's bucket alone.
    let output = overview
        .output
        .as_ref()
        .filter(|output| output.bucket == render.bucket_name);
    let output_url = match output {
        Some(output) => Some(app.storage.signed_url(&output.bucket, &output.key).await?),
        None => None,
    };
    let body = StatusBody {
        overview: &overview,
        composition: &render.composition,
        output_url,
    };
    let success = Success::json(StatusCode::OK, &body);
    Ok(if overview.status.is_final() {
        success
    } else {
        success.with(RETRY_AFTER, HeaderValue::from_static("1"))
    })
}

/// How a render stands, by its state, and by its output where the state does not tell.
///
/// # Errors
///
/// As for [`status`].
pub async fn overview(app: &App, render: &Render, deadline: Instant) -> Result<Overview, Error> {
    let file = app
        .storage
        .progress(&render.bucket_name, &render.id, deadline)
        .await?;
    let progress = file
        .as_deref()
        .map_or_else(|| Ok(Progress::default()), Progress::parse)
        .map_err(Error::StateUnreadable)?;
    let poll = Poll {
        render_id: render.id.as_str(),
        bucket_name: &render.bucket_name,
        function_name: &render.function_name,
        region: app.region(),
        now: clock::now_ms(),
    };
    let output_size = match progress.undecided_output(&poll) {
        Some(output) => {
            app.storage
                .size(&output.bucket, &output.key, deadline)
                .await?
        }
        None => None,
    };
    let mut overview = progress.overview(&poll, output_size);
    if file.is_none() && poll.now.saturating_sub(render.started_at) > LOST_AFTER {
        overview.status = Status::TimedOut;
    }
    Ok(overview)
}
