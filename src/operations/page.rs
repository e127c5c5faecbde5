//! `GET /`: the page, which anybody may load to sign in.

use lambda_http::http::StatusCode;
use lambda_http::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderName,
    HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt};

use crate::gateway::response::Success;
use crate::page::Page;

/// Serves it, compressed where the caller takes that, and not at all where the caller has it already.
#[must_use]
pub fn page(page: &Page, request: &Request) -> Success {
    // A REST API answers with what is binary only where it is told to, and else with its Base64.
    let passes_binary = matches!(
        request.request_context_ref(),
        Some(RequestContext::ApiGatewayV2(_))
    );
    let gzip = passes_binary && mentions(request, &ACCEPT_ENCODING, "gzip");
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
        HeaderValue::from_bytes(text.as_bytes()).expect("our own words and the operator's names")
    };
    success
        .with(ETAG, written(&etag))
        // It may be kept, and is asked for again each time.
        .with(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
        .with(VARY, HeaderValue::from_static("accept-encoding"))
        .with(
            CONTENT_SECURITY_POLICY,
            written(page.content_security_policy()),
        )
        .with(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
        .with(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
        .with(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        )
}

/// Whether the list in a header has this entry, with any weight but none.
fn mentions(request: &Request, header: &HeaderName, entry: &str) -> bool {
    let values = request.headers().get_all(header).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .filter_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let entry = parts.next()?;
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let unwanted = weight.and_then(|weight| weight.parse().ok()) == Some(0.0);
            (!unwanted).then_some(entry)
        })
        .any(|item| item.trim_start_matches("W/") == entry)
}
