//! `GET /compositions`: what the configured site can render.

use std::sync::Arc;

use lambda_http::http::StatusCode;
use remotion_lambda::routines::compositions::Composition;
use remotion_lambda::{CompositionsPayload, Version};
use serde::Serialize;

use crate::App;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::Success;

/// Not through a JSON tree: default props are passed on unchanged, however deep.
#[derive(Serialize)]
struct CompositionsBody<'a> {
    compositions: Vec<&'a Composition>,
}

/// Lists the compositions that callers may render.
///
/// # Errors
///
/// Every failure of an invocation.
pub async fn compositions(app: &App, deadline: Deadline) -> Result<Success, Error> {
    let ask = async || {
        let payload = CompositionsPayload::new(app.policy.defaults.clone())?;
        // What the operator's defaults have beyond the function's release is ignored there, as for a render.
        let too_new = |_: &Version| Vec::new();
        let asked = app.function.run(&payload, too_new, deadline.act_by).await?;
        Ok(asked.0.compositions)
    };
    let compositions = app.compositions.or_ask(ask).await?;
    let body = CompositionsBody {
        compositions: allowed(app, &compositions).collect(),
    };
    Ok(Success::json(StatusCode::OK, &body))
}

/// Those that callers may render.
fn allowed<'a>(
    app: &App,
    compositions: &'a Arc<Vec<Composition>>,
) -> impl Iterator<Item = &'a Composition> {
    compositions
        .iter()
        .filter(|composition| app.policy.allows(&composition.id))
}
