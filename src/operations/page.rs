//! `GET /`: the page to render from, for anybody: whoever wants more signs in on it.

use lambda_http::http::StatusCode;
use lambda_http::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderName,
    HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::{Body, Request};

use crate::http::Success;
use crate::page::Page;

/// Serves it, compressed where the caller takes that, and not at all where the caller has it already.
#[must_use]
pub fn page(page: &Page, request: &Request) -> Success {
    let gzip = mentions(request, &ACCEPT_ENCODING, "gzip");
    let etag = format!("\"{}{}\"", page.etag(), if gzip { "-gzip" } else { "" });
    let success = if mentions(request, &IF_NONE_MATCH, &etag) {
        Success::empty(StatusCode::NOT_MODIFIED)
    } else if gzip {
        Success::html(Body::Binary(page.gzip()))
            .with(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
    } else {
        Success::html(Body::Text(page.html()))
    };
    let written = |text: &str| {
        HeaderValue::try_from(text).expect("ASCII, of our own words and of the operator's names")
    };
    success
        .with(ETAG, written(&etag))
        // It may be kept, and is asked for again each time.
        .with(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
        .with(VARY, HeaderValue::from_static("accept-encoding"))
        .with(CONTENT_SECURITY_POLICY, written(page.policy()))
        .with(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
        .with(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
        .with(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        )
}

/// Whether the list in a header has this entry, whatever its weight. Nobody gives one of nought.
fn mentions(request: &Request, header: &HeaderName, entry: &str) -> bool {
    let values = request.headers().get_all(header).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .filter_map(|item| item.split(';').next())
        .any(|item| item.trim().trim_start_matches("W/") == entry)
}
