//! The table of options: an option is defined in its entry here, and nowhere else.
//!
//! Source: <https://www.remotion.dev/docs/lambda/rendermediaonlambda>

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::invalid::InvalidOptions;
use super::numbers::{Number, Positive, Quality, Scale, Whole};
use super::objects::{
    ChromiumOptions, Destination, DownloadBehavior, FrameRange, InputProps, OutName, Verbatim,
    Webhook,
};
use super::spec::{Key, OptionSpec, SetBy, options};
use super::texts::{Bitrate, BucketName, NonEmpty, ServeUrl, Tag};
use super::values::{
    AudioCodec, Codec, ColorSpace, DeleteAfter, ImageFormat, LogLevel, PixelFormat, Privacy,
    ProResProfile, StorageClass, X264Preset,
};
use crate::json::{Object, Violation};
use crate::read::{Quote, WrongValue, parse, parse_object};
use crate::version::Release;
use crate::writer::ObjectWriter;

options! {
    /// The id of the composition. Required.
    "composition" => composition: NonEmpty, plain, { kind: "string", still: true }
    /// What the composition's component receives: any JSON object, passed on unchanged. If it is too large for a request, it goes through Remotion's bucket.
    "inputProps" => input_props: InputProps, input_props, { key: Key::Composed, kind: "object", default: "{}", still: true }
    /// The output's codec. The official clients have no default.
    "codec" => codec: Codec, plain, { kind: "codec", default: "\"h264\"" }
    /// URL of the site, or the name of a site in Remotion's bucket. Required.
    "serveUrl" => serve_url: ServeUrl, plain, { kind: "string", set_by: SetBy::Operator, still: true }

    /// The former name of `licenseKey`, which takes precedence. Secret.
    "apiKey" => api_key: String, secret, { key: Key::Composed, kind: "string", set_by: SetBy::Operator, still: true, since: Release::new(4, 0, 253) }
    /// The audio bitrate: a number and `K`, `k` or `M`, such as `320k`. Default: Remotion's for the audio codec.
    "audioBitrate" => audio_bitrate: Bitrate, plain, { kind: "string" }
    /// The codec of the audio track, one that the codec's container supports. Default: the codec's own.
    "audioCodec" => audio_codec: AudioCodec, plain, { kind: "audioCodec" }
    /// Flags of Chrome: `darkMode`, `disableWebSecurity`, `enableMultiProcessOnLinux`, `gl`, `headless`, `ignoreCertificateErrors`, `userAgent`.
    "chromiumOptions" => chromium_options: Verbatim<ChromiumOptions>, object, { kind: "object", default: "{}", set_by: SetBy::Operator, still: true }
    /// The colour space of the output. Default: Remotion's for the codec.
    "colorSpace" => color_space: ColorSpace, plain, { kind: "colorSpace", since: Release::new(4, 0, 28) }
    /// How many functions render at once, 1 to 200. Excludes `framesPerLambda`.
    "concurrency" => concurrency: Whole<1, 200>, plain, { kind: "whole number", set_by: SetBy::Operator, since: Release::new(4, 0, 322) }
    /// How many pages render at once within one function, 1 to 6: the most processors that AWS Lambda has.
    "concurrencyPerLambda" => concurrency_per_lambda: Whole<1, 6>, plain, { kind: "whole number", default: "1", set_by: SetBy::Operator }
    /// Constant rate factor: lower means better quality and a larger file. h264 takes 1 to 51, h265 0 to 51, vp8 4 to 63, vp9 0 to 63; no other codec has one. Excludes `videoBitrate`.
    "crf" => crf: Number, plain, { kind: "number" }
    /// When S3 deletes the output. The site must have been created with `--enable-folder-expiry`. Default: never.
    "deleteAfter" => delete_after: DeleteAfter, plain, { kind: "deleteAfter", still: true, since: Release::new(4, 0, 32) }
    /// Whether Chrome passes frames without shared memory.
    "disableSharedMemoryCapture" => disable_shared_memory_capture: bool, plain, { kind: "boolean", default: "false", set_by: SetBy::Operator, since: Release::new(4, 0, 534) }
    /// What a browser does with the output's URL: `{"type":"play-in-browser"}`, or `{"type":"download","fileName":…}` with a name of at most 255 characters or `null`.
    "downloadBehavior" => download_behavior: Verbatim<DownloadBehavior>, object, { kind: "object", default: r#"{"type":"play-in-browser"}"#, still: true }
    /// Whether the render looks for a cancel signal, once a second.
    "enableCancellation" => enable_cancellation: bool, plain, { kind: "boolean", default: "false", set_by: SetBy::Operator, since: Release::new(4, 0, 515) }
    /// The encoder's buffer: a number and `K`, `k` or `M`, such as `10000k`.
    "encodingBufferSize" => encoding_buffer_size: Bitrate, plain, { kind: "string", since: Release::new(4, 0, 78) }
    /// The encoder's highest rate: a number and `K`, `k` or `M`, such as `5M`. Needs `encodingBufferSize`.
    "encodingMaxRate" => encoding_max_rate: Bitrate, plain, { kind: "string", since: Release::new(4, 0, 78) }
    /// Environment variables of the page. Secret.
    "envVariables" => env_variables: BTreeMap<String, String>, secret_map, { kind: "object of strings", default: "{}", set_by: SetBy::Operator, still: true }
    /// Renders only every nth frame, at least 1; for GIFs.
    "everyNthFrame" => every_nth_frame: Whole<1>, plain, { kind: "whole number", default: "1" }
    /// The bucket of the render; `bucketName` on the wire. Default: the region's only Remotion bucket.
    "forceBucketName" => force_bucket_name: BucketName, plain, { key: Key::Other("bucketName"), kind: "string", set_by: SetBy::Operator, still: true }
    /// The length in frames, at least 1. Default: the composition's.
    "forceDurationInFrames" => force_duration_in_frames: Whole<1>, plain, { kind: "whole number", still: true, since: Release::new(4, 0, 425) }
    /// Frames per second, above 0; for a GIF at most 50, after `everyNthFrame`. Default: the composition's.
    "forceFps" => force_fps: Positive, plain, { kind: "number", still: true, since: Release::new(4, 0, 425) }
    /// The height in pixels, at least 1. With h264, h265 and gif Remotion rounds the scaled size down to an even number, which must be above 0. Default: the composition's.
    "forceHeight" => force_height: Whole<1>, plain, { kind: "whole number", still: true }
    /// Whether S3 is addressed by path.
    "forcePathStyle" => force_path_style: bool, plain, { kind: "boolean", default: "false", set_by: SetBy::Operator, still: true, since: Release::new(4, 0, 202) }
    /// The width in pixels; as `forceHeight`. Default: the composition's.
    "forceWidth" => force_width: Whole<1>, plain, { kind: "whole number", still: true }
    /// Which frames are rendered: one, or `[first, last]` where `last` may be `null` for the end; from 0, and within `forceDurationInFrames`. Default: all.
    "frameRange" => frame_range: FrameRange, plain, { kind: "frame, or `[first, last]`" }
    /// How many frames one function renders: at least 5, or all there are, and at most 200 functions. Excludes `concurrency`. Default: Remotion's estimate.
    "framesPerLambda" => frames_per_lambda: Whole<1>, plain, { kind: "whole number", set_by: SetBy::Operator }
    /// The largest distance between two key frames, in frames, from 1 to 2147483647. Default: the encoder's.
    "gopSize" => gop_size: Whole<1, 2_147_483_647>, plain, { kind: "whole number", since: Release::new(4, 0, 466) }
    /// The format of the frames that Chrome renders.
    "imageFormat" => image_format: ImageFormat, plain, { kind: "imageFormat", default: "\"jpeg\"" }
    /// Whether the render counts towards Remotion's licence. Default: yes.
    "isProduction" => is_production: bool, plain, { kind: "boolean", set_by: SetBy::Operator, still: true, since: Release::new(4, 0, 410) }
    /// The quality of JPEG frames, 0 to 100.
    "jpegQuality" => jpeg_quality: Quality, plain, { kind: "number", default: "80", still: true }
    /// Remotion's licence key. Secret.
    "licenseKey" => license_key: String, secret, { key: Key::Composed, kind: "string", set_by: SetBy::Operator, still: true, since: Release::new(4, 0, 399) }
    /// How much the render function writes to its log.
    "logLevel" => log_level: LogLevel, plain, { kind: "logLevel", default: "\"info\"", set_by: SetBy::Operator, still: true }
    /// How often a failed chunk is retried, at least 0.
    "maxRetries" => max_retries: Whole<0>, plain, { kind: "whole number", default: "1", still: true }
    /// The media cache in bytes, at least 1. Default: Remotion's, based on the function's memory.
    "mediaCacheSizeInBytes" => media_cache_size_in_bytes: Whole<1>, plain, { kind: "whole number", set_by: SetBy::Operator, still: true, since: Release::new(4, 0, 352) }
    /// Tags of the output file. Default: none.
    "metadata" => metadata: BTreeMap<Tag, Tag>, map, { kind: "object of strings", since: Release::new(4, 0, 216) }
    /// Whether the output has no audio. Not with mp3, aac and wav.
    "muted" => muted: bool, plain, { kind: "boolean", default: "false" }
    /// How often a GIF repeats, up to 65535: 0 plays it once, `null` repeats it forever. Only with gif.
    "numberOfGifLoops" => number_of_gif_loops: Whole<0, 65_535>, plain, { kind: "whole number" }
    /// The video cache in bytes, at least 1. Default: Remotion's, based on the function's memory.
    "offthreadVideoCacheSizeInBytes" => offthread_video_cache_size_in_bytes: Whole<1>, plain, { kind: "whole number", set_by: SetBy::Operator, still: true, since: Release::new(4, 0, 23) }
    /// The threads that extract video frames, at least 1. Default: Remotion's.
    "offthreadVideoThreads" => offthread_video_threads: Whole<1>, plain, { kind: "whole number", set_by: SetBy::Operator, still: true, since: Release::new(4, 0, 263) }
    /// The output's file name with an extension of the codec, of letters, digits and `-!_.*'():&$@=;+,?`. The operator's may have slashes, or be `{"bucketName":…,"key":…,"s3OutputProvider":…}`. Default: `out` with the codec's extension.
    "outName" => out_name: OutName, place, { kind: "string", set_by: SetBy::CallerAsFileName, still: true }
    /// Whether an output of the same key is replaced. From Remotion 5 on the default is `true`.
    "overwrite" => overwrite: bool, plain, { key: Key::Composed, kind: "boolean", default: "false", set_by: SetBy::Operator }
    /// How the encoder stores a pixel. yuva420p goes only with vp8 and vp9, and yuva444p10le not with h264 and h265; both need the `imageFormat` png, and with prores yuva444p10le needs the `proResProfile` 4444 or 4444-xq. Default: yuv420p.
    "pixelFormat" => pixel_format: PixelFormat, plain, { kind: "pixelFormat" }
    /// Whether audio is stored losslessly if the codec can. With `concurrency` 1 it needs the `audioCodec` pcm-16, where that has other file types.
    "preferLossless" => prefer_lossless: bool, plain, { kind: "boolean", default: "false", since: Release::new(4, 0, 123) }
    /// Who may read the output by its plain URL: by default everybody.
    "privacy" => privacy: Privacy, plain, { kind: "privacy", default: "\"public\"", set_by: SetBy::Operator, still: true }
    /// The profile of a `ProRes` output. Only with prores. Default: hq.
    "proResProfile" => pro_res_profile: ProResProfile, plain, { kind: "proResProfile" }
    /// The function that renders the chunks. Default: the same one.
    "rendererFunctionName" => renderer_function_name: NonEmpty, plain, { kind: "string", set_by: SetBy::Operator }
    /// The audio sample rate in hertz, at least 1. Opus takes 8000, 12000, 16000, 24000 and 48000; MP3 takes these, 11025, 22050, 32000 and 44100; AAC takes these, 64000, 88200 and 96000.
    "sampleRate" => sample_rate: Whole<1>, plain, { kind: "whole number", default: "48000", since: Release::new(4, 0, 448) }
    /// The factor by which the output's width and height are multiplied, above 0 and at most 16.
    "scale" => scale: Scale, plain, { kind: "number", default: "1", still: true }
    /// A separate file for the audio, which the output then does not have: a file name that ends in .aac, .mp3, .opus or .wav, to match the audio codec. The operator's may have slashes, or be `{"bucketName":…,"key":…,"s3OutputProvider":…}`. Not with muted outputs, gif, and codecs that are audio only.
    "separateAudioTo" => separate_audio_to: OutName, place, { kind: "string", set_by: SetBy::CallerAsFileName, since: Release::new(4, 0, 535) }
    /// The S3 storage class of the output. Default: S3's.
    "storageClass" => storage_class: StorageClass, plain, { kind: "storageClass", set_by: SetBy::Operator, still: true, since: Release::new(4, 0, 305) }
    /// How long `delayRender()` may delay a frame, in milliseconds, at least 7000.
    "timeoutInMilliseconds" => timeout_in_milliseconds: Whole<7000>, plain, { kind: "whole number", default: "30000", still: true }
    /// The video bitrate: a number and `K`, `k` or `M`, such as `1M`. Excludes `crf`.
    "videoBitrate" => video_bitrate: Bitrate, plain, { kind: "string" }
    /// The webhook that Remotion calls when the render has ended: `url` (http or https), `secret`, `customData` (at most 1,024 bytes of ASCII JSON). Secret.
    "webhook" => webhook: Verbatim<Webhook>, secret_object, { kind: "object", set_by: SetBy::Operator }
    /// The speed of the H.264 encoder: slower means a smaller file. Only with h264. Default: the encoder's.
    "x264Preset" => x264_preset: X264Preset, plain, { kind: "x264Preset", since: Release::new(4, 0, 22) }
}

/// What a value comes to: `None` for `null`.
type Read<T> = Result<Option<T>, WrongValue>;

fn given(value: &RawValue) -> Option<&RawValue> {
    (value.get() != "null").then_some(value)
}

fn plain<T: DeserializeOwned>(value: &RawValue) -> Read<T> {
    given(value)
        .map(|value| parse(value, Quote::Value))
        .transpose()
}

fn secret<T: DeserializeOwned>(value: &RawValue) -> Read<T> {
    given(value)
        .map(|value| parse(value, Quote::Nothing))
        .transpose()
}

fn map<T: DeserializeOwned>(value: &RawValue) -> Read<T> {
    given(value)
        .map(|value| parse_object(value, Quote::Value))
        .transpose()
}

fn secret_map<T: DeserializeOwned>(value: &RawValue) -> Read<T> {
    given(value)
        .map(|value| parse_object(value, Quote::Nothing))
        .transpose()
}

fn object<T: DeserializeOwned>(value: &RawValue) -> Read<Verbatim<T>> {
    given(value)
        .map(|value| Verbatim::read(value, Quote::Value))
        .transpose()
}

fn secret_object<T: DeserializeOwned>(value: &RawValue) -> Read<Verbatim<T>> {
    given(value)
        .map(|value| Verbatim::read(value, Quote::Nothing))
        .transpose()
}

fn input_props(value: &RawValue) -> Read<InputProps> {
    given(value).map(InputProps::read).transpose()
}

fn place(value: &RawValue) -> Read<OutName> {
    let Some(value) = given(value) else {
        return Ok(None);
    };
    let place = match value.get().as_bytes().first() {
        Some(b'"') => parse(value, Quote::Value).map(OutName::File),
        Some(b'{') => Verbatim::<Destination>::read(value, Quote::Nothing).map(OutName::Key),
        _ => Err(WrongValue::new(
            "must be a file name, or an object with bucketName and key",
        )),
    };
    place.map(Some)
}

impl RenderOptions {
    /// Sets the options of a JSON object over these. `null` means the same as absent, as for the official clients.
    ///
    /// Answers every option that is unknown, given twice, or wrong by itself; those stay as they were.
    pub fn extend(&mut self, object: &Object<'_>) -> Vec<Violation> {
        object.each(&OPTIONS.iter().map(|spec| spec.name), |name, value| {
            self.set(name, value)
        })
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

    /// The codec, with the default that this crate gives it.
    #[must_use]
    pub fn effective_codec(&self) -> Codec {
        self.codec.unwrap_or(Codec::H264)
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

#[cfg(test)]
mod tests {
    use super::{OPTIONS, RenderOptions};
    use crate::json::Object;
    use crate::version::Release;

    fn options(text: &str) -> RenderOptions {
        let object = Object::parse(text.as_bytes()).expect("an object");
        RenderOptions::parse(&object).expect("valid options")
    }

    #[test]
    fn essentials_first_then_alphabetical() {
        let names: Vec<_> = OPTIONS.iter().skip(4).map(|spec| spec.name).collect();
        assert!(names.is_sorted(), "{names:?}");
    }

    #[test]
    fn defaults_are_json() {
        for spec in OPTIONS {
            assert!(
                serde_json::from_str::<serde_json::Value>(spec.default).is_ok(),
                "{}",
                spec.name
            );
        }
    }

    #[test]
    fn null_is_absent() {
        for spec in OPTIONS {
            let text = format!("{{\"{}\":null}}", spec.name);
            assert!(
                options(&text).newer_than(Release::OLDEST).is_empty(),
                "{}",
                spec.name
            );
        }
    }

    #[test]
    fn debug_hides_what_is_private() {
        let options =
            options(r#"{"composition":"a","inputProps":{"k":"hidden"},"licenseKey":"hidden"}"#);
        assert!(!format!("{options:?}").contains("hidden"));
    }
}
