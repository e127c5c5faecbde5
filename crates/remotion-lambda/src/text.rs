//! Texts as JavaScript writes them: half of a surrogate pair, which its strings may hold and Rust's may not, is replaced.

use std::fmt;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A string, or its beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line(String);

impl Line {
    /// So much of a string is read, in bytes of JSON.
    const MAX_BYTES: usize = 4_096;

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The string in a JSON text, cut where it is too long.
    fn of_json(json: &str) -> Option<Self> {
        let inner = json.strip_prefix('"')?.strip_suffix('"')?;
        if inner.len() <= Self::MAX_BYTES {
            return unescaped(json.as_bytes()).map(Self);
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
        unescaped(format!("\"{}\"", &inner[..end]).as_bytes()).map(Self)
    }
}

fn unescaped(json: &[u8]) -> Option<String> {
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
    deserializer.deserialize_bytes(Bytes).ok()
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?;
        Self::of_json(json.get()).ok_or_else(|| D::Error::custom("expected a string"))
    }
}

/// Reads a string, however long.
#[cfg(feature = "webhook")]
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let json = Box::<RawValue>::deserialize(deserializer)?;
    unescaped(json.get().as_bytes()).ok_or_else(|| D::Error::custom("expected a string"))
}

#[cfg(test)]
mod tests {
    use super::Line;

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
