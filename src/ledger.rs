//! Who owns a render, which request started it, and how many a user has started today.
//!
//! One `DynamoDB` table, so that every instance of the function sees the same. All of a user's items lie in one partition,
//! `user#<sub>`, and no key is made of anything else: what is another user's cannot be reached. The only file that names
//! `aws_sdk_dynamodb`.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::{Instant, timeout_at};

use crate::error::Error;
use crate::identity::Caller;
use crate::remotion::{RenderId, Version};
use crate::service::{CallError, Service};

mod claim;
mod idempotency;
mod quota;

pub use claim::{Claim, Claimed};
pub use idempotency::{IdempotencyKey, Reservation, Reserved};
pub use quota::{Counted, Quota};

/// Time kept back to write what has become of a claim.
pub const SETTLING: Duration = Duration::from_secs(2);

/// How long a render is remembered.
const RECORD_SECONDS: u64 = 365 * 24 * 3_600;

/// The table's index of a user's renders by time.
const BY_TIME: &str = "byTime";

type Item = HashMap<String, AttributeValue>;

/// The table, through a client that is made at its first use.
#[derive(Debug)]
pub struct Ledger {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    table: String,
    quota: Option<u32>,
}

/// A render, as it was when it started: what reads it later must not depend on today's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Render {
    /// Remotion's id.
    pub id: RenderId,
    /// The bucket that holds its state.
    pub bucket_name: String,
    /// The function that renders it.
    pub function_name: String,
    /// That function's release.
    pub version: Version,
    /// The composition.
    pub composition: String,
    /// Whether it looks for a cancel signal.
    pub cancellable: bool,
    /// In milliseconds since 1970.
    pub started_at: u64,
    /// Whether its files may be gone already.
    pub deleting: bool,
}

/// A page of a user's renders.
#[derive(Debug)]
pub struct Page {
    /// Newest first.
    pub renders: Vec<Render>,
    /// Where the next page begins, if there is one.
    pub cursor: Option<Cursor>,
}

/// The last render of a page. Written `<time>.<id>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    started_at: u64,
    id: RenderId,
}

impl std::str::FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (started_at, id) = text.split_once('.').ok_or(())?;
        Ok(Self {
            started_at: started_at.parse().map_err(|_| ())?,
            id: RenderId::try_from(id.to_owned()).map_err(|_| ())?,
        })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.started_at, self.id)
    }
}

impl Ledger {
    /// The table of this name, and how many renders a user may start in a day.
    #[must_use]
    pub fn new(sdk: SdkConfig, table: String, quota: Option<u32>) -> Self {
        Self {
            sdk,
            client: OnceLock::new(),
            table,
            quota,
        }
    }

    /// Remembers a render.
    ///
    /// # Errors
    ///
    /// [`Error::NotRecorded`].
    pub async fn record(
        &self,
        caller: &Caller,
        render: &Render,
        deadline: Instant,
    ) -> Result<(), Error> {
        let put = self
            .client()
            .put_item()
            .table_name(&self.table)
            .set_item(Some(render.to_item(caller)))
            .send();
        match Service::Ledger.within(deadline, put).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::NotRecorded(error.into())),
        }
    }

    /// The caller's own render of this id.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchRender`] where there is none, or where it is another user's; and those of a call.
    pub async fn find(
        &self,
        caller: &Caller,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<Render, Error> {
        let get = self
            .client()
            .get_item()
            .table_name(&self.table)
            .set_key(Some(render_key(caller, id)))
            .consistent_read(true)
            .send();
        let output = Service::Ledger.within(deadline, get).await?;
        output
            .item()
            .and_then(Render::from_item)
            .ok_or(Error::NoSuchRender)
    }

    /// A page of the caller's own renders, newest first.
    ///
    /// # Errors
    ///
    /// Those of a call.
    pub async fn list(
        &self,
        caller: &Caller,
        limit: u8,
        after: Option<&Cursor>,
        deadline: Instant,
    ) -> Result<Page, Error> {
        let start = after.map(|cursor| {
            let mut key = render_key(caller, &cursor.id);
            key.insert("startedAt".into(), number(cursor.started_at));
            key
        });
        let query = self
            .client()
            .query()
            .table_name(&self.table)
            .index_name(BY_TIME)
            .key_condition_expression("pk = :user")
            .expression_attribute_values(":user", text(partition(caller)))
            .scan_index_forward(false)
            .limit(i32::from(limit))
            .set_exclusive_start_key(start)
            .send();
        let output = Service::Ledger.within(deadline, query).await?;
        let renders: Vec<_> = output
            .items()
            .iter()
            .filter_map(Render::from_item)
            .collect();
        let more = output.last_evaluated_key().is_some();
        let cursor = renders.last().filter(|_| more).map(|last| Cursor {
            started_at: last.started_at,
            id: last.id.clone(),
        });
        Ok(Page { renders, cursor })
    }

    /// Remembers that a render is being deleted: from then on nothing of it tells that it is over.
    ///
    /// # Errors
    ///
    /// Those of a call.
    pub async fn mark_deleting(
        &self,
        caller: &Caller,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<(), Error> {
        let update = self
            .client()
            .update_item()
            .table_name(&self.table)
            .set_key(Some(render_key(caller, id)))
            .update_expression("SET deleting = :yes")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .send();
        match if_met(deadline, update).await? {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::NoSuchRender),
        }
    }

    /// Forgets a render.
    ///
    /// # Errors
    ///
    /// Those of a call.
    pub async fn forget(
        &self,
        caller: &Caller,
        id: &RenderId,
        deadline: Instant,
    ) -> Result<(), Error> {
        let delete = self
            .client()
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(render_key(caller, id)))
            .send();
        Service::Ledger.within(deadline, delete).await?;
        Ok(())
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::new(&self.sdk))
    }
}

impl Render {
    fn to_item(&self, caller: &Caller) -> Item {
        let mut item = render_key(caller, &self.id);
        item.extend([
            ("bucketName".into(), text(self.bucket_name.clone())),
            ("functionName".into(), text(self.function_name.clone())),
            ("version".into(), text(self.version.to_string())),
            ("composition".into(), text(self.composition.clone())),
            ("cancellable".into(), AttributeValue::Bool(self.cancellable)),
            ("startedAt".into(), number(self.started_at)),
            (
                "expiresAt".into(),
                number(self.started_at / 1_000 + RECORD_SECONDS),
            ),
        ]);
        item
    }

    fn from_item(item: &Item) -> Option<Self> {
        let text = |name: &str| item.get(name)?.as_s().ok().cloned();
        Some(Self {
            id: RenderId::try_from(text("sk")?.strip_prefix("render#")?.to_owned()).ok()?,
            bucket_name: text("bucketName")?,
            function_name: text("functionName")?,
            version: Version::try_from(text("version")?).ok()?,
            composition: text("composition")?,
            cancellable: item.get("cancellable")?.as_bool().is_ok_and(|yes| *yes),
            started_at: item.get("startedAt")?.as_n().ok()?.parse().ok()?,
            deleting: item.contains_key("deleting"),
        })
    }
}

fn partition(caller: &Caller) -> String {
    format!("user#{}", caller.id)
}

fn key(caller: &Caller, sort: String) -> Item {
    [
        ("pk".into(), text(partition(caller))),
        ("sk".into(), text(sort)),
    ]
    .into()
}

fn render_key(caller: &Caller, id: &RenderId) -> Item {
    key(caller, format!("render#{id}"))
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

/// Random letters and digits.
fn token(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric)
        .take(length)
        .collect()
}

/// Waits for a call with a condition; `Ok(Err(_))` where that does not hold.
async fn if_met<T, E>(
    deadline: Instant,
    call: impl Future<Output = Result<T, CallError<E>>>,
) -> Result<Result<T, CallError<E>>, Error>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match timeout_at(deadline, call).await {
        Ok(Err(error)) if error.code() != Some("ConditionalCheckFailedException") => {
            Err(Service::Ledger.failed(error))
        }
        Ok(outcome) => Ok(outcome),
        Err(elapsed) => Err(Error::TimedOut(Service::Ledger, elapsed.into())),
    }
}

/// What could not be written, and harms no caller at once.
fn warn(error: &Error, message: &str) {
    let cause = crate::log::cause(error);
    tracing::warn!(error.code = error.code(), error.cause = cause, "{message}");
}
