//! `compositions`: which compositions a site has.
//!
//! Source: `getCompositionsOnLambda()` of `@remotion/lambda-client`, and
//! <https://www.remotion.dev/docs/lambda/getcompositionsonlambda>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::common::{InputProps, Routine, literal};
use super::numbers::{Number, Whole};
use super::objects::Verbatim;
use super::options::RenderOptions;
use super::texts::{BucketName, ServeUrl};
use super::values::LogLevel;

/// With the version all 12 keys.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompositionsPayload {
    r#type: &'static str,
    bucket_name: Option<BucketName>,
    chromium_options: Box<RawValue>,
    env_variables: BTreeMap<String, String>,
    force_path_style: bool,
    input_props: InputProps,
    log_level: LogLevel,
    media_cache_size_in_bytes: Option<Whole<1>>,
    offthread_video_cache_size_in_bytes: Option<Whole<1>>,
    serve_url: Option<ServeUrl>,
    timeout_in_milliseconds: Whole<7000>,
}

impl CompositionsPayload {
    /// The payload that these options mean.
    #[must_use]
    pub fn new(options: RenderOptions) -> Self {
        Self {
            r#type: "compositions",
            bucket_name: options.force_bucket_name,
            chromium_options: options
                .chromium_options
                .map_or_else(|| literal("{}"), Verbatim::into_text),
            env_variables: options.env_variables.unwrap_or_default(),
            force_path_style: options.force_path_style.unwrap_or(false),
            input_props: options.input_props.into(),
            log_level: options.log_level.unwrap_or(LogLevel::Info),
            media_cache_size_in_bytes: options.media_cache_size_in_bytes,
            offthread_video_cache_size_in_bytes: options.offthread_video_cache_size_in_bytes,
            serve_url: options.serve_url,
            timeout_in_milliseconds: options
                .timeout_in_milliseconds
                .unwrap_or(Whole::of::<30_000>()),
        }
    }
}

impl Routine for CompositionsPayload {
    type Reply = CompositionsReply;
    const STARTS: bool = false;
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
pub struct Composition {
    /// Its name in `POST /render`.
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
