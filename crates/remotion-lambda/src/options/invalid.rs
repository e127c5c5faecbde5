//! Options that a render or a still cannot have.

use std::fmt;

use super::conflict::Conflict;
use crate::json::Violation;

/// Everything that is wrong with a JSON object of options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOptions(pub Vec<Violation>);

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
