//! A render's end comes in, by Remotion's webhook or because its time has passed, and goes out, as an event.
//!
//! The function `ends` does this. It can start nothing.

pub mod bus;
pub mod event;
mod handle;
mod hook;
pub mod settle;
mod sweep;

pub use handle::handle;
