//! Thousands of option sets, to this crate and to the official client: the same payload, or a refusal by both.

mod official;
mod options;
mod progress;
mod python;
#[path = "../official/release.rs"]
mod release;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use remotion_lambda::json::Object;
use remotion_lambda::{
    InvalidOptions, RenderOptions, Routine, StartPayload, StillOptions, StillPayload, Version,
};
use serde_json::{Map, Value};

use crate::official::{Answer, Official};
use crate::release::{NEWER, javascript_release};

/// Where we refuse what the official packages take: the end of our sentence, and why.
const STRICTER: [(&str, &str); 11] = [
    (
        "goes with the codec h264, not with gif.",
        "only a render that fans out takes it",
    ),
    (
        "A GIF has at most 50 frames per second",
        "only a render that fans out takes it",
    ),
    ("Opus takes", "ffmpeg refuses it after all frames"),
    (
        "wants an even number of pixels",
        "only a GIF that fans out is refused",
    ),
    (
        "forceDurationInFrames gives ",
        "a negative frame is counted twice from the end",
    ),
    (
        "must be one of",
        "no such name in the types, though the check is skipped for sound",
    ),
    ("The codec gif", "only a render that fans out takes it"),
    (
        "yuva444p10le needs the proResProfile",
        "the encoder drops the alpha, or fails after all frames",
    ),
    (
        "yuva444p10le goes with",
        "the encoders store everything but the transparency",
    ),
    ("is too small", "no picture has a side without pixels"),
    (
        "with the imageFormat",
        "Remotion gives a picture any name, also one that a browser runs",
    ),
];

fn details(wrong: InvalidOptions) -> Vec<String> {
    wrong
        .0
        .into_iter()
        .map(|violation| violation.detail)
        .collect()
}

struct Tally {
    alike: u32,
    refused: u32,
    stricter: u32,
}

/// What this crate sends or refuses.
fn ours<R: Routine>(
    options: &Map<String, Value>,
    build: impl Fn(&Object<'_>) -> Result<R, Vec<String>>,
) -> Result<Value, Vec<String>> {
    let text = Value::from(
        options
            .iter()
            .filter(|(name, _)| *name != "functionName" && *name != "region")
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect::<Map<_, _>>(),
    )
    .to_string();
    let routine = build(&Object::parse(text.as_bytes()).expect("an object"))?;
    let version = Version::try_from(javascript_release()).expect("a version");
    Ok(serde_json::from_slice(&routine.payload(&version)).expect("a payload"))
}

/// The props as a value, and a still in one answer.
fn comparable(mut payload: Value) -> Value {
    let text = payload["inputProps"]["payload"]
        .as_str()
        .expect("props that travel");
    payload["inputProps"]["payload"] = serde_json::from_str(text).expect("props are JSON");
    if payload["type"] == "still" {
        payload["streamed"] = false.into();
    }
    payload
}

fn compare(
    routine: &str,
    cases: u32,
    strategy: impl Strategy<Value = Map<String, Value>>,
    build: impl Fn(&Map<String, Value>) -> Result<Value, Vec<String>>,
) {
    let mut official = Official::javascript();
    let mut tally = Tally {
        alike: 0,
        refused: 0,
        stricter: 0,
    };
    let cell = std::cell::RefCell::new((&mut official, &mut tally));
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    });
    let outcome = runner.run(&strategy, |options| {
        let (official, tally) = &mut *cell.borrow_mut();
        match (official.ask(routine, &options), build(&options)) {
            (Answer::Payload { payload }, Ok(ours)) => {
                let mut ours = comparable(ours);
                for (key, _) in NEWER {
                    ours.as_object_mut().expect("an object").remove(key);
                }
                prop_assert_eq!(comparable(payload), ours);
                tally.alike += 1;
            }
            (Answer::Refusal { .. }, Err(_)) => tally.refused += 1,
            (Answer::Refusal { error }, Ok(_)) => {
                prop_assert!(false, "taken by us, refused over there: {error}");
            }
            (Answer::Payload { .. }, Err(violations)) => {
                let listed = |violation: &String| {
                    STRICTER.iter().any(|(words, _)| violation.contains(words))
                };
                prop_assert!(
                    violations.iter().all(listed),
                    "taken over there, refused by us: {violations:?}"
                );
                tally.stricter += 1;
            }
            (other, _) => prop_assert!(false, "{other:?}"),
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    println!(
        "{routine}: {} alike, {} refused by both, {} refused by us alone",
        tally.alike, tally.refused, tally.stricter
    );
    assert!(
        tally.alike > cases / 4,
        "too few valid sets to mean anything"
    );
    assert!(
        tally.refused > cases / 20,
        "too few invalid sets to mean anything"
    );
}

fn start_payload(options: &Map<String, Value>) -> Result<Value, Vec<String>> {
    ours(options, |object| {
        let options = RenderOptions::parse(object).map_err(details)?;
        StartPayload::new(options).map_err(details)
    })
}

fn still_payload(options: &Map<String, Value>) -> Result<Value, Vec<String>> {
    ours(options, |object| {
        let options = StillOptions::parse(object).map_err(details)?;
        StillPayload::new(options).map_err(details)
    })
}

#[test]
#[ignore = "needs Node.js, and `npm ci` in conformance"]
fn start() {
    compare("start", 4_000, options::start(), start_payload);
}

#[test]
#[ignore = "needs Node.js, and `npm ci` in conformance"]
fn still() {
    compare("still", 2_000, options::still(), still_payload);
}
