//! Remotion's function and the buckets, through the AWS clients.

pub mod function;
pub mod function_name;
pub mod storage;
