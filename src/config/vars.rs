//! Reads environment variables one by one, and collects what is wrong with them.

use std::ops::RangeInclusive;
use std::time::Duration;

/// Variables from anywhere.
pub(super) struct Vars<F> {
    var: F,
    faults: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Vars<F> {
    pub(super) const fn new(var: F) -> Self {
        Self {
            var,
            faults: Vec::new(),
        }
    }

    /// Everything that was wrong.
    pub(super) fn into_faults(self) -> Vec<String> {
        self.faults
    }

    pub(super) fn fault(&mut self, sentence: &str) {
        self.faults.push(sentence.to_owned());
    }

    /// Settings that need the table of renders.
    pub(super) fn needs_table(&mut self, given: &[(&str, bool)]) {
        for (name, is_given) in given {
            if *is_given && self.get("RENDERS_TABLE").is_none() {
                self.fault(&format!("{name} needs RENDERS_TABLE."));
            }
        }
    }

    /// The text of a variable that is set, and is not blank.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        (self.var)(name).filter(|text| !text.trim().is_empty())
    }

    pub(super) fn required<T: TryFrom<String, Error: ToString>>(
        &mut self,
        name: &str,
        meaning: &str,
    ) -> Option<T> {
        if self.get(name).is_none() {
            self.fault(&format!("{name} is not set: it must be {meaning}."));
        }
        self.parsed(name)
    }

    pub(super) fn parsed<T: TryFrom<String, Error: ToString>>(&mut self, name: &str) -> Option<T> {
        match T::try_from(self.get(name)?) {
            Ok(value) => Some(value),
            Err(error) => {
                let reason = error.to_string();
                self.fault(&format!("{name} {}.", reason.trim_end_matches('.')));
                None
            }
        }
    }

    pub(super) fn number(&mut self, name: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let text = self.get(name)?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let (first, last) = range.into_inner();
            self.fault(&format!(
                "{name} must be a whole number from {first} to {last}, not {text:?}."
            ));
        }
        number
    }

    /// An amount of money: more than nothing.
    pub(super) fn amount(&mut self, name: &str) -> Option<f64> {
        let text = self.get(name)?;
        let amount = text.trim().parse::<f64>().ok();
        let amount = amount.filter(|amount| *amount > 0.0 && *amount <= 1e9);
        if amount.is_none() {
            self.fault(&format!(
                "{name} must be an amount of dollars, such as 5 or 0.50, not {text:?}."
            ));
        }
        amount
    }

    pub(super) fn seconds(
        &mut self,
        name: &str,
        range: RangeInclusive<u32>,
        default: u32,
    ) -> Duration {
        let seconds = self.number(name, range).unwrap_or(default);
        Duration::from_secs(seconds.into())
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        match self.get(name).as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(text) => {
                self.fault(&format!("{name} must be true or false, not {text:?}."));
                false
            }
        }
    }

    /// The entries of a comma list, without those that are blank.
    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        let text = self.get(name)?;
        let entries = text
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        Some(entries.map(ToOwned::to_owned).collect())
    }
}
