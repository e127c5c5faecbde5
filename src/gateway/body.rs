//! A request's body, as a JSON object.

use lambda_http::Request;
use lambda_http::http::header::CONTENT_TYPE;

use crate::error::Error;
use remotion_lambda::json::Object;

/// The most that API Gateway can hand to a function: AWS Lambda takes events of 6 MiB.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const MAX_BYTES: usize = 6 * 1024 * 1024;

/// Reads the body; none at all is an empty object, and a body without a type is taken as JSON.
///
/// # Errors
///
/// 413, 415 or 400, in this order.
pub fn object(request: &Request) -> Result<Object<'_>, Error> {
    let body: &[u8] = request.body();
    if body.len() > MAX_BYTES {
        return Err(Error::PayloadTooLarge(format!(
            "The body is {} bytes, and at most {MAX_BYTES} are allowed.",
            body.len()
        )));
    }
    if body.trim_ascii().is_empty() {
        return Ok(Object::default());
    }
    if request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| !is_json(value.as_bytes()))
    {
        return Err(Error::UnsupportedMediaType);
    }
    Object::parse(body).map_err(|error| Error::InvalidJson(error.to_string()))
}

fn is_json(content_type: &[u8]) -> bool {
    let media_type = content_type
        .split(|b| *b == b';')
        .next()
        .unwrap_or_default();
    media_type
        .trim_ascii()
        .eq_ignore_ascii_case(b"application/json")
}
