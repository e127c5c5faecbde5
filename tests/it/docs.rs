//! `docs/options.md` and the words of the fuzzer say what the code does. `UPDATE=1 cargo test docs` writes them.

use std::fmt::Write as _;
use std::path::Path;

use remotion_lambda::Release;
use remotion_lambda::options::values::{
    AudioCodec, Codec, ColorSpace, DeleteAfter, ImageFormat, LogLevel, PixelFormat, Privacy,
    ProResProfile, StorageClass, X264Preset,
};
use remotion_lambda::options::{OPTIONS, OptionSpec, SetBy};
use serde_json::Value;

use crate::harness::{Deployment, STARTED, event};

const HEAD: &str = "| Option | Type | Default | Meaning | Set by | Since |\n| --- | --- | --- | --- | --- | --- |\n";

/// The values of an option that takes one of a closed set, else the type in words.
fn kind(spec: &OptionSpec) -> String {
    macro_rules! names {
        ($set:ty) => {
            <$set>::ALL
                .iter()
                .map(|value| format!("`{}`", value.as_str()))
                .collect::<Vec<_>>()
                .join(" ")
        };
    }
    match spec.kind {
        "audioCodec" => names!(AudioCodec),
        "codec" => names!(Codec),
        "colorSpace" => names!(ColorSpace),
        "deleteAfter" => names!(DeleteAfter),
        "imageFormat" => names!(ImageFormat),
        "logLevel" => names!(LogLevel),
        "pixelFormat" => names!(PixelFormat),
        "privacy" => names!(Privacy),
        "proResProfile" => names!(ProResProfile),
        "storageClass" => names!(StorageClass),
        "x264Preset" => names!(X264Preset),
        words => words.to_owned(),
    }
}

fn table() -> String {
    let mut table = HEAD.to_owned();
    for spec in OPTIONS {
        let set_by = match spec.set_by {
            SetBy::Operator => "operator",
            SetBy::CallerAsFileName => "caller, as a file name",
            _ => "caller",
        };
        let since = if spec.since == Release::OLDEST {
            String::new()
        } else {
            spec.since.to_string()
        };
        writeln!(
            table,
            "| `{}` | {} | `{}` | {} | {set_by} | {since} |",
            spec.name,
            kind(spec),
            spec.default,
            spec.meaning.trim()
        )
        .expect("memory");
    }
    table
}

/// Asserts that a file has this where it has what begins so and ends with an empty line, or writes it there.
#[track_caller]
fn assert_written(file: &str, begin: &str, part: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(&path).expect("the file");
    let (before, rest) = text.split_once(begin).expect("the part");
    let (_, after) = rest.split_once("\n\n").expect("its end");
    let written = [before, part, "\n", after].concat();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, written).expect("a writable file");
    } else {
        assert_eq!(text, written, "UPDATE=1 writes it");
    }
}

#[test]
fn every_option() {
    assert_written("docs/options.md", "| Option |", &table());
}

#[test]
fn every_option_is_a_word_of_the_fuzzer() {
    const HEAD: &str = "# Options of a render\n";
    let words = OPTIONS.iter().map(|spec| format!("\"{}\"\n", spec.name));
    let part: String = [HEAD.to_owned()].into_iter().chain(words).collect();
    assert_written("fuzz/dictionaries/body.dict", HEAD, &part);
}

#[test]
fn defaults_are_what_is_sent() {
    let outcome = Deployment::new()
        .answering(STARTED)
        .handle(&event("empty-body"));
    let payload = outcome.payload();
    for spec in OPTIONS {
        let default: Value = serde_json::from_str(spec.default).expect("JSON");
        match spec.name {
            "composition" | "serveUrl" => assert!(!payload[spec.name].is_null(), "{}", spec.name),
            "inputProps" => assert_eq!(payload["inputProps"]["payload"], spec.default),
            "apiKey" => assert_eq!(payload["licenseKey"], default),
            name => {
                let key = spec.payload_key().unwrap_or(name);
                assert_eq!(payload[key], default, "{name}");
            }
        }
    }
}
