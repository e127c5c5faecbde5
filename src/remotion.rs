//! Remotion's vocabulary and wire forms. Knows no HTTP and no AWS.
//!
//! Source: <https://www.remotion.dev/docs/lambda/rendermediaonlambda>

pub mod codecs;
mod common;
pub mod compositions;
pub mod costs;
mod derivation;
mod failures;
pub mod info;
pub mod numbers;
pub mod objects;
pub mod options;
mod overview;
mod progress;
mod redaction;
mod reply;
mod rules;
mod start;
pub mod status;
pub mod still;
pub mod texts;
pub mod values;
mod version;

pub use common::{Common, InputProps, Routine, Versioned};
pub use compositions::CompositionsPayload;
pub use costs::Costs;
pub use failures::Failure;
pub use info::InfoPayload;
pub use objects::OutName;
pub use options::RenderOptions;
pub use overview::{Location, Overview, Poll, Status};
pub use progress::{Progress, ProgressError};
pub use reply::{ReplyError, Started, Versions, decode};
pub use start::StartPayload;
pub use status::StatusPayload;
pub use still::{StillOptions, StillPayload};
pub use texts::{BucketName, NonEmpty, RenderId, ServeUrl};
pub use version::{SCHEMA_VERSION, Version};
