//! `status`: how far a render is, asked from the function.
//!
//! Source: `getRenderProgressPayload()` of `@remotion/lambda-client`.

use serde::Serialize;
use serde_json::value::RawValue;

use super::common::Routine;
use super::objects::{S3OutputProvider, Verbatim};
use super::texts::{BucketName, NonEmpty};
use super::values::LogLevel;

/// With the version all 7 keys.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusPayload {
    r#type: &'static str,
    bucket_name: BucketName,
    render_id: NonEmpty,
    /// Where the output goes, if not into AWS's own S3. Default: none.
    pub s3_output_provider: Option<Verbatim<S3OutputProvider>>,
    /// Default: info.
    pub log_level: LogLevel,
    /// Whether S3 is addressed by path. Default false.
    pub force_path_style: bool,
}

impl StatusPayload {
    /// Asks for a render in a bucket.
    #[must_use]
    pub fn new(bucket_name: BucketName, render_id: NonEmpty) -> Self {
        Self {
            r#type: "status",
            bucket_name,
            render_id,
            s3_output_provider: None,
            log_level: LogLevel::Info,
            force_path_style: false,
        }
    }
}

impl Routine for StatusPayload {
    /// Remotion's own words: this API reads the state from the bucket.
    type Reply = Box<RawValue>;
    const STARTS: bool = false;
}
