//! `status`: asks the function for the progress of a render. Reading the state in the bucket needs no invocation.
//!
//! Source: `getRenderProgressPayload()` of `@remotion/lambda-client`.

use std::fmt;

use serde_json::value::RawValue;

use super::payload::Routine;
use crate::json::Violation;
use crate::options::objects::{S3OutputProvider, Verbatim};
use crate::options::texts::{BucketName, NonEmpty};
use crate::options::values::LogLevel;
use crate::read::Quote;
use crate::version::Version;
use crate::writer::ObjectWriter;

/// With the version all 7 keys.
#[derive(Clone)]
pub struct StatusPayload {
    bucket_name: BucketName,
    render_id: NonEmpty,
    /// Where the output goes, if not into AWS's own S3. Default: none.
    pub s3_output_provider: Option<Verbatim<S3OutputProvider>>,
    /// Default: info.
    pub log_level: LogLevel,
    /// Whether S3 is addressed by path. Default false.
    pub force_path_style: bool,
}

/// The provider has keys.
impl fmt::Debug for StatusPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusPayload")
            .field("bucket_name", &self.bucket_name)
            .field("render_id", &self.render_id)
            .finish_non_exhaustive()
    }
}

impl StatusPayload {
    /// Asks for a render in a bucket.
    #[must_use]
    pub fn new(bucket_name: BucketName, render_id: NonEmpty) -> Self {
        Self {
            bucket_name,
            render_id,
            s3_output_provider: None,
            log_level: LogLevel::Info,
            force_path_style: false,
        }
    }
}

impl StatusPayload {
    /// Reads the option `s3OutputProvider`.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn provider(value: &RawValue) -> Result<Verbatim<S3OutputProvider>, Violation> {
        Verbatim::read(value, Quote::Nothing).map_err(|fault| fault.violation("s3OutputProvider"))
    }
}

impl Routine for StatusPayload {
    /// Remotion's own words.
    type Reply = Box<RawValue>;
    const STARTS: bool = false;

    fn payload(&self, version: &Version) -> Vec<u8> {
        let mut writer = ObjectWriter::of_routine("status");
        writer.put("bucketName", &self.bucket_name);
        writer.put("renderId", &self.render_id);
        writer.put("version", version);
        writer.put("s3OutputProvider", &self.s3_output_provider);
        writer.put("logLevel", &self.log_level);
        writer.put("forcePathStyle", &self.force_path_style);
        writer.finish()
    }
}
