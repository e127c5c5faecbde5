//! Every error stands under its status, with its own words as an example.

use std::collections::{BTreeMap, BTreeSet};

use remotion_render_api::error::{BoxError, Error, Unanswered};
use remotion_render_api::json::Violation;
use remotion_render_api::ledger::Quota;
use remotion_render_api::remotion::{ProgressError, SCHEMA_VERSION, Version, Versions};
use remotion_render_api::service::Service;
use serde_json::Value;

use super::{operations, resolved, responses};

const REQUEST_ID: &str = "JKJaXmPLvHcESHA=";

type Codes = BTreeSet<(u16, String)>;

fn source() -> BoxError {
    "the cause".into()
}

fn violation(pointer: &str, detail: &str) -> Violation {
    Violation {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
    }
}

fn unanswered(reason: Unanswered, in_doubt: bool) -> Error {
    Error::Unanswered {
        reason,
        in_doubt,
        source: None,
    }
}

fn version(text: &str) -> Version {
    Version::try_from(text.to_owned()).expect("a version")
}

/// At least one error of each code and status.
fn every() -> Vec<Error> {
    let services = [Service::RenderFunction, Service::Ledger, Service::Storage];
    let mut every = vec![
        Error::InvalidEvent("missing field `requestContext` at line 1 column 2".into()),
        Error::Unauthenticated,
        Error::GroupRequired("renderers".into()),
        Error::CompositionNotAllowed("Secret".into()),
        Error::OptionReserved(vec![violation(
            "/privacy",
            "Only the operator of this API may set privacy.",
        )]),
        Error::NotFound,
        Error::MethodNotAllowed("GET, POST"),
        Error::InvalidJson("EOF while parsing a value at line 1 column 13".into()),
        Error::UnsupportedMediaType,
        Error::PayloadTooLarge("The body is 7340066 bytes; at most 6291456 are taken.".into()),
        Error::PropsTooLarge(300_011),
        Error::InvalidOptions(vec![
            violation(
                "/crf",
                "crf must be from 1 to 51 for the codec h264, not 60.",
            ),
            violation(
                "/outname",
                r#"There is no option "outname". Did you mean "outName"?"#,
            ),
        ]),
        Error::NoSuchRender,
        Error::LedgerAbsent,
        Error::IdempotencyUnavailable,
        Error::IdempotencyKeyInvalid,
        Error::IdempotencyKeyReused,
        Error::RenderRunning,
        Error::InFlight,
        Error::QuotaSpent(Quota {
            limit: 5,
            left: 0,
            resets_in: 41_233,
        }),
        Error::OutcomeUnknown,
        Error::NotRecorded(source()),
        Error::CancellationDisabled,
        Error::RenderFunctionFailed("The specified bucket does not exist".into()),
        Error::StateUnreadable(ProgressError::Unplanned),
        Error::PropsNotStored(source()),
        Error::VersionMismatch(Some(Versions {
            sent: version("4.0.311"),
            deployed: version(SCHEMA_VERSION),
        })),
    ];
    for in_doubt in [true, false] {
        let crash =
            "Runtime.ExitError: RequestId: 1 Error: Runtime exited with error: signal: killed";
        every.extend(
            [
                Unanswered::Crashed(crash.to_owned()),
                Unanswered::Unintelligible("The answer was empty."),
                Unanswered::Broken,
                Unanswered::TooLate,
            ]
            .map(|reason| unanswered(reason, in_doubt)),
        );
    }
    for service in services {
        every.push(Error::Throttled(service, None));
        every.push(Error::Unavailable(service, source()));
        every.push(Error::TimedOut(service, source()));
        every.push(Error::Refused(service, source()));
        every.push(Error::Missing(service, source()));
        every.push(Error::Denied(service, source()));
    }
    every
}

fn coded(error: &Error) -> (u16, String) {
    (error.status().as_u16(), error.code().to_owned())
}

fn problem(error: &Error) -> Value {
    serde_json::to_value(error.problem(Some(REQUEST_ID))).expect("JSON")
}

/// What the document says of problems: by response, the codes that may come and an example of each.
fn documented() -> BTreeMap<(u16, String), Vec<&'static Value>> {
    let mut documented: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (method, path, operation) in operations() {
        for (status, response) in responses(operation) {
            let medium = &response["content"]["application/problem+json"];
            if medium.is_null() {
                continue;
            }
            let at = format!("{method} {path} {status}");
            let narrowed = &medium["schema"]["allOf"][1]["properties"];
            let status: u16 = status.parse().expect("a status");
            assert_eq!(narrowed["status"]["const"], status, "{at}");
            let codes: BTreeSet<_> = narrowed["code"]["enum"]
                .as_array()
                .expect(&at)
                .iter()
                .map(|code| code.as_str().expect("a code"))
                .collect();
            let examples = medium["examples"].as_object().expect(&at);
            let exemplified: BTreeSet<_> = examples.keys().map(String::as_str).collect();
            assert_eq!(exemplified, codes, "{at}");
            for (code, example) in examples {
                let key = (status, code.clone());
                documented
                    .entry(key)
                    .or_default()
                    .push(&resolved(example)["value"]);
            }
        }
    }
    documented
}

#[test]
fn every_code_of_the_code_is_listed_here() {
    let text = include_str!("../../../src/error.rs");
    let class = text.split_once("fn class(").expect("the codes").1;
    let class = class.split_once("\n    }\n").expect("its end").0;
    let written: BTreeSet<_> = class.split('"').skip(1).step_by(2).collect();
    let every = every();
    let listed: BTreeSet<_> = every.iter().map(Error::code).collect();
    assert!(written.len() > 40);
    assert_eq!(listed, written);
}

#[test]
fn every_code_stands_under_its_status() {
    let ours: Codes = every().iter().map(coded).collect();
    let theirs: Codes = documented().into_keys().collect();
    assert_eq!(theirs, ours);
}

#[test]
fn every_code_stands_in_the_readme() {
    let rows = include_str!("../../../README.md").lines();
    let mut listed = Codes::new();
    for row in rows.filter(|row| row.starts_with("| 4") || row.starts_with("| 5")) {
        let cells: Vec<_> = row.split('|').collect();
        let status = cells[1].trim().parse().expect("a status");
        let codes = cells[2].split('`').skip(1).step_by(2);
        listed.extend(codes.map(|code| (status, code.to_owned())));
    }
    let ours: Codes = every().iter().map(coded).collect();
    assert_eq!(listed, ours);
}

#[test]
fn examples_are_in_the_codes_own_words() {
    let mut said: BTreeMap<_, Vec<Value>> = BTreeMap::new();
    for error in every() {
        said.entry(coded(&error)).or_default().push(problem(&error));
    }
    for (key, examples) in documented() {
        let said = said.get(&key).map(Vec::as_slice).unwrap_or_default();
        for example in examples {
            let wanted: Vec<_> = said.iter().map(Value::to_string).collect();
            assert!(
                said.contains(example),
                "{key:?} is none of {}",
                wanted.join("\n")
            );
        }
    }
}
