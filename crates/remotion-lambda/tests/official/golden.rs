//! Payload for payload what the official client sends, and every refusal that it or the render would answer.
//!
//! The fixtures are what the official packages said: `npm run golden` in `conformance`.

use std::path::Path;

use remotion_lambda::json::Object;
use remotion_lambda::options::values::LogLevel;
use remotion_lambda::{
    BucketName, CompositionsPayload, InfoPayload, NonEmpty, RenderOptions, Routine, StartPayload,
    StatusPayload, StillOptions, StillPayload, Version,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::release::{NEWER, javascript_release};

/// What the official client takes in addition to the payload's options: here the configuration says it.
const NOT_SENT: [&str; 4] = ["functionName", "region", "requestHandler", "onInit"];

/// Not known here. `docs/options.md` says why.
const DEPRECATED: [&str; 2] = ["quality", "dumpBrowserLogs"];

/// Options that the official client takes and we refuse. `docs/options.md` says why.
const STRICTER: [&str; 7] = [
    "concurrencyPerLambda as a percentage",
    "pixelFormat of h264 \"yuva444p10le\"",
    "webhook in full",
    "quality",
    "quality with jpegQuality",
    "dumpBrowserLogs",
    "dumpBrowserLogs with logLevel",
];

/// What is refused over there and taken here.
const LAXER: [&str; 4] = [
    // We have defaults.
    "start: codec null",
    "still: privacy null",
    "still: imageFormat null",
    // No option of ours.
    "still: region, unknown",
];

#[derive(Deserialize)]
struct Case {
    name: String,
    options: Map<String, Value>,
    payload: Value,
}

#[derive(Deserialize)]
struct Rejection {
    name: String,
    routine: String,
    options: Map<String, Value>,
    message: String,
}

pub(crate) fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(javascript_release());
    let text = std::fs::read(folder.join(name)).expect("a fixture");
    serde_json::from_slice(&text).expect("a fixture of this shape")
}

pub(crate) fn sent(routine: &impl Routine) -> Value {
    let version = Version::try_from(javascript_release()).expect("a version");
    let mut payload = serde_json::from_slice(&routine.payload(&version)).expect("a payload");
    if let Value::Object(keys) = &mut payload
        && keys["type"] == "start"
    {
        for (key, default) in NEWER {
            let default: Value = serde_json::from_str(default).expect("JSON");
            assert_eq!(keys.remove(key), Some(default), "{key}");
        }
    }
    comparable(payload)
}

/// The props as a value: their text is the caller's own here, and JavaScript's there.
fn comparable(mut payload: Value) -> Value {
    if let Some(text) = payload
        .pointer("/inputProps/payload")
        .and_then(Value::as_str)
    {
        payload["inputProps"]["payload"] = serde_json::from_str(text).expect("props are JSON");
    }
    // A stream is of no use here: one answer is all that is wanted.
    if payload["type"] == "still" {
        payload["streamed"] = false.into();
    }
    payload
}

/// As the options of a body, without the deprecated ones that say nothing.
fn text(options: &Map<String, Value>) -> String {
    let options: Map<_, _> = options
        .iter()
        .filter(|(name, value)| {
            let deprecated = DEPRECATED.contains(&name.as_str()) && value.is_null();
            !deprecated && !NOT_SENT.contains(&name.as_str())
        })
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    Value::from(options).to_string()
}

fn start(options: &Map<String, Value>) -> Result<Value, String> {
    let text = text(options);
    let object = Object::parse(text.as_bytes()).map_err(|error| error.to_string())?;
    let options = RenderOptions::parse(&object).map_err(|wrong| format!("{wrong:?}"))?;
    let payload = StartPayload::new(options).map_err(|wrong| format!("{wrong:?}"))?;
    Ok(sent(&payload))
}

fn still(options: &Map<String, Value>) -> Result<Value, String> {
    let text = text(options);
    let object = Object::parse(text.as_bytes()).map_err(|error| error.to_string())?;
    let options = StillOptions::parse(&object).map_err(|wrong| format!("{wrong:?}"))?;
    let payload = StillPayload::new(options).map_err(|wrong| format!("{wrong:?}"))?;
    Ok(sent(&payload))
}

/// Asserts that all cases come out alike, but for those that we refuse.
#[track_caller]
fn assert_alike(fixture_name: &str, build: impl Fn(&Map<String, Value>) -> Result<Value, String>) {
    let cases: Vec<Case> = fixture(fixture_name);
    assert!(!cases.is_empty());
    let mut faults = Vec::new();
    for Case {
        name,
        options,
        payload,
    } in cases
    {
        match (build(&options), STRICTER.contains(&name.as_str())) {
            (Ok(ours), false) if ours == comparable(payload.clone()) => {}
            (Err(_), true) => {}
            (Ok(ours), _) => {
                let official = comparable(payload);
                let differing: Vec<_> = official
                    .as_object()
                    .expect("an object")
                    .iter()
                    .filter(|(k, v)| ours.get(k) != Some(v))
                    .collect();
                faults.push(format!("{name}: official {differing:?}, ours {ours}"));
            }
            (Err(error), false) => faults.push(format!("{name}: refused: {error}")),
        }
    }
    assert!(
        faults.is_empty(),
        "{} differences:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn start_payloads() {
    assert_alike("start.json", start);
}

#[test]
fn still_payloads() {
    assert_alike("still.json", still);
}

#[test]
fn compositions_payloads() {
    let build = |options: &Map<String, Value>| {
        let text = text(options);
        let object = Object::parse(text.as_bytes()).map_err(|error| error.to_string())?;
        let options = RenderOptions::parse(&object).map_err(|wrong| format!("{wrong:?}"))?;
        let payload = CompositionsPayload::new(options).map_err(|wrong| format!("{wrong:?}"))?;
        Ok(sent(&payload))
    };
    assert_alike("compositions.json", build);
}

#[test]
fn status_payloads() {
    let build = |options: &Map<String, Value>| {
        let text = |name: &str| options[name].as_str().expect("text").to_owned();
        let bucket = BucketName::try_from(text("bucketName")).map_err(ToOwned::to_owned)?;
        let mut payload = StatusPayload::new(
            bucket,
            NonEmpty::try_from(text("renderId")).map_err(ToOwned::to_owned)?,
        );
        let option = |name: &str| options.get(name).filter(|value| !value.is_null()).cloned();
        if let Some(value) = option("s3OutputProvider") {
            let provider = serde_json::value::to_raw_value(&value).expect("JSON");
            payload.s3_output_provider =
                Some(StatusPayload::provider(&provider).map_err(|wrong| wrong.detail)?);
        }
        if let Some(value) = option("logLevel") {
            payload.log_level =
                serde_json::from_value::<LogLevel>(value).map_err(|error| error.to_string())?;
        }
        payload.force_path_style = option("forcePathStyle").is_some_and(|value| value == true);
        Ok(sent(&payload))
    };
    assert_alike("status.json", build);
}

#[test]
fn info_payloads() {
    let cases: Vec<Case> = fixture("info.json");
    let ours: Value = serde_json::from_slice(&InfoPayload::json()).expect("a payload");
    assert_eq!(ours, cases[0].payload);
}

/// What the official packages refuse before, at, or during a render, we refuse beforehand.
#[test]
fn rejections() {
    let rejections: Vec<Rejection> = fixture("rejections.json");
    let mut taken = Vec::new();
    for Rejection {
        name,
        routine,
        options,
        message,
    } in rejections
    {
        let known = format!("{routine}: {name}");
        let outcome = match routine.as_str() {
            "start" => start(&options),
            "still" => still(&options),
            _ => continue,
        };
        if outcome.is_ok() != LAXER.contains(&known.as_str()) {
            taken.push(format!("{known}: {message}"));
        }
    }
    assert!(
        taken.is_empty(),
        "{} unlisted differences:\n{}",
        taken.len(),
        taken.join("\n")
    );
}

#[derive(Deserialize)]
struct LargeProps {
    name: String,
    routine: String,
    options: Map<String, Value>,
    fill: Fill,
    upload: Option<Value>,
}

#[derive(Deserialize)]
struct Fill {
    text: String,
    times: f64,
}

/// From the same byte on, the props leave the request.
#[test]
fn large_props() {
    // The official client counts UTF-16 units where AWS counts bytes.
    const EARLIER: &str = "a video, of two bytes a letter: the client counts UTF-16 units";
    for LargeProps {
        name,
        routine,
        mut options,
        fill,
        upload,
    } in fixture::<Vec<LargeProps>>("large-props.json")
    {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count"
        )]
        let filling = fill.text.repeat(fill.times as usize);
        options["inputProps"]["text"] = filling.into();
        let text = text(&options);
        let object = Object::parse(text.as_bytes()).expect("an object");
        let oversized = match routine.as_str() {
            "start" => {
                let payload = StartPayload::new(RenderOptions::parse(&object).expect("options"))
                    .expect("a payload");
                payload.oversized_props().map(|props| props.text.len())
            }
            "still" => {
                let payload = StillPayload::new(StillOptions::parse(&object).expect("options"))
                    .expect("a payload");
                payload.oversized_props().map(|props| props.text.len())
            }
            // Ours asks for compositions with the operator's props alone.
            _ => continue,
        };
        assert_eq!(
            oversized.is_some(),
            upload.is_some() || name == EARLIER,
            "{name}"
        );
        if let (Some(bytes), Some(upload)) = (oversized, upload) {
            assert_eq!(upload["bytes"], bytes, "{name}");
        }
    }
}
