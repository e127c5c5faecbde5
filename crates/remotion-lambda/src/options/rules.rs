//! Which options can be combined. Remotion reports most of these mistakes only in a render that already costs money.
//!
//! Each rule names the check of Remotion's packages that it mirrors. A render either fans out to many functions or runs
//! in one; if only one of the two would refuse, so do we.

mod sound;

use super::codecs;
use super::conflict::{Conflict, Rule, broken, refuse};
use super::numbers;
use super::objects::{FrameRange, OutName};
use super::table::RenderOptions;
use super::values::{Codec, ImageFormat, PixelFormat, ProResProfile};

const OF_A_RENDER: &[Rule<RenderOptions>] = &[
    Rule::new(&["composition"], composition),
    Rule::new(&["serveUrl"], serve_url),
    Rule::new(&["audioCodec", "codec"], sound::audio_codec),
    Rule::new(&["concurrency", "framesPerLambda"], concurrency),
    Rule::new(&["crf", "codec"], crf_range),
    Rule::new(&["crf", "videoBitrate"], crf_against_video_bitrate),
    Rule::new(
        &["encodingMaxRate", "encodingBufferSize"],
        encoding_max_rate,
    ),
    Rule::new(&["forceFps", "codec", "everyNthFrame"], force_fps_of_gif),
    Rule::new(&["forceHeight", "codec", "scale"], force_height),
    Rule::new(&["forceWidth", "codec", "scale"], force_width),
    Rule::new(&["frameRange"], frame_range_order),
    Rule::new(&["frameRange", "forceDurationInFrames"], frame_range_end),
    Rule::new(&FRAMES_PER_LAMBDA, frames_per_lambda_minimum),
    Rule::new(&FRAMES_PER_LAMBDA, frames_per_lambda_maximum),
    Rule::new(&["muted", "codec"], sound::muted),
    Rule::new(&["numberOfGifLoops", "codec"], number_of_gif_loops),
    Rule::new(
        &[
            "sampleRate",
            "codec",
            "audioCodec",
            "separateAudioTo",
            "muted",
            "preferLossless",
        ],
        sound::sample_rate,
    ),
    Rule::new(
        &["outName", "codec", "audioCodec", "separateAudioTo"],
        out_name,
    ),
    Rule::new(&["pixelFormat", "codec"], pixel_format_of_codec),
    Rule::new(
        &["pixelFormat", "imageFormat", "codec"],
        pixel_format_needs_png,
    ),
    Rule::new(
        &["pixelFormat", "proResProfile", "codec"],
        pixel_format_of_pro_res,
    ),
    Rule::new(
        &["preferLossless", "codec", "audioCodec", "concurrency"],
        sound::prefer_lossless,
    ),
    Rule::new(&["proResProfile", "codec"], pro_res_profile),
    Rule::new(
        &["separateAudioTo", "codec", "muted"],
        sound::separate_audio_needs_sound,
    ),
    Rule::new(
        &["separateAudioTo", "codec", "audioCodec", "preferLossless"],
        sound::separate_audio_codec,
    ),
    Rule::new(
        &["separateAudioTo", "outName"],
        sound::separate_audio_of_its_own,
    ),
    Rule::new(&["x264Preset", "codec"], x264_preset),
];

const FRAMES_PER_LAMBDA: [&str; 4] = [
    "framesPerLambda",
    "frameRange",
    "forceDurationInFrames",
    "everyNthFrame",
];

impl RenderOptions {
    /// Which of these options do not go together, or are missing.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        broken(OF_A_RENDER, self)
    }
}

/// Ours: the official client's types require it.
pub(super) fn composition(options: &RenderOptions) -> Option<String> {
    refuse(options.composition.is_none(), || {
        "Name the composition to render.".into()
    })
}

/// `validateServeUrl()` of `@remotion/serverless-client`.
pub(super) fn serve_url(options: &RenderOptions) -> Option<String> {
    refuse(options.serve_url.is_none(), || {
        "Name the site to render.".into()
    })
}

/// `validateFramesPerFunction()` of `@remotion/serverless-client`.
fn concurrency(options: &RenderOptions) -> Option<String> {
    let both = options.concurrency.is_some() && options.frames_per_lambda.is_some();
    refuse(both, || {
        "concurrency and framesPerLambda exclude each other. Leave one out.".into()
    })
}

/// `validateQualitySettings()` of `@remotion/renderer`. A crf of 0 is ignored where the codec has none, save for GIFs that fan out.
fn crf_range(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    let crf = options.crf?.get();
    match codecs::crf_range(codec) {
        Some((min, max)) => refuse(!(min..=max).contains(&crf), || {
            format!(
                "crf must be from {min} to {max} for the codec {}, not {crf}.",
                codec.as_str()
            )
        }),
        None => refuse(crf != 0.0 || codec == Codec::Gif, || {
            format!("The codec {} has no crf. Leave it out.", codec.as_str())
        }),
    }
}

/// `validateQualitySettings()` of `@remotion/renderer`.
fn crf_against_video_bitrate(options: &RenderOptions) -> Option<String> {
    let both = options.crf.is_some() && options.video_bitrate.is_some();
    refuse(both, || {
        "crf and videoBitrate exclude each other. Leave one out.".into()
    })
}

/// `validateQualitySettings()` of `@remotion/renderer`.
fn encoding_max_rate(options: &RenderOptions) -> Option<String> {
    let alone = options.encoding_max_rate.is_some() && options.encoding_buffer_size.is_none();
    refuse(alone, || "encodingMaxRate needs encodingBufferSize.".into())
}

/// `validateFps()` of `@remotion/renderer`.
fn force_fps_of_gif(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    let every = options.every_nth_frame.map_or(1, numbers::Whole::get);
    #[expect(clippy::cast_precision_loss, reason = "a number of frames")]
    let fps = options.force_fps?.get() / every as f64;
    refuse(codec == Codec::Gif && fps > 50.0, || {
        format!(
            "A GIF has at most 50 frames per second, not {fps}. Lower forceFps, or raise everyNthFrame."
        )
    })
}

/// `validateDimension()` of `@remotion/renderer`.
fn force_height(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    dimension("forceHeight", options.force_height?.get(), options, codec)
}

/// `validateDimension()` of `@remotion/renderer`.
fn force_width(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    dimension("forceWidth", options.force_width?.get(), options, codec)
}

/// No picture has a side without pixels. H.264 and H.265 want even sizes, and the parts of a GIF are H.264: Remotion lowers the
/// size until it is even when scaled, and fails at nothing.
fn dimension(name: &str, pixels: u64, options: &RenderOptions, codec: Codec) -> Option<String> {
    let scale = options.scale.map_or(1.0, numbers::Scale::get);
    #[expect(clippy::cast_precision_loss, reason = "a number of pixels")]
    let scaled = |pixels: u64| (pixels as f64 * scale).round();
    if scaled(pixels) < 1.0 {
        return Some(format!(
            "{name} is too small: with the scale {scale}, less than a pixel is left of it."
        ));
    }
    let even = |pixels: u64| scaled(pixels) >= 2.0 && scaled(pixels) % 2.0 == 0.0;
    let smallest = (1..=pixels).rev().take(1_000).find(|pixels| even(*pixels));
    refuse(
        matches!(codec, Codec::H264 | Codec::H265 | Codec::Gif) && smallest.is_none(),
        || {
            format!(
                "{name} is too small: the codec {} wants an even number of pixels.",
                codec.as_str()
            )
        },
    )
}

/// `validateFrameRange()` of `@remotion/renderer`.
fn frame_range_order(options: &RenderOptions) -> Option<String> {
    let Some(FrameRange::Between(first, Some(last))) = options.frame_range else {
        return None;
    };
    refuse(last < first, || {
        format!(
            "The range must not end before it begins: [{}, {}].",
            first.get(),
            last.get()
        )
    })
}

/// `getRealFrameRange()` of `@remotion/renderer`.
fn frame_range_end(options: &RenderOptions) -> Option<String> {
    let duration = options.force_duration_in_frames?.get();
    let last = match options.frame_range? {
        FrameRange::One(frame)
        | FrameRange::Between(frame, None)
        | FrameRange::Between(_, Some(frame)) => frame.get(),
    };
    refuse(last >= duration, || {
        format!(
            "With forceDurationInFrames the last frame is {}, not {last}.",
            duration - 1
        )
    })
}

/// `validateFramesPerFunction()` of `@remotion/serverless-client`: at least five, or all there are.
fn frames_per_lambda_minimum(options: &RenderOptions) -> Option<String> {
    let given = options.frames_per_lambda?.get();
    let minimum = frame_count(options).map_or(5, |frames| frames.min(5));
    refuse(given < minimum, || {
        format!("framesPerLambda must be at least {minimum}, not {given}.")
    })
}

/// `launch` of `@remotion/serverless`: at most 200 functions.
fn frames_per_lambda_maximum(options: &RenderOptions) -> Option<String> {
    let functions = frame_count(options)?.div_ceil(options.frames_per_lambda?.get());
    refuse(functions > 200, || {
        format!(
            "A render may use at most 200 functions, not {functions}. Raise framesPerLambda, or leave it out."
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
    Some(range.div_ceil(options.every_nth_frame.map_or(1, numbers::Whole::get)))
}

/// `validateNumberOfGifLoops()` of `@remotion/renderer`, in a fan-out after all frames.
fn number_of_gif_loops(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    let elsewhere = options.number_of_gif_loops.is_some() && codec != Codec::Gif;
    refuse(elsewhere, || {
        format!(
            "Only GIFs loop, not the codec {}. Leave numberOfGifLoops out.",
            codec.as_str()
        )
    })
}

/// `validateOutname()` of `@remotion/serverless-client`.
fn out_name(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    let Some(OutName::File(name)) = &options.out_name else {
        return None;
    };
    // The official client looks at the ending only where the sound is in the output. It is that of a video all the same: another
    // one could be that of Remotion's own state.
    if options.separate_audio_to.is_some() {
        let known = name.extension().is_some_and(codecs::is_extension);
        return refuse(!known, || {
            "outName must end as a video does, such as .mp4, .mov, .mkv or .webm.".to_owned()
        });
    }
    let audio = codecs::audio_codec(options.audio_codec, codec);
    let possible = codecs::extensions(codec, audio);
    // Without any the audio codec is the fault, and has a rule of its own.
    let wrong = !possible.is_empty()
        && !name
            .extension()
            .is_some_and(|extension| possible.contains(&extension));
    refuse(wrong, || {
        let sound = audio.map_or_else(String::new, |audio| {
            format!(" and the audio codec {}", audio.as_str())
        });
        format!(
            "outName must end in .{} with the codec {}{sound}.",
            possible.join(", ."),
            codec.as_str()
        )
    })
}

/// `validatePixelFormatAndCodecCombination()` of `@remotion/renderer`. It lets yuva444p10le pass, of which the encoders of H.264 and
/// H.265 store everything but the transparency.
fn pixel_format_of_codec(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    let format = options.pixel_format?;
    let (wrong, codecs) = match format {
        PixelFormat::Yuva420p => (!matches!(codec, Codec::Vp8 | Codec::Vp9), "vp8 and vp9"),
        PixelFormat::Yuva444p10le => (
            matches!(codec, Codec::H264 | Codec::H265),
            "prores, vp8 and vp9",
        ),
        _ => return None,
    };
    refuse(wrong, || {
        format!(
            "{} goes with the codecs {codecs}, not with {}.",
            format.as_str(),
            codec.as_str()
        )
    })
}

/// `validateSelectedPixelFormatAndImageFormatCombination()` of `@remotion/renderer`.
fn pixel_format_needs_png(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    let transparent = matches!(
        options.pixel_format,
        Some(PixelFormat::Yuva420p | PixelFormat::Yuva444p10le)
    );
    let jpeg = options.image_format.unwrap_or(ImageFormat::Jpeg) == ImageFormat::Jpeg;
    refuse(transparent && jpeg && !codecs::is_audio(codec), || {
        "A transparent video needs the imageFormat png.".into()
    })
}

/// Ours: only these profiles store alpha, and the encoder's default is hq.
fn pixel_format_of_pro_res(options: &RenderOptions) -> Option<String> {
    let alpha = matches!(
        options.pro_res_profile,
        Some(ProResProfile::Four | ProResProfile::FourXq)
    );
    let wrong = options.effective_codec() == Codec::ProRes
        && options.pixel_format == Some(PixelFormat::Yuva444p10le)
        && !alpha;
    refuse(wrong, || {
        "With the codec prores, yuva444p10le needs the proResProfile 4444 or 4444-xq: the others store no alpha."
            .into()
    })
}

/// `validateSelectedCodecAndProResCombination()` of `@remotion/renderer`.
fn pro_res_profile(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    refuse(
        options.pro_res_profile.is_some() && codec != Codec::ProRes,
        || {
            format!(
                "proResProfile goes with the codec prores, not with {}.",
                codec.as_str()
            )
        },
    )
}

/// `validateSelectedCodecAndPresetCombination()` of `@remotion/renderer`.
fn x264_preset(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    refuse(
        options.x264_preset.is_some() && codec != Codec::H264,
        || {
            format!(
                "x264Preset goes with the codec h264, not with {}.",
                codec.as_str()
            )
        },
    )
}
