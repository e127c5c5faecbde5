//! `POST /hooks/remotion`: Remotion reports that a render has ended. It sends no token, but a signature.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use remotion_lambda::json::Object;
use remotion_lambda::webhook::{End as Signed, SIGNATURE_HEADER, WebhookBody};
use remotion_lambda::{BucketName, RenderId, Status};
use tokio::time::{Duration, Instant, sleep};

use super::settle::{Written, adopt, stop, tell, write};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::{About, Success};
use crate::hook::Tag;
use crate::overview::Found;
use crate::render::end::{End, Final};
use crate::render::id::Id;
use crate::render::{Phase, Render};
use crate::table::RendersTable;
use crate::{App, bounds, clock};

/// How often, and with which pauses, a state is read again that does not know of the success yet: older releases of Remotion tell
/// of it before they write it.
const LOOKS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(700);

/// Writes and tells the end that is signed, unless one is written already. What is no render of this deployment changes nothing.
///
/// # Errors
///
/// [`Error::NotFound`] where there is no hook, [`Error::PayloadTooLarge`], [`Error::SignatureInvalid`], [`Error::InvalidJson`];
/// and what keeps the end from being written, so that Remotion tries again.
pub(super) async fn hook(
    app: &App,
    request: &Request,
    deadline: Deadline,
) -> Result<Success, Error> {
    let webhook = verified(app, request)?;
    // Such as that of Remotion's form for testing webhooks: no render of any deployment.
    let Ok(render_id) = RenderId::try_from(webhook.render_id.clone()) else {
        return Ok(Success::empty(StatusCode::NO_CONTENT));
    };
    let deadline = deadline.settle_by;
    let answer = Success::empty(StatusCode::NO_CONTENT).about(About {
        render_id: Some(render_id.clone().into()),
        ..About::default()
    });
    let Some(tag) = webhook.custom_data.as_deref().and_then(Tag::read) else {
        return Ok(answer);
    };
    let id = tag.id.clone();
    let id = id.unwrap_or_else(|| render_id.clone().into());
    let table = app.table()?;
    let (known, state) = tokio::join!(
        table.known(&tag.owner, &id, deadline),
        app.storage
            .state(&webhook.bucket_name, render_id.as_str(), deadline)
    );
    let known = known?;
    // Without a state, what has no record was deleted.
    if known.is_none() && !matches!(state, Ok(Some(_))) {
        return state.map(|_| answer).map_err(Error::from);
    }
    let is_over = |render: &&Render| render.end.is_some() || render.deleting;
    if let Some(render) = known.as_ref().filter(is_over) {
        // Whoever has read the render before has written its end, and has told nobody.
        let event = table.event(&tag.owner, &id, deadline).await?;
        tell(app, table, event.as_ref(), deadline).await;
        // What has made room then has woken nobody.
        let queues = app.dispatcher.is_some() && !render.deleting;
        if let Some(end) = render.end.as_ref().filter(|_| queues) {
            let wake =
                async |frees_at| wake(app, table, &tag, end.status, frees_at, deadline).await;
            stop(app, table, &tag.owner, render, end, wake, deadline).await;
        }
        return Ok(answer);
    }
    let is_known = known.is_some();
    let phase = Phase::Started(render_id);
    let mut render = known.unwrap_or_else(|| lost(app, &webhook, &tag, id, phase.clone()));
    // Where it was not known whether it has been started, it is now.
    render.phase = phase;
    // A state that cannot be read gives no figures; how the render has ended is signed all the same.
    let mut found = Found::new(render, Some(state));
    let mut overview = found.overview_if_readable(app, deadline).await?;
    for _ in 0..LOOKS {
        let is_behind = matches!(overview.status, Status::Rendering | Status::Encoding);
        if !(is_behind && webhook.end == Signed::Success) {
            break;
        }
        sleep(PAUSE).await;
        overview = found.overview_if_readable(app, deadline).await?;
    }
    let end = End::signed_by(&webhook, &overview, clock::now_ms());
    let mut render = found.render;
    let written = if is_known {
        write(app, table, &tag.owner, &render, &end, deadline).await?
    } else {
        render.composition = overview.composition.unwrap_or_default();
        render.started_at = overview.started_at.unwrap_or(end.finished_at);
        render.end = Some(end.clone());
        adopt(app, table, &tag.owner, &render, &end, deadline).await?
    };
    if let Written::First(event) = written {
        let wake = async |frees_at| wake(app, table, &tag, end.status, frees_at, deadline).await;
        tokio::join!(
            stop(app, table, &tag.owner, &render, &end, wake, deadline),
            tell(app, table, event.as_ref(), deadline)
        );
    }
    Ok(answer)
}

/// What is done has made room, for what waits by now; what has failed does when its other functions have stopped, if they could be
/// told to, for whatever waits by then.
async fn wake(
    app: &App,
    table: &RendersTable,
    tag: &Tag,
    how: Final,
    frees_at: Option<u64>,
    deadline: Instant,
) {
    let Some(dispatcher) = &app.dispatcher else {
        return;
    };
    if how == Final::Done || tag.lease.is_none() {
        // What cannot be counted may wait.
        let room = table.room(deadline).await;
        if room.map_or(true, |(_, waiting)| waiting > 0) {
            dispatcher.wake(deadline).await;
        }
    } else if let Some(at) = frees_at {
        dispatcher.free_and_look(tag, at, deadline).await;
    }
}

fn verified(app: &App, request: &Request) -> Result<WebhookBody, Error> {
    let hook = app.hook.as_ref().ok_or(Error::NotFound)?;
    let body: &[u8] = request.body();
    if body.len() > bounds::MAX_HOOK_BYTES {
        return Err(Error::PayloadTooLarge(format!(
            "The body is {} bytes, and at most {} are allowed.",
            body.len(),
            bounds::MAX_HOOK_BYTES
        )));
    }
    let signature = request.headers().get(SIGNATURE_HEADER);
    let signature = signature.and_then(|value| value.to_str().ok());
    if !signature.is_some_and(|signature| hook.has_signed(body, signature)) {
        return Err(Error::SignatureInvalid);
    }
    // An array would be read by the order of its entries.
    Object::parse(body).map_err(|error| Error::InvalidJson(error.to_string()))?;
    let webhook: WebhookBody =
        serde_json::from_slice(body).map_err(|error| Error::InvalidJson(error.to_string()))?;
    BucketName::try_from(webhook.bucket_name.clone())
        .map_err(|fault| Error::InvalidJson(format!("bucketName {fault}")))?;
    Ok(webhook)
}

/// The render whose record was lost between its start and the writing of it, as far as it is known.
fn lost(app: &App, webhook: &WebhookBody, tag: &Tag, id: Id, phase: Phase) -> Render {
    Render {
        actor: tag.actor.clone(),
        bucket_name: webhook.bucket_name.clone(),
        started_at: clock::now_ms(),
        lease: tag.lease.clone(),
        ..app.unknown_render(id, phase, tag.user.clone())
    }
}
