//! The state of a render as Remotion's function keeps it in `renders/<id>/progress.json`, field by field.
//!
//! Fields that later releases add are ignored, and those that earlier ones lack have the official client's defaults.
//! What it means for a caller is in `overview`. Source: `getRenderProgress()` of `@remotion/lambda-client`.

use std::fmt;

use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::scalars::{Exact, Few, Kept};
use crate::options::codecs;
use crate::options::values::{AudioCodec, Codec};
use crate::text::Line;

/// The progress of a render. The default is that of a render that has written nothing yet.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Progress {
    cancellation_enabled: Option<bool>,
    pub(super) chunks: Vec<IgnoredAny>,
    pub(super) frames_rendered: Exact,
    pub(super) frames_encoded: Exact,
    /// Not whole: a share of the frames.
    pub(super) combined_frames: Exact,
    pub(super) time_to_combine: Option<Exact>,
    /// 0 for as long as a render runs in a single function.
    pub(super) lambdas_invoked: Exact,
    pub(super) timings: Timings,
    pub(super) render_metadata: Option<Metadata>,
    pub(super) post_render_data: Option<PostRenderData>,
    pub(super) errors: Few<ErrorEntry>,
    pub(super) received_artifact: Few<ReceivedArtifact>,
    pub(super) fatal_error_timestamp: Option<Exact>,
    pub(super) timeout_timestamp: Option<Exact>,
    pub(super) function_launched: Option<Exact>,
    pub(super) serve_url_opened: Option<Exact>,
    pub(super) composition_validated: Option<Exact>,
}

/// Why a file tells nothing of a render's progress.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProgressError {
    /// Not JSON, not an object, or of other types.
    #[error("The state of the render cannot be read.")]
    Unreadable(#[from] serde_json::Error),
    /// A still: it was finished before its id was known.
    #[error("This is a still, which has no progress.")]
    Still,
    /// Finished, without a word of what was rendered.
    #[error("The render is finished, but its state does not say what was rendered.")]
    Unplanned,
}

impl Progress {
    /// Reads the contents of the file.
    ///
    /// # Errors
    ///
    /// See [`ProgressError`].
    pub fn parse(file: &[u8]) -> Result<Self, ProgressError> {
        // serde reads a struct from an array too.
        if !file.trim_ascii_start().starts_with(b"{") {
            return Err(serde_json::Error::custom("expected an object").into());
        }
        let progress: Self = serde_json::from_slice(file)?;
        match (&progress.render_metadata, &progress.post_render_data) {
            (Some(metadata), _) if metadata.r#type.as_str() == "still" => Err(ProgressError::Still),
            (None, Some(_)) => Err(ProgressError::Unplanned),
            _ => Ok(progress),
        }
    }

    /// Whether the render looks for a cancel signal: it does only where `start` carried `enableCancellation`.
    #[must_use]
    pub fn is_cancellable(&self) -> bool {
        self.cancellation_enabled == Some(true)
    }
}

/// What is known after the composition has been looked up.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Metadata {
    /// `video`, `still`, or `sequence`.
    r#type: Line,
    pub(super) started_date: Exact,
    pub(super) total_chunks: Exact,
    /// 0 for a render in a single function.
    #[serde(rename = "estimatedRenderLambdaInvokations")]
    pub(super) estimated_render_invocations: Exact,
    pub(super) composition_id: Option<Line>,
    codec: Option<Line>,
    audio_codec: Option<Line>,
    muted: Option<bool>,
    frame_range: Option<[Exact; 2]>,
    every_nth_frame: Option<Exact>,
    pub(super) render_id: Option<Line>,
    pub(super) out_name: Option<Name>,
    pub(super) renderer_function_name: Option<Line>,
    pub(super) memory_size_in_mb: Option<Exact>,
}

impl Metadata {
    /// How many frames are to be rendered, if that is a number to divide by.
    pub(super) fn frames(&self) -> Option<f64> {
        let [first, last] = self.frame_range?;
        let step = self.every_nth_frame.map_or(1.0, |every| every.0);
        let frames = ((last.0 - first.0 + 1.0) / step).ceil();
        (frames.is_finite() && frames > 0.0).then_some(frames)
    }

    fn codec(&self) -> Option<Codec> {
        let name = self.codec.as_ref()?.as_str();
        Codec::ALL
            .iter()
            .copied()
            .find(|codec| codec.as_str() == name)
    }

    /// The end of the name of an output that was given none.
    pub(super) fn extension(&self) -> Option<&'static str> {
        let codec = self.codec()?;
        let asked = self.audio_codec.as_ref().and_then(|name| {
            AudioCodec::ALL
                .iter()
                .copied()
                .find(|audio| audio.as_str() == name.as_str())
        });
        let audio = codecs::audio_codec(asked, codec);
        codecs::extensions(codec, audio).first().copied()
    }

    /// How many times the official client expects each chunk: once for the images and once for the sound.
    ///
    /// Chunks with both are in fact counted once, so that such a render never has all its chunks in its eyes.
    pub(super) fn parts_of_a_chunk(&self) -> f64 {
        let codec = self.codec();
        let sound = self.muted != Some(true) && codec != Some(Codec::Gif);
        let images = !codec.is_some_and(codecs::is_audio);
        f64::from(u8::from(sound) + u8::from(images))
    }
}

/// The last word of a render that has come to its end.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PostRenderData {
    pub(super) cost: Option<Bill>,
    pub(super) errors: Few<ErrorEntry>,
    pub(super) output_size: Option<Exact>,
    pub(super) time_to_finish: Option<Exact>,
    pub(super) end_time: Option<Exact>,
}

/// The costs of the render, by the function's own estimate.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Bill {
    pub(super) currency: Line,
    pub(super) disclaimer: Line,
    pub(super) estimated_cost: Exact,
    pub(super) estimated_display_cost: Line,
}

/// When the finished chunks were rendered, all together.
#[derive(Debug, Default)]
pub(super) struct Timings {
    /// How many there are.
    pub(super) chunks: u32,
    /// What AWS bills for them, in milliseconds.
    pub(super) billed: f64,
}

/// What an invocation is billed for beyond the rendering, in milliseconds, as the official client reckons.
const INVOCATION: f64 = 100.0;

impl<'de> Deserialize<'de> for Timings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize, Default)]
        #[serde(default)]
        struct Timing {
            start: Exact,
            rendered: Exact,
        }

        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Timings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Timings, A::Error> {
                let mut timings = Timings::default();
                while let Some(chunk) = list.next_element::<Timing>()? {
                    timings.chunks = timings.chunks.saturating_add(1);
                    timings.billed += (chunk.rendered.0 - chunk.start.0).max(0.0) + INVOCATION;
                }
                Ok(timings)
            }
        }

        deserializer.deserialize_seq(Each)
    }
}

/// A file that the composition has made with the video, such as captions.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ReceivedArtifact {
    pub(super) filename: Line,
    pub(super) size_in_bytes: Exact,
    pub(super) s3_key: Line,
}

impl Kept for ReceivedArtifact {
    fn is_kept(&self, earlier: &[Self]) -> bool {
        const MOST: usize = 200;
        earlier.len() < MOST
    }
}

/// An error, retried or not. Its `stack` is for the operator's logs, and not read.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ErrorEntry {
    pub(super) name: Line,
    pub(super) message: Line,
    pub(super) frame: Option<Exact>,
    /// None if the error is the launching function's.
    pub(super) chunk: Option<Exact>,
    pub(super) is_fatal: bool,
    pub(super) will_retry: bool,
}

impl ErrorEntry {
    /// Whether it ends the render.
    pub(super) fn is_final(&self) -> bool {
        self.is_fatal && !self.will_retry
    }
}

impl Kept for ErrorEntry {
    /// The first, and the one that has ended the render wherever it stands.
    fn is_kept(&self, earlier: &[Self]) -> bool {
        const MOST: usize = 100;
        earlier.len() < MOST || (self.is_final() && !earlier.iter().any(Self::is_final))
    }
}

/// The name of the output, or its place.
#[derive(Debug)]
pub(super) enum Name {
    File(Line),
    Key { bucket_name: Line, key: Line },
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Key {
            bucket_name: Line,
            key: Line,
        }
        let json = <&RawValue>::deserialize(deserializer)?.get();
        if json.starts_with('"') {
            return serde_json::from_str(json)
                .map(Self::File)
                .map_err(D::Error::custom);
        }
        let Key { bucket_name, key } = serde_json::from_str(json).map_err(D::Error::custom)?;
        Ok(Self::Key { bucket_name, key })
    }
}

#[cfg(test)]
mod tests {
    use super::{Progress, ProgressError};

    #[track_caller]
    fn assert_unreadable(file: &[u8]) {
        assert!(matches!(
            Progress::parse(file),
            Err(ProgressError::Unreadable(_))
        ));
    }

    #[test]
    fn unreadable() {
        assert_unreadable(b"");
        assert_unreadable(b"null");
        assert_unreadable(b"[]");
        assert_unreadable(b"<Error>");
        assert_unreadable(b"{} x");
        assert_unreadable(b"{\"framesRendered\":7");
        assert_unreadable(br#"{"framesRendered":"7"}"#);
        assert_unreadable(br#"{"framesRendered":1e999}"#);
        assert_unreadable(br#"{"errors":{}}"#);
        assert_unreadable(&b"[".repeat(10_000));
        assert_unreadable(&[&b"{\"errors\":"[..], &b"[".repeat(10_000)].concat());
    }

    #[test]
    fn others_than_renders() {
        let still = br#"{"renderMetadata":{"type":"still"},"postRenderData":{}}"#;
        assert!(matches!(Progress::parse(still), Err(ProgressError::Still)));
        assert!(matches!(
            Progress::parse(br#"{"postRenderData":{}}"#),
            Err(ProgressError::Unplanned)
        ));
    }

    #[test]
    fn cancellable() {
        let cancellable = |file: &str| {
            Progress::parse(file.as_bytes())
                .expect("a file")
                .is_cancellable()
        };
        assert!(cancellable(r#"{"cancellationEnabled":true}"#));
        assert!(!cancellable(r#"{"cancellationEnabled":false}"#));
        assert!(!cancellable(r#"{"cancellationEnabled":null}"#));
        assert!(!cancellable("{}"));
    }

    #[test]
    fn half_a_surrogate_pair() {
        let file = br#"{"errors":[{"message":"\ud83d","stack":"\ud83d"}],"renderMetadata":{"siteId":"\ud83d"}}"#;
        assert!(Progress::parse(file).is_ok());
    }

    /// What later releases write: other types, further counters, objects of functions that talk through the bucket.
    #[test]
    fn of_a_newer_release() {
        let file = br#"{"framesUploaded":7,"uploadedSizeInBytes":9,"transport":{"a":[1]},"renderMetadata":{"type":"sequence","codec":null,
            "outputSequence":{"bucketName":"b","keyPrefix":"renders/x/frames","manifestKey":"m","manifestUrl":"u","imageFormat":"png","frameCount":10},
            "totalChunks":1,"frameRange":[0,9],"everyNthFrame":1}}"#;
        let progress = Progress::parse(file).expect("a state");
        let metadata = progress.render_metadata.expect("metadata");
        assert_eq!(metadata.extension(), None);
        assert_eq!(metadata.frames(), Some(10.0));
    }

    #[test]
    fn a_part_of_many_errors_and_the_one_that_counts() {
        let error = r#"{"message":"x","isFatal":false},"#;
        let last = r#"{"message":"the end","isFatal":true}"#;
        let file = format!("{{\"errors\":[{}{last}]}}", error.repeat(400_000));
        let errors = Progress::parse(file.as_bytes()).expect("a state").errors.0;
        assert_eq!(errors.len(), 101);
        assert_eq!(errors[100].message.as_str(), "the end");
    }
}
