//! The table's client, and the calls that all items have in common.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use remotion_lambda::aws::{CallError, CallFailure, SdkFailure};
use tokio::time::{Instant, timeout_at};

use super::item::Item;
use crate::aws::service::{Service, ServiceError};

/// The table, through a client that is made at its first use.
#[derive(Debug)]
pub struct RendersTable {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    pub(super) name: String,
    pub(super) quota: Option<u32>,
}

impl RendersTable {
    /// The table of this name, and how many renders an owner may start in a day.
    #[must_use]
    pub const fn new(sdk: SdkConfig, name: String, quota: Option<u32>) -> Self {
        Self {
            sdk,
            client: OnceLock::new(),
            name,
            quota,
        }
    }

    pub(super) fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::new(&self.sdk))
    }

    /// The item of a key.
    pub(super) async fn item(
        &self,
        key: Item,
        deadline: Instant,
    ) -> Result<Option<Item>, ServiceError> {
        let get = self
            .client()
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key))
            .consistent_read(true)
            .send();
        let output = Service::RendersTable.within(deadline, get).await?;
        Ok(output.item)
    }

    /// Writes an item, whatever is there.
    pub(super) async fn put(&self, item: Item, deadline: Instant) -> Result<(), ServiceError> {
        let put = self
            .client()
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .send();
        Service::RendersTable
            .within(deadline, put)
            .await
            .map(|_| ())
    }
}

/// Waits for a call with a condition; `false` where that does not hold.
pub(super) async fn if_met<T, E>(
    deadline: Instant,
    call: impl Future<Output = Result<T, SdkFailure<E>>>,
) -> Result<bool, ServiceError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match timeout_at(deadline, call).await {
        Ok(Ok(_)) => Ok(true),
        Ok(Err(error)) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Ok(Err(error)) => Err(Service::RendersTable.failed(error)),
        Err(elapsed) => {
            let late = CallError::new(CallFailure::TimedOut, elapsed);
            Err(Service::RendersTable.failed(late))
        }
    }
}
