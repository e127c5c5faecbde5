//! `POST /render`: starts a render, once for each `Idempotency-Key`; or queues it, if there is a queue and no capacity.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use remotion_lambda::json::Object;
use serde::Serialize;

use super::once::{Once, idempotency_key, may_be_in, once, replayed};
use crate::access::identity::Caller;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::body;
use crate::gateway::response::{About, Success};
use crate::order::Order;
use crate::render::id::Id;
use crate::render::lease::Lease;
use crate::table::{Arrival, Earlier, NewWaiting, Stored, TakenIn};
use crate::{App, clock, kept};

/// Its name in digests of requests.
const ROUTE: &str = "POST /render";

/// The most bytes of a body that are kept in the table: an item has 400 KB.
const MAX_STORED_BYTES: usize = 100_000;

/// Exactly these three keys.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StartedBody<'a> {
    message: &'static str,
    bucket_name: &'a str,
    render_id: &'a str,
}

/// Starts the render that the caller asks for, on top of the operator's defaults.
///
/// # Errors
///
/// What is wrong with the request; what a claim is refused for; how the render function fails.
pub async fn start(
    app: &App,
    caller: &Caller,
    request: &Request,
    deadline: Deadline,
) -> Result<Success, Error> {
    let asked = body::object(request)?;
    let order = Order::of(app, caller, &asked)?;
    let weight = order.weight(app);
    let run = async |lease: Option<&Lease>, deadline| {
        order.start(app, caller, None, lease, deadline).await
    };
    match once(app, caller, request, ROUTE, weight, deadline, run).await {
        Ok(Once::Now(started, quota)) => {
            let id = started.render_id.into();
            Ok(success(&started.bucket_name, id, false).with_quota(quota.as_ref()))
        }
        Ok(Once::Earlier(earlier)) => again(&earlier),
        Err(refusal @ (Error::CapacitySpent { .. } | Error::TooManyAtOnce { .. }))
            if may_wait(app, request) =>
        {
            let for_functions = matches!(refusal, Error::CapacitySpent { .. });
            // Boxed: few wait, and what all others pay for is the size of the future.
            Box::pin(take_in(
                app,
                caller,
                request,
                &asked,
                for_functions,
                deadline,
            ))
            .await
        }
        Err(error) => Err(error),
    }
}

/// Whether the caller would rather wait than be refused, and may. Source: <https://www.rfc-editor.org/rfc/rfc7240#section-4.1>
fn may_wait(app: &App, request: &Request) -> bool {
    let preferences = request.headers().get_all("prefer").iter();
    let mut preferences = preferences.filter_map(|value| value.to_str().ok());
    let says_so = |value: &str| {
        let mut each = value
            .split(',')
            .map(|preference| preference.split(';').next());
        each.any(|name| name.is_some_and(|name| name.trim().eq_ignore_ascii_case("respond-async")))
    };
    app.queue.is_some() && preferences.any(says_so)
}

/// Takes the render in: it is started when there is room.
async fn take_in(
    app: &App,
    caller: &Caller,
    request: &Request,
    asked: &Object<'_>,
    for_functions: bool,
    deadline: Deadline,
) -> Result<Success, Error> {
    let queue = app.queue.ok_or(Error::NotFound)?;
    let order = Order::of(app, caller, asked)?;
    let id = Id::ours();
    let stored = keep(app, &id, request.body(), deadline).await?;
    let render = order.waiting(app, caller, id);
    let waiting = NewWaiting {
        render: &render,
        request: &stored,
        until: queue.waits_until(clock::now_ms()),
        for_functions,
    };
    let key = idempotency_key(request)?;
    let digested: [&[u8]; 2] = [ROUTE.as_bytes(), request.body()];
    let taken_in = app.table()?.take_in(
        caller,
        key.as_ref(),
        &digested,
        Arrival::Render(waiting),
        deadline,
    );
    let taken_in = taken_in.await;
    if !may_be_in(&taken_in) && matches!(stored, Stored::InBucket(_)) {
        kept::forget(app, &render.bucket_name, &render.id, deadline.settle_by).await;
    }
    match taken_in? {
        TakenIn::Earlier(earlier) => again(&earlier),
        TakenIn::Now => {
            if let Some(dispatcher) = &app.dispatcher {
                dispatcher.wake(deadline.settle_by).await;
            }
            Ok(success(&render.bucket_name, render.id, true))
        }
    }
}

/// Keeps what was sent until the render starts: in the table, or in the bucket where it is large.
async fn keep(app: &App, id: &Id, body: &[u8], deadline: Deadline) -> Result<Stored, Error> {
    if body.len() <= MAX_STORED_BYTES {
        let text = String::from_utf8_lossy(body);
        // A missing body means the same as an empty object.
        let text = if text.trim().is_empty() { "{}" } else { &text };
        return Ok(Stored::Here(text.to_owned()));
    }
    let bucket = app
        .bucket_name
        .as_ref()
        .map_or("", |bucket| bucket.as_str());
    let key = kept::object(id);
    app.storage
        .put(bucket, key.clone(), body.to_vec(), deadline.act_by)
        .await?;
    Ok(Stored::InBucket(key))
}

fn again(earlier: &Earlier) -> Result<Success, Error> {
    let id = earlier.render()?.clone();
    Ok(replayed(success(&earlier.bucket_name, id, earlier.queued)))
}

fn success(bucket_name: &str, id: Id, queued: bool) -> Success {
    let body = StartedBody {
        message: if queued { "QUEUED" } else { "SUCCESS" },
        bucket_name,
        render_id: id.as_str(),
    };
    let status = if queued {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    Success::json(status, &body).about(About {
        render_id: Some(id),
        ..About::default()
    })
}
