//! Options that a render or a still cannot have.

use std::fmt;

use super::conflict::Conflict;
use crate::json::Violation;

/// Everything that is wrong with options: each by itself, or together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOptions(pub Vec<Violation>);

impl InvalidOptions {
    /// What is wrong by itself, and what does not go together. A conflict over an option that is wrong anyway is left out.
    pub(crate) fn all(mut violations: Vec<Violation>, conflicts: &[Conflict]) -> Self {
        let is_told = |option: &&str| violations.iter().any(|told| told.key() == *option);
        let conflicts: Vec<_> = conflicts
            .iter()
            .filter(|conflict| !conflict.options.iter().any(is_told))
            .map(Conflict::violation)
            .collect();
        violations.extend(conflicts);
        Self(violations)
    }
}

impl fmt::Display for InvalidOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Violation { pointer, detail }) in self.0.iter().enumerate() {
            let between = if at == 0 { "" } else { " " };
            write!(f, "{between}{pointer}: {detail}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidOptions {}

impl From<Vec<Violation>> for InvalidOptions {
    fn from(violations: Vec<Violation>) -> Self {
        Self(violations)
    }
}

impl From<Vec<Conflict>> for InvalidOptions {
    fn from(conflicts: Vec<Conflict>) -> Self {
        Self(conflicts.iter().map(Conflict::violation).collect())
    }
}

impl From<serde_json::Error> for InvalidOptions {
    fn from(error: serde_json::Error) -> Self {
        Self(vec![Violation::new([], error.to_string())])
    }
}

#[cfg(test)]
mod tests {
    use crate::{StartPayload, StillPayload};

    const SITE: &str = r#""composition":"A","serveUrl":"https://site.example/index.html""#;

    #[test]
    fn all_at_once() {
        let told = |options: &str| {
            let wrong = StartPayload::from_json(&format!("{{{options}}}"));
            wrong.expect_err("mistakes").to_string()
        };
        assert_eq!(
            told(r#""crf":99,"scale":20"#),
            "/scale: scale must be above 0 and at most 16, not 20. \
             /composition: Name the composition to render. \
             /serveUrl: Name the site to render. \
             /crf: crf must be from 1 to 51 for the codec h264, not 99."
        );
        // An option that is wrong is not told twice.
        assert_eq!(
            told(&format!(r#"{SITE},"codec":"none","crf":99,"serveUrl":1"#))
                .matches("/serveUrl")
                .count(),
            1
        );
        assert!(!told(&format!(r#"{SITE},"codec":"none","crf":99"#)).contains("/crf"));
    }

    #[test]
    fn all_of_a_still_at_once() {
        let wrong = StillPayload::from_json(&format!(
            r#"{{{SITE},"scale":20,"frame":60,"forceDurationInFrames":60}}"#
        ));
        assert_eq!(
            wrong.expect_err("mistakes").to_string(),
            "/scale: scale must be above 0 and at most 16, not 20. \
             /frame: forceDurationInFrames gives 60 frames, from -60 to 59. There is no frame 60."
        );
    }
}
