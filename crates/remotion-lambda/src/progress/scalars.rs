//! The numbers and lists of a state, read with bounds: a state may have megabytes, of which a caller reads a few lines.

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
    use super::Exact;

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
}
