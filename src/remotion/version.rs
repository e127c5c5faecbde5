//! The release of a Remotion function: a request is refused unless it carries exactly the function's own.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The release whose payload's shape this crate mirrors. The version *sent* is the deployed function's.
pub const SCHEMA_VERSION: &str = "4.0.527";

/// A release of Remotion, such as `4.0.527`. Compared as text, as the function does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Version(String);

impl Version {
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
                "{text:?} is not a release of Remotion such as {SCHEMA_VERSION}."
            ))
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

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
            "remotion-render-4-0-527-mem2048mb-disk2048mb-120sec",
            Some("4.0.527"),
        );
        assert_function(
            "remotion-render-4-0-527-mem2048mb-disk2048mb-120sec:live",
            Some("4.0.527"),
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
        let text = "which has the version 4.0.527, but the package has version 4.0.526-alpha1. See: https://www.remotion.dev/";
        assert_eq!(
            Version::all_in(text)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            ["4.0.527", "4.0.526-alpha1"]
        );
        assert!(Version::all_in("remotion-render-4-0-527-mem2048mb 4.0 1.2.3.4").is_empty());
    }
}
