//! The release of a Remotion function, which refuses every request that does not carry exactly its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The newest release whose payload this crate knows, by `releases.json`. The version *sent* is the deployed function's.
pub const SCHEMA_VERSION: &str = named(include_str!("../releases.json"), "\"schema\": \"");

/// The text between a mark and the next quotation mark.
const fn named(text: &'static str, mark: &str) -> &'static str {
    let (text_bytes, mark_bytes) = (text.as_bytes(), mark.as_bytes());
    let mut start = 0;
    loop {
        let mut at = 0;
        while at < mark_bytes.len() && text_bytes[start + at] == mark_bytes[at] {
            at += 1;
        }
        if at == mark_bytes.len() {
            break;
        }
        start += 1;
    }
    start += mark_bytes.len();
    let mut end = start;
    while text_bytes[end] != b'"' {
        end += 1;
    }
    text.split_at(end).0.split_at(start).1
}

/// The numbers of a release, which can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    /// As in 4.0.520: 4.
    pub major: u32,
    /// As in 4.0.520: 0.
    pub minor: u32,
    /// As in 4.0.520: 527.
    pub patch: u32,
}

impl Release {
    /// The oldest whose functions are spoken to.
    pub const OLDEST: Self = Self::new(4, 0, 0);

    /// The release of these numbers.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A release of Remotion, such as `4.0.520`. Compared as text, as the function does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Version(String);

impl Version {
    /// The newest release that this crate knows.
    #[must_use]
    pub fn newest() -> Self {
        Self(SCHEMA_VERSION.to_owned())
    }

    /// The release in the name of a function that Remotion deployed, if it stands there in full.
    ///
    /// Takes a name or an ARN, with or without a version or alias. Remotion keeps the first ten characters of the
    /// release, so a longer one (a pre-release) cannot be told from the name, nor can that of a renamed function.
    /// Source: <https://www.remotion.dev/docs/lambda/naming-convention>
    #[must_use]
    pub fn of_function(name: &str) -> Option<Self> {
        let name = name
            .split(':')
            .find(|part| part.starts_with("remotion-render-"))?;
        let (release, _) = name.strip_prefix("remotion-render-")?.split_once("-mem")?;
        let whole = release.len() < 10 && release.split('-').count() == 3;
        whole.then(|| Self::try_from(release.replace('-', ".")).ok())?
    }

    /// Its numbers. A pre-release counts as the release that it comes before: it has what that one will have.
    #[must_use]
    pub fn release(&self) -> Release {
        let mut numbers = self
            .0
            .split(['.', '-', '+'])
            .map(|number| number.parse().unwrap_or(u32::MAX));
        let mut next = || numbers.next().unwrap_or_default();
        Release::new(next(), next(), next())
    }

    /// The releases that a text names, in order: Remotion tells of a mismatch in a sentence only.
    pub(crate) fn all_in(text: &str) -> Vec<Self> {
        text.split(|c: char| c.is_whitespace() || c == ',')
            .filter_map(|word| Self::try_from(word.trim_end_matches('.').to_owned()).ok())
            .collect()
    }
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let core = text
            .split_once(['-', '+'])
            .map_or(text.as_str(), |(core, _)| core);
        let numbers = core
            .split('.')
            .filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        let clean = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".-+".contains(&b));
        if clean && text.len() <= 64 && numbers.count() == 3 && core.split('.').count() == 3 {
            Ok(Self(text))
        } else {
            Err(format!(
                "must be a release of Remotion such as {SCHEMA_VERSION}, not {text:?}"
            ))
        }
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Release, SCHEMA_VERSION, Version};

    #[test]
    fn releases() {
        let version = |text: &str| Version::try_from(text.to_owned()).expect("a version");
        assert_eq!(version("4.0.520").release(), Release::new(4, 0, 520));
        assert_eq!(version("5.1.0-alpha2").release(), Release::new(5, 1, 0));
        assert!(version("4.0.99").release() < version("4.0.100").release());
        assert!(version(SCHEMA_VERSION).release() > Release::OLDEST);
    }

    #[track_caller]
    fn assert_function(name: &str, version: Option<&str>) {
        assert_eq!(
            Version::of_function(name).map(|v| v.to_string()).as_deref(),
            version
        );
    }

    #[test]
    fn of_function() {
        assert_function(
            "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec",
            Some("4.0.520"),
        );
        assert_function(
            "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec:live",
            Some("4.0.520"),
        );
        assert_function(
            "arn:aws:lambda:us-east-1:000000000000:function:remotion-render-4-0-311-mem2048mb-disk2048mb-120sec",
            Some("4.0.311"),
        );
        assert_function(
            "arn:aws:lambda:us-east-1:000000000000:function:remotion-render-4-0-311-mem2048mb-disk2048mb-120sec:7",
            Some("4.0.311"),
        );
        assert_function(
            "000000000000:function:remotion-render-4-0-311-mem2048mb-disk2048mb-120sec",
            Some("4.0.311"),
        );
        assert_function("our-renderer", None);
        assert_function("remotion-render-latest-mem2048mb-disk2048mb-120sec", None);
        // Cut after ten characters: it may have been longer.
        assert_function(
            "remotion-render-4-1-0-alph-mem2048mb-disk2048mb-120sec",
            None,
        );
        assert_function(
            "remotion-render-10-10-1000-mem2048mb-disk2048mb-120sec",
            None,
        );
    }

    #[test]
    fn all_in() {
        let text = "which has the version 4.0.520, but the package has version 4.0.526-alpha1. See: https://www.remotion.dev/";
        assert_eq!(
            Version::all_in(text)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            ["4.0.520", "4.0.526-alpha1"]
        );
        assert!(Version::all_in("remotion-render-4-0-520-mem2048mb 4.0 1.2.3.4").is_empty());
    }
}
