//! `GET /render`: the caller's own renders and stills, newest first.

use lambda_http::http::StatusCode;
use lambda_http::{Request, RequestExt};
use remotion_lambda::Costs;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::App;
use crate::access::identity::Caller;
use crate::batch::BatchId;
use crate::deadline::Deadline;
use crate::error::{Error, WrongParameter};
use crate::gateway::response::Success;
use crate::render::Render;
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
    name: Option<&'a str>,
    composition: &'a str,
    /// The status in the table: `started`, or how it ended.
    status: &'static str,
    /// In milliseconds since 1970.
    started_at: u64,
    finished_at: Option<u64>,
    bucket_name: &'a str,
    output_url: Option<String>,
    output_size_in_bytes: Option<u64>,
    costs: Option<&'a Costs>,
    custom_data: Option<&'a RawValue>,
    batch_id: Option<&'a str>,
}

/// The filter of a list.
struct Wanted {
    limit: u8,
    cursor: Option<Cursor>,
    status: Option<&'static str>,
    batch: Option<BatchId>,
}

/// Lists a page: `?limit=` (1 to 100, default 20), `?cursor=` of the page before, `?status=` and `?batchId=` of those that
/// are wanted.
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
    let Wanted {
        limit,
        cursor,
        status,
        batch,
    } = wanted(request).map_err(Error::InvalidParameters)?;
    let is_wanted = |render: &Render| {
        let of_batch = batch.is_none() || render.batch == batch;
        of_batch && status.is_none_or(|status| status == render.status())
    };
    let listing = app
        .table()?
        .list(
            &caller.owner,
            limit,
            cursor.as_ref(),
            caller.sees_only(),
            is_wanted,
            deadline.settle_by,
        )
        .await?;
    let mut renders = Vec::with_capacity(listing.renders.len());
    for render in &listing.renders {
        renders.push(listed(app, render).await?);
    }
    let body = ListBody {
        renders,
        cursor: listing.cursor.map(|cursor| cursor.to_string()),
    };
    Ok(Success::json(StatusCode::OK, &body))
}

/// To sign a link takes no call.
async fn listed<'a>(app: &App, render: &'a Render) -> Result<ListedRender<'a>, Error> {
    let end = render.end.as_ref();
    Ok(ListedRender {
        render_id: render.id.as_str(),
        kind: render.kind.as_str(),
        name: render.labels.name.as_deref(),
        composition: &render.composition,
        status: render.status(),
        started_at: render.started_at,
        finished_at: end.map(|end| end.finished_at),
        bucket_name: &render.bucket_name,
        output_url: app.output_url(render).await?,
        output_size_in_bytes: end.and_then(|end| end.output_size_in_bytes),
        costs: end.and_then(|end| end.costs.as_ref()),
        custom_data: render.labels.custom_data_json(),
        batch_id: render.batch.as_ref().map(BatchId::as_str),
    })
}

fn wanted(request: &Request) -> Result<Wanted, Vec<WrongParameter>> {
    let query = request.query_string_parameters_ref();
    let parameter = |name: &str| query.and_then(|query| query.first(name));
    let mut wrong = Vec::new();
    let mut refuse = |parameter, detail: String| wrong.push(WrongParameter { parameter, detail });
    for name in ["limit", "cursor", "status", "batchId"] {
        if query
            .and_then(|query| query.all(name))
            .is_some_and(|all| all.len() > 1)
        {
            refuse(name, format!("{name} is given twice."));
        }
    }
    let limit = parameter("limit").map_or(Some(20), |text| {
        text.parse().ok().filter(|limit| (1..=100).contains(limit))
    });
    if limit.is_none() {
        refuse(
            "limit",
            "limit must be a whole number from 1 to 100.".to_owned(),
        );
    }
    let cursor = parameter("cursor").map(str::parse);
    if matches!(cursor, Some(Err(()))) {
        refuse(
            "cursor",
            "cursor must be the cursor of an earlier page.".to_owned(),
        );
    }
    let status = parameter("status").map(|name| Render::STATUSES.into_iter().find(|s| *s == name));
    if matches!(status, Some(None)) {
        let names = Render::STATUSES.join(", ");
        refuse("status", format!("status must be one of {names}."));
    }
    let batch = parameter("batchId").map(BatchId::try_from);
    if matches!(batch, Some(Err(()))) {
        refuse(
            "batchId",
            "batchId must be the id of a batch, such as b-0123456789abcdef.".to_owned(),
        );
    }
    match (limit, wrong.is_empty()) {
        (Some(limit), true) => Ok(Wanted {
            limit,
            cursor: cursor.and_then(Result::ok),
            status: status.flatten(),
            batch: batch.and_then(Result::ok),
        }),
        _ => Err(wrong),
    }
}
