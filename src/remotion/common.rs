//! What starting a render and rendering a still have in common on the wire.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::numbers::{Positive, Quality, Scale, Whole};
use super::objects::{OutName, Verbatim};
use super::options::RenderOptions;
use super::texts::{BucketName, NonEmpty, ServeUrl};
use super::values::{DeleteAfter, LogLevel, Privacy, StorageClass};
use super::version::Version;

/// A request to a Remotion function, and what it answers.
pub trait Routine: Serialize {
    /// The good answer.
    type Reply: DeserializeOwned;

    /// Whether it starts a render, so that one may be under way where no answer comes.
    const STARTS: bool;
}

/// A routine with the version without which the function refuses it.
#[derive(Serialize)]
pub struct Versioned<'a, R> {
    /// The routine's own keys.
    #[serde(flatten)]
    pub routine: &'a R,
    /// The function's release.
    pub version: &'a Version,
}

/// Input props on their way: in the request, or in the bucket.
#[derive(Serialize)]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum InputProps {
    /// In the request.
    Payload {
        /// The props as JSON text.
        payload: Box<str>,
    },
    /// In `input-props/<hash>.json`.
    BucketUrl {
        /// Ten random characters. Not a digest: the function deletes the object after the render, so that no two may share one.
        hash: String,
        /// Remotion's bucket.
        bucket_name: BucketName,
    },
}

impl From<Option<Box<RawValue>>> for InputProps {
    fn from(props: Option<Box<RawValue>>) -> Self {
        Self::Payload {
            payload: props.map_or_else(|| "{}".into(), Into::into),
        }
    }
}

/// The keys of both, each with the official client's default.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Common {
    composition: NonEmpty,
    serve_url: ServeUrl,
    /// Replaced where they are too large to travel.
    pub input_props: InputProps,
    /// The option `forceBucketName`.
    bucket_name: Option<BucketName>,
    chromium_options: Box<RawValue>,
    delete_after: Option<DeleteAfter>,
    download_behavior: Box<RawValue>,
    env_variables: BTreeMap<String, String>,
    force_duration_in_frames: Option<Whole<1>>,
    force_fps: Option<Positive>,
    force_height: Option<Whole<1>>,
    force_path_style: bool,
    force_width: Option<Whole<1>>,
    is_production: Option<bool>,
    jpeg_quality: Quality,
    license_key: Option<String>,
    log_level: LogLevel,
    max_retries: Whole<0>,
    media_cache_size_in_bytes: Option<Whole<1>>,
    offthread_video_cache_size_in_bytes: Option<Whole<1>>,
    offthread_video_threads: Option<Whole<1>>,
    out_name: Option<OutName>,
    privacy: Privacy,
    scale: Scale,
    storage_class: Option<StorageClass>,
    timeout_in_milliseconds: Whole<7000>,
}

impl Common {
    /// Takes its options out of these; `None` where an essential one is missing.
    pub(super) fn take(options: &mut RenderOptions) -> Option<Self> {
        Some(Self {
            composition: options.composition.take()?,
            serve_url: options.serve_url.take()?,
            input_props: options.input_props.take().into(),
            bucket_name: options.force_bucket_name.take(),
            chromium_options: options
                .chromium_options
                .take()
                .map_or_else(|| literal("{}"), Verbatim::into_text),
            delete_after: options.delete_after.take(),
            download_behavior: options.download_behavior.take().map_or_else(
                || literal(r#"{"type":"play-in-browser"}"#),
                Verbatim::into_text,
            ),
            env_variables: options.env_variables.take().unwrap_or_default(),
            force_duration_in_frames: options.force_duration_in_frames.take(),
            force_fps: options.force_fps.take(),
            force_height: options.force_height.take(),
            force_path_style: options.force_path_style.take().unwrap_or(false),
            force_width: options.force_width.take(),
            is_production: options.is_production.take(),
            jpeg_quality: options.jpeg_quality.take().unwrap_or(Quality::DEFAULT),
            license_key: options.license_key.take().or(options.api_key.take()),
            log_level: options.log_level.take().unwrap_or(LogLevel::Info),
            max_retries: options.max_retries.take().unwrap_or(Whole::of::<1>()),
            media_cache_size_in_bytes: options.media_cache_size_in_bytes.take(),
            offthread_video_cache_size_in_bytes: options.offthread_video_cache_size_in_bytes.take(),
            offthread_video_threads: options.offthread_video_threads.take(),
            out_name: options.out_name.take(),
            privacy: options.privacy.take().unwrap_or(Privacy::Public),
            scale: options.scale.take().unwrap_or(Scale::ONE),
            storage_class: options.storage_class.take(),
            timeout_in_milliseconds: options
                .timeout_in_milliseconds
                .take()
                .unwrap_or(Whole::of::<30_000>()),
        })
    }

    pub(super) fn composition(&self) -> &str {
        self.composition.as_str()
    }

    /// Takes the props out, where with the environment they are over the limit and must go to the bucket.
    ///
    /// Remotion counts UTF-16 units; bytes are what AWS limits.
    /// Source: `compressInputProps()` of `@remotion/serverless-client`.
    pub(super) fn take_props_over(&mut self, limit: usize) -> Option<String> {
        let InputProps::Payload { payload } = &mut self.input_props else {
            return None;
        };
        let environment = serde_json::to_string(&self.env_variables).map_or(0, |text| text.len());
        (payload.len() + environment > limit).then(|| std::mem::take(payload).into_string())
    }
}

pub(super) fn literal(text: &'static str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).expect("a literal of ours is JSON")
}
