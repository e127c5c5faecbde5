//! What each codec can do. Source: the tables of `@remotion/renderer`; a test compares them with the pinned release's.

use super::values::{AudioCodec, Codec};

/// Whether the output is audio only.
#[must_use]
pub const fn is_audio(codec: Codec) -> bool {
    matches!(codec, Codec::Mp3 | Codec::Aac | Codec::Wav)
}

/// The lowest and the highest constant rate factor; `None` for a codec without.
#[must_use]
pub const fn crf_range(codec: Codec) -> Option<(f64, f64)> {
    match codec {
        Codec::H264 => Some((1.0, 51.0)),
        Codec::H265 => Some((0.0, 51.0)),
        Codec::Vp8 => Some((4.0, 63.0)),
        Codec::Vp9 => Some((0.0, 63.0)),
        Codec::Mp3 | Codec::Aac | Codec::Wav | Codec::Gif | Codec::ProRes => None,
    }
}

/// The audio codecs that go with a codec.
#[must_use]
pub const fn audio_codecs(codec: Codec) -> &'static [AudioCodec] {
    use AudioCodec::{Aac, Mp3, Opus, Pcm16};
    match codec {
        Codec::H264 => &[Aac, Pcm16, Mp3],
        Codec::H265 | Codec::Aac | Codec::ProRes => &[Aac, Pcm16],
        Codec::Vp8 | Codec::Vp9 => &[Opus, Pcm16],
        Codec::Mp3 => &[Mp3, Pcm16],
        Codec::Wav => &[Pcm16],
        Codec::Gif => &[],
    }
}

/// The audio codec of a render: the one asked for, else the codec's own.
#[must_use]
pub fn audio_codec(asked: Option<AudioCodec>, codec: Codec) -> Option<AudioCodec> {
    asked.or(match codec {
        Codec::H264 | Codec::H265 | Codec::Aac => Some(AudioCodec::Aac),
        Codec::Vp8 | Codec::Vp9 => Some(AudioCodec::Opus),
        Codec::Mp3 => Some(AudioCodec::Mp3),
        Codec::Wav | Codec::ProRes => Some(AudioCodec::Pcm16),
        Codec::Gif => None,
    })
}

/// The extensions that an output may have, the usual one first.
#[must_use]
pub const fn extensions(codec: Codec, audio: Option<AudioCodec>) -> &'static [&'static str] {
    use AudioCodec::{Aac, Mp3, Opus, Pcm16};
    match (codec, audio) {
        (Codec::H264, Some(Aac | Mp3)) => &["mp4", "mkv", "mov"],
        (Codec::H264, Some(Pcm16)) => &["mkv", "mov"],
        (Codec::H265, Some(Aac)) => &["mp4", "mkv", "hevc"],
        (Codec::H265 | Codec::Vp8 | Codec::Vp9, Some(Pcm16)) => &["mkv"],
        (Codec::Vp8 | Codec::Vp9, Some(Opus)) => &["webm"],
        (Codec::Mp3, Some(Mp3)) => &["mp3"],
        (Codec::Aac, Some(Aac)) => &["aac", "3gp", "m4a", "m4b", "mpg", "mpeg"],
        (Codec::Mp3 | Codec::Aac | Codec::Wav, Some(Pcm16)) => &["wav"],
        (Codec::ProRes, Some(Aac | Pcm16)) => &["mov", "mkv", "mxf"],
        (Codec::Gif, None) => &["gif"],
        _ => &[],
    }
}

/// The sample rates in hertz that the encoder of an audio codec takes; `None` where it takes any.
///
/// Source: the encoders `libfdk_aac`, `libmp3lame` and `libopus` of the `FFmpeg` that Remotion brings, as each was tried.
#[must_use]
pub const fn sample_rates(audio: AudioCodec) -> Option<&'static [u64]> {
    match audio {
        AudioCodec::Aac => Some(&[
            8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200,
            96_000,
        ]),
        AudioCodec::Mp3 => Some(&[
            8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000,
        ]),
        AudioCodec::Opus => Some(&[8_000, 12_000, 16_000, 24_000, 48_000]),
        AudioCodec::Pcm16 => None,
    }
}

/// Whether an output of any codec may have this extension.
#[must_use]
pub fn is_extension(extension: &str) -> bool {
    const ALL: [&str; 17] = [
        "mp4", "mkv", "mov", "hevc", "webm", "mp3", "aac", "3gp", "m4a", "m4b", "mpg", "mpeg",
        "wav", "mxf", "gif", "m4v", "avi",
    ];
    ALL.contains(&extension)
}

/// The ending of a sound file of this audio codec.
#[must_use]
pub const fn extension_of_audio(audio: AudioCodec) -> &'static str {
    match audio {
        AudioCodec::Aac => "aac",
        AudioCodec::Mp3 => "mp3",
        AudioCodec::Opus => "opus",
        AudioCodec::Pcm16 => "wav",
    }
}

/// The audio codec that the ending of a sound file names.
#[must_use]
pub fn audio_codec_of_extension(extension: &str) -> Option<AudioCodec> {
    AudioCodec::ALL
        .iter()
        .copied()
        .find(|audio| extension_of_audio(*audio) == extension)
}
