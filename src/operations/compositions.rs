//! `GET /compositions`: what the configured site can render.

use std::time::Duration;

use lambda_http::http::StatusCode;
use serde::Serialize;
use tokio::time::Instant;

use crate::App;
use crate::error::Error;
use crate::http::Success;
use crate::remotion::CompositionsPayload;
use crate::remotion::compositions::Composition;

/// How long an instance remembers them: opening the site costs an invocation of the render function and some seconds.
const REMEMBERED: Duration = Duration::from_mins(1);

/// What an instance remembers, and since when.
pub type Remembered = tokio::sync::Mutex<Option<(Instant, Vec<Composition>)>>;

/// Not by way of a JSON tree: default props are handed on as they are, however deep.
#[derive(Serialize)]
struct CompositionsBody<'a> {
    compositions: Vec<&'a Composition>,
}

/// Lists the compositions that callers may render.
///
/// # Errors
///
/// Those of an invocation.
pub async fn compositions(app: &App, deadline: Instant) -> Result<Success, Error> {
    let mut remembered = app.compositions.lock().await;
    let fresh = remembered
        .take()
        .filter(|(since, _)| since.elapsed() < REMEMBERED);
    let (since, compositions) = if let Some(fresh) = fresh {
        fresh
    } else {
        let payload = CompositionsPayload::new(app.policy.defaults.clone());
        (
            Instant::now(),
            app.renderer.run(&payload, deadline).await?.0.compositions,
        )
    };
    let allowed: Vec<_> = compositions
        .iter()
        .filter(|composition| app.policy.allows(&composition.id))
        .collect();
    let success = Success::json(
        StatusCode::OK,
        &CompositionsBody {
            compositions: allowed,
        },
    );
    *remembered = Some((since, compositions));
    Ok(success)
}
