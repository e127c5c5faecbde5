//! The most that a caller may ask for, option by option. The operator's own defaults are not limited.

use std::collections::BTreeMap;

use remotion_lambda::json::{Object, Violation};
use remotion_lambda::options::{OPTIONS, SetBy};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Ceilings for callers.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderLimits {
    numbers: BTreeMap<&'static str, f64>,
    metadata: Option<MetadataLimit>,
}

/// The most tags, and the most bytes of all of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct MetadataLimit {
    entries: usize,
    bytes: usize,
}

impl Default for RenderLimits {
    fn default() -> Self {
        let numbers = [
            ("forceDurationInFrames", 216_000.0),
            ("forceFps", 120.0),
            ("forceHeight", 7_680.0),
            ("forceWidth", 7_680.0),
            ("maxRetries", 3.0),
            ("sampleRate", 192_000.0),
            ("scale", 4.0),
            ("timeoutInMilliseconds", 900_000.0),
        ];
        Self {
            numbers: numbers.into(),
            metadata: Some(MetadataLimit {
                entries: 50,
                bytes: 8 * 1024,
            }),
        }
    }
}

impl RenderLimits {
    /// The defaults, with the limits of a JSON object over them; `null` takes one away.
    ///
    /// # Errors
    ///
    /// Every entry that is not a limit of a caller's option.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let object = Object::parse(text.as_bytes())
            .map_err(|error| vec![format!("must be a JSON object: {error}")])?;
        let mut limits = Self::default();
        let mut faults = Vec::new();
        for (name, value) in object.iter() {
            if let Err(fault) = limits.set(name, value.get()) {
                faults.push(fault);
            }
        }
        if faults.is_empty() {
            Ok(limits)
        } else {
            Err(faults)
        }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        if name == "metadata" {
            self.metadata = serde_json::from_str(value).map_err(|_| {
                r#"metadata must be an object such as {"entries":50,"bytes":8192}, or null"#
                    .to_owned()
            })?;
            return Ok(());
        }
        let spec = OPTIONS
            .iter()
            .find(|spec| spec.name == name && matches!(spec.kind, "number" | "whole number"))
            .filter(|spec| spec.set_by == SetBy::Caller)
            .ok_or_else(|| format!("{name} is not an option with a number that callers may set"))?;
        match serde_json::from_str::<Option<f64>>(value) {
            Ok(None) => {
                self.numbers.remove(spec.name);
            }
            Ok(Some(limit)) if limit >= 0.0 => {
                self.numbers.insert(spec.name, limit);
            }
            _ => return Err(format!("{name} must be a number of at least 0, or null")),
        }
        Ok(())
    }

    /// The options that exceed the limits.
    #[must_use]
    pub fn exceeded_by(&self, asked: &Object<'_>) -> Vec<Violation> {
        let numbers = self.numbers.iter().filter_map(|(name, limit)| {
            let given: f64 = asked.get(name)?.get().parse().ok()?;
            let detail = || format!("{name} may be at most {limit} in this API, not {given}.");
            (given > *limit).then(|| Violation::at(name, detail()))
        });
        numbers.chain(self.metadata_exceeded_by(asked)).collect()
    }

    fn metadata_exceeded_by(&self, asked: &Object<'_>) -> Option<Violation> {
        let limit = self.metadata?;
        let tags = asked.get("metadata")?.get();
        // As the option is read: an object of any number of entries.
        let entries = serde_json::from_str::<BTreeMap<String, &RawValue>>(tags);
        let entries = entries.ok()?.len();
        let exceeded = entries > limit.entries || tags.len() > limit.bytes;
        exceeded.then(|| {
            Violation::at(
                "metadata",
                format!(
                    "metadata may have at most {} entries and {} bytes in this API, not {entries} and {}.",
                    limit.entries,
                    limit.bytes,
                    tags.len()
                ),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use remotion_lambda::json::Object;

    use super::RenderLimits;

    fn exceeded(limits: &str, asked: &str) -> Vec<String> {
        let asked = Object::parse(asked.as_bytes()).expect("an object");
        let limits = RenderLimits::parse(limits).expect("limits");
        limits
            .exceeded_by(&asked)
            .into_iter()
            .map(|violation| violation.detail)
            .collect()
    }

    #[test]
    fn by_default() {
        assert_eq!(
            exceeded(
                "{}",
                r#"{"scale":4,"maxRetries":3,"forceFps":120,"crf":1e300}"#
            ),
            [""; 0]
        );
        assert_eq!(
            exceeded(
                "{}",
                r#"{"scale":16,"sampleRate":9007199254740991,"forceFps":1e300}"#
            )
            .len(),
            3
        );
        assert_eq!(
            exceeded("{}", r#"{"scale":4.5}"#),
            ["scale may be at most 4 in this API, not 4.5."]
        );
    }

    #[test]
    fn of_the_operator() {
        let limits =
            r#"{"scale":1,"maxRetries":null,"gopSize":300,"metadata":{"entries":1,"bytes":40}}"#;
        assert_eq!(
            exceeded(limits, r#"{"scale":1,"maxRetries":9,"gopSize":300}"#),
            [""; 0]
        );
        assert_eq!(
            exceeded(
                limits,
                r#"{"scale":2,"gopSize":301,"metadata":{"a":"b","c":"d"}}"#
            ),
            [
                "gopSize may be at most 300 in this API, not 301.",
                "scale may be at most 1 in this API, not 2.",
                "metadata may have at most 1 entries and 40 bytes in this API, not 2 and 17.",
            ]
        );
    }

    #[test]
    fn any_number_of_tags_is_counted() {
        for count in [51, 1_001, 20_000] {
            let tags: Vec<_> = (0..count)
                .map(|tag| format!(r#""\u0061{tag}":"b""#))
                .collect();
            let asked = format!(r#"{{"metadata":{{{}}}}}"#, tags.join(","));
            assert_eq!(exceeded("{}", &asked).len(), 1, "{count}");
        }
    }

    #[test]
    fn what_is_no_limit() {
        for wrong in [
            "[]",
            r#"{"scale":"4"}"#,
            r#"{"scale":-1}"#,
            r#"{"codec":1}"#,
            r#"{"concurrency":10}"#,
            r#"{"metadata":50}"#,
        ] {
            assert!(RenderLimits::parse(wrong).is_err(), "{wrong}");
        }
    }
}
