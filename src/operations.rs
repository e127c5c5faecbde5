//! One file for each verb. The only place that knows all the others.

pub mod cancel;
pub mod compositions;
pub mod delete;
pub mod health;
pub mod list;
pub mod page;
pub mod start;
pub mod status;
pub mod still;
