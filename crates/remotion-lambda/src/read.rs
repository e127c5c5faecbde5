//! Reads one value of a JSON object, and reports mistakes in the terms of its sender rather than in serde's.
//!
//! Types of this crate word their own errors as the end of a sentence that begins with the value's name: `must be a bitrate`.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_path_to_error::{Path, Segment};

use crate::json::{Violation, clipped};

/// The most of a wrong value that is quoted, in characters.
const QUOTED_CHARS: usize = 60;

/// Whether a message may quote the value that it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quote {
    /// It helps whoever sent it.
    Value,
    /// It may hold a secret.
    Nothing,
}

/// What is wrong inside a value, and where: a path such as `["customData", "list", "0"]`.
#[derive(Debug)]
pub(crate) struct WrongValue {
    path: Vec<String>,
    message: String,
}

impl WrongValue {
    /// A fault of the value itself, as the end of a sentence that begins with its name.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            message: message.into(),
        }
    }

    /// The fault of an option.
    pub(crate) fn violation(self, option: &str) -> Violation {
        let mut name = option.to_owned();
        for segment in &self.path {
            name.push('.');
            name.push_str(segment);
        }
        let places = std::iter::once(option).chain(self.path.iter().map(String::as_str));
        Violation::new(places, format!("{name} {}.", self.message))
    }
}

/// Reads a value of a type.
pub(crate) fn parse<T: DeserializeOwned>(value: &RawValue, quote: Quote) -> Result<T, WrongValue> {
    let mut deserializer = serde_json::Deserializer::from_str(value.get());
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let message = error.inner().to_string();
        let message = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(message, _)| message);
        WrongValue {
            path: segments(error.path()),
            message: reworded(message, quote),
        }
    })
}

/// Reads an object of a type: serde takes a struct from a list too.
pub(crate) fn parse_object<T: DeserializeOwned>(
    value: &RawValue,
    quote: Quote,
) -> Result<T, WrongValue> {
    if value.get().starts_with('{') {
        parse(value, quote)
    } else {
        Err(WrongValue::new("must be an object"))
    }
}

fn segments(path: &Path) -> Vec<String> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// serde's message as the end of a sentence.
fn reworded(message: &str, quote: Quote) -> String {
    let given_and_expected = ["invalid type: ", "invalid value: ", "invalid length "]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.rsplit_once(", expected "));
    if let Some((given, expected)) = given_and_expected {
        let expected = match expected {
            "a map" => "an object",
            "a sequence" => "a list",
            other if other.starts_with("struct ") => "an object",
            other => other,
        };
        return match given_value(given) {
            Some(given) if quote == Quote::Value => {
                format!("must be {expected}, not {}", clipped(given, QUOTED_CHARS))
            }
            _ => format!("must be {expected}"),
        };
    }
    let named = |start: &str| message.strip_prefix(start)?.strip_suffix('`');
    if let Some(name) = named("missing field `") {
        return format!("needs {name}");
    }
    if let Some(name) = named("duplicate field `") {
        return format!("has {name} twice");
    }
    if let Some((name, expected)) = unknown(message, "unknown field `") {
        return format!(
            "has no {:?}. The allowed keys are {expected}",
            clipped(name, QUOTED_CHARS)
        );
    }
    if let Some((_, expected)) = unknown(message, "unknown variant `") {
        return format!("must be one of {expected}");
    }
    message.to_owned()
}

/// The name that is not known, and the list of those that are.
fn unknown<'a>(message: &'a str, start: &str) -> Option<(&'a str, String)> {
    let (name, expected) = message.strip_prefix(start)?.rsplit_once("`, ")?;
    let expected = expected
        .strip_prefix("expected one of ")
        .or_else(|| expected.strip_prefix("expected "))
        .unwrap_or("nothing");
    Some((name, expected.replace('`', "").replace(" or ", ", ")))
}

/// The value as it was sent: serde has the word integer before it, and backticks around it.
fn given_value(given: &str) -> Option<&str> {
    match given {
        "map" => Some("an object"),
        "sequence" => Some("a list"),
        "null" | "unit value" => Some("null"),
        _ => {
            let (kind, value) = given.split_once(' ')?;
            match kind {
                "string" => Some(value),
                _ => value
                    .rsplit_once('`')?
                    .0
                    .rsplit_once('`')
                    .map(|(_, value)| value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::value::RawValue;

    use super::{Quote, parse, parse_object};

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[expect(dead_code, reason = "only what is refused matters")]
    struct Sample {
        name: String,
        size: Option<bool>,
    }

    #[track_caller]
    fn assert_told<T: serde::de::DeserializeOwned + std::fmt::Debug>(
        text: &str,
        pointer: &str,
        detail: &str,
    ) {
        let value: &RawValue = serde_json::from_str(text).expect("JSON");
        let violation = parse_object::<T>(value, Quote::Value)
            .expect_err("a fault")
            .violation("option");
        assert_eq!(
            (violation.pointer.as_str(), violation.detail.as_str()),
            (pointer, detail)
        );
    }

    #[test]
    fn in_the_senders_words() {
        type Texts = BTreeMap<String, String>;
        assert_told::<Texts>(
            r#"{"orderId":42}"#,
            "/option/orderId",
            "option.orderId must be a string, not 42.",
        );
        assert_told::<Texts>(
            r#"{"a/b":[1]}"#,
            "/option/a~1b",
            "option.a/b must be a string, not a list.",
        );
        assert_told::<Texts>("[]", "/option", "option must be an object.");
        assert_told::<Sample>(
            r#"{"name":"x","size":1}"#,
            "/option/size",
            "option.size must be a boolean, not 1.",
        );
        assert_told::<Sample>("{}", "/option", "option needs name.");
        assert_told::<Sample>(
            r#"{"name":"x","other":1}"#,
            "/option/other",
            r#"option.other has no "other". The allowed keys are name, size."#,
        );
    }

    #[test]
    fn secrets_are_not_quoted() {
        let value: &RawValue = serde_json::from_str(r#""hidden""#).expect("JSON");
        let fault = parse::<BTreeMap<String, String>>(value, Quote::Nothing).expect_err("a fault");
        assert_eq!(
            fault.violation("webhook").detail,
            "webhook must be an object."
        );
    }
}
