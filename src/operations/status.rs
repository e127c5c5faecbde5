//! `GET /render/{renderId}`: the status of a caller's render or still.

use lambda_http::http::StatusCode;
use lambda_http::http::header::RETRY_AFTER;
use remotion_lambda::progress::{Artifact, Location};
use remotion_lambda::{Costs, Overview, RenderError, RenderId, Status};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::access::identity::Caller;
use crate::batch::BatchId;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::{About, Success};
use crate::overview::Found;
use crate::pace::Pace;
use crate::render::id::Id;
use crate::render::{Phase, Render};
use crate::{App, clock};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusBody<'a> {
    render_id: &'a str,
    /// `null` until it has been started.
    remotion_render_id: Option<&'a str>,
    kind: &'static str,
    name: Option<&'a str>,
    composition: &'a str,
    bucket_name: &'a str,
    status: Told,
    /// How many wait before it, at most so many as are counted; `null` where it does not wait.
    waiting_before: Option<u32>,
    overall_progress: f64,
    /// By the frames, from 0 to 1.
    progress: f64,
    /// By the frames, in milliseconds; `null` where there is nothing to go by.
    time_left: Option<u64>,
    frames_rendered: u64,
    frames_total: Option<u64>,
    frames_encoded: u64,
    chunks: u64,
    chunks_total: Option<u64>,
    costs: Option<&'a Costs>,
    started_at: Option<u64>,
    finished_at: Option<u64>,
    time_to_finish: Option<u64>,
    timeout_at: Option<u64>,
    errors: &'a [RenderError],
    output_size_in_bytes: Option<u64>,
    /// `null` until it is done, and where another provider than AWS has it.
    output_url: Option<String>,
    artifacts: Vec<LinkedArtifact>,
    custom_data: Option<&'a RawValue>,
    batch_id: Option<&'a str>,
    /// What the caller has sent, but for the props; `null` where it is not kept.
    options: Option<&'a RawValue>,
    /// `null` where they are not kept.
    input_props: Option<&'a RawValue>,
}

/// A status: what Remotion's state says, or that the render waits here.
#[derive(Serialize)]
#[serde(untagged)]
enum Told {
    Waiting(&'static str),
    Remotions(Status),
}

/// A file that was made with the output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LinkedArtifact {
    name: String,
    /// `null` where Remotion does not say.
    size_in_bytes: Option<u64>,
    url: String,
}

/// Reads the state that Remotion keeps in its bucket; the render function is not asked.
///
/// # Errors
///
/// [`Error::RenderNotFound`], [`Error::RendersTableNotConfigured`], [`Error::StateUnreadable`], [`Error::StateTooLarge`],
/// [`Error::Call`].
pub async fn status(
    app: &App,
    caller: &Caller,
    id: &Id,
    deadline: Deadline,
) -> Result<Success, Error> {
    let mut found = Found::find(app, caller, id, deadline.settle_by).await?;
    let overview = found
        .overview_and_end(app, caller, deadline.settle_by)
        .await?;
    let render = found.render;
    let output = overview
        .output
        .as_ref()
        .filter(|output| render.is_its(output));
    let waits = render.phase == Phase::Waiting && render.end.is_none();
    let waiting_before = if waits {
        let before = app
            .table()?
            .waiting_before(&caller.owner, id, deadline.settle_by);
        Some(before.await?)
    } else {
        None
    };
    let pace = Pace::of(&overview, clock::now_ms());
    let sent = render.sent.as_ref();
    let body = StatusBody {
        render_id: render.id.as_str(),
        remotion_render_id: render.remotion_id().map(RenderId::as_str),
        kind: render.kind.as_str(),
        name: render.labels.name.as_deref(),
        composition: &render.composition,
        bucket_name: &render.bucket_name,
        status: if waits {
            Told::Waiting(render.status())
        } else {
            Told::Remotions(overview.status)
        },
        waiting_before,
        overall_progress: overview.overall_progress,
        progress: pace.progress,
        time_left: pace.time_left,
        frames_rendered: overview.frames_rendered,
        frames_total: overview.frames_total,
        frames_encoded: overview.frames_encoded,
        chunks: overview.chunks,
        chunks_total: overview.chunks_total,
        costs: overview.costs.as_ref(),
        started_at: overview.started_at,
        finished_at: overview.finished_at,
        time_to_finish: overview.time_to_finish,
        timeout_at: overview.timeout_at,
        errors: &overview.errors,
        output_size_in_bytes: overview.output_size_in_bytes,
        output_url: match output {
            Some(output) => Some(app.link(&render, output).await?),
            None => None,
        },
        artifacts: linked_artifacts(app, &render, &overview).await?,
        custom_data: render.labels.custom_data_json(),
        batch_id: render.batch.as_ref().map(BatchId::as_str),
        options: sent.and_then(|sent| serde_json::from_str(&sent.options).ok()),
        input_props: sent.and_then(|sent| serde_json::from_str(sent.input_props.as_deref()?).ok()),
    };
    let ended_badly = match overview.status {
        Status::Failed => Some("failed"),
        Status::TimedOut => Some("timed_out"),
        _ => None,
    };
    let success = Success::json(StatusCode::OK, &body).about(About {
        render_id: None,
        ended: ended_badly,
        render_function: ended_badly.map(|_| render.function_name.clone()),
    });
    Ok(if overview.status.is_final() {
        success
    } else {
        success.with(RETRY_AFTER, ask_again_in(waiting_before).into())
    })
}

/// In how many seconds to ask again. To count what waits before a render reads all of it: the longer the queue, the less often.
fn ask_again_in(waiting_before: Option<u32>) -> u32 {
    waiting_before.map_or(1, |before| (before / 10).clamp(5, 30))
}

async fn linked_artifacts(
    app: &App,
    render: &Render,
    overview: &Overview,
) -> Result<Vec<LinkedArtifact>, Error> {
    // What `deleteAfter` has taken is not linked, wherever the output is.
    let now = clock::now_ms();
    let is_there = |file: &Location| render.is_its(file) && !render.has_lost(file, now);
    let own = |artifact: &&Artifact| {
        is_there(&Location {
            bucket: render.bucket_name.clone(),
            key: artifact.key.clone(),
        })
    };
    let mut linked = Vec::new();
    for artifact in overview.artifacts.iter().filter(own) {
        linked.push(LinkedArtifact {
            name: artifact.name.clone(),
            size_in_bytes: Some(artifact.size_in_bytes),
            url: app
                .storage
                .signed_url(&render.bucket_name, &artifact.key)
                .await?,
        });
    }
    let separate_audio = render.separate_audio_file().filter(is_there);
    if let Some(file) = separate_audio.filter(|_| overview.status == Status::Done) {
        linked.push(LinkedArtifact {
            name: file.key.rsplit('/').next().unwrap_or_default().to_owned(),
            size_in_bytes: None,
            url: app.storage.signed_url(&file.bucket, &file.key).await?,
        });
    }
    Ok(linked)
}
