//! `POST /still`: renders one frame within the request, and records it like a render.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use remotion_lambda::json::Object;
use remotion_lambda::options::still;
use remotion_lambda::progress::Location;
use remotion_lambda::routines::still::StillReply;
use remotion_lambda::{StillPayload, Version};
use serde::Serialize;
use tokio::time::Instant;

use super::once::{Once, once, replayed};
use crate::access::identity::Caller;
use crate::deadline::Deadline;
use crate::error::{Error, cause};
use crate::gateway::body;
use crate::gateway::response::{About, Success};
use crate::order::{output_elsewhere, refuse_too_new, refuse_unknown, saved_as, too_new};
use crate::render::end::{End, Final};
use crate::render::labels::Labels;
use crate::render::lease::Lease;
use crate::render::sent::Sent;
use crate::render::{Kind, Output, Phase, Render};
use crate::{App, clock};

/// Exactly these five keys.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StillBody<'a> {
    message: &'static str,
    bucket_name: &'a str,
    render_id: &'a str,
    /// `null` where another provider than AWS has it.
    output_url: Option<String>,
    size_in_bytes: u64,
}

/// Renders the still that the caller asks for, on top of the operator's defaults.
///
/// # Errors
///
/// What is wrong with the request; what a claim is refused for; how the render function fails.
pub async fn still(
    app: &App,
    caller: &Caller,
    request: &Request,
    deadline: Deadline,
) -> Result<Success, Error> {
    let asked = body::object(request)?;
    let options = app.policy.still_options(&asked, caller)?;
    let payload = StillPayload::new(options)?;
    refuse_too_new(app, &asked, &payload.options().shared)?;
    refuse_unknown(app, composition(&payload))?;
    let run = async |_: Option<&Lease>, deadline| run(app, caller, &asked, payload, deadline).await;
    match once(app, caller, request, "POST /still", 1, deadline, run).await? {
        Once::Now(still, quota) => Ok(success(app, &still).await.with_quota(quota.as_ref())),
        Once::Earlier(earlier) => {
            let still = app
                .table()?
                .find(&caller.owner, earlier.render()?, deadline.settle_by)
                .await?;
            Ok(replayed(success(app, &still).await))
        }
    }
}

async fn run(
    app: &App,
    caller: &Caller,
    asked: &Object<'_>,
    mut payload: StillPayload,
    deadline: Instant,
) -> Result<(Render, Render), Error> {
    if let Some(props) = payload.oversized_props() {
        payload.input_props = app.put_props(props, deadline).await?;
    }
    let too_new = |version: &Version| too_new(asked, &payload.options().shared, version);
    let (reply, version) = app.function.run(&payload, too_new, deadline).await?;
    let still = record(app, caller, asked, &payload, reply, version);
    Ok((still.clone(), still))
}

fn record(
    app: &App,
    caller: &Caller,
    asked: &Object<'_>,
    payload: &StillPayload,
    reply: StillReply,
    version: Version,
) -> Render {
    let options = &payload.options().shared;
    let now = clock::now_ms();
    let elsewhere = options.out_name.as_ref().and_then(output_elsewhere);
    let place = elsewhere.unwrap_or_else(|| Output {
        location: Location {
            bucket: reply.bucket_name.clone(),
            key: reply.out_key.clone(),
        },
        in_aws: true,
    });
    let labels = Labels::of(asked).unwrap_or_default();
    let extension = still::extensions(payload.options().effective_image_format())[0];
    Render {
        id: reply.render_id.clone().into(),
        phase: Phase::Started(reply.render_id),
        kind: Kind::Still,
        user: caller.user.clone(),
        actor: caller.actor.clone(),
        batch: None,
        saved_as: saved_as(&labels, options, extension),
        labels,
        sent: Sent::of(asked),
        bucket_name: reply.bucket_name,
        function_name: app.function.name().as_str().to_owned(),
        version,
        composition: composition(payload).to_owned(),
        cancellable: false,
        started_at: now,
        launched_at: None,
        deleting: false,
        separate_audio: None,
        artifacts: reply.artifacts,
        lease: None,
        end: Some(End {
            status: Final::Done,
            finished_at: now,
            frames: 1,
            costs: reply.estimated_price,
            output: Some(place.location.clone()),
            output_size_in_bytes: Some(reply.size_in_bytes),
            error: None,
        }),
        output: Some(place),
    }
}

fn composition(payload: &StillPayload) -> &str {
    let composition = payload.options().shared.composition.as_ref();
    composition.map_or("", |id| id.as_str())
}

async fn success(app: &App, still: &Render) -> Success {
    let end = still.end.as_ref();
    // It is made, and paid for: its status has the link as well.
    let output_url = app.output_url(still).await.unwrap_or_else(|error| {
        let cause = cause(&error);
        tracing::warn!(
            render.id = still.id.as_str(),
            error.cause = cause,
            "A still could not be linked: {error}"
        );
        None
    });
    let body = StillBody {
        message: "SUCCESS",
        bucket_name: &still.bucket_name,
        render_id: still.id.as_str(),
        output_url,
        size_in_bytes: end
            .and_then(|end| end.output_size_in_bytes)
            .unwrap_or_default(),
    };
    Success::json(StatusCode::OK, &body).about(About {
        render_id: Some(still.id.clone()),
        ..About::default()
    })
}
