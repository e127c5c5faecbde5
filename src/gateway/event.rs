//! Converts the event from AWS Lambda into a request, and the response into what API Gateway expects.
//!
//! It replaces `lambda_http::run`, which accepts the same events, but panics at a body that is not the base64 it
//! should be, or at a path that makes no URI, and fails before our code at a claim that is no string: callers saw a 500.

use std::borrow::Cow;

use aws_smithy_json::deserialize::token::EscapedStr;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lambda_http::aws_lambda_events::apigw::{
    ApiGatewayProxyRequest, ApiGatewayProxyResponse, ApiGatewayV2httpRequest,
    ApiGatewayV2httpResponse,
};
use lambda_http::request::RequestContext;
use lambda_http::{Body, LambdaEvent, Request, RequestExt, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::Error;
use crate::gateway::http;

/// The two forms of API Gateway's events and answers.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Payload 1.0: a REST API's, or an older HTTP API's.
    V1,
    /// Payload 2.0: an HTTP API's.
    V2,
}

/// An answer, as API Gateway takes it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the types say it")]
pub enum Reply {
    V1(ApiGatewayProxyResponse),
    V2(ApiGatewayV2httpResponse),
}

/// Answers an event of API Gateway.
pub async fn handle(
    event: LambdaEvent<Box<RawValue>>,
    answer: impl AsyncFnOnce(Request) -> Response<Body>,
) -> Reply {
    let (event, context) = event.into_parts();
    let request = read(&event);
    // The body may be megabytes, and is in the request now.
    drop(event);
    match request {
        Ok((format, request)) => {
            let request = request.with_lambda_context(context);
            format.reply(answer(request).await)
        }
        Err((format, error)) => format.reply(http::refuse(&error)),
    }
}

/// Reads an event of API Gateway.
///
/// # Errors
///
/// [`Error::InvalidEvent`], and the form to answer in.
pub fn read(event: &RawValue) -> Result<(Format, Request), (Format, Error)> {
    let (event, body) = cut(event.get());
    let body = body.map(unescaped).transpose();
    if let Ok(event) = serde_json::from_str(&event) {
        return body
            .and_then(|body| read_v2(event, body))
            .map(|request| (Format::V2, request))
            .map_err(|error| (Format::V2, error));
    }
    if let Ok(event) = serde_json::from_str(&event) {
        return body
            .and_then(|body| read_v1(event, body))
            .map(|request| (Format::V1, request))
            .map_err(|error| (Format::V1, error));
    }
    let reason = if is_v1(&event) {
        (Format::V1, fault::<ApiGatewayProxyRequest>(&event))
    } else {
        (Format::V2, fault::<ApiGatewayV2httpRequest>(&event))
    };
    Err((reason.0, Error::InvalidEvent(reason.1)))
}

/// The bytes of an event from which on its body is worth a pass of its own.
const LARGE: usize = 64 * 1024;

/// The event without its body, and the body as it stands there, where it may be megabytes: a parser would copy it twice.
fn cut(event: &str) -> (Cow<'_, str>, Option<&str>) {
    #[derive(Deserialize)]
    struct Bodied<'a> {
        #[serde(borrow)]
        body: &'a RawValue,
    }
    let found = (event.len() >= LARGE).then(|| serde_json::from_str::<Bodied<'_>>(event).ok());
    let body = found.flatten().map(|Bodied { body }| body.get());
    let Some(body) = body.filter(|body| body.starts_with('"')) else {
        return (event.into(), None);
    };
    let start = body.as_ptr().addr() - event.as_ptr().addr();
    let (before, after) = (&event[..start], &event[start + body.len()..]);
    ([before, "null", after].concat().into(), Some(body))
}

fn unescaped(text: &str) -> Result<String, Error> {
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .expect("a JSON string is in quotes");
    EscapedStr::new(text)
        .to_unescaped()
        .map(Cow::into_owned)
        .map_err(|error| Error::InvalidEvent(format!("body: {error}")))
}

fn read_v2(event: ApiGatewayV2httpRequest, text: Option<String>) -> Result<Request, Error> {
    let mut request = Request::new(body(text.or(event.body), event.is_base64_encoded)?);
    *request.method_mut() = event.request_context.http.method.clone();
    *request.headers_mut() = event.headers;
    let mut query = event.query_string_parameters;
    if let Some(raw) = event.raw_query_string {
        // The parsed one joins what is given twice by commas.
        query = raw.parse().unwrap_or_default();
    }
    Ok(request
        .with_raw_http_path(event.raw_path.unwrap_or_default())
        .with_query_string_parameters(query)
        .with_request_context(RequestContext::ApiGatewayV2(event.request_context)))
}

fn read_v1(event: ApiGatewayProxyRequest, text: Option<String>) -> Result<Request, Error> {
    let mut request = Request::new(body(text.or(event.body), event.is_base64_encoded)?);
    *request.method_mut() = event.http_method;
    *request.headers_mut() = event.headers;
    // What is given twice is once in the one, and twice in the other.
    request.headers_mut().extend(event.multi_value_headers);
    let query = if event.multi_value_query_string_parameters.is_empty() {
        event.query_string_parameters
    } else {
        event.multi_value_query_string_parameters
    };
    Ok(request
        .with_raw_http_path(event.path.unwrap_or_default())
        .with_query_string_parameters(query)
        .with_request_context(RequestContext::ApiGatewayV1(event.request_context)))
}

fn body(text: Option<String>, is_base64: bool) -> Result<Body, Error> {
    match text {
        None => Ok(Body::Empty),
        Some(text) if is_base64 => match STANDARD.decode(text) {
            Ok(bytes) => Ok(Body::Binary(bytes)),
            Err(error) => Err(Error::InvalidEvent(format!("body: {error}"))),
        },
        Some(text) => Ok(Body::Text(text)),
    }
}

fn is_v1(event: &str) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Sign {
        #[serde(rename = "httpMethod")]
        _http_method: serde::de::IgnoredAny,
    }
    serde_json::from_str::<Sign>(event).is_ok()
}

/// Why an event is not one of these, and at which place.
fn fault<T: DeserializeOwned>(event: &str) -> String {
    let parsed: Result<T, _> =
        serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(event));
    parsed
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

impl Format {
    /// The response in this form.
    #[must_use]
    pub fn reply(self, response: Response<Body>) -> Reply {
        let (parts, body) = response.into_parts();
        let status_code = parts.status.as_u16().into();
        let is_base64_encoded = matches!(body, Body::Binary(_));
        let body = (body != Body::Empty).then_some(body);
        match self {
            Self::V1 => {
                let mut reply = ApiGatewayProxyResponse::default();
                reply.status_code = status_code;
                reply.headers = parts.headers;
                reply.body = body;
                reply.is_base64_encoded = is_base64_encoded;
                Reply::V1(reply)
            }
            Self::V2 => {
                let mut reply = ApiGatewayV2httpResponse::default();
                reply.status_code = status_code;
                reply.headers = parts.headers;
                reply.body = body;
                reply.is_base64_encoded = is_base64_encoded;
                Reply::V2(reply)
            }
        }
    }
}
