//! `GET /render/{renderId}`: how a render or a still of the caller's stands.

use lambda_http::http::StatusCode;
use lambda_http::http::header::{HeaderValue, RETRY_AFTER};
use remotion_lambda::progress::{Artifact, Location};
use remotion_lambda::{Overview, Status};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::App;
use crate::access::identity::Caller;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::{About, Success};
use crate::overview::Found;
use crate::render::Render;
use crate::render::id::Id;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusBody<'a> {
    #[serde(flatten)]
    overview: &'a Overview,
    /// Remotion's own id of it.
    remotion_render_id: &'a str,
    kind: &'static str,
    composition: &'a str,
    name: Option<&'a str>,
    custom_data: Option<&'a RawValue>,
    /// `null` until it is done, and where another provider than AWS has it.
    output_url: Option<String>,
    artifacts: Vec<LinkedArtifact>,
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
    let mut overview = found
        .overview_and_end(app, caller, deadline.settle_by)
        .await?;
    let render = found.render;
    render.id.as_str().clone_into(&mut overview.render_id);
    let output = overview
        .output
        .as_ref()
        .filter(|output| render.is_its(output));
    let body = StatusBody {
        remotion_render_id: render.remotion_id.as_str(),
        kind: render.kind.as_str(),
        composition: &render.composition,
        name: render.labels.name.as_deref(),
        custom_data: render.labels.custom_data_json(),
        output_url: match output {
            Some(output) => Some(app.link(&render, output).await?),
            None => None,
        },
        artifacts: linked_artifacts(app, &render, &overview).await?,
        overview: &overview,
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
        success.with(RETRY_AFTER, HeaderValue::from_static("1"))
    })
}

async fn linked_artifacts(
    app: &App,
    render: &Render,
    overview: &Overview,
) -> Result<Vec<LinkedArtifact>, Error> {
    let own = |artifact: &&Artifact| {
        render.is_its(&Location {
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
    let separate_audio = render.separate_audio.as_ref();
    if let Some(name) = separate_audio.filter(|_| overview.status == Status::Done) {
        let key = format!("renders/{}/{name}", render.remotion_id);
        linked.push(LinkedArtifact {
            name: name.clone(),
            size_in_bytes: None,
            url: app.storage.signed_url(&render.bucket_name, &key).await?,
        });
    }
    Ok(linked)
}
