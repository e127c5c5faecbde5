//! The table of renders: whose a render is, which request started it, and how many a user has started today.
//!
//! One `DynamoDB` table, so that every instance of the function sees the same. The only folder that names
//! `aws_sdk_dynamodb`.

mod claim;
mod key;
mod listing;
mod record;
mod transaction;

use std::collections::HashMap;
use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::{Instant, sleep, timeout_at};

use crate::access::identity::Caller;
use crate::aws::call::{CallError, CallFailure, SdkFailure, Service};
use crate::error::{Error, cause};

pub use claim::{Claim, Claimed, IdempotencyKey};
pub use listing::{Cursor, Listing};
pub use record::{Kind, Output, Render};
use transaction::waits;

type Item = HashMap<String, AttributeValue>;

/// The table, through a client that is made at its first use.
#[derive(Debug)]
pub struct RendersTable {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    name: String,
    quota: Option<u32>,
}

impl RendersTable {
    /// The table of this name, and how many renders a user may start in a day.
    #[must_use]
    pub const fn new(sdk: SdkConfig, name: String, quota: Option<u32>) -> Self {
        Self {
            sdk,
            client: OnceLock::new(),
            name,
            quota,
        }
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::new(&self.sdk))
    }

    /// An item of a caller's own.
    async fn item(&self, key: Item, moment: Instant) -> Result<Option<Item>, CallError> {
        let get = self
            .client()
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key))
            .consistent_read(true)
            .send();
        let output = Service::RendersTable.within(moment, get).await?;
        Ok(output.item)
    }
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// Seconds since 1970.
fn now_seconds() -> u64 {
    crate::clock::now_ms() / 1_000
}

/// The number in an item, if there is one.
fn number_in(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// The text in an item, if there is one.
fn text_in<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// Waits for a call with a condition, which is made again where a transaction writes the same item at the same moment; `false`
/// where the condition does not hold.
async fn if_met<T, E, F>(moment: Instant, call: impl Fn() -> F) -> Result<bool, CallError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    F: Future<Output = Result<T, SdkFailure<E>>>,
{
    let mut waits = waits();
    loop {
        let error = match timeout_at(moment, call()).await {
            Ok(Ok(_)) => return Ok(true),
            Ok(Err(error)) => error,
            Err(elapsed) => return Err(CallError::late(Service::RendersTable, elapsed)),
        };
        match error.code() {
            Some("ConditionalCheckFailedException") => return Ok(false),
            Some("TransactionConflictException") => {}
            _ => return Err(Service::RendersTable.failed(error)),
        }
        let Some(wait) = waits.next().filter(|wait| Instant::now() + *wait < moment) else {
            let failure = CallFailure::Throttled;
            return Err(CallError::told(Service::RendersTable, failure, error));
        };
        sleep(wait).await;
    }
}

/// What could not be written, and harms no caller at once.
fn warn(error: CallError, message: &str) {
    let error = Error::from(error);
    let cause = cause(&error);
    tracing::warn!(
        error.code = error.code().as_str(),
        error.cause = cause,
        "{message}"
    );
}

/// Random letters and digits.
fn token(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric)
        .take(length)
        .collect()
}

/// The key of an item of the caller's.
fn key_of(caller: &Caller, sort: String) -> Item {
    [
        ("pk".into(), text(key::partition(caller))),
        ("sk".into(), text(sort)),
    ]
    .into()
}
