//! The table of renders: whose a render is, which request started it, and how many an owner has started today.
//!
//! One `DynamoDB` table, so that every instance of the function sees the same. The only folder that names
//! `aws_sdk_dynamodb`.

mod claim;
mod client;
mod idempotency_key;
mod item;
mod key;
mod listing;
mod record;
mod transaction;

pub use claim::{Claim, Claimed};
pub use client::RendersTable;
pub use idempotency_key::IdempotencyKey;
pub use listing::{Cursor, Listing};
pub use record::{Kind, Output, Render};
