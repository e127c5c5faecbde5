//! From (method, path) to an operation, and from its result to a response: the only place where one becomes the other.

use std::time::Duration;

use lambda_http::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Context, Request, RequestExt, Response};
use serde::Serialize;
use tokio::time::Instant;

use crate::App;
use crate::error::Error;
use crate::identity::Caller;
use crate::log::Access;
use crate::operations::start::start;
use crate::remotion::Started;

/// Time kept back to answer in, before AWS Lambda ends the invocation.
const RESERVE: Duration = Duration::from_secs(1);

/// Time for a request where AWS Lambda names no deadline, as under test: API Gateway waits 30 s.
const TIMEOUT: Duration = Duration::from_secs(28);

/// A good answer.
#[derive(Debug)]
pub struct Success {
    status: StatusCode,
    body: String,
    /// For the log.
    render_id: String,
}

/// The body of an answer to `POST /render`: exactly these three keys.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StartedBody<'a> {
    message: &'static str,
    bucket_name: &'a str,
    render_id: &'a str,
}

impl Success {
    /// A render has started.
    #[must_use]
    pub fn started(started: Started) -> Self {
        let body = StartedBody {
            message: "SUCCESS",
            bucket_name: &started.bucket_name,
            render_id: &started.render_id,
        };
        Self {
            status: StatusCode::OK,
            body: json(&body),
            render_id: started.render_id,
        }
    }
}

/// What a route does.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Start,
}

impl Operation {
    /// For the log.
    const fn route(self) -> &'static str {
        match self {
            Self::Start => "POST /render",
        }
    }

    fn of(method: &Method, path: &str) -> Result<Self, Error> {
        match (path, method) {
            ("/render", &Method::POST) => Ok(Self::Start),
            ("/render", _) => Err(Error::MethodNotAllowed("POST")),
            _ => Err(Error::NotFound),
        }
    }
}

/// Answers a request, and logs it once.
pub async fn handle(app: &App, request: &Request) -> Response<Body> {
    let mut access = Access::begin(request);
    let outcome = answer(app, request, &mut access).await;
    let response = match &outcome {
        Ok(success) => {
            access.render_id = Some(&success.render_id);
            respond(success.status, "application/json", success.body.clone())
        }
        Err(error) => problem(error, access.request_id),
    };
    access.end(response.status(), outcome.as_ref().err());
    response
}

async fn answer(app: &App, request: &Request, access: &mut Access<'_>) -> Result<Success, Error> {
    let operation = Operation::of(request.method(), request.raw_http_path())?;
    access.route = Some(operation.route());
    let caller = Caller::verified(request.request_context_ref()).ok_or(Error::Unauthenticated)?;
    access.user_id = Some(caller.id.clone());
    match operation {
        Operation::Start => start(app, &caller, request).await,
    }
}

/// When the caller must have been answered.
#[must_use]
pub fn deadline(request: &Request) -> Instant {
    let left = request
        .lambda_context_ref()
        .map_or(TIMEOUT, |context: &Context| {
            context
                .deadline()
                .duration_since(std::time::SystemTime::now())
                .unwrap_or_default()
        });
    Instant::now() + left.saturating_sub(RESERVE)
}

fn problem(error: &Error, request_id: Option<&str>) -> Response<Body> {
    let mut response = respond(
        error.status(),
        "application/problem+json",
        json(&error.problem(request_id)),
    );
    let headers = response.headers_mut();
    match error {
        Error::Unauthenticated => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
        }
        Error::MethodNotAllowed(methods) => {
            headers.insert(ALLOW, HeaderValue::from_static(methods))
        }
        _ => error
            .retry_after()
            .and_then(|seconds| headers.insert(RETRY_AFTER, seconds.into())),
    };
    response
}

fn respond(status: StatusCode, content_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::Text(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("strings and numbers serialise")
}
