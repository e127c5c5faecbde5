//! `compositions`: which compositions a site has.
//!
//! Source: `getCompositionsOnLambda()` of `@remotion/lambda-client`, and
//! <https://www.remotion.dev/docs/lambda/getcompositionsonlambda>

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::payload::{Routine, SerializedInputProps};
use crate::options::numbers::Number;
use crate::options::{InvalidOptions, Newer, RenderOptions};
use crate::version::{Release, Version};
use crate::writer::ObjectWriter;

/// With the version all 12 keys.
#[derive(Clone, Debug)]
pub struct CompositionsPayload {
    options: RenderOptions,
    input_props: SerializedInputProps,
}

/// The options of a render that it takes, in addition to the props.
const TAKEN: [&str; 9] = [
    "serveUrl",
    "chromiumOptions",
    "envVariables",
    "forceBucketName",
    "forcePathStyle",
    "logLevel",
    "mediaCacheSizeInBytes",
    "offthreadVideoCacheSizeInBytes",
    "timeoutInMilliseconds",
];

impl CompositionsPayload {
    /// The payload that these options mean.
    ///
    /// # Errors
    ///
    /// No `serveUrl`.
    pub fn new(mut options: RenderOptions) -> Result<Self, InvalidOptions> {
        let mut conflicts = options.conflicts();
        conflicts.retain(|conflict| conflict.options == ["serveUrl"]);
        if !conflicts.is_empty() {
            return Err(conflicts.into());
        }
        Ok(Self {
            input_props: SerializedInputProps::take(&mut options),
            options,
        })
    }

    /// The options that are sent and set, and that a release is too old for.
    #[must_use]
    pub fn newer_than(&self, release: Release) -> Vec<Newer> {
        let mut newer = self.options.newer_than(release);
        newer.retain(|newer| TAKEN.contains(&newer.option));
        newer
    }
}

impl Routine for CompositionsPayload {
    type Reply = CompositionsReply;
    const STARTS: bool = false;

    fn payload(&self, version: &Version) -> Vec<u8> {
        let mut writer = ObjectWriter::of_routine("compositions");
        writer.put("version", version);
        writer.put("inputProps", &self.input_props);
        self.options
            .write(|spec| TAKEN.contains(&spec.name), &mut writer);
        writer.finish()
    }
}

/// The answer.
#[derive(Debug, Deserialize)]
pub struct CompositionsReply {
    /// In the site's order.
    pub compositions: Vec<Composition>,
}

/// A video that a site can render.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Composition {
    /// Its id, by which the option `composition` names it.
    pub id: String,
    /// In pixels.
    pub width: Number,
    /// In pixels.
    pub height: Number,
    /// Frames per second.
    pub fps: Number,
    /// In frames.
    pub duration_in_frames: Number,
    /// The props that it has where none are given.
    pub default_props: Box<RawValue>,
}

#[cfg(test)]
mod tests {
    use super::CompositionsPayload;
    use crate::RenderOptions;

    /// It would cost an invocation to find out. The other rules are about renders.
    #[test]
    fn the_site_is_needed() {
        let wrong = CompositionsPayload::new(RenderOptions::default()).expect_err("no site");
        assert_eq!(wrong.to_string(), "/serveUrl: Name the site to render.");
    }
}
