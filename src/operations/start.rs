//! `POST /render`: starts a render, once for each `Idempotency-Key`.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use remotion_lambda::json::Object;
use remotion_lambda::progress::Location;
use remotion_lambda::routines::start::MAX_INLINE_PROPS;
use remotion_lambda::{OutName, StartPayload, Started, Version};
use serde::Serialize;
use tokio::time::Instant;

use super::compositions::refuse_unknown;
use super::once::{Once, once, refuse_too_new, replayed, too_new};
use crate::access::identity::Caller;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::body;
use crate::gateway::response::{About, Success};
use crate::table::{Kind, Output, Render};
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
    let run = async |deadline| run(app, &asked, payload, deadline).await;
    match once(app, caller, request, "POST /render", deadline, run).await? {
        Once::Now(started, quota) => Ok(success(&started).with_quota(quota.as_ref())),
        Once::Earlier(started) => Ok(replayed(success(&started))),
    }
}

async fn run(
    app: &App,
    asked: &Object<'_>,
    mut payload: StartPayload,
    deadline: Instant,
) -> Result<(Started, Render), Error> {
    if let Some(props) = payload.take_oversized_props() {
        payload.input_props = app.put_props(props, MAX_INLINE_PROPS, deadline).await?;
    }
    let too_new = |version: &Version| too_new(asked, payload.options(), version);
    let (started, version) = app.function.run(&payload, too_new, deadline).await?;
    let render = record(app, &payload, &started, version);
    Ok((started, render))
}

fn record(app: &App, payload: &StartPayload, started: &Started, version: Version) -> Render {
    let options = payload.options();
    let ignored = options.newer_than(version.release());
    let ignored = |option: &str| ignored.iter().any(|newer| newer.option == option);
    Render {
        id: started.render_id.clone(),
        kind: Kind::Render,
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
    }
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
        size_in_bytes: None,
        costs: None,
    })
}

fn composition(payload: &StartPayload) -> &str {
    let composition = payload.options().composition.as_ref();
    composition.map_or("", |id| id.as_str())
}

fn success(started: &Started) -> Success {
    let body = StartedBody {
        message: "SUCCESS",
        bucket_name: &started.bucket_name,
        render_id: started.render_id.as_str(),
    };
    Success::json(StatusCode::OK, &body).about(About {
        render_id: Some(started.render_id.clone()),
        ..About::default()
    })
}
