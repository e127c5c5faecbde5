//! What waits is started when there is room, each once at most, in its turn.
//!
//! The function `dispatch` does this, one at a time. It is woken by what is taken in, by each end, and by the tick of each minute.

mod batches;
mod bodies;
mod handle;
mod round;
mod start;

pub use handle::handle;
