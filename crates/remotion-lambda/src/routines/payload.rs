//! What the routines of a Remotion function have in common on the wire.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::options::texts::BucketName;
use crate::options::{RenderOptions, objects};
use crate::version::{Release, Version};
use crate::writer::ObjectWriter;

/// A request to a Remotion function, and what it answers.
pub trait Routine {
    /// The good answer.
    type Reply: DeserializeOwned;

    /// Whether it starts a render, so that one may be under way where no answer comes.
    const STARTS: bool;

    /// Whether the routine itself invokes the function, so that AWS may throttle it inside. Of any other, a message that says so is
    /// the composition's own.
    const INVOKES: bool = false;

    /// What the function is sent, as JSON, by the version without which it refuses the request.
    fn payload(&self, version: &Version) -> Vec<u8>;
}

/// Input props on their way: in the request, or in the bucket.
#[derive(Serialize)]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum SerializedInputProps {
    /// In the request.
    Payload {
        /// The props as JSON text.
        payload: Box<str>,
    },
    /// In `input-props/<hash>.json`.
    BucketUrl {
        /// Ten random characters. Not a digest: whoever deletes the props of one render must not delete another's.
        hash: String,
        /// Remotion's bucket.
        bucket_name: BucketName,
    },
}

/// They may hold what nobody but the composition's author may read.
impl fmt::Debug for SerializedInputProps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SerializedInputProps")
    }
}

impl SerializedInputProps {
    /// Takes the props out of the options.
    pub(super) fn take(options: &mut RenderOptions) -> Self {
        let props = options.input_props.take();
        Self::Payload {
            payload: props.map_or_else(|| "{}".into(), objects::InputProps::into_text),
        }
    }

    /// Takes the text out, where together with the environment it is over the limit and must go to the bucket.
    ///
    /// Remotion counts UTF-16 units; bytes are what AWS limits.
    /// Source: `compressInputProps()` of `@remotion/serverless-client`.
    pub(super) fn take_over(&mut self, limit: usize, options: &RenderOptions) -> Option<String> {
        let Self::Payload { payload } = self else {
            return None;
        };
        let environment = options.env_variables.as_ref().map_or(2, |variables| {
            serde_json::to_string(variables).map_or(0, |text| text.len())
        });
        (payload.len() + environment > limit).then(|| std::mem::take(payload).into_string())
    }
}

/// The first release whose functions read `licenseKey`.
const LICENSE_KEY: Release = Release::new(4, 0, 399);

/// The keys that a render and a still share, each with the official clients' default.
pub(super) fn write_shared(
    options: &RenderOptions,
    props: &SerializedInputProps,
    still: bool,
    version: &Version,
    writer: &mut ObjectWriter,
) {
    writer.put("inputProps", props);
    let license_key = options.license_key.as_ref().or(options.api_key.as_ref());
    writer.put("licenseKey", &license_key);
    // Earlier functions read it by its former name only.
    if license_key.is_some() && version.release() < LICENSE_KEY {
        writer.put("apiKey", &license_key);
    }
    writer.put("version", version);
    options.write(|spec| spec.still || !still, writer);
    for (name, value) in &options.extra {
        writer.put_json(name, value.get());
    }
}
