//! Requests to a Remotion function, and its answers.

pub mod compositions;
pub mod info;
pub mod payload;
pub mod reply;
pub mod start;
pub mod status;
pub mod still;
