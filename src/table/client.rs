//! The table's client, and the calls that all items have in common.

use std::sync::OnceLock;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use remotion_lambda::aws::{CallError, CallFailure, SdkFailure};
use tokio::time::{Instant, sleep, timeout_at};

use super::item::Item;
use crate::access::terms::{Capacity, Terms};
use crate::aws::endpoints::configured;
use crate::aws::service::{Service, ServiceError};

/// The condition of a write that there is no such item yet.
pub(super) const IS_NEW: &str = "attribute_not_exists(pk)";

/// The table, through a client that is made at its first use.
#[derive(Debug)]
pub struct RendersTable {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    pub(super) name: String,
    pub(super) terms: Terms,
}

impl RendersTable {
    /// The table of this name, and the operator's terms.
    #[must_use]
    pub const fn new(sdk: SdkConfig, name: String, terms: Terms) -> Self {
        Self {
            sdk,
            client: OnceLock::new(),
            name,
            terms,
        }
    }

    /// How many functions may run at once; `None` where any number may.
    #[must_use]
    pub const fn capacity(&self) -> Option<Capacity> {
        self.terms.capacity
    }

    /// Where the table is, as its client addresses it. Nothing where there is no such region.
    pub async fn url(&self) -> Option<String> {
        let params = Params::builder()
            .region(self.sdk.region()?.as_ref())
            .use_fips(self.sdk.use_fips().unwrap_or_default())
            .use_dual_stack(self.sdk.use_dual_stack().unwrap_or_default())
            .set_endpoint(configured(&self.sdk, "DynamoDB"));
        let resolver = DefaultResolver::new();
        let endpoint = resolver
            .resolve_endpoint(&params.build().ok()?)
            .await
            .ok()?;
        Some(endpoint.url().to_owned())
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

    /// A change of an item, outside of a transaction.
    pub(super) fn update_item(&self, key: Item) -> UpdateItemFluentBuilder {
        let update = self.client().update_item().table_name(&self.name);
        update.set_key(Some(key))
    }

    /// Writes an item, unless there is one.
    pub(super) async fn put_new(&self, item: Item, deadline: Instant) -> Result<(), ServiceError> {
        let put = self
            .client()
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(IS_NEW);
        if_met(deadline, || put.clone().send()).await.map(|_| ())
    }
}

/// Waits for a call with a condition, which is made again where a transaction writes the same item at the same moment; `false`
/// where the condition does not hold.
pub(super) async fn if_met<T, E, F>(
    deadline: Instant,
    call: impl Fn() -> F,
) -> Result<bool, ServiceError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    F: Future<Output = Result<T, SdkFailure<E>>>,
{
    let mut waits = waits(deadline);
    loop {
        let error = match timeout_at(deadline, call()).await {
            Ok(Ok(_)) => return Ok(true),
            Ok(Err(error)) => error,
            Err(elapsed) => {
                let late = CallError::new(CallFailure::TimedOut, elapsed);
                return Err(Service::RendersTable.failed(late));
            }
        };
        match error.code() {
            Some("ConditionalCheckFailedException") => return Ok(false),
            Some("TransactionConflictException") => {}
            _ => return Err(Service::RendersTable.failed(error)),
        }
        let Some(wait) = waits.next() else {
            let conflict = CallError::new(CallFailure::Throttled, error);
            return Err(Service::RendersTable.failed(conflict));
        };
        sleep(wait).await;
    }
}

/// How long to wait before each further attempt: longer each time, and random, so that those who met do not meet again. None
/// where the time is up by then.
pub(super) fn waits(deadline: Instant) -> impl Iterator<Item = Duration> {
    [20, 40, 80, 160, 320, 640, 640, 640]
        .map(|most| Duration::from_millis(fastrand::u64(most / 4..=most)))
        .into_iter()
        .map_while(move |wait| (Instant::now() + wait < deadline).then_some(wait))
}
