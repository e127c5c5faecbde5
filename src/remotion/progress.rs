//! The state of a render as Remotion's function keeps it in `renders/<id>/progress.json`, as it stands there.
//!
//! Fields that later releases add are ignored, and those that earlier ones lack have the official client's defaults.
//! What it means for a caller is in `overview`. Source: `getRenderProgress()` of `@remotion/lambda-client`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error as _, IgnoredAny, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::codecs;
use super::values::{AudioCodec, Codec};

/// How far a render is. The default is that of a render which has written nothing yet.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Progress<'a> {
    cancellation_enabled: Option<bool>,
    pub(super) chunks: Vec<IgnoredAny>,
    pub(super) frames_rendered: Exact,
    pub(super) frames_encoded: Exact,
    /// Not whole: a share of the frames.
    pub(super) combined_frames: Exact,
    pub(super) time_to_combine: Option<Exact>,
    /// 0 for as long as a render runs in a single function.
    pub(super) lambdas_invoked: Exact,
    pub(super) timings: Vec<Timing>,
    #[serde(borrow)]
    pub(super) render_metadata: Option<Metadata<'a>>,
    #[serde(borrow)]
    pub(super) post_render_data: Option<PostRenderData<'a>>,
    #[serde(borrow)]
    pub(super) errors: Vec<Fault<'a>>,
    pub(super) fatal_error_timestamp: Option<Exact>,
    pub(super) timeout_timestamp: Option<Exact>,
    pub(super) function_launched: Option<Exact>,
    pub(super) serve_url_opened: Option<Exact>,
    pub(super) composition_validated: Option<Exact>,
}

/// Why a file tells nothing of a render's progress.
#[derive(Debug, thiserror::Error)]
pub enum ProgressError {
    /// Not JSON, not an object, or of other types.
    #[error("The state of the render is not readable.")]
    Unreadable(#[from] serde_json::Error),
    /// A still: it was finished before its id was known.
    #[error("This is a still, which has no progress.")]
    Still,
    /// Finished, without a word of what was rendered.
    #[error("The render is finished, but its state does not say what was rendered.")]
    Unplanned,
}

impl<'a> Progress<'a> {
    /// Reads the contents of the file.
    ///
    /// # Errors
    ///
    /// See [`ProgressError`].
    pub fn parse(file: &'a [u8]) -> Result<Self, ProgressError> {
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

/// What is known once the composition has been looked up.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Metadata<'a> {
    /// `video` or `still`.
    #[serde(borrow)]
    r#type: Text<'a>,
    pub(super) started_date: Exact,
    pub(super) total_chunks: Exact,
    /// 0 for a render in a single function.
    #[serde(rename = "estimatedRenderLambdaInvokations")]
    pub(super) estimated_render_invocations: Exact,
    #[serde(borrow)]
    pub(super) composition_id: Option<Text<'a>>,
    #[serde(borrow)]
    codec: Option<Text<'a>>,
    #[serde(borrow)]
    audio_codec: Option<Text<'a>>,
    muted: Option<bool>,
    frame_range: Option<[Exact; 2]>,
    every_nth_frame: Option<Exact>,
    #[serde(borrow)]
    pub(super) render_id: Option<Text<'a>>,
    pub(super) out_name: Option<Name>,
    #[serde(borrow)]
    pub(super) renderer_function_name: Option<Text<'a>>,
    pub(super) memory_size_in_mb: Option<Exact>,
}

impl Metadata<'_> {
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
pub(super) struct PostRenderData<'a> {
    #[serde(borrow)]
    pub(super) cost: Option<Bill<'a>>,
    #[serde(borrow)]
    pub(super) errors: Vec<Fault<'a>>,
    pub(super) output_size: Option<Exact>,
    pub(super) time_to_finish: Option<Exact>,
    pub(super) end_time: Option<Exact>,
}

/// What the render cost, as the function itself reckons.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Bill<'a> {
    #[serde(borrow)]
    pub(super) currency: Text<'a>,
    #[serde(borrow)]
    pub(super) disclaimer: Text<'a>,
    pub(super) estimated_cost: Exact,
    #[serde(borrow)]
    pub(super) estimated_display_cost: Text<'a>,
}

/// When a chunk was rendered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Timing {
    pub(super) start: Exact,
    pub(super) rendered: Exact,
}

/// An error, retried or not. Its `stack` is for the operator's logs, and not read.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Fault<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) message: Text<'a>,
    pub(super) frame: Option<Exact>,
    /// None where the error is the launching function's.
    pub(super) chunk: Option<Exact>,
    pub(super) is_fatal: bool,
    pub(super) will_retry: bool,
}

impl Fault<'_> {
    /// Whether it ends the render.
    pub(super) fn is_final(&self) -> bool {
        self.is_fatal && !self.will_retry
    }
}

/// The name of the output, or its place.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Name {
    File(String),
    #[serde(rename_all = "camelCase")]
    Key {
        bucket_name: String,
        key: String,
    },
}

/// A JavaScript number, to its last digit: `serde_json` reads floats to within a digit only. `null` counts as 0.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Exact(pub(super) f64);

impl Exact {
    /// A count, a size or a time, which JavaScript holds as a float too.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and positive in a file of Remotion's, and the cast saturates"
    )]
    pub(super) const fn whole(self) -> u64 {
        self.0 as u64
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match <&RawValue>::deserialize(deserializer)?.get() {
            "null" => Some(0.0),
            text => text.parse().ok().filter(|number: &f64| number.is_finite()),
        };
        number
            .map(Self)
            .ok_or_else(|| D::Error::custom("expected a number"))
    }
}

/// A string. Half of a surrogate pair, which JavaScript allows, is replaced.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl<'de> Visitor<'de> for Bytes {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(String::from_utf8_lossy(bytes))
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(String::from_utf8_lossy(bytes).into_owned().into())
            }
        }

        deserializer.deserialize_bytes(Bytes).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::{Exact, Progress, ProgressError, Text};

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
    fn exact() {
        let exact = |text: &str| serde_json::from_str::<Exact>(text).map(|number| number.0);
        assert_eq!(
            exact("600.3333333333334").ok(),
            Some(600.333_333_333_333_4_f64)
        );
        assert_eq!(exact(" 1e3 ").ok(), Some(1_000.0));
        assert_eq!(exact("null").ok(), Some(0.0));
        assert!(exact("true").is_err());
        assert_eq!(Exact(-1.0).whole(), 0);
        assert_eq!(Exact(1e300).whole(), u64::MAX);
    }

    #[test]
    fn text() {
        let text = |json: &str| serde_json::from_str::<Text>(json).map(|text| text.0.into_owned());
        assert_eq!(text(r#""a\u00fc\n☃""#).ok().as_deref(), Some("aü\n☃"));
        assert!(
            text(r#""cut \ud83d""#)
                .expect("half a pair")
                .starts_with("cut \u{fffd}")
        );
        assert!(text("7").is_err());
        let file = br#"{"errors":[{"message":"\ud83d","stack":"\ud83d"}],"renderMetadata":{"siteId":"\ud83d"}}"#;
        assert!(Progress::parse(file).is_ok());
    }
}
