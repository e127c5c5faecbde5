//! What an idempotency key stands for: what an earlier request with it has come to.

use aws_sdk_dynamodb::types::AttributeValue;

use super::item::{Item, number_in, text_in};
use crate::batch::BatchId;
use crate::error::Error;
use crate::render::id::Id;

/// How long a request may be in progress, in seconds: longer than the function may run. One that has not ended by then never
/// will, and nobody knows what became of its start.
const IN_FLIGHT_SECONDS: u64 = 60;

/// What an earlier request with the same key has started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The bucket that holds the render's state.
    pub bucket_name: String,
    /// The render, or the batch.
    pub id: EarlierId,
    /// Whether it was taken in, to be started later.
    pub queued: bool,
}

/// What an idempotency key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EarlierId {
    /// A render.
    Render(Id),
    /// A batch.
    Batch(BatchId),
}

impl Earlier {
    /// The render.
    ///
    /// # Errors
    ///
    /// [`Error::IdempotencyKeyReused`] where it is a batch.
    pub fn render(&self) -> Result<&Id, Error> {
        match &self.id {
            EarlierId::Render(id) => Ok(id),
            EarlierId::Batch(_) => Err(Error::IdempotencyKeyReused),
        }
    }
}

/// The answer that a key stands for, which an earlier request has reserved. `request` is the digest of the one that asks.
pub(super) fn stands_for(
    request: Option<&AttributeValue>,
    earlier: &Item,
    now: u64,
) -> Result<Earlier, Error> {
    // Gone again: the request before this one has just failed.
    if earlier.is_empty() {
        return Err(Error::InFlight);
    }
    if earlier.get("request") != request {
        return Err(Error::IdempotencyKeyReused);
    }
    let render = text_in(earlier, "renderId").and_then(|id| Id::try_from(id).ok());
    let batch = text_in(earlier, "batchId").and_then(|id| BatchId::try_from(id).ok());
    let id = render
        .map(EarlierId::Render)
        .or(batch.map(EarlierId::Batch));
    if let (Some(bucket_name), Some(id)) = (text_in(earlier, "bucketName"), id) {
        return Ok(Earlier {
            bucket_name: bucket_name.to_owned(),
            id,
            queued: earlier.contains_key("queued"),
        });
    }
    let since = number_in(earlier, "reservedAt").unwrap_or_default();
    let is_over = now.saturating_sub(since) > IN_FLIGHT_SECONDS;
    Err(if is_over || earlier.contains_key("outcomeUnknown") {
        Error::KeyOutcomeUnknown
    } else {
        Error::InFlight
    })
}
