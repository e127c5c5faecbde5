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
#[derive(Clone, Serialize)]
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

    /// The props in the request, where they are too large for it together with the environment: themselves, or as they stand
    /// there, a text within JSON whose quotation marks are escaped.
    ///
    /// Remotion counts UTF-16 units, and never what is escaped; bytes on the wire are what AWS limits.
    /// Source: `compressInputProps()` of `@remotion/serverless-client`.
    pub(super) fn oversized(
        &self,
        limit: usize,
        escaped_limit: usize,
        options: &RenderOptions,
    ) -> Option<OversizedProps<'_>> {
        let Self::Payload { payload: text } = self else {
            return None;
        };
        let environment = options.env_variables.as_ref().map_or(2, |variables| {
            serde_json::to_string(variables).map_or(0, |text| text.len())
        });
        let too_large = [(text.len(), limit), (escaped_len(text), escaped_limit)]
            .into_iter()
            .find(|(bytes, limit)| bytes + environment > *limit);
        too_large.map(|(bytes, limit)| OversizedProps { text, bytes, limit })
    }
}

/// How long a JSON text is in a JSON string, in bytes. It has no other control characters.
fn escaped_len(text: &str) -> usize {
    let escaped = |b: &u8| matches!(b, b'"' | b'\\' | b'\n' | b'\r' | b'\t');
    text.len() + text.bytes().filter(escaped).count()
}

/// Input props that are too large for a request, and must go to the bucket.
#[derive(Clone, Copy)]
pub struct OversizedProps<'a> {
    /// The props as JSON text.
    pub text: &'a str,
    /// How long they are, or are as a text within the request: what is over the limit, in bytes.
    pub bytes: usize,
    /// The most that they may be together with the environment, in bytes.
    pub limit: usize,
}

/// They may hold what nobody but the composition's author may read.
impl fmt::Debug for OversizedProps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OversizedProps")
            .field("bytes", &self.bytes)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
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

#[cfg(test)]
mod tests {
    use super::Routine;
    use crate::{StartPayload, StillPayload, Version};

    fn props(letters: usize) -> String {
        format!(r#"{{"l":[{}"a"]}}"#, r#""a","#.repeat(letters - 1))
    }

    fn start(letters: usize) -> StartPayload {
        let props = props(letters);
        StartPayload::from_json(&format!(
            r#"{{"composition":"A","serveUrl":"https://site.example/index.html","inputProps":{props}}}"#
        ))
        .expect("a payload")
    }

    /// Remotion's function refuses to launch what is larger than 262,144 bytes.
    #[test]
    fn what_grows_in_the_request() {
        let payload = start(47_498);
        let oversized = payload.oversized_props().expect("too large");
        assert_eq!(oversized.text.len(), 189_999);
        assert_eq!((oversized.bytes, oversized.limit), (284_997, 240_000));
        // The payload stays as it is.
        let written = payload.payload(&Version::newest());
        assert!(written.len() > 284_997);
        assert!(start(39_000).oversized_props().is_none());
    }

    /// AWS Lambda takes 6 MB.
    #[test]
    fn what_grows_in_the_request_of_a_still() {
        let still = |letters| {
            let props = props(letters);
            StillPayload::from_json(&format!(
                r#"{{"composition":"A","serveUrl":"https://site.example/index.html","inputProps":{props}}}"#
            ))
            .expect("a payload")
        };
        assert!(still(1_100_000).oversized_props().is_some());
        assert!(still(1_000_000).oversized_props().is_none());
    }
}
