//! `GET /compositions`: what the configured site can render.

use std::sync::Arc;

use lambda_http::http::StatusCode;
use remotion_lambda::CompositionsPayload;
use remotion_lambda::routines::compositions::Composition;
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
        let payload = CompositionsPayload::new(app.policy.defaults.clone());
        Ok(app.function.compositions(&payload, deadline.act_by).await?)
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
