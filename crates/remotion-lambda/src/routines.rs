//! What a Remotion function is asked, and what it answers.

pub mod compositions;
pub mod info;
pub mod payload;
pub mod reply;
pub mod start;
pub mod status;
pub mod still;
