//! A JSON object whose values are still text: which of them are wrong is told one by one.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What is wrong with one place of a JSON document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Where, as a JSON pointer. Source: <https://www.rfc-editor.org/rfc/rfc6901>
    pub pointer: String,
    /// A sentence for the person who can correct it.
    pub detail: String,
}

impl Violation {
    /// A violation at a top-level key.
    pub fn at(key: &str, detail: impl Into<String>) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self {
            pointer: format!("/{key}"),
            detail: detail.into(),
        }
    }
}

/// The entries of a JSON object in their order, duplicates included.
#[derive(Debug, Default)]
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

    /// Hands each entry to `set`, and gathers what is wrong: what `set` says, names that are not among these, and
    /// names given twice.
    ///
    /// # Errors
    ///
    /// All of it.
    pub fn each(
        &self,
        names: &[&str],
        mut set: impl FnMut(&str, &RawValue) -> Result<(), Violation>,
    ) -> Result<(), Vec<Violation>> {
        let mut violations = Vec::new();
        for (at, (name, value)) in self.iter().enumerate() {
            if self.0[..at].iter().any(|(earlier, _)| earlier == name) {
                violations.push(Violation::at(name, format!("{name} is given twice.")));
            } else if !names.contains(&name) {
                violations.push(Violation::at(name, no_such_name(name, names)));
            } else if let Err(violation) = set(name, value) {
                violations.push(violation);
            }
        }
        if violations.is_empty() {
            Ok(())
        } else {
            Err(violations)
        }
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
                    entries.push((entry.0.0, entry.1));
                }
                Ok(Object(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

fn no_such_name(name: &str, names: &[&str]) -> String {
    let distance =
        |known: &str| strsim::damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase());
    let given: String = name.chars().take(64).collect();
    match names.iter().map(|known| (distance(known), known)).min() {
        Some((distance, known)) if name.len() <= 64 && distance * 3 <= known.len() => {
            format!("There is no option {given:?}. Did you mean {known:?}?")
        }
        _ => format!("There is no option {given:?}."),
    }
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
    }

    #[test]
    fn pointers() {
        assert_eq!(Violation::at("a/b~c", "").pointer, "/a~1b~0c");
    }
}
