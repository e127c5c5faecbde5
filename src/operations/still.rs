//! `POST /still`: renders one frame, within the request.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use serde::Serialize;
use tokio::time::Instant;

use crate::error::Error;
use crate::http::{Success, deadline};
use crate::identity::Caller;
use crate::ledger::SETTLING;
use crate::remotion::StillPayload;
use crate::{App, body};

/// Exactly these five keys.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StillBody<'a> {
    message: &'static str,
    bucket_name: &'a str,
    render_id: &'a str,
    output_url: String,
    size_in_bytes: u64,
}

/// Renders the still that the caller asks for, and counts it as a render where there is a quota.
///
/// # Errors
///
/// See [`Error`].
pub async fn still(app: &App, caller: &Caller, request: &Request) -> Result<Success, Error> {
    let deadline = deadline(request);
    let options = app.policy.still_options(&body::object(request)?)?;
    let payload = StillPayload::new(options).map_err(Error::InvalidOptions)?;
    let Some(ledger) = &app.ledger else {
        return run(app, payload, deadline).await;
    };
    let counted = ledger.count(caller, deadline - SETTLING).await?;
    let outcome = run(app, payload, deadline - SETTLING).await;
    match (outcome, counted) {
        (Ok(success), counted) => {
            Ok(success.with_quota(counted.as_ref().map(|counted| &counted.quota)))
        }
        (Err(error), Some(counted)) if !error.leaves_doubt() => {
            ledger.give_back(counted, deadline).await;
            Err(error)
        }
        (Err(error), _) => Err(error),
    }
}

async fn run(app: &App, mut payload: StillPayload, deadline: Instant) -> Result<Success, Error> {
    if let Some(props) = payload.take_oversized_props() {
        payload.common.input_props = app.put_props(props, deadline).await?;
    }
    let (still, _) = app.renderer.run(&payload, deadline).await?;
    let body = StillBody {
        message: "SUCCESS",
        bucket_name: &still.bucket_name,
        render_id: still.render_id.as_str(),
        output_url: app
            .storage
            .signed_url(&still.bucket_name, &still.out_key)
            .await?,
        size_in_bytes: still.size_in_bytes,
    };
    Ok(Success::json(StatusCode::OK, &body).about(still.render_id.clone()))
}
