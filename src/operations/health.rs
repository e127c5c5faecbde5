//! `GET /health`: whether the render function is there, and speaks the version that this deployment sends.

use lambda_http::http::StatusCode;
use remotion_lambda::SCHEMA_VERSION;
use serde_json::json;

use crate::App;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::Success;

/// Asks the function for its version, or remembers what it said some seconds ago.
///
/// # Errors
///
/// [`Error::VersionMismatch`], naming both; every failure of an invocation.
pub async fn health(app: &App, deadline: Deadline) -> Result<Success, Error> {
    let check = async || Ok(app.function.check(deadline.act_by).await?);
    let version = app.health.or_ask(check).await?;
    let body = json!({"message": "SUCCESS", "version": &*version, "schemaVersion": SCHEMA_VERSION});
    Ok(Success::json(StatusCode::OK, &body))
}
