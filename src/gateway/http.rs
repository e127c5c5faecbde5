//! The path of a request through this API: route, caller, operation, answer.

use lambda_http::http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, RequestExt, Response};

use crate::App;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::path;
use crate::gateway::response::{About, Success, problem};
use crate::gateway::routes::{self, Named, OpenTo, Operation};
use crate::log::Access;
use crate::operations::{
    batch_status, cancel, cancel_batch, compositions, delete, health, list, page, start,
    start_batch, status, still, usage,
};

/// Answers a caller's request, and logs it once.
pub async fn handle(app: &App, request: &Request) -> Response<Body> {
    respond(app, request, async |access| {
        answer(app, request, access).await
    })
    .await
}

/// Answers a request with what `answer` gives, and logs it once.
pub async fn respond<'r>(
    app: &App,
    request: &'r Request,
    answer: impl AsyncFnOnce(&mut Access<'r>) -> Result<Success, Error>,
) -> Response<Body> {
    let mut access = Access::begin(request);
    match answer(&mut access).await.and_then(Success::within_limits) {
        Ok(success) => {
            let (about, response) = success.into_response();
            access.end(response.status(), None, about);
            response
        }
        Err(error) => {
            let response = problem(&error, access.request_id, access.starts());
            let about = app.about_failure(&error);
            access.end(response.status(), Some(&error), about);
            response
        }
    }
}

/// Answers what cannot be read as a request, and logs it once.
#[must_use]
pub fn refuse(error: &Error) -> Response<Body> {
    let response = problem(error, None, false);
    Access::unread().end(response.status(), Some(error), About::default());
    response
}

async fn answer(app: &App, request: &Request, access: &mut Access<'_>) -> Result<Success, Error> {
    if is_preflight(request) {
        // API Gateway adds what the browser asks for to this answer.
        return Ok(Success::empty(StatusCode::NO_CONTENT));
    }
    let path = path::of(request, app.base_path.as_ref());
    if path == "/" && app.sign_in.is_none() {
        return Err(Error::NotFound);
    }
    let matched = routes::find(request.method(), path)?;
    access.route = Some(matched.route);
    access.render_id = matched.named.render().cloned();
    match matched.route.open_to {
        OpenTo::Users => {}
        OpenTo::Anybody => {
            let sign_in = app.sign_in.as_ref().ok_or(Error::NotFound)?;
            return Ok(page::page(&app.page(sign_in).await?, request));
        }
        OpenTo::Remotion => return Err(Error::NotFound),
    }
    let caller = app.users.caller(request)?;
    access.user_id = Some(caller.user.clone());
    access.actor.clone_from(&caller.actor);
    app.policy.admit(&caller)?;
    let deadline = Deadline::of(request.lambda_context_ref());
    let caller = &caller;
    match (matched.route.operation, &matched.named) {
        (Operation::Start, _) => start::start(app, caller, request, deadline).await,
        (Operation::Still, _) => still::still(app, caller, request, deadline).await,
        (Operation::List, _) => list::list(app, caller, request, deadline).await,
        (Operation::Status, Named::Render(id)) => status::status(app, caller, id, deadline).await,
        (Operation::Cancel, Named::Render(id)) => cancel::cancel(app, caller, id, deadline).await,
        (Operation::Delete, Named::Render(id)) => delete::delete(app, caller, id, deadline).await,
        (Operation::StartBatch, _) => {
            Box::pin(start_batch::start_batch(app, caller, request, deadline)).await
        }
        (Operation::BatchStatus, Named::Batch(id)) => {
            batch_status::batch_status(app, caller, id, deadline).await
        }
        (Operation::CancelBatch, Named::Batch(id)) => {
            cancel_batch::cancel_batch(app, caller, id, deadline).await
        }
        (Operation::Compositions, _) => compositions::compositions(app, deadline).await,
        (Operation::Usage, _) => usage::usage(app, caller, deadline).await,
        (Operation::Health, _) => health::health(app, deadline).await,
        _ => Err(Error::NotFound),
    }
}

/// Whether a browser asks, before the request itself, whether it may send it from another origin.
///
/// Source: <https://fetch.spec.whatwg.org/#cors-preflight-request>
fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(ORIGIN)
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}
