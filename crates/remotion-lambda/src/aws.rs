//! The calls themselves: Remotion's function over AWS Lambda, its buckets over S3.
//!
//! Each call takes a deadline. If a caller dropped the call instead, nobody would know whether AWS had carried it out.

mod call;
mod function;
mod function_name;
mod invocation;
mod storage;
#[cfg(test)]
mod tests;

pub use call::{BoxError, CallError, CallFailure, SdkFailure, within};
pub use function::RenderFunction;
pub use function_name::FunctionName;
pub use invocation::{Aftermath, InvocationError, Unanswered};
pub use storage::{Storage, StorageError};
