//! One file for each route, and what several of them do.

pub mod batch_status;
pub mod cancel;
pub mod cancel_batch;
pub mod compositions;
pub mod delete;
pub mod health;
pub mod list;
mod once;
pub mod page;
pub mod start;
pub mod start_batch;
pub mod status;
pub mod still;
pub mod usage;
