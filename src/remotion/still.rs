//! `still`: one frame, rendered within the request.
//!
//! Source: `makeLambdaRenderStillPayload()` of `@remotion/lambda-client`, and
//! <https://www.remotion.dev/docs/lambda/renderstillonlambda>

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::common::{Common, Routine};
use super::numbers::{Number, Whole};
use super::options::{RenderOptions, read};
use super::rules;
use super::texts::RenderId;
use super::values::StillImageFormat;
use crate::json::{Object, Violation};

/// The most that props and environment may weigh in a request, in bytes.
const MAX_PROPS: usize = 4_993_976;

/// Options of a still.
#[derive(Clone, Debug, Default)]
pub struct StillOptions {
    /// Those that a still shares with a render.
    pub shared: RenderOptions,
    /// Which frame, counted from 0, or from the end where negative. Default 0.
    pub frame: Option<Frame>,
    /// Default: png. The official client has no default.
    pub image_format: Option<StillImageFormat>,
}

/// A frame of a composition; -1 is the last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Frame(i64);

impl Frame {
    /// `convertToPositiveFrameIndex()` and `validateFrame()` of `@remotion/renderer`.
    fn beyond(self, duration: Option<Whole<1>>) -> Option<Violation> {
        let frames = i64::try_from(duration?.get()).ok()?;
        let detail = || {
            format!(
                "There are {frames} frames by forceDurationInFrames, from {} to {}, and no {}.",
                -frames,
                frames - 1,
                self.0
            )
        };
        (!(-frames..frames).contains(&self.0)).then(|| Violation::at("frame", detail()))
    }
}

impl<'de> Deserialize<'de> for Frame {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Number::deserialize(deserializer)?.get();
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
        if given.fract() == 0.0 && given.abs() < 9_007_199_254_740_992.0 {
            Ok(Self(given as i64))
        } else {
            Err(D::Error::custom(format_args!(
                "it must be a whole number, not {given}"
            )))
        }
    }
}

/// Every option's name, essentials first, then alphabetical.
pub const NAMES: [&str; 29] = [
    "composition",
    "inputProps",
    "imageFormat",
    "frame",
    "serveUrl",
    "apiKey",
    "chromiumOptions",
    "deleteAfter",
    "downloadBehavior",
    "envVariables",
    "forceBucketName",
    "forceDurationInFrames",
    "forceFps",
    "forceHeight",
    "forcePathStyle",
    "forceWidth",
    "isProduction",
    "jpegQuality",
    "licenseKey",
    "logLevel",
    "maxRetries",
    "mediaCacheSizeInBytes",
    "offthreadVideoCacheSizeInBytes",
    "offthreadVideoThreads",
    "outName",
    "privacy",
    "scale",
    "storageClass",
    "timeoutInMilliseconds",
];

impl StillOptions {
    /// These options with those of a JSON object over them.
    ///
    /// # Errors
    ///
    /// As for [`RenderOptions::extended`].
    pub fn extended(mut self, object: &Object<'_>) -> Result<Self, Vec<Violation>> {
        object.each(&NAMES, |name, value| self.set(name, value))?;
        Ok(self)
    }

    fn set(&mut self, name: &str, value: &RawValue) -> Result<(), Violation> {
        match name {
            "frame" => read(name, value, &mut self.frame),
            "imageFormat" => read(name, value, &mut self.image_format),
            shared => self.shared.set(shared, value),
        }
    }
}

/// With the version all keys, `null` where nothing is said.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StillPayload {
    r#type: &'static str,
    /// What a render has too.
    #[serde(flatten)]
    pub common: Common,
    attempt: u8,
    frame: Frame,
    image_format: StillImageFormat,
    /// Ours: the official client reads a stream outside China; one answer is all that is needed here.
    streamed: bool,
}

impl Routine for StillPayload {
    type Reply = StillReply;
    const STARTS: bool = true;
}

/// The answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StillReply {
    /// The bucket of the still.
    pub bucket_name: String,
    /// Its id.
    pub render_id: RenderId,
    /// The key of the image.
    pub out_key: String,
    /// The size of the image.
    pub size_in_bytes: u64,
}

impl StillPayload {
    /// The payload that these options mean.
    ///
    /// # Errors
    ///
    /// Every option that is missing, and a frame that is not there.
    pub fn new(mut options: StillOptions) -> Result<Self, Vec<Violation>> {
        let frame = options.frame.unwrap_or(Frame(0));
        let mut broken = rules::essentials(&options.shared);
        broken.extend(frame.beyond(options.shared.force_duration_in_frames));
        let Some(common) = Common::take(&mut options.shared).filter(|_| broken.is_empty()) else {
            return Err(broken);
        };
        Ok(Self {
            r#type: "still",
            common,
            attempt: 1,
            frame,
            image_format: options.image_format.unwrap_or(StillImageFormat::Png),
            streamed: false,
        })
    }

    /// Takes the props out, where they are too large to travel and must go to the bucket.
    #[must_use]
    pub fn take_oversized_props(&mut self) -> Option<String> {
        self.common.take_props_over(MAX_PROPS)
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, StillOptions};
    use crate::json::Object;

    #[track_caller]
    fn extended(text: &str) -> Result<StillOptions, String> {
        let object = Object::parse(text.as_bytes()).expect("an object");
        StillOptions::default()
            .extended(&object)
            .map_err(|violations| violations[0].detail.clone())
    }

    #[test]
    fn every_name_is_known() {
        for name in NAMES {
            assert!(extended(&format!("{{\"{name}\":null}}")).is_ok(), "{name}");
        }
        assert_eq!(
            extended(r#"{"codec":"h264"}"#).err().as_deref(),
            Some(r#"There is no option "codec"."#)
        );
    }

    #[test]
    fn frame() {
        assert!(extended(r#"{"frame":-1}"#).is_ok());
        assert_eq!(
            extended(r#"{"frame":1.5}"#).err().as_deref(),
            Some("frame: it must be a whole number, not 1.5.")
        );
    }
}
