//! `POST /render`: starts a render, once for each `Idempotency-Key`.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use remotion_lambda::json::Object;
use remotion_lambda::options::codecs;
use remotion_lambda::options::objects::DownloadBehavior;
use remotion_lambda::progress::Location;
use remotion_lambda::routines::start::MAX_INLINE_PROPS;
use remotion_lambda::{OutName, RenderOptions, StartPayload, Started, Version};
use serde::Serialize;
use tokio::time::Instant;

use super::compositions::refuse_unknown;
use super::once::{Once, once, refuse_too_new, replayed, too_new};
use crate::access::identity::Caller;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::body;
use crate::gateway::response::{About, Success};
use crate::render::id::Id;
use crate::render::labels::Labels;
use crate::render::lease::Lease;
use crate::render::{Kind, Output, Render, SavedAs};
use crate::table::Earlier;
use crate::{App, clock};

/// Exactly these three keys.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StartedBody<'a> {
    message: &'static str,
    bucket_name: &'a str,
    render_id: &'a str,
}

/// Starts the render that the caller asks for, on top of the operator's defaults.
///
/// # Errors
///
/// What is wrong with the request; what a claim is refused for; how the render function fails.
pub async fn start(
    app: &App,
    caller: &Caller,
    request: &Request,
    deadline: Deadline,
) -> Result<Success, Error> {
    let asked = body::object(request)?;
    let options = app.policy.options(&asked, caller)?;
    let payload = StartPayload::new(options)?;
    refuse_too_new(app, &asked, payload.options())?;
    refuse_unknown(app, composition(&payload))?;
    let weight = app.weight(payload.options());
    let run = async |lease: Option<&Lease>, deadline| {
        run(app, caller, &asked, payload, lease, deadline).await
    };
    match once(app, caller, request, "POST /render", weight, deadline, run).await? {
        Once::Now(started, quota) => {
            let id = started.render_id.into();
            Ok(success(&started.bucket_name, id).with_quota(quota.as_ref()))
        }
        Once::Earlier(Earlier { bucket_name, id }) => Ok(replayed(success(&bucket_name, id))),
    }
}

async fn run(
    app: &App,
    caller: &Caller,
    asked: &Object<'_>,
    mut payload: StartPayload,
    lease: Option<&Lease>,
    deadline: Instant,
) -> Result<(Started, Render), Error> {
    if let Some(props) = payload.take_oversized_props() {
        payload.input_props = app.put_props(props, MAX_INLINE_PROPS, deadline).await?;
    }
    if payload.options().webhook.is_none() {
        *payload.webhook_mut() = app.webhook(caller, lease);
    }
    let too_new = |version: &Version| too_new(asked, payload.options(), version);
    let (started, version) = app.function.run(&payload, too_new, deadline).await?;
    let mut render = record(app, caller, asked, &payload, &started, version);
    render.lease = lease.cloned();
    Ok((started, render))
}

fn record(
    app: &App,
    caller: &Caller,
    asked: &Object<'_>,
    payload: &StartPayload,
    started: &Started,
    version: Version,
) -> Render {
    let options = payload.options();
    let ignored = options.newer_than(version.release());
    let ignored = |option: &str| ignored.iter().any(|newer| newer.option == option);
    let labels = Labels::of(asked).unwrap_or_default();
    Render {
        id: started.render_id.clone().into(),
        remotion_id: started.render_id.clone(),
        kind: Kind::Render,
        user: caller.user.clone(),
        saved_as: saved_as(&labels, options, extension(options)),
        labels,
        bucket_name: started.bucket_name.clone(),
        function_name: app.function.name().as_str().to_owned(),
        version,
        composition: composition(payload).to_owned(),
        cancellable: options.enable_cancellation == Some(true) && !ignored("enableCancellation"),
        started_at: clock::now_ms(),
        deleting: false,
        output: options.out_name.as_ref().and_then(output_elsewhere),
        separate_audio: match &options.separate_audio_to {
            Some(OutName::File(name)) => Some(name.as_str().to_owned()),
            _ => None,
        },
        lease: None,
        end: None,
    }
}

/// The ending of the output's name.
fn extension(options: &RenderOptions) -> &str {
    let given = match &options.out_name {
        Some(OutName::File(name)) => Some(name.as_str()),
        Some(OutName::Key(place)) => Some(place.value.key.as_str()),
        None => None,
    };
    let given = given.and_then(|name| name.rsplit_once('.'));
    let codec = options.effective_codec();
    let audio = codecs::audio_codec(options.audio_codec, codec);
    let usual = codecs::extensions(codec, audio).first().copied();
    given.map_or(usual.unwrap_or_default(), |(_, extension)| extension)
}

/// How a browser saves what has a name of the caller's, unless the caller has named the file itself.
pub(super) fn saved_as(
    labels: &Labels,
    options: &RenderOptions,
    extension: &str,
) -> Option<SavedAs> {
    let behavior = options.download_behavior.as_ref().map(|given| &given.value);
    let at_once = match behavior {
        Some(DownloadBehavior::Download { file_name: Some(_) }) => return None,
        Some(DownloadBehavior::Download { file_name: None }) => true,
        _ => false,
    };
    Some(SavedAs {
        file_name: labels.file_name(extension)?,
        at_once,
    })
}

/// The output's place, where it is not under the render's own prefix.
pub(super) fn output_elsewhere(out_name: &OutName) -> Option<Output> {
    let OutName::Key(destination) = out_name else {
        return None;
    };
    Some(Output {
        location: Location {
            bucket: destination.value.bucket_name.as_str().to_owned(),
            key: destination.value.key.as_str().to_owned(),
        },
        in_aws: destination.value.s3_output_provider.is_none(),
    })
}

fn composition(payload: &StartPayload) -> &str {
    let composition = payload.options().composition.as_ref();
    composition.map_or("", |id| id.as_str())
}

fn success(bucket_name: &str, id: Id) -> Success {
    let body = StartedBody {
        message: "SUCCESS",
        bucket_name,
        render_id: id.as_str(),
    };
    Success::json(StatusCode::OK, &body).about(About {
        render_id: Some(id),
        ..About::default()
    })
}
