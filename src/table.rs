//! The table of renders: whose a render is, which request started it, and how many an owner has started today.
//!
//! One DynamoDB table, so that every instance of the function sees the same. The only folder that names
//! `aws_sdk_dynamodb`.

mod batch;
mod claim;
mod client;
mod due;
mod earlier;
mod end;
mod idempotency_key;
mod item;
mod key;
mod lease;
mod leaving;
mod listing;
mod lock;
mod queue;
mod record;
mod terms;
mod transaction;
mod usage;
mod waiting;
mod write;

pub use batch::{CHUNK, Chunk};
pub use claim::{Claim, Claimed, TakenIn};
pub use client::RendersTable;
pub use due::{Due, Event};
pub use earlier::{Earlier, EarlierId};
pub use idempotency_key::IdempotencyKey;
pub use leaving::ClaimedWaiting;
pub use listing::{Cursor, Listing};
pub use lock::Lock;
pub use queue::{Arrival, Head, NewWaiting, Place, Waiting};
pub use usage::Sums;
pub use waiting::Stored;
