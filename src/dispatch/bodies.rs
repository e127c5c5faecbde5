//! What was sent for renders that wait, where it lies in the bucket: a batch's body is read once for many of its renders.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::App;
use crate::error::Error;

/// The body that was read last.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    last: Mutex<Option<(String, Arc<Vec<u8>>)>>,
}

impl Bodies {
    /// The body in an object; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub(super) async fn of(
        &self,
        app: &App,
        bucket: &str,
        object: String,
        deadline: Instant,
    ) -> Result<Option<Arc<Vec<u8>>>, Error> {
        // Held while it is read: others of the same batch wait for it.
        let mut last = self.last.lock().await;
        if let Some((known, body)) = &*last
            && *known == object
        {
            return Ok(Some(body.clone()));
        }
        let Some(body) = app.storage.get(bucket, &object, deadline).await? else {
            return Ok(None);
        };
        let body = Arc::new(body);
        *last = Some((object, body.clone()));
        Ok(Some(body))
    }
}
