//! An answer: the success of an operation, or a problem document.

use lambda_http::http::StatusCode;
use lambda_http::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use lambda_http::{Body, Response};
use remotion_lambda::json::{Violation, clipped};
use serde::Serialize;

use crate::error::{Error, WrongParameter};
use crate::quota::Quota;
use crate::render::id::Id;

/// The most that AWS Lambda hands over, in bytes, with room for status and headers.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const MAX_BYTES: usize = 6 * 1024 * 1024 - 16 * 1024;

/// The most that is said of a failure, in characters: a caller's own text may be megabytes.
const DETAIL_CHARS: usize = 1_000;

/// A good answer.
#[derive(Debug)]
pub struct Success {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    content_type: &'static str,
    body: Body,
    about: About,
}

/// What the log says of the render that an answer is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The render.
    pub render_id: Option<Id>,
    /// How it stands, where it has ended badly.
    pub ended: Option<&'static str>,
    /// The function that knows why.
    pub render_function: Option<String>,
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
            about: About::default(),
        }
    }

    /// A web page.
    #[must_use]
    pub fn html(body: Body) -> Self {
        Self {
            status: StatusCode::OK,
            headers: Vec::new(),
            content_type: "text/html; charset=utf-8",
            body,
            about: About::default(),
        }
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content_type: "",
            body: Body::Empty,
            about: About::default(),
        }
    }

    /// The render that it is about, for the log.
    #[must_use]
    pub fn about(mut self, about: About) -> Self {
        self.about = about;
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

    /// The status and what the log says of it, taken out, and the response.
    #[must_use]
    pub fn into_response(self) -> (About, Response<Body>) {
        let response = respond(self.status, self.content_type, self.body, self.headers);
        (self.about, response)
    }

    /// Itself, where AWS Lambda can hand it over.
    ///
    /// # Errors
    ///
    /// [`Error::ResponseTooLarge`].
    pub fn within_limits(self) -> Result<Self, Error> {
        let bytes = match &self.body {
            // Escaped once more, as a string in the function's answer.
            Body::Text(text) => {
                text.len() + text.bytes().filter(|b| matches!(b, b'"' | b'\\')).count()
            }
            Body::Binary(bytes) => bytes.len().div_ceil(3) * 4,
            _ => 0,
        };
        if bytes > MAX_BYTES {
            Err(Error::ResponseTooLarge(bytes))
        } else {
            Ok(self)
        }
    }
}

/// A problem document. Source: <https://www.rfc-editor.org/rfc/rfc9457>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    /// The same as `detail`: API Gateway's own errors and the success body carry `message`.
    message: &'a str,
    code: &'static str,
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Wrong<'a>>,
}

/// A mistake at one place of a request.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Wrong<'a> {
    Option(&'a Violation),
    Parameter {
        parameter: &'static str,
        detail: &'a str,
    },
}

/// The answer to a request that has failed. `starts`: it was to start a render, so that whoever sent it asks whether one has.
#[must_use]
pub fn problem(error: &Error, request_id: Option<&str>, starts: bool) -> Response<Body> {
    let mut detail = clipped(&error.to_string(), DETAIL_CHARS);
    if starts && error.is_of_aws() {
        detail.push_str(" Nothing was started.");
    }
    let code = error.code();
    let document = Problem {
        r#type: "about:blank",
        title: code.status().canonical_reason().unwrap_or_default(),
        status: code.status().as_u16(),
        detail: &detail,
        message: &detail,
        code: code.as_str(),
        request_id,
        errors: wrong_places(error),
    };
    respond(
        code.status(),
        "application/problem+json",
        Body::Text(json(&document)),
        headers(error),
    )
}

fn wrong_places(error: &Error) -> Vec<Wrong<'_>> {
    match error {
        Error::OptionReserved(wrong) | Error::InvalidOptions(wrong) => {
            wrong.iter().map(Wrong::Option).collect()
        }
        Error::InvalidParameters(wrong) => wrong
            .iter()
            .map(|WrongParameter { parameter, detail }| Wrong::Parameter { parameter, detail })
            .collect(),
        _ => Vec::new(),
    }
}

fn headers(error: &Error) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = Vec::new();
    match error {
        Error::Unauthenticated | Error::OtherIssuer(_) | Error::UserIdMissing(_) => {
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
    headers
}

fn rate_limit(quota: &Quota) -> [(HeaderName, HeaderValue); 2] {
    let value = |text: String| HeaderValue::try_from(text).expect("digits and ASCII words");
    [
        (
            HeaderName::from_static("ratelimit-policy"),
            value(quota.rate_limit_policy()),
        ),
        (
            HeaderName::from_static("ratelimit"),
            value(quota.rate_limit()),
        ),
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

#[cfg(test)]
mod tests {
    use lambda_http::http::StatusCode;

    use super::Success;

    #[test]
    fn what_aws_lambda_cannot_hand_over() {
        let of = |text: String| Success::json(StatusCode::OK, &text).within_limits();
        assert!(of("x".repeat(6_000_000)).is_ok());
        assert!(of("x".repeat(6_400_000)).is_err());
        // Each quotation mark is escaped once more on its way, and its backslash too.
        assert!(of("\"".repeat(2_000_000)).is_err());
    }
}
