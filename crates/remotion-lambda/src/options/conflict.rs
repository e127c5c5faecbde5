//! Options that do not go together, and what a rule about such options is.

use crate::json::Violation;

/// Options that are right by themselves, and wrong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Every option that has a part in it, first the one that is refused.
    pub options: &'static [&'static str],
    /// A sentence for the person who can correct it.
    pub detail: String,
}

impl Conflict {
    /// The refusal of the first of its options.
    #[must_use]
    pub fn violation(&self) -> Violation {
        Violation::at(
            self.options.first().copied().unwrap_or_default(),
            &self.detail,
        )
    }
}

/// A rule across options: which options it looks at, and what is wrong with them, if anything is.
pub(super) struct Rule<T> {
    options: &'static [&'static str],
    broken_by: fn(&T) -> Option<String>,
}

impl<T> Rule<T> {
    pub(super) const fn new(
        options: &'static [&'static str],
        broken_by: fn(&T) -> Option<String>,
    ) -> Self {
        Self { options, broken_by }
    }
}

pub(super) fn broken<T>(rules: &[Rule<T>], options: &T) -> Vec<Conflict> {
    let conflict = |rule: &Rule<T>| {
        (rule.broken_by)(options).map(|detail| Conflict {
            options: rule.options,
            detail,
        })
    };
    rules.iter().filter_map(conflict).collect()
}

pub(super) fn refuse(when: bool, detail: impl FnOnce() -> String) -> Option<String> {
    when.then(detail)
}
