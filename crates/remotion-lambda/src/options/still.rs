//! The options of a still: one frame.
//!
//! Source: <https://www.remotion.dev/docs/lambda/renderstillonlambda>

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::conflict::{Conflict, Rule, broken, refuse};
use super::invalid::InvalidOptions;
use super::numbers::{Number, Whole};
use super::objects::OutName;
use super::rules;
use super::table::{OPTIONS, RenderOptions};
use super::values::StillImageFormat;
use crate::json::{Object, Violation};
use crate::read::{Quote, parse};

/// Options of a still.
#[derive(Clone, Debug, Default)]
pub struct StillOptions {
    /// Those that a still shares with a render.
    pub shared: RenderOptions,
    /// Which frame, counted from 0, or from the end where negative. Default 0.
    pub frame: Option<Frame>,
    /// The format of the picture. Default: png. The official client has no default.
    pub image_format: Option<StillImageFormat>,
}

/// The options that only a still has, or that mean something else for it.
const OWN: [&str; 2] = ["imageFormat", "frame"];

const RULES: &[Rule<StillOptions>] = &[
    Rule::new(&["composition"], |options| {
        rules::composition(&options.shared)
    }),
    Rule::new(&["serveUrl"], |options| rules::serve_url(&options.shared)),
    Rule::new(&["frame", "forceDurationInFrames"], frame_exists),
    Rule::new(&["outName", "imageFormat"], out_name),
];

impl StillOptions {
    /// Every option's name.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        let shared = OPTIONS.iter().filter(|spec| spec.still);
        shared.map(|spec| spec.name).chain(OWN)
    }

    /// Sets the options of a JSON object over these, as [`RenderOptions::extend`] does.
    pub fn extend(&mut self, object: &Object<'_>) -> Vec<Violation> {
        object.each(&Self::names(), |name, value| self.set(name, value))
    }

    /// The options of a JSON object.
    ///
    /// # Errors
    ///
    /// Every option that is unknown, given twice, or wrong by itself.
    pub fn parse(object: &Object<'_>) -> Result<Self, InvalidOptions> {
        let mut options = Self::default();
        let violations = options.extend(object);
        if violations.is_empty() {
            Ok(options)
        } else {
            Err(violations.into())
        }
    }

    /// Which of these options do not go together, or are missing.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        broken(RULES, self)
    }

    /// The format of the picture, with the default that this crate gives it.
    #[must_use]
    pub fn effective_image_format(&self) -> StillImageFormat {
        self.image_format.unwrap_or(StillImageFormat::Png)
    }

    fn set(&mut self, name: &str, value: &RawValue) -> Option<Result<(), Violation>> {
        if value.get() == "null" && OWN.contains(&name) {
            return Some(Ok(()));
        }
        match name {
            "frame" => Some(
                parse(value, Quote::Value)
                    .map(|frame| self.frame = Some(frame))
                    .map_err(|fault| fault.violation(name)),
            ),
            "imageFormat" => Some(
                parse(value, Quote::Value)
                    .map(|format| self.image_format = Some(format))
                    .map_err(|fault| fault.violation(name)),
            ),
            shared if Self::names().any(|known| known == shared) => self.shared.set(shared, value),
            _ => None,
        }
    }
}

/// A frame of a composition; -1 is the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Frame(i64);

impl Frame {
    /// The first.
    pub const FIRST: Self = Self(0);

    /// The frame's number, counted from the end where negative.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl From<i32> for Frame {
    fn from(frame: i32) -> Self {
        Self(frame.into())
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
                "must be a whole number, not {given}"
            )))
        }
    }
}

/// `convertToPositiveFrameIndex()` and `validateFrame()` of `@remotion/renderer`.
fn frame_exists(options: &StillOptions) -> Option<String> {
    let frame = options.frame.unwrap_or(Frame::FIRST);
    let frames = options.shared.force_duration_in_frames.map(Whole::get)?;
    let frames = i64::try_from(frames).ok()?;
    refuse(!(-frames..frames).contains(&frame.0), || {
        format!(
            "forceDurationInFrames gives {frames} frames, from {} to {}. There is no frame {}.",
            -frames,
            frames - 1,
            frame.0
        )
    })
}

/// Ours: Remotion takes any name, also one that a browser runs, or that its own state has.
fn out_name(options: &StillOptions) -> Option<String> {
    let Some(OutName::File(name)) = &options.shared.out_name else {
        return None;
    };
    let format = options.effective_image_format();
    let possible = extensions(format);
    let extension = name.extension().map(str::to_ascii_lowercase);
    let wrong = !extension.is_some_and(|extension| possible.contains(&extension.as_str()));
    refuse(wrong, || {
        format!(
            "outName must end in .{} with the imageFormat {}.",
            possible.join(", ."),
            format.as_str()
        )
    })
}

/// The endings that a picture may have, the usual one first.
#[must_use]
pub const fn extensions(format: StillImageFormat) -> &'static [&'static str] {
    match format {
        StillImageFormat::Png => &["png"],
        StillImageFormat::Jpeg => &["jpeg", "jpg"],
        StillImageFormat::Pdf => &["pdf"],
        StillImageFormat::Webp => &["webp"],
    }
}

#[cfg(test)]
mod tests {
    use super::StillOptions;
    use crate::json::Object;

    fn told(text: &str) -> Vec<String> {
        let object = Object::parse(text.as_bytes()).expect("an object");
        let mut options = StillOptions::default();
        let violations = options.extend(&object);
        let conflicts = options.conflicts();
        let essentials = |detail: &String| !detail.starts_with("Name the");
        violations
            .into_iter()
            .map(|violation| violation.detail)
            .chain(
                conflicts
                    .into_iter()
                    .map(|conflict| conflict.detail)
                    .filter(essentials),
            )
            .collect()
    }

    #[test]
    fn every_name_is_known() {
        for name in StillOptions::names() {
            assert_eq!(told(&format!("{{\"{name}\":null}}")), [""; 0], "{name}");
        }
        assert_eq!(
            told(r#"{"codec":"h264"}"#),
            [r#"There is no option "codec"."#]
        );
    }

    #[test]
    fn frames() {
        assert_eq!(told(r#"{"frame":-1}"#), [""; 0]);
        assert_eq!(
            told(r#"{"frame":1.5}"#),
            ["frame must be a whole number, not 1.5."]
        );
        assert_eq!(
            told(r#"{"frame":60,"forceDurationInFrames":60}"#),
            ["forceDurationInFrames gives 60 frames, from -60 to 59. There is no frame 60."]
        );
    }

    #[test]
    fn names_end_as_the_picture_does() {
        assert_eq!(told(r#"{"outName":"a.png"}"#), [""; 0]);
        assert_eq!(told(r#"{"outName":"a.JPG","imageFormat":"jpeg"}"#), [""; 0]);
        for name in ["x.html", "progress.json", "png", "a.png.html"] {
            let told = told(&format!("{{\"outName\":\"{name}\"}}"));
            assert_eq!(
                told,
                ["outName must end in .png with the imageFormat png."],
                "{name}"
            );
        }
    }
}
