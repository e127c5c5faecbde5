//! `POST /hooks/remotion`: Remotion tells that a render has ended. No token: a signature.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use remotion_lambda::SCHEMA_VERSION;
use remotion_lambda::aws::StorageError;
use remotion_lambda::webhook::{SIGNATURE_HEADER, WebhookBody};

use super::settle::{Written, adopt, tell, write};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::gateway::response::{About, Success};
use crate::hook::Tag;
use crate::overview::Found;
use crate::render::end::End;
use crate::render::id::Id;
use crate::render::labels::Labels;
use crate::render::{Kind, Render};
use crate::{App, bounds, clock};

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
    let deadline = deadline.settle_by;
    let id = Id::from(webhook.render_id.clone());
    let answer = Success::empty(StatusCode::NO_CONTENT).about(About {
        render_id: Some(id.clone()),
        ..About::default()
    });
    let Some(tag) = webhook.custom_data.as_deref().and_then(Tag::read) else {
        return Ok(answer);
    };
    let table = app.table()?;
    let (record, state) = tokio::join!(
        table.find(&tag.owner, &id, deadline),
        app.storage
            .state(&webhook.bucket_name, webhook.render_id.as_str(), deadline)
    );
    let known = match record {
        Ok(render) => Some(render),
        Err(Error::RenderNotFound) => None,
        Err(error) => return Err(error),
    };
    // Without a state, what has no record was deleted.
    if known.is_none() && !matches!(state, Ok(Some(_))) {
        return state.map(|_| answer).map_err(Error::from);
    }
    let is_over = |render: &Render| render.end.is_some() || render.deleting;
    if known.as_ref().is_some_and(is_over) {
        // Whoever has read the render before has written its end, and has told nobody.
        if let Some(event) = table.event(&tag.owner, &id, deadline).await? {
            tell(app, table, &event, deadline).await;
        }
        return Ok(answer);
    }
    let is_known = known.is_some();
    let render = known.unwrap_or_else(|| lost(app, &webhook, &tag));
    let mut found = Found::new(render, Some(readable(state)?));
    let overview = found.overview(app, deadline).await?;
    let end = End::signed_by(&webhook, &overview, clock::now_ms());
    let mut render = found.render;
    let written = if is_known {
        write(app, table, &tag.owner, &render, &end, deadline).await?
    } else {
        render.composition = overview.composition.unwrap_or_default();
        render.started_at = overview.started_at.unwrap_or(end.finished_at);
        adopt(app, table, &tag.owner, render, end, deadline).await?
    };
    if let Written::First(Some(event)) = written {
        tell(app, table, &event, deadline).await;
    }
    Ok(answer)
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
    serde_json::from_slice(body).map_err(|error| Error::InvalidJson(error.to_string()))
}

/// A state that cannot be read gives no figures; how the render has ended is signed all the same.
fn readable(
    state: Result<Option<Vec<u8>>, StorageError>,
) -> Result<Result<Option<Vec<u8>>, StorageError>, Error> {
    match state {
        Err(StorageError::Call(error)) => Err(error.into()),
        Err(StorageError::StateTooLarge { .. } | StorageError::StateUnreadable(_)) => Ok(Ok(None)),
        state => Ok(state),
    }
}

/// The render whose record was lost between its start and the writing of it, as far as it is known.
fn lost(app: &App, webhook: &WebhookBody, tag: &Tag) -> Render {
    let version = app.function.known_version();
    Render {
        id: Id::from(webhook.render_id.clone()),
        remotion_id: webhook.render_id.clone(),
        kind: Kind::Render,
        user: tag.user.clone(),
        labels: Labels::default(),
        bucket_name: webhook.bucket_name.clone(),
        function_name: app.function.name().as_str().to_owned(),
        version: version
            .unwrap_or_else(|| SCHEMA_VERSION.to_owned().try_into().expect("a version")),
        composition: String::new(),
        cancellable: false,
        started_at: clock::now_ms(),
        deleting: false,
        output: None,
        separate_audio: None,
        saved_as: None,
        lease: tag.lease.clone(),
        end: None,
    }
}
