//! Which options go together. Most of these faults Remotion would tell only in a render that is already being paid for.
//!
//! Each rule names the check of Remotion's packages that it mirrors. A render either fans out to many functions or runs
//! in one; where only one of the two ways would refuse, so do we.

use super::codecs;
use super::objects::{FrameRange, OutName};
use super::options::RenderOptions;
use super::values::{AudioCodec, Codec, ImageFormat, PixelFormat};
use crate::json::Violation;

/// `None` where the options keep the rule.
type Rule = fn(&RenderOptions, Codec) -> Option<Violation>;

const RULES: [Rule; 21] = [
    audio_codec,
    concurrency,
    crf_range,
    crf_against_video_bitrate,
    encoding_max_rate,
    force_fps_of_gif,
    force_height,
    force_width,
    frame_range_order,
    frame_range_end,
    frames_per_lambda_minimum,
    frames_per_lambda_maximum,
    muted,
    number_of_gif_loops,
    opus_sample_rate,
    out_name,
    pixel_format_of_codec,
    pixel_format_needs_png,
    prefer_lossless,
    pro_res_profile,
    x264_preset,
];

/// Every rule that these options break.
pub(super) fn broken(options: &RenderOptions, codec: Codec) -> Vec<Violation> {
    let mut broken = essentials(options);
    broken.extend(RULES.iter().filter_map(|rule| rule(options, codec)));
    broken
}

/// What no render can do without. Ours for the composition, which the official client's types require;
/// `validateServeUrl()` of `@remotion/serverless-client`.
pub(super) fn essentials(options: &RenderOptions) -> Vec<Violation> {
    let composition = refuse(options.composition.is_none(), "composition", || {
        "Name the composition to render.".into()
    });
    let serve_url = refuse(options.serve_url.is_none(), "serveUrl", || {
        "Name the site to render.".into()
    });
    composition.into_iter().chain(serve_url).collect()
}

fn refuse(when: bool, name: &str, detail: impl FnOnce() -> String) -> Option<Violation> {
    when.then(|| Violation::at(name, detail()))
}

/// `resolveAudioCodec()` and `validateOutputFilename()` of `@remotion/renderer`.
fn audio_codec(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    let given = options.audio_codec?;
    let possible = codecs::audio_codecs(codec);
    refuse(
        !possible.contains(&given),
        "audioCodec",
        || match possible {
            [] => format!(
                "The codec {} has no sound. Leave audioCodec out.",
                codec.as_str()
            ),
            _ => format!(
                "The codec {} does not go with the audio codec {}. Choose {}.",
                codec.as_str(),
                given.as_str(),
                names(possible)
            ),
        },
    )
}

/// `validateFramesPerFunction()` of `@remotion/serverless-client`.
fn concurrency(options: &RenderOptions, _: Codec) -> Option<Violation> {
    let both = options.concurrency.is_some() && options.frames_per_lambda.is_some();
    refuse(both, "concurrency", || {
        "concurrency and framesPerLambda exclude each other. Leave one out.".into()
    })
}

/// `validateQualitySettings()` of `@remotion/renderer`. A crf of 0 is ignored where the codec has none, save for GIFs that fan out.
fn crf_range(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    let crf = options.crf?.get();
    match codecs::crf_range(codec) {
        Some((min, max)) => refuse(!(min..=max).contains(&crf), "crf", || {
            format!(
                "crf must be from {min} to {max} for the codec {}, not {crf}.",
                codec.as_str()
            )
        }),
        None => refuse(crf != 0.0 || codec == Codec::Gif, "crf", || {
            format!("The codec {} has no crf. Leave it out.", codec.as_str())
        }),
    }
}

/// `validateQualitySettings()` of `@remotion/renderer`.
fn crf_against_video_bitrate(options: &RenderOptions, _: Codec) -> Option<Violation> {
    let both = options.crf.is_some() && options.video_bitrate.is_some();
    refuse(both, "crf", || {
        "crf and videoBitrate exclude each other. Leave one out.".into()
    })
}

/// `validateQualitySettings()` of `@remotion/renderer`.
fn encoding_max_rate(options: &RenderOptions, _: Codec) -> Option<Violation> {
    let alone = options.encoding_max_rate.is_some() && options.encoding_buffer_size.is_none();
    refuse(alone, "encodingMaxRate", || {
        "encodingMaxRate needs encodingBufferSize beside it.".into()
    })
}

/// `validateFps()` of `@remotion/renderer`.
fn force_fps_of_gif(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    let every = options
        .every_nth_frame
        .map_or(1, super::numbers::Whole::get);
    #[expect(clippy::cast_precision_loss, reason = "a number of frames")]
    let fps = options.force_fps?.get() / every as f64;
    refuse(codec == Codec::Gif && fps > 50.0, "forceFps", || {
        format!(
            "A GIF has at most 50 frames per second, not {fps}. Lower forceFps, or raise everyNthFrame."
        )
    })
}

/// `validateDimension()` of `@remotion/renderer`.
fn force_height(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    dimension("forceHeight", options.force_height?.get(), options, codec)
}

/// `validateDimension()` of `@remotion/renderer`.
fn force_width(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    dimension("forceWidth", options.force_width?.get(), options, codec)
}

/// H.264 and H.265 want even sizes, and the parts of a GIF are H.264: Remotion lowers the size until it is even when scaled,
/// and fails at nothing.
fn dimension(name: &str, pixels: u64, options: &RenderOptions, codec: Codec) -> Option<Violation> {
    let scale = options.scale.map_or(1.0, super::numbers::Scale::get);
    #[expect(clippy::cast_precision_loss, reason = "a number of pixels")]
    let even = |pixels: u64| (pixels as f64 * scale).round() % 2.0 == 0.0;
    let smallest = (1..=pixels).rev().take(1_000).find(|pixels| even(*pixels));
    refuse(
        matches!(codec, Codec::H264 | Codec::H265 | Codec::Gif) && smallest.is_none(),
        name,
        || {
            format!(
                "{name} is too small: the codec {} wants an even number of pixels.",
                codec.as_str()
            )
        },
    )
}

/// `validateFrameRange()` of `@remotion/renderer`.
fn frame_range_order(options: &RenderOptions, _: Codec) -> Option<Violation> {
    let Some(FrameRange::Between(first, Some(last))) = options.frame_range else {
        return None;
    };
    refuse(last < first, "frameRange", || {
        format!(
            "The range must not end before it begins: [{}, {}].",
            first.get(),
            last.get()
        )
    })
}

/// `getRealFrameRange()` of `@remotion/renderer`.
fn frame_range_end(options: &RenderOptions, _: Codec) -> Option<Violation> {
    let duration = options.force_duration_in_frames?.get();
    let last = match options.frame_range? {
        FrameRange::One(frame)
        | FrameRange::Between(frame, None)
        | FrameRange::Between(_, Some(frame)) => frame.get(),
    };
    refuse(last >= duration, "frameRange", || {
        format!(
            "The last frame is {} by forceDurationInFrames, not {last}.",
            duration - 1
        )
    })
}

/// `validateFramesPerFunction()` of `@remotion/serverless-client`: at least five, or all there are.
fn frames_per_lambda_minimum(options: &RenderOptions, _: Codec) -> Option<Violation> {
    let given = options.frames_per_lambda?.get();
    let minimum = frame_count(options).map_or(5, |frames| frames.min(5));
    refuse(given < minimum, "framesPerLambda", || {
        format!("framesPerLambda must be at least {minimum}, not {given}.")
    })
}

/// `launch` of `@remotion/serverless`: at most 200 functions.
fn frames_per_lambda_maximum(options: &RenderOptions, _: Codec) -> Option<Violation> {
    let functions = frame_count(options)?.div_ceil(options.frames_per_lambda?.get());
    refuse(functions > 200, "framesPerLambda", || {
        format!(
            "A render may use 200 functions, not {functions}. Raise framesPerLambda, or leave it out."
        )
    })
}

/// How many frames are rendered, where the options tell.
fn frame_count(options: &RenderOptions) -> Option<u64> {
    let range = match (options.frame_range, options.force_duration_in_frames) {
        (Some(FrameRange::One(_)), _) => 1,
        (Some(FrameRange::Between(first, Some(last))), _) => {
            (last.get() + 1).saturating_sub(first.get())
        }
        (Some(FrameRange::Between(first, None)), Some(duration)) => {
            duration.get().saturating_sub(first.get())
        }
        (None, Some(duration)) => duration.get(),
        (_, None) => return None,
    };
    Some(
        range.div_ceil(
            options
                .every_nth_frame
                .map_or(1, super::numbers::Whole::get),
        ),
    )
}

/// The combining of `@remotion/renderer`, after all frames.
fn muted(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    refuse(
        options.muted == Some(true) && codecs::is_audio(codec),
        "muted",
        || {
            format!(
                "The codec {} has nothing but sound, and muted takes that away.",
                codec.as_str()
            )
        },
    )
}

/// `validateNumberOfGifLoops()` of `@remotion/renderer`, in a fan-out after all frames.
fn number_of_gif_loops(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    let elsewhere = options.number_of_gif_loops.is_some() && codec != Codec::Gif;
    refuse(elsewhere, "numberOfGifLoops", || {
        format!(
            "Only GIFs loop, not the codec {}. Leave numberOfGifLoops out.",
            codec.as_str()
        )
    })
}

/// The encoder libopus, after all frames.
fn opus_sample_rate(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    const RATES: [u64; 5] = [8_000, 12_000, 16_000, 24_000, 48_000];
    let rate = options.sample_rate?.get();
    let opus = codecs::audio_codec(options.audio_codec, codec) == Some(AudioCodec::Opus);
    refuse(opus && !RATES.contains(&rate), "sampleRate", || {
        format!("Opus takes 8000, 12000, 16000, 24000 or 48000 Hz, not {rate}.")
    })
}

/// `validateOutname()` of `@remotion/serverless-client`.
fn out_name(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    let Some(OutName::File(name)) = &options.out_name else {
        return None;
    };
    let audio = codecs::audio_codec(options.audio_codec, codec);
    let possible = codecs::extensions(codec, audio);
    // Without any the audio codec is the fault, and has a rule of its own.
    let wrong = !possible.is_empty()
        && !name
            .extension()
            .is_some_and(|extension| possible.contains(&extension));
    refuse(wrong, "outName", || {
        let sound = audio.map_or_else(String::new, |audio| {
            format!(" with the audio codec {}", audio.as_str())
        });
        format!(
            "With the codec {}{sound} the name must end in .{}.",
            codec.as_str(),
            possible.join(", .")
        )
    })
}

/// `validatePixelFormatAndCodecCombination()` of `@remotion/renderer`.
fn pixel_format_of_codec(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    let wrong = options.pixel_format == Some(PixelFormat::Yuva420p)
        && !matches!(codec, Codec::Vp8 | Codec::Vp9);
    refuse(wrong, "pixelFormat", || {
        format!(
            "yuva420p goes with the codecs vp8 and vp9, not with {}.",
            codec.as_str()
        )
    })
}

/// `validateSelectedPixelFormatAndImageFormatCombination()` of `@remotion/renderer`.
fn pixel_format_needs_png(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    let transparent = matches!(
        options.pixel_format,
        Some(PixelFormat::Yuva420p | PixelFormat::Yuva444p10le)
    );
    let jpeg = options.image_format.unwrap_or(ImageFormat::Jpeg) == ImageFormat::Jpeg;
    refuse(
        transparent && jpeg && !codecs::is_audio(codec),
        "pixelFormat",
        || "A transparent video needs the imageFormat png.".into(),
    )
}

/// `validateOutputFilename()` of `@remotion/renderer`, for the temporary output of a render in one function.
fn prefer_lossless(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    let audio = codecs::audio_codec(options.audio_codec, codec)?;
    let alone = options.concurrency.is_some_and(|n| n.get() == 1)
        && options.renderer_function_name.is_none();
    let lossless = codecs::extensions(codec, Some(AudioCodec::Pcm16));
    let kept = codecs::extensions(codec, Some(audio))
        .first()
        .is_some_and(|extension| lossless.contains(extension));
    refuse(
        options.prefer_lossless == Some(true) && alone && !kept,
        "preferLossless",
        || "With concurrency 1, preferLossless needs the audioCodec pcm-16 beside it.".into(),
    )
}

/// `validateSelectedCodecAndProResCombination()` of `@remotion/renderer`.
fn pro_res_profile(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    refuse(
        options.pro_res_profile.is_some() && codec != Codec::ProRes,
        "proResProfile",
        || {
            format!(
                "proResProfile goes with the codec prores, not with {}.",
                codec.as_str()
            )
        },
    )
}

/// `validateSelectedCodecAndPresetCombination()` of `@remotion/renderer`.
fn x264_preset(options: &RenderOptions, codec: Codec) -> Option<Violation> {
    refuse(
        options.x264_preset.is_some() && codec != Codec::H264,
        "x264Preset",
        || {
            format!(
                "x264Preset goes with the codec h264, not with {}.",
                codec.as_str()
            )
        },
    )
}

fn names(codecs: &[AudioCodec]) -> String {
    codecs
        .iter()
        .map(|codec| codec.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
