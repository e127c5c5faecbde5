//! The same options to this crate and to the official Python client, which reaches newer releases: the same payloads, but for
//! what `differences.json` lists with its reason.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::official::{Answer, Official};
use crate::{options, start_payload, still_payload};

/// Where the Python client's payloads are not those of the JavaScript client.
#[derive(Deserialize)]
struct Difference {
    routine: String,
    key: String,
    javascript: Value,
}

impl Difference {
    fn listed() -> Vec<Self> {
        let text = include_str!("../differences.json");
        serde_json::from_str(text).expect("a list")
    }

    /// Whether the key is new, so that the Python client alone says what it is. Elsewhere the JavaScript client is followed.
    fn is_newer(&self) -> bool {
        self.javascript == "absent" && !self.key.contains('.')
    }
}

/// Takes out what is below a path such as `outName.s3OutputProvider`.
fn remove(value: &mut Value, path: &str) {
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    match value.as_object_mut() {
        Some(object) if rest.is_empty() => {
            object.remove(key);
        }
        Some(object) => {
            if let Some(value) = object.get_mut(key) {
                remove(value, rest);
            }
        }
        None => {}
    }
}

/// A payload without what is known to differ, and with all numbers alike: 1 and 1.0 are the same.
fn comparable(mut payload: Value, routine: &str, differences: &[Difference]) -> Value {
    let listed = differences
        .iter()
        .filter(|difference| difference.routine == routine);
    for difference in listed.filter(|difference| !difference.is_newer()) {
        remove(&mut payload, &difference.key);
    }
    numbers_alike(&mut payload);
    payload
}

fn numbers_alike(value: &mut Value) {
    match value {
        Value::Number(number) => *value = number.as_f64().expect("a number").into(),
        Value::Array(list) => list.iter_mut().for_each(numbers_alike),
        Value::Object(object) => object.values_mut().for_each(numbers_alike),
        _ => {}
    }
}

fn compare(
    routine: &str,
    strategy: impl Strategy<Value = Map<String, Value>>,
    build: impl Fn(&Map<String, Value>) -> Result<Value, Vec<String>>,
) {
    const CASES: u32 = 1_500;
    let official = RefCell::new(Official::python());
    let alike = RefCell::new(0);
    let differences = Difference::listed();
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    });
    let outcome = runner.run(&strategy, |mut options| {
        let mut answer = official.borrow_mut().ask(routine, &options);
        if let Answer::Unsupported { unsupported } = answer {
            options.retain(|name, _| {
                !unsupported
                    .iter()
                    .any(|path| path.split('.').next() == Some(name))
            });
            answer = official.borrow_mut().ask(routine, &options);
        }
        // It checks next to nothing: what is wrong is told by the other client's test.
        if let (Answer::Payload { payload }, Ok(ours)) = (answer, build(&options)) {
            let theirs = comparable(payload, routine, &differences);
            prop_assert_eq!(comparable(ours, routine, &differences), theirs);
            *alike.borrow_mut() += 1;
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let alike = alike.into_inner();
    println!("{routine}: {alike} like the Python client's");
    assert!(alike > CASES / 4, "too few valid sets to mean anything");
}

#[test]
#[ignore = "needs `make conformance`"]
fn start() {
    compare("start", options::newest(), start_payload);
}

#[test]
#[ignore = "needs `make conformance`"]
fn still() {
    compare("still", options::still(), still_payload);
}
