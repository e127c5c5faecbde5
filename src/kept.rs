//! Requests that are too large for the table: they are kept in Remotion's bucket until their renders do not wait any more.

use remotion_lambda::progress::Location;
use tokio::time::Instant;

use crate::App;
use crate::error::cause;
use crate::render::id::Id;

/// The key of the object with what was sent for a render.
#[must_use]
pub fn object(id: &Id) -> String {
    format!("render-api/requests/{id}.json")
}

/// Deletes it, whether or not it is there. Where that fails it stays, and is of no use to anybody.
pub async fn forget(app: &App, bucket: &str, id: &Id, deadline: Instant) {
    let body = Location {
        bucket: bucket.to_owned(),
        key: object(id),
    };
    if let Err(error) = app.storage.delete(&body, deadline).await {
        let cause = cause(&error);
        tracing::warn!(
            render.id = id.as_str(),
            error.cause = cause,
            "What was sent for a render that does not wait any more could not be deleted: {error}"
        );
    }
}
