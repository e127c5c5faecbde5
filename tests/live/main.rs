//! Thousands of option sets, to this crate and to the official client: the same payload, or a refusal by both.

mod official;
mod options;
mod progress;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use remotion_render_api::json::{Object, Violation};
use remotion_render_api::remotion::{
    RenderOptions, Routine, SCHEMA_VERSION, StartPayload, StillOptions, StillPayload, Version,
    Versioned,
};
use serde_json::{Map, Value};

use crate::official::{Answer, Official};

/// Where we refuse what the official packages take: the end of our sentence, and why.
const STRICTER: [(&str, &str); 7] = [
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
        "frames by forceDurationInFrames, from",
        "a negative frame is counted twice from the end",
    ),
    (
        "is none of",
        "no such name in the types, though the check is skipped for sound",
    ),
    ("The codec gif", "only a render that fans out takes it"),
];

struct Tally {
    alike: u32,
    refused: u32,
    stricter: u32,
}

/// What this crate sends or refuses.
fn ours<R: Routine>(
    options: &Map<String, Value>,
    build: impl Fn(&Object<'_>) -> Result<R, Vec<Violation>>,
) -> Result<Value, Vec<Violation>> {
    let text = Value::from(
        options
            .iter()
            .filter(|(name, _)| *name != "functionName" && *name != "region")
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect::<Map<_, _>>(),
    )
    .to_string();
    let routine = build(&Object::parse(text.as_bytes()).expect("an object"))?;
    let version = Version::try_from(SCHEMA_VERSION.to_owned()).expect("a version");
    Ok(serde_json::to_value(Versioned {
        routine: &routine,
        version: &version,
    })
    .expect("a payload"))
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
    build: impl Fn(&Map<String, Value>) -> Result<Value, Vec<Violation>>,
) {
    let mut official = Official::start();
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
                prop_assert_eq!(comparable(payload), comparable(ours));
                tally.alike += 1;
            }
            (Answer::Refusal { .. }, Err(_)) => tally.refused += 1,
            (Answer::Refusal { error }, Ok(_)) => {
                prop_assert!(false, "taken by us, refused over there: {error}");
            }
            (Answer::Payload { .. }, Err(violations)) => {
                let listed = |violation: &Violation| {
                    STRICTER
                        .iter()
                        .any(|(words, _)| violation.detail.contains(words))
                };
                prop_assert!(
                    violations.iter().all(listed),
                    "taken over there, refused by us: {violations:?}"
                );
                tally.stricter += 1;
            }
            (Answer::Failure { failure }, _) => prop_assert!(false, "{failure}"),
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

#[test]
#[ignore = "needs Node.js, and `npm ci` in tests/conformance"]
fn start() {
    compare("start", 4_000, options::start(), |options| {
        ours(options, |object| {
            RenderOptions::default()
                .extended(object)
                .and_then(StartPayload::new)
        })
    });
}

#[test]
#[ignore = "needs Node.js, and `npm ci` in tests/conformance"]
fn still() {
    compare("still", 2_000, options::still(), |options| {
        ours(options, |object| {
            StillOptions::default()
                .extended(object)
                .and_then(StillPayload::new)
        })
    });
}
