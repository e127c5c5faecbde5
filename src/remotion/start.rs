//! `start`: what a Remotion function is sent to start a render, key for key as the official client sends it.
//!
//! Source: `makeLambdaRenderMediaPayload()` of `@remotion/lambda-client`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::common::{Common, Routine};
use super::numbers::{Number, Whole};
use super::objects::{FrameRange, Verbatim};
use super::options::RenderOptions;
use super::reply::Started;
use super::rules;
use super::texts::{Bitrate, NonEmpty};
use super::values::{
    AudioCodec, Codec, ColorSpace, ImageFormat, PixelFormat, ProResProfile, X264Preset,
};
use crate::json::Violation;

/// The most that props and environment may weigh in a request, in bytes.
const MAX_PROPS: usize = 193_976;

/// With the version all 55 keys, `null` where nothing is said.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "Remotion's own")]
pub struct StartPayload {
    r#type: &'static str,
    /// What a still has too.
    #[serde(flatten)]
    pub common: Common,
    codec: Codec,
    audio_bitrate: Option<Bitrate>,
    audio_codec: Option<AudioCodec>,
    color_space: Option<ColorSpace>,
    concurrency: Option<Whole<1, 200>>,
    concurrency_per_lambda: Whole<1, 6>,
    crf: Option<Number>,
    enable_cancellation: bool,
    encoding_buffer_size: Option<Bitrate>,
    encoding_max_rate: Option<Bitrate>,
    every_nth_frame: Whole<1>,
    frame_range: Option<FrameRange>,
    frames_per_lambda: Option<Whole<1>>,
    gop_size: Option<Whole<1>>,
    image_format: ImageFormat,
    metadata: Option<BTreeMap<String, String>>,
    muted: bool,
    number_of_gif_loops: Option<Whole<0>>,
    overwrite: bool,
    pixel_format: Option<PixelFormat>,
    prefer_lossless: bool,
    pro_res_profile: Option<ProResProfile>,
    renderer_function_name: Option<NonEmpty>,
    sample_rate: Whole<1>,
    video_bitrate: Option<Bitrate>,
    webhook: Option<Box<RawValue>>,
    x264_preset: Option<X264Preset>,
}

impl Routine for StartPayload {
    type Reply = Started;
    const STARTS: bool = true;
}

impl StartPayload {
    /// The payload that these options mean.
    ///
    /// # Errors
    ///
    /// Every option that is missing or does not go together with the others.
    pub fn new(mut options: RenderOptions) -> Result<Self, Vec<Violation>> {
        let codec = options.codec.unwrap_or(Codec::H264);
        let broken = rules::broken(&options, codec);
        let Some(common) = Common::take(&mut options).filter(|_| broken.is_empty()) else {
            return Err(broken);
        };
        Ok(Self {
            r#type: "start",
            common,
            codec,
            audio_bitrate: options.audio_bitrate,
            audio_codec: options.audio_codec,
            color_space: options.color_space,
            concurrency: options.concurrency,
            concurrency_per_lambda: options.concurrency_per_lambda.unwrap_or(Whole::of::<1>()),
            crf: options.crf,
            enable_cancellation: options.enable_cancellation.unwrap_or(false),
            encoding_buffer_size: options.encoding_buffer_size,
            encoding_max_rate: options.encoding_max_rate,
            every_nth_frame: options.every_nth_frame.unwrap_or(Whole::of::<1>()),
            frame_range: options.frame_range,
            frames_per_lambda: options.frames_per_lambda,
            gop_size: options.gop_size,
            image_format: options.image_format.unwrap_or(ImageFormat::Jpeg),
            metadata: options.metadata,
            muted: options.muted.unwrap_or(false),
            number_of_gif_loops: options.number_of_gif_loops,
            overwrite: options.overwrite.unwrap_or(false),
            pixel_format: options.pixel_format,
            prefer_lossless: options.prefer_lossless.unwrap_or(false),
            pro_res_profile: options.pro_res_profile,
            renderer_function_name: options.renderer_function_name,
            sample_rate: options.sample_rate.unwrap_or(Whole::of::<48_000>()),
            video_bitrate: options.video_bitrate,
            webhook: options.webhook.map(Verbatim::into_text),
            x264_preset: options.x264_preset,
        })
    }

    /// The composition.
    #[must_use]
    pub fn composition(&self) -> &str {
        self.common.composition()
    }

    /// Whether the render will look for a cancel signal.
    #[must_use]
    pub const fn is_cancellable(&self) -> bool {
        self.enable_cancellation
    }

    /// Takes the props out, where they are too large to travel and must go to the bucket.
    #[must_use]
    pub fn take_oversized_props(&mut self) -> Option<String> {
        self.common.take_props_over(MAX_PROPS)
    }
}
