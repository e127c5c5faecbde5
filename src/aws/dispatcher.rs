//! Wakes the function `dispatch`: an accepted render, and an end that frees capacity, are reasons to look at the queue.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use remotion_lambda::aws::{CallError, within};
use tokio::time::Instant;

use crate::hook::Tag;

/// The function, through a client that is made at its first use.
#[derive(Debug)]
pub struct Dispatcher {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    name: String,
}

impl Dispatcher {
    /// The function of this name or ARN.
    #[must_use]
    pub const fn new(sdk: SdkConfig, name: String) -> Self {
        Self {
            sdk,
            client: OnceLock::new(),
            name,
        }
    }

    /// Has it look at the queue. Where that fails, the next tick does it.
    pub async fn wake(&self, deadline: Instant) {
        self.tell("{}".to_owned(), deadline).await;
    }

    /// Has it free a place when it may be freed, and then look at the queue. Where that fails, the next tick does it.
    pub async fn free_and_look(&self, tag: &Tag, at: u64, deadline: Instant) {
        let payload = serde_json::json!({"free": tag.to_json(), "at": at});
        self.tell(payload.to_string(), deadline).await;
    }

    async fn tell(&self, payload: String, deadline: Instant) {
        if let Err(error) = self.invoke(payload, deadline).await {
            let cause = crate::error::cause(&error);
            tracing::warn!(
                error.cause = cause,
                "The dispatcher could not be woken: {error}"
            );
        }
    }

    async fn invoke(&self, payload: String, deadline: Instant) -> Result<(), CallError> {
        let client = self.client.get_or_init(|| Client::new(&self.sdk));
        let invoke = client
            .invoke()
            .function_name(&self.name)
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(payload))
            .send();
        within(deadline, invoke).await.map(|_| ())
    }
}
