//! `GET /render`: the caller's own renders and stills, newest first.

use lambda_http::http::StatusCode;
use lambda_http::{Request, RequestExt};
use serde::Serialize;

use crate::App;
use crate::access::identity::Caller;
use crate::deadline::Deadline;
use crate::error::{Error, WrongParameter};
use crate::gateway::response::Success;
use crate::table::Cursor;

#[derive(Serialize)]
struct ListBody<'a> {
    renders: Vec<ListedRender<'a>>,
    /// `null` where no render follows.
    cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedRender<'a> {
    render_id: &'a str,
    kind: &'static str,
    bucket_name: &'a str,
    composition: &'a str,
    /// In milliseconds since 1970.
    started_at: u64,
}

/// Lists a page: `?limit=` (1 to 100, default 20), `?cursor=` of the page before.
///
/// # Errors
///
/// [`Error::InvalidParameters`], [`Error::RendersTableNotConfigured`], [`Error::Call`].
pub async fn list(
    app: &App,
    caller: &Caller,
    request: &Request,
    deadline: Deadline,
) -> Result<Success, Error> {
    let (limit, cursor) = wanted(request).map_err(Error::InvalidParameters)?;
    let listing = app
        .table()?
        .list(&caller.owner, limit, cursor.as_ref(), deadline.settle_by)
        .await?;
    let renders = listing.renders.iter().map(|render| ListedRender {
        render_id: render.id.as_str(),
        kind: render.kind.as_str(),
        bucket_name: &render.bucket_name,
        composition: &render.composition,
        started_at: render.started_at,
    });
    let body = ListBody {
        renders: renders.collect(),
        cursor: listing.cursor.map(|cursor| cursor.to_string()),
    };
    Ok(Success::json(StatusCode::OK, &body))
}

fn wanted(request: &Request) -> Result<(u8, Option<Cursor>), Vec<WrongParameter>> {
    let query = request.query_string_parameters_ref();
    let parameter = |name: &str| query.and_then(|query| query.first(name));
    let limit = parameter("limit").map_or(Ok(20), |text| {
        text.parse()
            .ok()
            .filter(|limit| (1..=100).contains(limit))
            .ok_or(WrongParameter {
                parameter: "limit",
                detail: "limit must be a whole number from 1 to 100.".to_owned(),
            })
    });
    let cursor = parameter("cursor")
        .map(str::parse)
        .transpose()
        .map_err(|()| WrongParameter {
            parameter: "cursor",
            detail: "cursor must be the cursor of an earlier page.".to_owned(),
        });
    match (limit, cursor) {
        (Ok(limit), Ok(cursor)) => Ok((limit, cursor)),
        (limit, cursor) => Err(limit.err().into_iter().chain(cursor.err()).collect()),
    }
}
