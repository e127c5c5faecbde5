//! The time of day.

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use tokio::time::Instant;

thread_local! {
    /// Where this thread's time began to be tokio's, and when that was.
    static SIMULATED: Cell<Option<(u64, Instant)>> = const { Cell::new(None) };
}

/// Milliseconds since 1970, as Remotion counts.
#[must_use]
pub fn now_ms() -> u64 {
    if let Some((began, at)) = SIMULATED.get() {
        return began + milliseconds(at.elapsed());
    }
    milliseconds(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default(),
    )
}

/// From now on this thread's time is tokio's, which a simulation lets pass at once. It begins at a moment in milliseconds since
/// 1970.
pub fn simulate(began: u64) {
    SIMULATED.set(Some((began, Instant::now())));
}

/// This many milliseconds, or the maximum.
#[must_use]
pub fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Seconds since 1970.
#[must_use]
pub fn now_seconds() -> u64 {
    now_ms() / 1_000
}

/// The day of a moment in milliseconds since 1970, by UTC, such as `2026-11-26`.
#[must_use]
pub fn date(moment: u64) -> String {
    let seconds = i64::try_from(moment / 1_000).unwrap_or(i64::MAX);
    let written = DateTime::from_secs(seconds).fmt(Format::DateTime);
    written.unwrap_or_default().chars().take(10).collect()
}

/// A month of a year, by UTC. Written `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: u64,
    /// From 1 to 12.
    month: u64,
}

impl Month {
    /// The month of a moment, in milliseconds since 1970.
    #[must_use]
    pub fn of(moment: u64) -> Self {
        let day = date(moment);
        let month = day.get(..7).and_then(|month| month.parse().ok());
        month.unwrap_or(Self {
            year: 1970,
            month: 1,
        })
    }

    /// When it ends, in milliseconds since 1970.
    #[must_use]
    pub fn end(self) -> u64 {
        let all = self.year * 12 + self.month;
        let first = format!("{:04}-{:02}-01T00:00:00Z", all / 12, all % 12 + 1);
        let first = DateTime::from_str(&first, Format::DateTime).map(|first| first.secs());
        first.map_or(0, i64::cast_unsigned) * 1_000
    }

    /// The one so many months before.
    #[must_use]
    pub const fn before(self, months: u64) -> Self {
        let all = self.year * 12 + self.month - 1 - months;
        Self {
            year: all / 12,
            month: all % 12 + 1,
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, month) = text.split_once('-').ok_or(())?;
        let month = month.parse().map_err(|_| ())?;
        Ok(Self {
            year: year.parse().map_err(|_| ())?,
            month: (1..=12).contains(&month).then_some(month).ok_or(())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Month;

    #[test]
    fn months() {
        for (moment, month) in [
            (0, "1970-01"),
            (951_782_399_999, "2000-02"),
            (951_868_800_000, "2000-03"),
            (1_798_761_599_999, "2026-12"),
            (1_798_761_600_000, "2027-01"),
        ] {
            assert_eq!(Month::of(moment).to_string(), month);
        }
        assert_eq!(
            "2026-12".parse::<Month>().map(Month::end),
            Ok(1_798_761_600_000)
        );
        let november: Month = "2026-11".parse().expect("a month");
        assert_eq!(november.before(0), november);
        assert_eq!(november.before(11).to_string(), "2025-12");
        assert!("2026-13".parse::<Month>().is_err());
    }
}
