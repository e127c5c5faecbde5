//! The numbers of Remotion's options, each with its range.

use std::fmt;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// 2^53 - 1: JavaScript cannot tell larger integers from their neighbours.
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// A JavaScript number: 1 and 1.0 are the same, and written `1`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Number(f64);

impl Number {
    /// The value.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    fn whole(self) -> Option<u64> {
        #[expect(clippy::cast_precision_loss, reason = "2^53 - 1 is exact")]
        let safe = 0.0..=MAX_SAFE_INTEGER as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, positive and within 2^53"
        )]
        (self.0.fract() == 0.0 && safe.contains(&self.0)).then_some(self.0 as u64)
    }
}

impl TryFrom<f64> for Number {
    type Error = &'static str;

    fn try_from(number: f64) -> Result<Self, Self::Error> {
        if number.is_finite() {
            Ok(Self(number))
        } else {
            Err("must be a finite number")
        }
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self(number.into())
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.whole() {
            Some(whole) => serializer.serialize_u64(whole),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// serde's own visitor would expect "f64".
        struct Any;

        impl Visitor<'_> for Any {
            type Value = f64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            // JSON has no NaN and no infinity, and serde_json refuses what overflows.
            fn visit_f64<E>(self, value: f64) -> Result<f64, E> {
                Ok(value)
            }

            #[expect(clippy::cast_precision_loss, reason = "as in JavaScript")]
            fn visit_u64<E>(self, value: u64) -> Result<f64, E> {
                Ok(value as f64)
            }

            #[expect(clippy::cast_precision_loss, reason = "as in JavaScript")]
            fn visit_i64<E>(self, value: i64) -> Result<f64, E> {
                Ok(value as f64)
            }
        }

        deserializer.deserialize_any(Any).map(Self)
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Whole<const MIN: u64, const MAX: u64 = MAX_SAFE_INTEGER>(u64);

impl<const MIN: u64, const MAX: u64> Whole<MIN, MAX> {
    /// A constant; out of range it does not compile.
    #[must_use]
    pub const fn of<const VALUE: u64>() -> Self {
        const { assert!(MIN <= VALUE && VALUE <= MAX, "out of range") }
        Self(VALUE)
    }

    /// The value.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    fn refusal(given: impl fmt::Display) -> String {
        let range = if MAX == MAX_SAFE_INTEGER {
            format!("of at least {MIN}")
        } else {
            format!("from {MIN} to {MAX}")
        };
        format!("must be a whole number {range}, not {given}")
    }
}

impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(deserializer)?;
        let within = |whole| Self::try_from(whole).ok();
        number
            .whole()
            .and_then(within)
            .ok_or_else(|| D::Error::custom(Self::refusal(number.0)))
    }
}

impl<const MIN: u64, const MAX: u64> TryFrom<u64> for Whole<MIN, MAX> {
    type Error = String;

    fn try_from(number: u64) -> Result<Self, String> {
        if (MIN..=MAX).contains(&number) {
            Ok(Self(number))
        } else {
            Err(Self::refusal(number))
        }
    }
}

/// A number within bounds.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $bounds:literal, $within:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
        #[serde(transparent)]
        pub struct $name(Number);

        impl $name {
            /// The value.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0.get()
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = Number::deserialize(deserializer)?;
                Self::try_from(number.0).map_err(D::Error::custom)
            }
        }

        impl TryFrom<f64> for $name {
            type Error = String;

            fn try_from(number: f64) -> Result<Self, String> {
                let within: fn(f64) -> bool = $within;
                if number.is_finite() && within(number) {
                    Ok(Self(Number(number)))
                } else {
                    Err(format!(concat!("must be ", $bounds, ", not {}"), number))
                }
            }
        }
    };
}

bounded! {
    /// A number above 0.
    Positive, "above 0", |number| number > 0.0
}

bounded! {
    /// A factor on the output's size: above 0, at most 16. Source: `validateScale()` of `@remotion/renderer`.
    Scale, "above 0 and at most 16", |number| number > 0.0 && number <= 16.0
}

bounded! {
    /// A quality from 0 to 100, fractions included. Source: `validateJpegQuality()` of `@remotion/renderer`.
    Quality, "from 0 to 100", |number| (0.0..=100.0).contains(&number)
}

#[cfg(test)]
mod tests {
    use serde::{Serialize, de::DeserializeOwned};

    use super::{Number, Positive, Quality, Scale, Whole};

    #[track_caller]
    fn assert_written<T: Serialize + DeserializeOwned>(given: &str, written: &str) {
        let value: T = serde_json::from_str(given).expect("a valid value");
        assert_eq!(serde_json::to_string(&value).expect("text"), written);
    }

    #[track_caller]
    fn assert_refused<T: DeserializeOwned>(given: &str, reason: &str) {
        let error = serde_json::from_str::<T>(given)
            .err()
            .expect("a refusal")
            .to_string();
        assert!(error.starts_with(reason), "{error}");
    }

    #[test]
    fn number() {
        assert_written::<Number>("1", "1");
        assert_written::<Number>("1.0", "1");
        assert_written::<Number>("1e2", "100");
        assert_written::<Number>("-0.0", "0");
        assert_written::<Number>("0.5", "0.5");
        assert_written::<Number>("-2.0", "-2.0");
        assert_written::<Number>("1e300", "1e+300");
        assert_refused::<Number>("1e999", "number out of range");
    }

    #[test]
    fn whole() {
        assert_written::<Whole<1, 200>>("200.0", "200");
        assert_refused::<Whole<1, 200>>("0", "must be a whole number from 1 to 200, not 0");
        assert_refused::<Whole<1, 200>>("201", "must be a whole number from 1 to 200, not 201");
        assert_refused::<Whole<1>>("1.5", "must be a whole number of at least 1, not 1.5");
        assert_refused::<Whole<0>>("-1", "must be a whole number of at least 0, not -1");
        assert_refused::<Whole<0>>("9007199254740993", "must be a whole number of at least 0");
        assert_refused::<Whole<0>>(r#""1""#, r#"invalid type: string "1", expected a number"#);
    }

    /// What a program fills in.
    #[test]
    fn of_numbers() {
        assert_eq!(Number::try_from(0.5).map(Number::get), Ok(0.5));
        assert!(Number::try_from(f64::NAN).is_err());
        assert_eq!(Number::from(7).get().to_string(), "7");
        assert_eq!(Scale::try_from(0.5).map(Scale::get), Ok(0.5));
        assert_eq!(
            Quality::try_from(101.0),
            Err("must be from 0 to 100, not 101".to_owned())
        );
        assert!(Positive::try_from(f64::INFINITY).is_err());
        assert_eq!(Whole::<1, 200>::try_from(200).map(Whole::get), Ok(200));
        assert_eq!(
            Whole::<1, 200>::try_from(0),
            Err("must be a whole number from 1 to 200, not 0".to_owned())
        );
    }

    #[test]
    fn ranges() {
        assert_written::<Positive>("29.97", "29.97");
        assert_refused::<Positive>("0", "must be above 0, not 0");
        assert_written::<Scale>("16", "16");
        assert_refused::<Scale>("16.1", "must be above 0 and at most 16, not 16.1");
        assert_refused::<Scale>("0", "must be above 0 and at most 16, not 0");
        assert_written::<Quality>("0", "0");
        assert_refused::<Quality>("100.5", "must be from 0 to 100, not 100.5");
    }
}
