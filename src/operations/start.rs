//! `POST /render`: starts a render.

use lambda_http::Request;

use crate::error::Error;
use crate::http::{Success, deadline};
use crate::identity::Caller;
use crate::remotion::StartPayload;
use crate::{App, body};

/// Starts the render that the caller asks for, on top of the operator's defaults.
///
/// # Errors
///
/// Everything but 404 and 405: see [`Error`].
pub async fn start(app: &App, caller: &Caller, request: &Request) -> Result<Success, Error> {
    let deadline = deadline(request);
    app.policy.admit(caller)?;
    let options = app.policy.options(&body::object(request)?)?;
    let payload = StartPayload::new(options).map_err(Error::InvalidOptions)?;
    let payload = app.with_props_in_bucket(payload, deadline).await?;
    let started = app.renderer.run(&payload, deadline).await?;
    Ok(Success::started(started))
}
