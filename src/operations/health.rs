//! `GET /health`: whether the render function is there, and speaks the version that this deployment sends; and how many run and
//! wait.

use lambda_http::http::StatusCode;
use remotion_lambda::{SCHEMA_VERSION, Version};
use serde::Serialize;

use crate::App;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::Success;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HealthBody<'a> {
    message: &'static str,
    version: &'a Version,
    schema_version: &'static str,
    /// `null` where there is no limit.
    capacity: Option<CapacityBody>,
}

/// Of Remotion's functions, and of renders.
#[derive(Serialize)]
struct CapacityBody {
    limit: u32,
    used: u64,
    waiting: u64,
}

/// Asks the function for its version, or remembers what it said some seconds ago; and the table for what runs and waits.
///
/// # Errors
///
/// [`Error::VersionMismatch`], naming both; every failure of an invocation; [`Error::Call`].
pub async fn health(app: &App, deadline: Deadline) -> Result<Success, Error> {
    let check = async || Ok(app.function.check(deadline.act_by).await?);
    let version = app.health.or_ask(check).await?;
    let body = HealthBody {
        message: "SUCCESS",
        version: &version,
        schema_version: SCHEMA_VERSION,
        capacity: capacity(app, deadline).await?,
    };
    Ok(Success::json(StatusCode::OK, &body))
}

async fn capacity(app: &App, deadline: Deadline) -> Result<Option<CapacityBody>, Error> {
    let Some((table, capacity)) = app
        .table
        .as_ref()
        .and_then(|table| Some((table, table.capacity()?)))
    else {
        return Ok(None);
    };
    let (used, waiting) = table.room(deadline.settle_by).await?;
    Ok(Some(CapacityBody {
        limit: capacity.functions,
        used,
        waiting,
    }))
}
