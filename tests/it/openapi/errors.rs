//! Every code stands under its status, with the code's own words as an example.
//!
//! `UPDATE=1 cargo test openapi::errors` writes the examples of `openapi.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use remotion_lambda::aws::{Aftermath, CallFailure, Unanswered};
use remotion_lambda::json::Violation;
use remotion_lambda::options::Newer;
use remotion_lambda::{ProgressError, Release, Version, Versions};
use remotion_render_api::access::acting::ActAsRefusal;
use remotion_render_api::aws::service::{Service, ServiceError};
use remotion_render_api::code::Code;
use remotion_render_api::error::{Error, WrongParameter};
use remotion_render_api::gateway::response::problem;
use remotion_render_api::quota::Quota;
use remotion_render_api::render::id::Id;
use serde_json::Value;

use super::{DOCUMENT, operations, responses};

const REQUEST_ID: &str = "JKJaXmPLvHcESHA=";

fn violation(key: &str, detail: &str) -> Violation {
    Violation::at(key, detail)
}

fn unanswered(reason: Unanswered, outcome_unknown: bool) -> Error {
    Error::Unanswered {
        reason,
        outcome_unknown,
        source: None,
    }
}

fn version(text: &str) -> Version {
    Version::try_from(text.to_owned()).expect("a version")
}

fn call(service: Service, failure: CallFailure) -> Error {
    Error::Call(ServiceError {
        service,
        failure,
        source: None,
    })
}

fn invalid_parameters() -> Error {
    Error::InvalidParameters(vec![WrongParameter {
        parameter: "limit",
        detail: "limit must be a whole number from 1 to 100.".into(),
    }])
}

/// An error of this code.
#[expect(clippy::too_many_lines, reason = "one arm for each code")]
fn example(code: Code) -> Error {
    use CallFailure::{Denied, InOtherRegion, Lost, Missing, Rejected, Throttled, TimedOut};
    use Service::{Bucket, RenderFunction, RendersTable};
    let crash = "Runtime.ExitError: RequestId: 1 Error: Runtime exited with error: signal: killed";
    let denied = || ServiceError {
        service: Bucket,
        failure: Denied,
        source: None,
    };
    match code {
        Code::InvalidEvent => {
            Error::InvalidEvent("missing field `requestContext` at line 1 column 2".into())
        }
        Code::InvalidJson => {
            Error::InvalidJson("EOF while parsing a value at line 1 column 13".into())
        }
        Code::Unauthenticated => Error::Unauthenticated,
        Code::ClaimRequired => Error::ClaimMissing("org_id".into()),
        Code::ActAsNotAllowed => {
            Error::ActAsRefused(ActAsRefusal::NoScope("render-api/act-as".into()))
        }
        Code::SignatureInvalid => Error::SignatureInvalid,
        Code::GroupRequired => Error::GroupRequired("renderers".into()),
        Code::CompositionNotAllowed => Error::CompositionNotAllowed("Secret".into()),
        Code::OptionReserved => Error::OptionReserved(vec![violation(
            "privacy",
            "Only the operator of this API may set privacy.",
        )]),
        Code::NotFound => Error::NotFound,
        Code::RenderNotFound => Error::RenderNotFound,
        Code::BatchNotFound => Error::BatchNotFound,
        Code::RenderQueueNotConfigured => Error::RenderQueueNotConfigured,
        Code::RendersTableNotConfigured => Error::RendersTableNotConfigured,
        Code::MethodNotAllowed => Error::MethodNotAllowed("GET, POST"),
        Code::IdempotencyInFlight => Error::InFlight,
        Code::IdempotencyOutcomeUnknown => Error::KeyOutcomeUnknown,
        Code::RenderRunning => Error::RenderRunning,
        Code::RenderMayStart => Error::RenderMayStart { seconds: 21_450 },
        Code::RenderOver => Error::RenderOver,
        Code::BatchOver => Error::BatchOver,
        Code::CancellationNotEnabled => Error::CancellationDisabled,
        Code::PayloadTooLarge => Error::PayloadTooLarge(
            "The body is 7340066 bytes, and at most 6291456 are allowed.".into(),
        ),
        Code::UnsupportedMediaType => Error::UnsupportedMediaType,
        Code::InvalidOptions => Error::InvalidOptions(vec![
            violation(
                "crf",
                "crf must be from 1 to 51 for the codec h264, not 60.",
            ),
            violation(
                "outname",
                r#"There is no option "outname". Did you mean "outName"?"#,
            ),
        ]),
        Code::OptionNeedsRelease => Error::OptionNeedsRelease {
            newer: vec![Newer {
                value: None,
                option: "separateAudioTo",
                since: Release::new(4, 0, 535),
            }],
            deployed: version("4.0.420"),
        },
        Code::IdempotencyKeyInvalid => Error::IdempotencyKeyInvalid,
        Code::IdempotencyKeyReused => Error::IdempotencyKeyReused,
        Code::IdempotencyUnavailable => Error::IdempotencyUnavailable,
        Code::QuotaSpent => Error::QuotaSpent(Quota {
            limit: 5,
            left: 0,
            resets_in: 41_233,
        }),
        Code::BudgetSpent => Error::BudgetSpent {
            budget: 5.0,
            resets_in: 358_233,
        },
        Code::CapacitySpent => Error::CapacitySpent { retry_after: 10 },
        Code::Throttled => call(RenderFunction, Throttled),
        Code::RenderFunctionError => Error::RenderFunctionFailed {
            message: "The specified bucket does not exist".into(),
            aftermath: Aftermath::RanWithoutARender,
        },
        Code::RenderFunctionRefused => call(RenderFunction, Rejected),
        Code::RenderFunctionCrashed => unanswered(Unanswered::Crashed(crash.into()), true),
        Code::RenderFunctionReplyInvalid => {
            unanswered(Unanswered::Unintelligible("The answer was empty."), true)
        }
        Code::RenderFunctionUnanswered => unanswered(Unanswered::Broken, false),
        Code::RenderOutcomeUnknown => unanswered(Unanswered::TooLate, true),
        Code::RenderNotRecorded => Error::NotRecorded {
            render_id: Id::try_from("1pwhfhh11z").expect("an id"),
            source: denied(),
        },
        Code::RenderStateInvalid => Error::StateUnreadable(ProgressError::Unplanned),
        Code::RendersTableRefused => call(RendersTable, Rejected),
        Code::StorageRefused => call(Bucket, Rejected),
        Code::ResponseTooLarge => Error::ResponseTooLarge(7_340_066),
        Code::RenderFunctionUnreachable => call(RenderFunction, Lost),
        Code::RenderFunctionMissing => call(RenderFunction, Missing),
        Code::RenderFunctionDenied => call(RenderFunction, Denied),
        Code::VersionMismatch => Error::VersionMismatch(Some(Versions {
            sent: version("4.0.311"),
            deployed: version("4.0.420"),
        })),
        Code::RendersTableUnavailable => call(RendersTable, Lost),
        Code::RendersTableMissing => call(RendersTable, Missing),
        Code::RendersTableDenied => call(RendersTable, Denied),
        Code::StorageUnavailable => call(Bucket, Lost),
        Code::StorageMissing => call(Bucket, Missing),
        Code::StorageDenied => call(Bucket, Denied),
        Code::StorageInOtherRegion => call(Bucket, InOtherRegion(Some("eu-central-1".into()))),
        Code::PropsNotStored => Error::PropsNotStored(denied()),
        Code::RenderFunctionTimedOut => unanswered(Unanswered::TooLate, false),
        Code::RendersTableTimedOut => call(RendersTable, TimedOut),
        Code::StorageTimedOut => call(Bucket, TimedOut),
    }
}

/// The document of an error, on a route that starts nothing.
fn document(error: &Error) -> Value {
    let response = problem(error, Some(REQUEST_ID), false);
    serde_json::from_slice(response.body()).expect("a problem document")
}

/// The examples, by name.
fn examples() -> Vec<(&'static str, Value)> {
    let of_codes = Code::ALL.iter().map(|code| {
        let error = example(*code);
        assert_eq!(error.code(), *code);
        (code.as_str(), document(&error))
    });
    of_codes
        .chain([("invalid_parameters", document(&invalid_parameters()))])
        .collect()
}

/// The examples as YAML, two levels deep.
fn written() -> String {
    let mut text = String::new();
    for (name, document) in examples() {
        writeln!(text, "    {name}:\n      value:").expect("memory");
        for (key, value) in document.as_object().expect("an object") {
            match value.as_array() {
                None => writeln!(text, "        {key}: {value}").expect("memory"),
                Some(list) => {
                    writeln!(text, "        {key}:").expect("memory");
                    for entry in list {
                        writeln!(text, "          - {entry}").expect("memory");
                    }
                }
            }
        }
    }
    text
}

#[test]
fn examples_are_in_the_codes_own_words() {
    const START: &str = "\n  examples:\n";
    const END: &str = "  schemas:\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml");
    let text = std::fs::read_to_string(&path).expect("the document");
    let (before, rest) = text.split_once(START).expect("the examples");
    let (examples, after) = rest.split_once(END).expect("the schemas");
    if std::env::var_os("UPDATE").is_some() {
        let updated = [before, START, &written(), END, after].concat();
        std::fs::write(&path, updated).expect("a writable document");
    } else {
        assert_eq!(examples, written(), "UPDATE=1 writes them");
    }
}

#[test]
fn every_code_stands_under_its_status() {
    let mut documented: BTreeMap<u16, BTreeSet<String>> = BTreeMap::new();
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
                .map(|code| code.as_str().expect("a code").to_owned())
                .collect();
            let examples = medium["examples"].as_object().expect(&at);
            let exemplified: BTreeSet<_> = examples.keys().cloned().collect();
            assert_eq!(exemplified, codes, "{at}");
            documented.entry(status).or_default().extend(codes);
        }
    }
    let mut ours: BTreeMap<u16, BTreeSet<String>> = BTreeMap::new();
    for code in Code::ALL {
        let codes = ours.entry(code.status().as_u16()).or_default();
        codes.insert(code.as_str().to_owned());
    }
    assert_eq!(documented, ours);
}

#[test]
fn every_example_is_used() {
    let text = include_str!("../../../openapi.yaml");
    for name in DOCUMENT["components"]["examples"]
        .as_object()
        .expect("examples")
        .keys()
    {
        let reference = format!("\"#/components/examples/{name}\"");
        assert!(text.contains(&reference), "{name}");
    }
}

#[test]
fn every_code_stands_in_the_troubleshooting_page() {
    let page = include_str!("../../../docs/troubleshooting.md");
    let (_, section) = page.split_once("\n## Every code\n").expect("the section");
    let (section, _) = section.split_once("\n## ").expect("its end");
    let mut listed = BTreeSet::new();
    for row in section
        .lines()
        .filter(|row| row.starts_with("| 4") || row.starts_with("| 5"))
    {
        let cells: Vec<_> = row.split('|').collect();
        let status: u16 = cells[1].trim().parse().expect("a status");
        let codes = cells[2].split('`').skip(1).step_by(2);
        listed.extend(codes.map(|code| (status, code.to_owned())));
    }
    let ours: BTreeSet<_> = Code::ALL
        .iter()
        .map(|code| (code.status().as_u16(), code.as_str().to_owned()))
        .collect();
    assert_eq!(listed, ours);
}
