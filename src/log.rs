//! One JSON line for each request, written once, at the boundary: never a token, a body, input props or an e-mail address.

use std::time::Instant;

use aws_sdk_lambda::error::DisplayErrorContext;
use lambda_http::http::StatusCode;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::error::Error;
use crate::remotion::RenderId;

/// What the line says of a request, as far as it is known.
#[derive(Debug)]
pub struct Access<'a> {
    /// API Gateway's id of the request.
    pub request_id: Option<&'a str>,
    /// The caller's `sub`.
    pub user_id: Option<String>,
    /// Such as `POST /render`.
    pub route: Option<&'static str>,
    /// The render that the request is about.
    pub render_id: Option<RenderId>,
    begun: Instant,
}

impl<'a> Access<'a> {
    /// A request has come in.
    #[must_use]
    pub fn begin(request: &'a Request) -> Self {
        let request_id = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => context.request_id.as_deref(),
            Some(RequestContext::ApiGatewayV1(context)) => context.request_id.as_deref(),
            _ => None,
        };
        Self {
            request_id,
            user_id: None,
            route: None,
            render_id: None,
            begun: Instant::now(),
        }
    }

    /// A request has been answered.
    pub fn end(self, status: StatusCode, error: Option<&Error>) {
        let cause = error
            .and_then(std::error::Error::source)
            .map(|source| DisplayErrorContext(source).to_string());
        tracing::info!(
            request.id = self.request_id,
            user.id = self.user_id,
            http.route = self.route,
            http.status = status.as_u16(),
            render.id = self.render_id.as_ref().map(RenderId::as_str),
            error.code = error.map(Error::code),
            error.detail = error
                .filter(|error| error.status().is_server_error())
                .map(tracing::field::display),
            error.cause = cause,
            duration_ms = self.begun.elapsed().as_secs_f64() * 1_000.0,
        );
    }
}

/// A subscriber that writes each event as a JSON line.
pub fn json_lines<W>(writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(LevelFilter::INFO)
        .with_writer(writer)
        .finish()
}
