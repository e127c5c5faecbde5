//! A client of Remotion Lambda: its vocabulary, requests to its functions, their answers, and the progress of a render.
//!
//! It does not know HTTP requests, users or tables.
//! Source: <https://www.remotion.dev/docs/lambda/rendermediaonlambda>

#[cfg(feature = "aws")]
pub mod aws;
pub mod json;
pub mod options;
pub mod progress;
mod read;
mod redaction;
pub mod routines;
mod text;
mod version;
#[cfg(feature = "webhook")]
pub mod webhook;
mod writer;

pub use options::objects::OutName;
pub use options::texts::{BucketName, NonEmpty, RenderId, ServeUrl};
pub use options::{InvalidOptions, RenderOptions, StillOptions};
pub use progress::{Costs, Overview, Poll, Progress, ProgressError, RenderError, Status};
pub use routines::compositions::CompositionsPayload;
pub use routines::info::InfoPayload;
pub use routines::payload::{OversizedProps, Routine, SerializedInputProps};
pub use routines::reply::{ReplyError, Started, Versions, decode};
pub use routines::start::StartPayload;
pub use routines::status::StatusPayload;
pub use routines::still::StillPayload;
pub use version::{Release, SCHEMA_VERSION, Version};
