//! The launch of Remotion 4.0.535 and later, as far as it reads its keys: some of them without looking whether they are there.
//! `start` hands on what it was sent, so that a render without such a key is accepted, and then dies.

use remotion_lambda::json::Object;
use remotion_lambda::{RenderOptions, Routine, StartPayload, Version};
use serde_json::Value;

/// What the launch takes a property of, and what it compares with `undefined` nowhere.
const READ_UNGUARDED: [&str; 6] = [
    "output",
    "inputProps",
    "downloadBehavior",
    "chromiumOptions",
    "envVariables",
    "composition",
];

/// What it hands to its own functions, which refuse `undefined` where they take `null`.
const NULL_BUT_NOT_MISSING: [&str; 7] = [
    "audioCodec",
    "disableSharedMemoryCapture",
    "frameRange",
    "framesPerLambda",
    "outName",
    "rendererFunctionName",
    "separateAudioTo",
];

/// What the launch makes of a payload: the first thing that it stumbles over.
fn launched(payload: &Value) -> Result<&str, String> {
    let cannot_read = |key: &str| format!("Cannot read properties of undefined (reading '{key}')");
    if let Some(key) = READ_UNGUARDED
        .iter()
        .find(|key| payload.get(**key).is_none_or(Value::is_null))
    {
        return Err(cannot_read(key));
    }
    if let Some(key) = NULL_BUT_NOT_MISSING
        .iter()
        .find(|key| payload.get(**key).is_none())
    {
        return Err(format!("{key} must be null or a value, but is undefined"));
    }
    match payload["output"]["type"].as_str() {
        Some(kind @ ("media" | "sequence")) => Ok(kind),
        _ => Err(cannot_read("output.type")),
    }
}

fn payload(options: &str, version: &str) -> Value {
    let object = Object::parse(options.as_bytes()).expect("an object");
    let options = RenderOptions::parse(&object).expect("options");
    let payload = StartPayload::new(options).expect("options that go together");
    let version = Version::try_from(version.to_owned()).expect("a version");
    serde_json::from_slice(&payload.payload(&version)).expect("JSON")
}

const MINIMAL: &str = r#"{"composition":"MyVideo","serveUrl":"demo"}"#;

#[test]
fn it_finds_every_key_that_it_reads() {
    for version in ["4.0.311", "4.0.535", "4.0.541", "5.0.0"] {
        assert_eq!(
            launched(&payload(MINIMAL, version)),
            Ok("media"),
            "{version}"
        );
    }
}

/// The player of the launch notices each of them.
#[test]
fn a_missing_key_is_noticed() {
    let whole = payload(MINIMAL, "4.0.541");
    for key in READ_UNGUARDED.iter().chain(&NULL_BUT_NOT_MISSING) {
        let mut lacking = whole.clone();
        lacking.as_object_mut().expect("an object").remove(*key);
        assert!(launched(&lacking).is_err(), "{key}");
    }
}

#[test]
fn fifty_eight_keys() {
    let payload = payload(MINIMAL, "4.0.541");
    assert_eq!(payload.as_object().map(serde_json::Map::len), Some(58));
}

/// From major version 5 on the official client replaces an output of the same key where nothing is said.
#[test]
fn overwriting_by_default() {
    for (version, overwrites) in [("4.0.541", false), ("5.0.0", true), ("5.1.0-alpha1", true)] {
        assert_eq!(
            payload(MINIMAL, version)["overwrite"],
            overwrites,
            "{version}"
        );
    }
    let asked = r#"{"composition":"MyVideo","serveUrl":"demo","overwrite":false}"#;
    assert_eq!(payload(asked, "5.0.0")["overwrite"], false);
}

/// Functions before 4.0.399 read the licence key by its former name only.
#[test]
fn the_licence_key_of_earlier_functions() {
    for name in ["licenseKey", "apiKey"] {
        let options = format!(r#"{{"composition":"MyVideo","serveUrl":"demo","{name}":"k"}}"#);
        let earlier = payload(&options, "4.0.398");
        assert_eq!(
            (&earlier["licenseKey"], &earlier["apiKey"]),
            (&"k".into(), &"k".into())
        );
        let later = payload(&options, "4.0.399");
        assert_eq!(later["licenseKey"], "k");
        assert_eq!(later.get("apiKey"), None);
    }
}
