//! Our keys, names and tables are those that the pinned packages have at run time.

use std::collections::BTreeSet;

use remotion_lambda::Release;
use remotion_lambda::options::values::{
    AudioCodec, Codec, ColorSpace, DeleteAfter, ImageFormat, LogLevel, OpenGlRenderer, PixelFormat,
    Privacy, ProResProfile, StillImageFormat, StorageClass, X264Preset,
};
use remotion_lambda::options::{OPTIONS, OptionSpec, StillOptions, codecs};
use serde_json::{Map, Value};

use crate::golden::fixture;
use crate::release::{NEWER, javascript_release};

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    names.into_iter().collect()
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array()
        .expect("a list")
        .iter()
        .map(|item| item.as_str().expect("text"))
        .collect()
}

#[test]
fn option_names() {
    let census: Value = fixture("census.json");
    assert_eq!(census["version"], javascript_release());
    // What the configuration says, what is deprecated, and what JSON cannot hold.
    let elsewhere = set([
        "functionName",
        "region",
        "requestHandler",
        "onInit",
        "quality",
        "dumpBrowserLogs",
    ]);
    let official = |routine: &str| -> BTreeSet<String> {
        strings(&census["options"][routine])
            .into_iter()
            .filter(|name| !elsewhere.contains(name))
            .map(ToOwned::to_owned)
            .collect()
    };
    let newer = |name: &&str| NEWER.iter().any(|(newer, _)| newer == name);
    let ours = |names: &mut dyn Iterator<Item = &str>| -> BTreeSet<String> {
        names
            .filter(|name| !newer(name))
            .map(ToOwned::to_owned)
            .collect()
    };
    assert_eq!(
        ours(&mut OPTIONS.iter().map(|spec| spec.name)),
        official("start")
    );
    assert_eq!(ours(&mut StillOptions::names()), official("still"));
}

#[test]
fn closed_sets() {
    let census: Value = fixture("census.json");
    macro_rules! assert_set {
        ($set:ty, $name:literal) => {
            let ours = set(<$set>::ALL.iter().map(|value| value.as_str()));
            assert_eq!(ours, set(strings(&census["enums"][$name])), $name);
        };
    }
    assert_set!(AudioCodec, "audioCodec");
    assert_set!(Codec, "codec");
    assert_set!(ColorSpace, "colorSpace");
    assert_set!(DeleteAfter, "deleteAfter");
    assert_set!(ImageFormat, "imageFormat");
    assert_set!(LogLevel, "logLevel");
    assert_set!(OpenGlRenderer, "gl");
    assert_set!(PixelFormat, "pixelFormat");
    assert_set!(Privacy, "privacy");
    assert_set!(ProResProfile, "proResProfile");
    assert_set!(StillImageFormat, "stillImageFormat");
    assert_set!(StorageClass, "storageClass");
    assert_set!(X264Preset, "x264Preset");
}

#[test]
fn codec_tables() {
    let census: Value = fixture("census.json");
    for codec in Codec::ALL.iter().copied() {
        let official = &census["codecs"][codec.as_str()];
        let name = codec.as_str();
        let (min, max) = codecs::crf_range(codec).unwrap_or((0.0, 0.0));
        assert_eq!(official["crf"][0].as_f64(), Some(min), "{name}");
        assert_eq!(official["crf"][1].as_f64(), Some(max), "{name}");
        assert_eq!(
            official["media"]["video"] == false,
            codecs::is_audio(codec),
            "{name}"
        );
        let audio: Vec<_> = codecs::audio_codecs(codec)
            .iter()
            .map(|audio| audio.as_str())
            .collect();
        assert_eq!(strings(&official["audioCodecs"]), audio, "{name}");
        let default = codecs::audio_codec(None, codec).map(AudioCodec::as_str);
        assert_eq!(
            official["defaultAudioCodec"]["compressed"].as_str(),
            default,
            "{name}"
        );
        for audio in codecs::audio_codecs(codec).iter().copied() {
            let possible =
                strings(&official["fileExtensions"]["forAudioCodec"][audio.as_str()]["possible"]);
            assert_eq!(
                possible,
                codecs::extensions(codec, Some(audio)),
                "{name} with {}",
                audio.as_str()
            );
        }
        let all: Vec<_> = PixelFormat::ALL
            .iter()
            .map(|format| format.as_str())
            .collect();
        let alpha = matches!(codec, Codec::Vp8 | Codec::Vp9);
        let formats: Vec<_> = all
            .into_iter()
            .filter(|format| alpha || *format != "yuva420p")
            .collect();
        assert_eq!(strings(&official["pixelFormats"]), formats, "{name}");
    }
}

/// `since.json` is what `npm run check` in `conformance` holds against published functions and clients: it must be what the table
/// says. `UPDATE=1 cargo test -p remotion-lambda census` writes it.
#[test]
fn since_when_there_is_an_option() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/since.json");
    let text = std::fs::read_to_string(path).expect("a file");
    let mut since: Value = serde_json::from_str(&text).expect("JSON");
    let named = |spec: &OptionSpec| {
        let since = (spec.since > Release::OLDEST).then(|| spec.since.to_string());
        (spec.name.to_owned(), Value::from(since))
    };
    let start: Map<String, Value> = OPTIONS.iter().map(named).collect();
    let mut still: Map<String, Value> = OPTIONS
        .iter()
        .filter(|spec| spec.still)
        .map(named)
        .collect();
    still.insert("frame".into(), Value::Null);
    still.insert("imageFormat".into(), Value::Null);
    since["start"] = start.into();
    since["still"] = still.into();
    let written = serde_json::to_string_pretty(&since).expect("JSON") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, written).expect("a writable file");
    } else {
        assert_eq!(text, written, "UPDATE=1 writes it");
    }
    let values = &since["values"];
    assert_eq!(values["colorSpace: \"bt2020-ncl\""], "4.0.88");
    assert_eq!(values["colorSpace: \"bt601\""], "4.0.424");
    assert_eq!(values["frameRange: [first, null]"], "4.0.422");
}
