//! `info`: asks a function for its release. The one routine without a version check.

use serde::Deserialize;

use super::payload::Routine;
use crate::version::Version;
use crate::writer::ObjectWriter;

/// The request.
#[derive(Debug, Default)]
pub struct InfoPayload;

/// The answer.
#[derive(Debug, Deserialize)]
pub struct Info {
    /// The function's own release.
    pub version: Version,
}

impl InfoPayload {
    /// What the function is sent, whatever its version.
    #[must_use]
    pub fn json() -> Vec<u8> {
        let mut writer = ObjectWriter::of_routine("info");
        writer.put("logLevel", "info");
        writer.finish()
    }
}

impl Routine for InfoPayload {
    type Reply = Info;
    const STARTS: bool = false;

    fn payload(&self, _: &Version) -> Vec<u8> {
        Self::json()
    }
}
