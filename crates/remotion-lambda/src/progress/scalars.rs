//! The numbers and texts of a state, read with bounds: a state may have megabytes, of which a caller reads a few lines.

use std::fmt;

use serde::de::{DeserializeOwned, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A JavaScript number, to its last digit: `serde_json` reads floats to within a digit only. `null` counts as 0.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Exact(pub(super) f64);

impl Exact {
    /// A count, a size or a time, which JavaScript holds as a float too.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and positive in a file of Remotion's, and the cast saturates"
    )]
    pub(super) const fn whole(self) -> u64 {
        self.0 as u64
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match <&RawValue>::deserialize(deserializer)?.get() {
            "null" => Some(0.0),
            text => text.parse().ok().filter(|number: &f64| number.is_finite()),
        };
        number
            .map(Self)
            .ok_or_else(|| D::Error::custom("expected a number"))
    }
}

/// A string, or its beginning. Half of a surrogate pair, which JavaScript allows, is replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line(String);

impl Line {
    /// So much of a string is read, in bytes of JSON.
    const MAX_BYTES: usize = 4_096;

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The string in a JSON text, cut where it is too long.
    fn of_json(json: &str) -> Option<Self> {
        let inner = json.strip_prefix('"')?.strip_suffix('"')?;
        if inner.len() <= Self::MAX_BYTES {
            return unescaped(json.as_bytes());
        }
        let mut end = inner.floor_char_boundary(Self::MAX_BYTES);
        // Not within an escape: back to before the last backslash that is near enough to be of one.
        if let Some(backslash) = inner[..end].rfind('\\').filter(|at| end - at < 12) {
            let first = inner[..=backslash].trim_end_matches('\\').len();
            end = if (backslash + 1 - first).is_multiple_of(2) {
                end
            } else {
                backslash
            };
        }
        unescaped(format!("\"{}\"", &inner[..end]).as_bytes())
    }
}

fn unescaped(json: &[u8]) -> Option<Line> {
    struct Bytes;

    impl Visitor<'_> for Bytes {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }
    }

    let mut deserializer = serde_json::Deserializer::from_slice(json);
    deserializer.deserialize_bytes(Bytes).ok().map(Line)
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?;
        Self::of_json(json.get()).ok_or_else(|| D::Error::custom("expected a string"))
    }
}

/// A list of which only the entries that somebody needs are kept.
pub(super) trait Kept: DeserializeOwned {
    /// Whether the entry is kept, given those that have been.
    fn is_kept(&self, earlier: &[Self]) -> bool;
}

/// A list, read entry by entry.
#[derive(Debug)]
pub(super) struct Few<T>(pub(super) Vec<T>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Kept> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(Vec<T>);

        impl<'de, T: Kept> Visitor<'de> for Entries<T> {
            type Value = Few<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Few<T>, A::Error> {
                while let Some(entry) = list.next_element::<T>()? {
                    if entry.is_kept(&self.0) {
                        self.0.push(entry);
                    }
                }
                Ok(Few(self.0))
            }
        }

        deserializer.deserialize_seq(Entries(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Exact, Line};

    #[test]
    fn exact() {
        let exact = |text: &str| serde_json::from_str::<Exact>(text).map(|number| number.0);
        assert_eq!(
            exact("600.3333333333334").ok(),
            Some(600.333_333_333_333_4_f64)
        );
        assert_eq!(exact(" 1e3 ").ok(), Some(1_000.0));
        assert_eq!(exact("null").ok(), Some(0.0));
        assert!(exact("true").is_err());
        assert_eq!(Exact(-1.0).whole(), 0);
        assert_eq!(Exact(1e300).whole(), u64::MAX);
    }

    fn line(json: &str) -> Option<String> {
        serde_json::from_str::<Line>(json).ok().map(|line| line.0)
    }

    #[test]
    fn lines() {
        assert_eq!(line(r#""a\u00fc\n☃""#).as_deref(), Some("aü\n☃"));
        let half = line(r#""cut \ud83d""#).expect("half a pair");
        assert!(half.starts_with("cut \u{fffd}"));
        assert_eq!(line("7"), None);
        assert_eq!(line("null"), None);
    }

    /// Wherever a long text is cut, what is left is its beginning.
    #[test]
    fn long_lines_are_cut() {
        for unit in [
            "x",
            "ü",
            "☃",
            r"\n",
            r"\\",
            r"\u00fc",
            r"\ud83d\ude00",
            r#"\""#,
        ] {
            for before in 0..14 {
                let json = format!("\"{}{}\"", "a".repeat(before), unit.repeat(5_000));
                let whole: String = serde_json::from_str(&json).expect("a string");
                let line = line(&json).expect("a line");
                let kept = line.trim_end_matches('\u{fffd}');
                assert!(whole.starts_with(kept), "{unit} after {before}");
                assert!(
                    (600..=4_096).contains(&line.len()),
                    "{unit}: {}",
                    line.len()
                );
            }
        }
    }
}
