//! Requests that are too large for the table: they are kept in Remotion's bucket until their renders do not wait any more.

use remotion_lambda::progress::Location;
use tokio::time::Instant;

use crate::App;
use crate::batch::Batch;
use crate::error::cause;
use crate::render::id::Id;

/// The key of the object with what was sent for a render.
#[must_use]
pub fn object(id: &Id) -> String {
    format!("render-api/requests/{id}.json")
}

/// Deletes what was sent for a render, whether or not it is there.
pub async fn forget(app: &App, bucket: &str, id: &Id, deadline: Instant) {
    delete(app, bucket, object(id), deadline).await;
}

/// Deletes what was sent for the renders of a batch.
pub async fn forget_batch(app: &App, batch: &Batch, deadline: Instant) {
    delete(app, &batch.bucket_name, batch.object(), deadline).await;
}

/// Where this fails it stays, and is of no use to anybody.
async fn delete(app: &App, bucket: &str, key: String, deadline: Instant) {
    let object = Location {
        bucket: bucket.to_owned(),
        key,
    };
    if let Err(error) = app.storage.delete(&object, deadline).await {
        let cause = cause(&error);
        tracing::warn!(
            storage.key = object.key,
            error.cause = cause,
            "What was sent for renders that do not wait any more could not be deleted: {error}"
        );
    }
}
