//! The events of the function `ends`: API Gateway's, with what Remotion tells, and the tick of each minute.

use lambda_http::{Context, LambdaEvent, Request, RequestExt};
use lambda_runtime::Error as RuntimeError;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::hook::hook;
use super::sweep::sweep;
use crate::App;
use crate::deadline::Deadline;
use crate::error::{Error, cause};
use crate::gateway::event::{self, Reply};
use crate::gateway::http::respond;
use crate::gateway::path;
use crate::gateway::response::Success;
use crate::gateway::routes::{self, Operation};

/// The input from EventBridge Scheduler.
#[derive(Deserialize)]
struct Tick {
    sweep: bool,
}

/// Answers an event: API Gateway's with a response, a tick with nothing.
///
/// # Errors
///
/// That the sweep could not be begun, so that AWS counts it as failed.
pub async fn handle(
    app: &App,
    event: LambdaEvent<Box<RawValue>>,
) -> Result<Option<Reply>, RuntimeError> {
    match serde_json::from_str(event.payload.get()) {
        Ok(Tick { sweep: true }) => tick(app, &event.context).await.map(|()| None),
        _ => Ok(Some(
            event::handle(event, async |request| {
                respond(app, &request, async |access| {
                    let matched =
                        routes::find(request.method(), path::of(&request, app.base_path.as_ref()))?;
                    access.route = Some(matched.route);
                    answer(app, &request, matched.route.operation).await
                })
                .await
            })
            .await,
        )),
    }
}

async fn answer(app: &App, request: &Request, operation: Operation) -> Result<Success, Error> {
    match operation {
        Operation::Hook => hook(app, request, Deadline::of(request.lambda_context_ref())).await,
        _ => Err(Error::NotFound),
    }
}

async fn tick(app: &App, context: &Context) -> Result<(), RuntimeError> {
    sweep(app, Deadline::of(Some(context)))
        .await
        .map_err(|error| {
            let cause = cause(&error);
            tracing::error!(
                error.code = error.code().as_str(),
                error.cause = cause,
                "The sweep failed: {error}"
            );
            error.into()
        })
}
