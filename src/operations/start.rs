//! `POST /render`: starts a render, once for each `Idempotency-Key`.

use lambda_http::Request;
use lambda_http::http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use tokio::time::Instant;

use crate::error::Error;
use crate::http::{Success, deadline};
use crate::identity::Caller;
use crate::ledger::{Claimed, IdempotencyKey, Ledger, Render, SETTLING};
use crate::remotion::{StartPayload, Started, Version};
use crate::{App, body, clock};

const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

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
/// See [`Error`].
pub async fn start(app: &App, caller: &Caller, request: &Request) -> Result<Success, Error> {
    let deadline = deadline(request);
    let options = app.policy.options(&body::object(request)?)?;
    let payload = StartPayload::new(options).map_err(Error::InvalidOptions)?;
    match (&app.ledger, idempotency_key(request)?) {
        (Some(ledger), key) => {
            start_once(
                app,
                ledger,
                caller,
                (key.as_ref(), request.body()),
                payload,
                deadline,
            )
            .await
        }
        (None, None) => Ok(success(&run(app, payload, deadline).await?.0)),
        (None, Some(_)) => Err(Error::IdempotencyUnavailable),
    }
}

async fn start_once(
    app: &App,
    ledger: &Ledger,
    caller: &Caller,
    (key, body): (Option<&IdempotencyKey>, &[u8]),
    payload: StartPayload,
    deadline: Instant,
) -> Result<Success, Error> {
    let claim = match ledger.claim(caller, key, body, deadline).await? {
        Claimed::New(claim) => claim,
        Claimed::Replayed(started) => {
            return Ok(
                success(&started).with(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"))
            );
        }
    };
    let (composition, cancellable) = (payload.composition().to_owned(), payload.is_cancellable());
    match run(app, payload, deadline - SETTLING).await {
        Ok((started, version)) => {
            let render = Render {
                id: started.render_id.clone(),
                bucket_name: started.bucket_name.clone(),
                function_name: app.renderer.function_name().to_owned(),
                version,
                composition,
                cancellable,
                started_at: clock::now_ms(),
                deleting: false,
            };
            ledger.keep(caller, &claim, &render, deadline).await?;
            Ok(success(&started).with_quota(claim.quota()))
        }
        Err(error) => {
            ledger.settle(claim, &error, deadline).await;
            Err(error)
        }
    }
}

async fn run(
    app: &App,
    mut payload: StartPayload,
    deadline: Instant,
) -> Result<(Started, Version), Error> {
    if let Some(props) = payload.take_oversized_props() {
        payload.common.input_props = app.put_props(props, deadline).await?;
    }
    app.renderer.run(&payload, deadline).await
}

fn idempotency_key(request: &Request) -> Result<Option<IdempotencyKey>, Error> {
    let key = request.headers().get("idempotency-key");
    key.map(|value| IdempotencyKey::try_from(value.as_bytes()))
        .transpose()
}

fn success(started: &Started) -> Success {
    let body = StartedBody {
        message: "SUCCESS",
        bucket_name: &started.bucket_name,
        render_id: started.render_id.as_str(),
    };
    Success::json(StatusCode::OK, &body).about(started.render_id.clone())
}
