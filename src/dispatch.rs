//! Starts waiting renders in turn when there is capacity, each at most once.
//!
//! The function `dispatch` does this, one instance at a time. Accepted renders, ends, and a tick each minute wake it.

mod batches;
mod bodies;
mod handle;
mod round;
mod start;

pub use handle::handle;
