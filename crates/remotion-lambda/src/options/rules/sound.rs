//! Which options about the sound can be combined.

use super::super::codecs;
use super::super::conflict::refuse;
use super::super::objects::OutName;
use super::super::table::RenderOptions;
use super::super::values::AudioCodec;

/// `resolveAudioCodec()` and `validateOutputFilename()` of `@remotion/renderer`.
pub(super) fn audio_codec(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    let given = options.audio_codec?;
    let possible = codecs::audio_codecs(codec);
    refuse(!possible.contains(&given), || match possible {
        [] => format!(
            "The codec {} has no audio. Leave audioCodec out.",
            codec.as_str()
        ),
        _ => format!(
            "The codec {} does not go with the audio codec {}. Choose {}.",
            codec.as_str(),
            given.as_str(),
            names(possible)
        ),
    })
}

/// The combining of `@remotion/renderer`, after all frames.
pub(super) fn muted(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    refuse(
        options.muted == Some(true) && codecs::is_audio(codec),
        || {
            format!(
                "The codec {} is audio only, so it cannot be muted.",
                codec.as_str()
            )
        },
    )
}

/// The encoders `libfdk_aac`, `libmp3lame` and `libopus`, after all frames.
pub(super) fn sample_rate(options: &RenderOptions) -> Option<String> {
    let rate = options.sample_rate?.get();
    let asked = options
        .audio_codec
        .or_else(|| codec_of_separate_audio(options));
    let silent = options.muted == Some(true);
    // Whatever codec is named.
    let lossless = options.prefer_lossless == Some(true);
    let audio = codecs::audio_codec(asked, options.effective_codec())?;
    let possible = codecs::sample_rates(audio)?;
    refuse(!silent && !lossless && !possible.contains(&rate), || {
        let possible: Vec<_> = possible.iter().map(u64::to_string).collect();
        format!(
            "The sample rate of the audio codec {} must be one of {}, not {rate}.",
            audio.as_str(),
            possible.join(", ")
        )
    })
}

/// `validateOutputFilename()` of `@remotion/renderer`, for the temporary output of a render in one function.
pub(super) fn prefer_lossless(options: &RenderOptions) -> Option<String> {
    let codec = options.effective_codec();
    let audio = codecs::audio_codec(options.audio_codec, codec)?;
    let alone = options.concurrency.is_some_and(|n| n.get() == 1)
        && options.renderer_function_name.is_none();
    let lossless = codecs::extensions(codec, Some(AudioCodec::Pcm16));
    let kept = codecs::extensions(codec, Some(audio))
        .first()
        .is_some_and(|extension| lossless.contains(extension));
    refuse(
        options.prefer_lossless == Some(true) && alone && !kept,
        || "With concurrency 1, preferLossless needs the audioCodec pcm-16.".into(),
    )
}

/// The stitching of `@remotion/renderer`, after all frames.
pub(super) fn separate_audio_needs_sound(options: &RenderOptions) -> Option<String> {
    options.separate_audio_to.as_ref()?;
    let codec = options.effective_codec();
    let sound = !codecs::audio_codecs(codec).is_empty();
    let wrong = codecs::is_audio(codec) || !sound || options.muted == Some(true);
    refuse(wrong, || {
        if options.muted == Some(true) {
            "separateAudioTo needs sound, and muted takes it away.".into()
        } else {
            format!(
                "separateAudioTo goes with a video that has sound, not with the codec {}.",
                codec.as_str()
            )
        }
    })
}

/// `resolveAudioCodec()` of `@remotion/renderer`: the ending names the audio codec.
pub(super) fn separate_audio_codec(options: &RenderOptions) -> Option<String> {
    let OutName::File(name) = options.separate_audio_to.as_ref()? else {
        return None;
    };
    let codec = options.effective_codec();
    let possible = codecs::audio_codecs(codec);
    let Some(named) = name.extension().and_then(codecs::audio_codec_of_extension) else {
        return Some("separateAudioTo must end in .aac, .mp3, .opus or .wav.".into());
    };
    if !possible.contains(&named) {
        // Without any sound there is a rule of its own.
        return refuse(!possible.is_empty(), || {
            format!(
                "separateAudioTo ends as {} does, which the codec {} does not go with. Choose {}.",
                named.as_str(),
                codec.as_str(),
                names(possible)
            )
        });
    }
    let lossless = options.prefer_lossless == Some(true) && named != AudioCodec::Pcm16;
    let other = options.audio_codec.filter(|asked| *asked != named);
    refuse(lossless || other.is_some(), || {
        let asked = other.map_or("preferLossless", AudioCodec::as_str);
        format!(
            "separateAudioTo ends as {} does, which does not go with {asked}.",
            named.as_str()
        )
    })
}

/// Ours: the one would replace the other.
pub(super) fn separate_audio_of_its_own(options: &RenderOptions) -> Option<String> {
    let file = |name: &Option<OutName>| match name {
        Some(OutName::File(key)) => Some(key.as_str().to_owned()),
        _ => None,
    };
    let audio = file(&options.separate_audio_to)?;
    refuse(file(&options.out_name).as_deref() == Some(&audio), || {
        "separateAudioTo and outName must be two files.".into()
    })
}

/// The audio codec that the ending of `separateAudioTo` names.
fn codec_of_separate_audio(options: &RenderOptions) -> Option<AudioCodec> {
    match options.separate_audio_to.as_ref()? {
        OutName::File(name) => codecs::audio_codec_of_extension(name.extension()?),
        OutName::Key(_) => None,
    }
}

fn names(codecs: &[AudioCodec]) -> String {
    codecs
        .iter()
        .map(|codec| codec.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
