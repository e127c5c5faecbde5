//! `GET /render`: the caller's own renders, newest first.

use lambda_http::http::StatusCode;
use lambda_http::{Request, RequestExt};
use serde::Serialize;

use crate::App;
use crate::error::Error;
use crate::http::{Success, deadline};
use crate::identity::Caller;
use crate::json::Violation;
use crate::ledger::Cursor;

#[derive(Serialize)]
struct ListBody<'a> {
    renders: Vec<ListedRender<'a>>,
    /// `null` on the last page.
    cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedRender<'a> {
    render_id: &'a str,
    bucket_name: &'a str,
    composition: &'a str,
    /// In milliseconds since 1970.
    started_at: u64,
}

/// Lists a page: `?limit=` (1 to 100, default 20), `?cursor=` of the page before.
///
/// # Errors
///
/// [`Error::InvalidOptions`], [`Error::LedgerAbsent`]; and those of a call.
pub async fn list(app: &App, caller: &Caller, request: &Request) -> Result<Success, Error> {
    let (limit, cursor) = page(request).map_err(Error::InvalidOptions)?;
    let page = app
        .ledger()?
        .list(caller, limit, cursor.as_ref(), deadline(request))
        .await?;
    let renders = page.renders.iter().map(|render| ListedRender {
        render_id: render.id.as_str(),
        bucket_name: &render.bucket_name,
        composition: &render.composition,
        started_at: render.started_at,
    });
    let body = ListBody {
        renders: renders.collect(),
        cursor: page.cursor.map(|cursor| cursor.to_string()),
    };
    Ok(Success::json(StatusCode::OK, &body))
}

fn page(request: &Request) -> Result<(u8, Option<Cursor>), Vec<Violation>> {
    let query = request.query_string_parameters_ref();
    let parameter = |name: &str| query.and_then(|query| query.first(name));
    let limit = parameter("limit").map_or(Ok(20), |text| {
        text.parse()
            .ok()
            .filter(|limit| (1..=100).contains(limit))
            .ok_or(())
    });
    let cursor = parameter("cursor").map(str::parse).transpose();
    match (limit, cursor) {
        (Ok(limit), Ok(cursor)) => Ok((limit, cursor)),
        (limit, cursor) => {
            let wrong_limit = limit
                .is_err()
                .then(|| Violation::at("limit", "limit must be a whole number from 1 to 100."));
            let wrong_cursor = cursor
                .is_err()
                .then(|| Violation::at("cursor", "cursor must be the one of the page before."));
            Err(wrong_limit.into_iter().chain(wrong_cursor).collect())
        }
    }
}
