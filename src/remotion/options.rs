//! What a caller or the operator may say of a render: the options of `renderMediaOnLambda()`, by Remotion's names.
//!
//! Each value is valid by itself. Whether they go together is decided where the payload is made.
//! Source: <https://www.remotion.dev/docs/lambda/rendermediaonlambda>

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::numbers::{Number, Positive, Quality, Scale, Whole};
use super::objects::{ChromiumOptions, DownloadBehavior, FrameRange, OutName, Verbatim, Webhook};
use super::texts::{Bitrate, BucketName, NonEmpty, ServeUrl};
use super::values::{
    AudioCodec, Codec, ColorSpace, DeleteAfter, ImageFormat, LogLevel, PixelFormat, Privacy,
    ProResProfile, StorageClass, X264Preset,
};
use crate::json::{Object, Violation};

/// Options of a render. `None` leaves the value to Remotion's default, as `null` does for the official client.
#[derive(Clone, Default)]
pub struct RenderOptions {
    /// The id of the composition. No default.
    pub composition: Option<NonEmpty>,
    /// What the composition's component receives: any JSON object, handed on untouched. Default `{}`.
    pub input_props: Option<Box<RawValue>>,
    /// Default: h264. The official client has no default.
    pub codec: Option<Codec>,
    /// URL of the site, or the name of a site in Remotion's bucket. No default.
    pub serve_url: Option<ServeUrl>,

    /// The former name of `license_key`, which wins. Secret.
    pub api_key: Option<String>,
    /// The audio's bitrate, such as `320k`. Default: Remotion's for the audio codec.
    pub audio_bitrate: Option<Bitrate>,
    /// Default: the codec's own.
    pub audio_codec: Option<AudioCodec>,
    /// How Chrome is started. Default `{}`.
    pub chromium_options: Option<Verbatim<ChromiumOptions>>,
    /// Default: Remotion's for the codec.
    pub color_space: Option<ColorSpace>,
    /// How many functions render at once. Excludes `frames_per_lambda`.
    pub concurrency: Option<Whole<1, 200>>,
    /// How many pages render at once within one function: at most the six processors that AWS Lambda has. Default 1.
    pub concurrency_per_lambda: Option<Whole<1, 6>>,
    /// Constant rate factor: the lower, the better and the larger. Excludes `video_bitrate`.
    pub crf: Option<Number>,
    /// Default: never.
    pub delete_after: Option<DeleteAfter>,
    /// What a browser does with the output's URL. Default: plays it.
    pub download_behavior: Option<Verbatim<DownloadBehavior>>,
    /// Whether the render looks for a cancel signal, once a second. Default false.
    pub enable_cancellation: Option<bool>,
    /// The encoder's buffer, such as `10000k`.
    pub encoding_buffer_size: Option<Bitrate>,
    /// The encoder's highest rate, such as `5M`. Needs `encoding_buffer_size`.
    pub encoding_max_rate: Option<Bitrate>,
    /// Environment variables of the page. Secret.
    pub env_variables: Option<BTreeMap<String, String>>,
    /// Renders only every nth frame; for GIFs. Default 1.
    pub every_nth_frame: Option<Whole<1>>,
    /// The bucket of the render; `bucketName` on the wire. Default: the region's only Remotion bucket.
    pub force_bucket_name: Option<BucketName>,
    /// In frames. Default: the composition's.
    pub force_duration_in_frames: Option<Whole<1>>,
    /// In frames per second. Default: the composition's.
    pub force_fps: Option<Positive>,
    /// In pixels. Default: the composition's.
    pub force_height: Option<Whole<1>>,
    /// Whether S3 is addressed by path. Default false.
    pub force_path_style: Option<bool>,
    /// In pixels. Default: the composition's.
    pub force_width: Option<Whole<1>>,
    /// Which frames are rendered. Default: all.
    pub frame_range: Option<FrameRange>,
    /// How many frames one function renders. Excludes `concurrency`. Default: Remotion's estimate.
    pub frames_per_lambda: Option<Whole<1>>,
    /// The largest distance between two key frames, in frames. Default: the encoder's.
    pub gop_size: Option<Whole<1>>,
    /// Default: jpeg.
    pub image_format: Option<ImageFormat>,
    /// Whether the render counts for Remotion's licence. Default: it does.
    pub is_production: Option<bool>,
    /// 0 to 100. Default 80.
    pub jpeg_quality: Option<Quality>,
    /// Remotion's licence key. Secret.
    pub license_key: Option<String>,
    /// Default: info.
    pub log_level: Option<LogLevel>,
    /// How often a chunk that failed is tried again. Default 1.
    pub max_retries: Option<Whole<0>>,
    /// In bytes. Default: Remotion's, by the memory there is.
    pub media_cache_size_in_bytes: Option<Whole<1>>,
    /// Tags of the output file. Default: none.
    pub metadata: Option<BTreeMap<String, String>>,
    /// Whether the output has no sound. Default false.
    pub muted: Option<bool>,
    /// 0 plays once, `null` for ever.
    pub number_of_gif_loops: Option<Whole<0>>,
    /// In bytes. Default: Remotion's, by the memory there is.
    pub offthread_video_cache_size_in_bytes: Option<Whole<1>>,
    /// Default: Remotion's.
    pub offthread_video_threads: Option<Whole<1>>,
    /// The output's file name; for the operator also a bucket and key. Default: `out` with the codec's extension.
    pub out_name: Option<OutName>,
    /// Whether an output of the same key is replaced. Default false.
    pub overwrite: Option<bool>,
    /// Default: yuv420p.
    pub pixel_format: Option<PixelFormat>,
    /// Whether sound is stored without loss where the codec can. Default false.
    pub prefer_lossless: Option<bool>,
    /// Default: public, as Remotion has it; the template's default is private.
    pub privacy: Option<Privacy>,
    /// Only with the codec prores. Default: the encoder's.
    pub pro_res_profile: Option<ProResProfile>,
    /// The function that renders the chunks. Default: the same one.
    pub renderer_function_name: Option<NonEmpty>,
    /// The sound's sample rate in hertz. Default 48000.
    pub sample_rate: Option<Whole<1>>,
    /// The factor on the output's size. Default 1.
    pub scale: Option<Scale>,
    /// Default: S3's.
    pub storage_class: Option<StorageClass>,
    /// How long `delayRender()` may take, in milliseconds. Default 30000.
    pub timeout_in_milliseconds: Option<Whole<7000>>,
    /// The video's bitrate, such as `1M`. Excludes `crf`.
    pub video_bitrate: Option<Bitrate>,
    /// Whom Remotion tells when the render has ended. Secret.
    pub webhook: Option<Verbatim<Webhook>>,
    /// Only with the codec h264. Default: the encoder's.
    pub x264_preset: Option<X264Preset>,
}

/// Every option's name, essentials first, then alphabetical.
pub const NAMES: [&str; 54] = [
    "composition",
    "inputProps",
    "codec",
    "serveUrl",
    "apiKey",
    "audioBitrate",
    "audioCodec",
    "chromiumOptions",
    "colorSpace",
    "concurrency",
    "concurrencyPerLambda",
    "crf",
    "deleteAfter",
    "downloadBehavior",
    "enableCancellation",
    "encodingBufferSize",
    "encodingMaxRate",
    "envVariables",
    "everyNthFrame",
    "forceBucketName",
    "forceDurationInFrames",
    "forceFps",
    "forceHeight",
    "forcePathStyle",
    "forceWidth",
    "frameRange",
    "framesPerLambda",
    "gopSize",
    "imageFormat",
    "isProduction",
    "jpegQuality",
    "licenseKey",
    "logLevel",
    "maxRetries",
    "mediaCacheSizeInBytes",
    "metadata",
    "muted",
    "numberOfGifLoops",
    "offthreadVideoCacheSizeInBytes",
    "offthreadVideoThreads",
    "outName",
    "overwrite",
    "pixelFormat",
    "preferLossless",
    "privacy",
    "proResProfile",
    "rendererFunctionName",
    "sampleRate",
    "scale",
    "storageClass",
    "timeoutInMilliseconds",
    "videoBitrate",
    "webhook",
    "x264Preset",
];

impl RenderOptions {
    /// These options with those of a JSON object over them. `null` is as good as absent, as for the official client.
    ///
    /// # Errors
    ///
    /// Every option that is unknown, given twice, or wrong by itself.
    pub fn extended(mut self, object: &Object<'_>) -> Result<Self, Vec<Violation>> {
        object.each(&NAMES, |name, value| self.set(name, value))?;
        Ok(self)
    }

    pub(super) fn set(&mut self, name: &str, value: &RawValue) -> Result<(), Violation> {
        match name {
            "composition" => read(name, value, &mut self.composition),
            "inputProps" => read_props(name, value, &mut self.input_props),
            "codec" => read(name, value, &mut self.codec),
            "serveUrl" => read(name, value, &mut self.serve_url),

            // The former name of `licenseKey`, which wins.
            "apiKey" => read_secret(name, value, &mut self.api_key),
            "audioBitrate" => read(name, value, &mut self.audio_bitrate),
            "audioCodec" => read(name, value, &mut self.audio_codec),
            "chromiumOptions" => read(name, value, &mut self.chromium_options),
            "colorSpace" => read(name, value, &mut self.color_space),
            "concurrency" => read(name, value, &mut self.concurrency),
            "concurrencyPerLambda" => read(name, value, &mut self.concurrency_per_lambda),
            "crf" => read(name, value, &mut self.crf),
            "deleteAfter" => read(name, value, &mut self.delete_after),
            "downloadBehavior" => read(name, value, &mut self.download_behavior),
            "enableCancellation" => read(name, value, &mut self.enable_cancellation),
            "encodingBufferSize" => read(name, value, &mut self.encoding_buffer_size),
            "encodingMaxRate" => read(name, value, &mut self.encoding_max_rate),
            "envVariables" => read_secret(name, value, &mut self.env_variables),
            "everyNthFrame" => read(name, value, &mut self.every_nth_frame),
            "forceBucketName" => read(name, value, &mut self.force_bucket_name),
            "forceDurationInFrames" => read(name, value, &mut self.force_duration_in_frames),
            "forceFps" => read(name, value, &mut self.force_fps),
            "forceHeight" => read(name, value, &mut self.force_height),
            "forcePathStyle" => read(name, value, &mut self.force_path_style),
            "forceWidth" => read(name, value, &mut self.force_width),
            "frameRange" => read(name, value, &mut self.frame_range),
            "framesPerLambda" => read(name, value, &mut self.frames_per_lambda),
            "gopSize" => read(name, value, &mut self.gop_size),
            "imageFormat" => read(name, value, &mut self.image_format),
            "isProduction" => read(name, value, &mut self.is_production),
            "jpegQuality" => read(name, value, &mut self.jpeg_quality),
            "licenseKey" => read_secret(name, value, &mut self.license_key),
            "logLevel" => read(name, value, &mut self.log_level),
            "maxRetries" => read(name, value, &mut self.max_retries),
            "mediaCacheSizeInBytes" => read(name, value, &mut self.media_cache_size_in_bytes),
            "metadata" => read(name, value, &mut self.metadata),
            "muted" => read(name, value, &mut self.muted),
            "numberOfGifLoops" => read(name, value, &mut self.number_of_gif_loops),
            "offthreadVideoCacheSizeInBytes" => {
                read(name, value, &mut self.offthread_video_cache_size_in_bytes)
            }
            "offthreadVideoThreads" => read(name, value, &mut self.offthread_video_threads),
            "outName" => read_secret(name, value, &mut self.out_name),
            "overwrite" => read(name, value, &mut self.overwrite),
            "pixelFormat" => read(name, value, &mut self.pixel_format),
            "preferLossless" => read(name, value, &mut self.prefer_lossless),
            "privacy" => read(name, value, &mut self.privacy),
            "proResProfile" => read(name, value, &mut self.pro_res_profile),
            "rendererFunctionName" => read(name, value, &mut self.renderer_function_name),
            "sampleRate" => read(name, value, &mut self.sample_rate),
            "scale" => read(name, value, &mut self.scale),
            "storageClass" => read(name, value, &mut self.storage_class),
            "timeoutInMilliseconds" => read(name, value, &mut self.timeout_in_milliseconds),
            "videoBitrate" => read(name, value, &mut self.video_bitrate),
            "webhook" => read_secret(name, value, &mut self.webhook),
            "x264Preset" => read(name, value, &mut self.x264_preset),
            _ => unreachable!("`each` hands on the names of `NAMES` only"),
        }
    }
}

/// Input props may hold what nobody but the composition's author may read.
impl fmt::Debug for RenderOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenderOptions")
            .field("composition", &self.composition)
            .field("codec", &self.codec)
            .finish_non_exhaustive()
    }
}

/// Reads a value; the message says where in it something is wrong, and nothing of Rust.
pub(super) fn parse<T: DeserializeOwned>(value: &RawValue) -> Result<T, String> {
    let mut deserializer = serde_json::Deserializer::from_str(value.get());
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let message = error.inner().to_string();
        let message = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(message, _)| message);
        match error.path().iter().next() {
            None => message.to_owned(),
            Some(_) => format!("{}: {message}", error.path()),
        }
    })
}

pub(super) fn read<T: DeserializeOwned>(
    name: &str,
    value: &RawValue,
    slot: &mut Option<T>,
) -> Result<(), Violation> {
    if value.get() != "null" {
        *slot = Some(
            parse(value).map_err(|message| Violation::at(name, format!("{name}: {message}.")))?,
        );
    }
    Ok(())
}

/// Reads what may hold a secret: the message does not quote it.
fn read_secret<T: DeserializeOwned>(
    name: &str,
    value: &RawValue,
    slot: &mut Option<T>,
) -> Result<(), Violation> {
    read(name, value, slot).map_err(|violation| Violation {
        detail: without_value(&violation.detail),
        ..violation
    })
}

/// serde quotes what it does not take: `invalid type: string "x", expected a map` becomes `it must be a map`.
fn without_value(message: &str) -> String {
    const QUOTED: &str = "invalid type: ";
    const EXPECTED: &str = ", expected ";
    match (message.find(QUOTED), message.rfind(EXPECTED)) {
        (Some(at), Some(expected)) => format!(
            "{}it must be {}",
            &message[..at],
            &message[expected + EXPECTED.len()..]
        ),
        _ => message.to_owned(),
    }
}

fn read_props(
    name: &str,
    value: &RawValue,
    slot: &mut Option<Box<RawValue>>,
) -> Result<(), Violation> {
    if value.get() != "null" && !value.get().starts_with('{') {
        return Err(Violation::at(name, "inputProps: it must be an object."));
    }
    read(name, value, slot)
}

#[cfg(test)]
mod tests {
    use super::{NAMES, RenderOptions};
    use crate::json::Object;

    #[test]
    fn every_name_is_known() {
        for name in NAMES {
            let text = format!("{{\"{name}\":null}}");
            let object = Object::parse(text.as_bytes()).expect("an object");
            assert!(RenderOptions::default().extended(&object).is_ok(), "{name}");
        }
    }

    #[test]
    fn debug_hides_what_is_private() {
        let object = Object::parse(
            br#"{"composition":"a","inputProps":{"k":"hidden"},"licenseKey":"hidden"}"#,
        )
        .expect("an object");
        let options = RenderOptions::default()
            .extended(&object)
            .expect("valid options");
        assert!(!format!("{options:?}").contains("hidden"));
    }
}
