//! `info`: asks a function for its release. The one routine without a version check.

use serde::{Deserialize, Serialize};

use super::common::Routine;
use super::version::Version;

/// The request.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InfoPayload {
    r#type: &'static str,
    log_level: &'static str,
}

/// The answer.
#[derive(Debug, Deserialize)]
pub struct Info {
    /// The function's own release.
    pub version: Version,
}

impl Default for InfoPayload {
    fn default() -> Self {
        Self {
            r#type: "info",
            log_level: "info",
        }
    }
}

impl Routine for InfoPayload {
    type Reply = Info;
    const STARTS: bool = false;
}
