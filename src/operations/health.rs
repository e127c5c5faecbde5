//! `GET /health`: whether the render function is there, and speaks the version that this deployment sends.

use lambda_http::http::StatusCode;
use serde_json::json;
use tokio::time::Instant;

use crate::App;
use crate::error::Error;
use crate::http::Success;
use crate::remotion::SCHEMA_VERSION;

/// Asks the function for its version.
///
/// # Errors
///
/// [`Error::VersionMismatch`], naming both; and those of an invocation.
pub async fn health(app: &App, deadline: Instant) -> Result<Success, Error> {
    let version = app.renderer.check(deadline).await?;
    let body = json!({"message": "SUCCESS", "version": version, "schemaVersion": SCHEMA_VERSION});
    Ok(Success::json(StatusCode::OK, &body))
}
