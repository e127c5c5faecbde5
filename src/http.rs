//! From (method, path) to an operation, and from its result to a response: the only place where one becomes the other.

use std::time::{Duration, SystemTime};

use lambda_http::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use tokio::time::Instant;

use crate::App;
use crate::error::Error;
use crate::identity::Caller;
use crate::ledger::Quota;
use crate::log::Access;
use crate::operations::{cancel, compositions, delete, health, list, page, start, status, still};
use crate::remotion::RenderId;

/// Time kept back to answer in, before AWS Lambda ends the invocation.
const RESERVE: Duration = Duration::from_secs(1);

/// The most time that a request may take, whatever AWS Lambda allows, and what it has where there is no deadline, as under
/// test, or one that lies in 1970, as under `cargo lambda watch`: API Gateway waits 29 or 30 s.
const TIMEOUT: Duration = Duration::from_secs(28);

/// A good answer.
#[derive(Debug)]
pub struct Success {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    content_type: &'static str,
    body: Body,
    render_id: Option<RenderId>,
}

impl Success {
    /// An answer with a JSON body.
    #[must_use]
    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content_type: "application/json",
            body: Body::Text(json(body)),
            render_id: None,
        }
    }

    /// A page.
    #[must_use]
    pub const fn html(body: Body) -> Self {
        Self {
            status: StatusCode::OK,
            headers: Vec::new(),
            content_type: "text/html; charset=utf-8",
            body,
            render_id: None,
        }
    }

    /// An answer without a body.
    #[must_use]
    pub const fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content_type: "",
            body: Body::Empty,
            render_id: None,
        }
    }

    /// The render that it is about, for the log.
    #[must_use]
    pub fn about(mut self, render_id: RenderId) -> Self {
        self.render_id = Some(render_id);
        self
    }

    /// A header of our own words.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// What is left of the caller's quota, if there is one.
    #[must_use]
    pub fn with_quota(mut self, quota: Option<&Quota>) -> Self {
        self.headers.extend(quota.into_iter().flat_map(rate_limit));
        self
    }
}

/// What a route does.
#[derive(Debug)]
enum Operation {
    Start,
    List,
    Status(RenderId),
    Cancel(RenderId),
    Delete(RenderId),
    Still,
    Compositions,
    Health,
}

impl Operation {
    fn of(method: &Method, path: &str) -> Result<Self, Error> {
        let id = |id: &str| RenderId::try_from(id.to_owned()).map_err(|_| Error::NoSuchRender);
        let segments: Vec<_> = path
            .strip_prefix('/')
            .unwrap_or_default()
            .split('/')
            .collect();
        match (segments.as_slice(), method) {
            (["render"], &Method::POST) => Ok(Self::Start),
            (["render"], &Method::GET) => Ok(Self::List),
            (["render"], _) => Err(Error::MethodNotAllowed("GET, POST")),
            (["render", render], &Method::GET) => id(render).map(Self::Status),
            (["render", render], &Method::DELETE) => id(render).map(Self::Delete),
            (["render", render], _) => id(render).and(Err(Error::MethodNotAllowed("GET, DELETE"))),
            (["render", render, "cancel"], &Method::POST) => id(render).map(Self::Cancel),
            (["render", render, "cancel"], _) => {
                id(render).and(Err(Error::MethodNotAllowed("POST")))
            }
            (["still"], &Method::POST) => Ok(Self::Still),
            (["still"], _) => Err(Error::MethodNotAllowed("POST")),
            (["compositions"], &Method::GET) => Ok(Self::Compositions),
            (["health"], &Method::GET) => Ok(Self::Health),
            (["compositions" | "health"], _) => Err(Error::MethodNotAllowed("GET")),
            _ => Err(Error::NotFound),
        }
    }

    /// For the log.
    const fn route(&self) -> &'static str {
        match self {
            Self::Start => "POST /render",
            Self::List => "GET /render",
            Self::Status(_) => "GET /render/{renderId}",
            Self::Cancel(_) => "POST /render/{renderId}/cancel",
            Self::Delete(_) => "DELETE /render/{renderId}",
            Self::Still => "POST /still",
            Self::Compositions => "GET /compositions",
            Self::Health => "GET /health",
        }
    }

    const fn render_id(&self) -> Option<&RenderId> {
        match self {
            Self::Status(id) | Self::Cancel(id) | Self::Delete(id) => Some(id),
            _ => None,
        }
    }
}

/// Answers a request, and logs it once.
pub async fn handle(app: &App, request: &Request) -> Response<Body> {
    let mut access = Access::begin(request);
    match answer(app, request, &mut access).await {
        Ok(success) => {
            access.render_id = success.render_id.or(access.render_id);
            access.end(success.status, None);
            respond(
                success.status,
                success.content_type,
                success.body,
                success.headers,
            )
        }
        Err(error) => {
            let response = problem(&error, access.request_id);
            access.end(response.status(), Some(&error));
            response
        }
    }
}

/// Answers what cannot be read as a request, and logs it once.
#[must_use]
pub fn refuse(error: &Error) -> Response<Body> {
    let response = problem(error, None);
    Access::unread().end(response.status(), Some(error));
    response
}

async fn answer(app: &App, request: &Request, access: &mut Access<'_>) -> Result<Success, Error> {
    if request.raw_http_path() == "/"
        && let Some(sign_in) = app.sign_in()
    {
        access.route = Some("GET /");
        return match *request.method() {
            Method::GET => Ok(page::page(&app.page(sign_in).await?, request)),
            _ => Err(Error::MethodNotAllowed("GET")),
        };
    }
    let operation = Operation::of(request.method(), request.raw_http_path())?;
    access.route = Some(operation.route());
    access.render_id = operation.render_id().cloned();
    let caller = Caller::verified(request.request_context_ref()).ok_or(Error::Unauthenticated)?;
    access.user_id = Some(caller.id.clone());
    app.policy.admit(&caller)?;
    match operation {
        Operation::Start => start::start(app, &caller, request).await,
        Operation::List => list::list(app, &caller, request).await,
        Operation::Status(id) => status::status(app, &caller, &id, deadline(request)).await,
        Operation::Cancel(id) => cancel::cancel(app, &caller, &id, deadline(request)).await,
        Operation::Delete(id) => delete::delete(app, &caller, &id, deadline(request)).await,
        Operation::Still => still::still(app, &caller, request).await,
        Operation::Compositions => compositions::compositions(app, deadline(request)).await,
        Operation::Health => health::health(app, deadline(request)).await,
    }
}

/// When the caller must have been answered.
#[must_use]
pub fn deadline(request: &Request) -> Instant {
    let left = request
        .lambda_context_ref()
        .and_then(|context| context.deadline().duration_since(SystemTime::now()).ok());
    let left = left.map_or(TIMEOUT, |left| left.min(TIMEOUT));
    Instant::now() + left.saturating_sub(RESERVE)
}

fn problem(error: &Error, request_id: Option<&str>) -> Response<Body> {
    let mut headers = Vec::new();
    match error {
        Error::Unauthenticated => {
            headers.push((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        Error::MethodNotAllowed(methods) => {
            headers.push((ALLOW, HeaderValue::from_static(methods)));
        }
        Error::QuotaSpent(quota) => headers.extend(rate_limit(quota)),
        _ => {}
    }
    headers.extend(
        error
            .retry_after()
            .map(|seconds| (RETRY_AFTER, seconds.into())),
    );
    respond(
        error.status(),
        "application/problem+json",
        Body::Text(json(&error.problem(request_id))),
        headers,
    )
}

fn rate_limit(quota: &Quota) -> [(HeaderName, HeaderValue); 2] {
    let value = |text: String| HeaderValue::try_from(text).expect("digits and ASCII words");
    [
        (
            HeaderName::from_static("ratelimit-policy"),
            value(quota.policy()),
        ),
        (HeaderName::from_static("ratelimit"), value(quota.state())),
    ]
}

fn respond(
    status: StatusCode,
    content_type: &'static str,
    body: Body,
    headers: Vec<(HeaderName, HeaderValue)>,
) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    if *response.body() != Body::Empty {
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in headers {
        response.headers_mut().insert(name, value);
    }
    response
}

fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("strings and numbers serialise")
}
