//! How far a render is: the state that Remotion keeps in the bucket, and what it means.

pub mod costs;
mod derivation;
mod failures;
mod overview;
mod poll;
mod scalars;
mod state;

pub use costs::Costs;
pub use failures::RenderError;
#[cfg(feature = "webhook")]
pub(crate) use failures::says_cancelled;
pub use overview::{Artifact, Location, Overview, Status};
pub use poll::Poll;
pub use state::{Progress, ProgressError};
