//! A JSON object whose values are still text, so that each wrong value is reported.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A mistake at one place of a JSON document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Where, as a JSON pointer. Source: <https://www.rfc-editor.org/rfc/rfc6901>
    pub pointer: String,
    /// A sentence for the person who can correct it.
    pub detail: String,
}

impl Violation {
    /// A violation at a top-level key.
    pub fn at(key: &str, detail: impl AsRef<str>) -> Self {
        Self::new([key], detail)
    }

    /// A violation at a place, key by key. All texts are clipped: the sender's own may be megabytes.
    pub fn new<'a>(place: impl IntoIterator<Item = &'a str>, detail: impl AsRef<str>) -> Self {
        let escaped = |key| {
            clipped(key, NAME_CHARS)
                .replace('~', "~0")
                .replace('/', "~1")
        };
        Self {
            pointer: place
                .into_iter()
                .take(MAX_DEPTH)
                .map(escaped)
                .fold(String::new(), |pointer, key| format!("{pointer}/{key}")),
            detail: clipped(detail.as_ref(), DETAIL_CHARS),
        }
    }

    /// The top-level key that it is about, as the pointer writes it.
    #[must_use]
    pub fn key(&self) -> &str {
        self.pointer.split('/').nth(1).unwrap_or_default()
    }
}

/// The most that is told of a name, in characters.
const NAME_CHARS: usize = 64;

/// The most keys of a pointer.
const MAX_DEPTH: usize = 8;

/// The most that is said of one violation.
const DETAIL_CHARS: usize = 400;

/// How many names are told that are unknown, or given twice.
const STRANGE_NAMES: usize = 20;

/// More than any document has: a million would cost more memory than the function has.
const MAX_NAMES: usize = 1_000;

/// So much of a text as somebody reads.
#[must_use]
pub fn clipped(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The entries of a JSON object in their order, duplicates included.
#[derive(Default)]
pub struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// Reads a document that is one object and nothing else.
    ///
    /// # Errors
    ///
    /// What is wrong, and where, as `serde_json` says it.
    pub fn parse(text: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(text)
    }

    /// Hands each entry to `set`, and gathers what is wrong: what `set` says, and names that are given twice. `set` answers
    /// `None` for a name that it does not know; of these, and of those given twice, only the first are told.
    pub fn each<'n>(
        &self,
        names: &(impl Iterator<Item = &'n str> + Clone),
        mut set: impl FnMut(&str, &'a RawValue) -> Option<Result<(), Violation>>,
    ) -> Vec<Violation> {
        let mut violations = Vec::new();
        let mut strange = 0;
        for (at, (name, value)) in self.iter().enumerate() {
            let twice = self.0[..at].iter().any(|(earlier, _)| earlier == name);
            let outcome = if twice { None } else { set(name, value) };
            match outcome {
                Some(outcome) => violations.extend(outcome.err()),
                None if strange < STRANGE_NAMES => {
                    strange += 1;
                    let detail = if twice {
                        format!("{name} is given twice.")
                    } else {
                        no_such_name(name, names.clone())
                    };
                    violations.push(Violation::at(name, detail));
                }
                None => {}
            }
        }
        violations
    }

    /// Adds an entry.
    pub fn push(&mut self, name: &'a str, value: &'a RawValue) {
        self.0.push((name.into(), value));
    }

    /// The value of a name, the first where it is given twice.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The entries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), *value))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    if entries.len() == MAX_NAMES {
                        return Err(A::Error::custom(format_args!(
                            "more than {MAX_NAMES} names"
                        )));
                    }
                    entries.push((entry.0.0, entry.1));
                }
                Ok(Object(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

impl fmt::Debug for Object<'_> {
    /// The names alone: values may be anybody's secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

fn no_such_name<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    let given = clipped(name, NAME_CHARS);
    match similar_name(&given, names) {
        Some(known) => format!("There is no option {given:?}. Did you mean {known:?}?"),
        None => format!("There is no option {given:?}."),
    }
}

/// The name that this one was probably meant to be.
pub(crate) fn similar_name<'n>(
    given: &str,
    names: impl Iterator<Item = &'n str>,
) -> Option<&'n str> {
    let distance =
        |known: &str| strsim::damerau_levenshtein(&known.to_lowercase(), &given.to_lowercase());
    let (distance, known) = names.map(|known| (distance(known), known)).min()?;
    (distance * 3 <= known.len()).then_some(known)
}

/// A key, borrowed unless it holds an escape.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::{Object, Violation};

    #[track_caller]
    fn assert_refused(text: &str, reason: &str) {
        assert_eq!(
            Object::parse(text.as_bytes())
                .expect_err("not an object")
                .to_string(),
            reason
        );
    }

    #[test]
    fn objects() {
        let object =
            Object::parse(br#" {"a": [1, 2], "b\u0063": "x", "a": null} "#).expect("an object");
        let entries: Vec<_> = object
            .iter()
            .map(|(key, value)| (key, value.get()))
            .collect();
        assert_eq!(entries, [("a", "[1, 2]"), ("bc", r#""x""#), ("a", "null")]);
        assert_refused("", "EOF while parsing a value at line 1 column 0");
        assert_refused(
            "[1]",
            "invalid type: sequence, expected an object at line 1 column 0",
        );
        assert_refused(r#"{"a":1} x"#, "trailing characters at line 1 column 9");
        assert_refused(r#"{"a":}"#, "expected value at line 1 column 6");
        assert!(Object::parse(b"{\"a\":\"\xff\"}").is_err());
        let of_names = |count: usize| format!("{{{}}}", vec![r#""a":0"#; count].join(","));
        assert!(Object::parse(of_names(1_000).as_bytes()).is_ok());
        assert_refused(
            &of_names(1_001),
            "more than 1000 names at line 1 column 6007",
        );
    }

    #[test]
    fn what_is_told_is_bounded() {
        let text = format!(
            r#"{{"known":0,{}"{}":0,"last":0}}"#,
            r#""known":0,"#.repeat(500),
            "é".repeat(10_000)
        );
        let object = Object::parse(text.as_bytes()).expect("an object");
        let violations = object.each(&["known", "last"].into_iter(), |name, _| {
            let known = ["known", "last"].contains(&name);
            known.then(|| Err(Violation::at(name, "x".repeat(10_000))))
        });
        // Of the strange ones the first twenty, and all others.
        assert_eq!(violations.len(), 22);
        assert_eq!(violations[1].detail, "known is given twice.");
        assert_eq!(violations[21].pointer, "/last");
        assert_eq!(violations[21].detail.chars().count(), 401);
        let long = Violation::at(&"é".repeat(10_000), "");
        assert_eq!(long.pointer, format!("/{}…", "é".repeat(64)));
    }

    #[test]
    fn debug_tells_no_values() {
        let object = Object::parse(br#"{"licenseKey": "rm_pub_1"}"#).expect("an object");
        assert_eq!(format!("{object:?}"), r#"{"licenseKey"}"#);
    }

    #[test]
    fn pointers() {
        assert_eq!(Violation::at("a/b~c", "").pointer, "/a~1b~0c");
    }
}
