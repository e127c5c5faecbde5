//! What the operator grants to one owner, and to all of them together.

/// The operator's terms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Terms {
    /// How many renders an owner may start in a day.
    pub quota: Option<u32>,
    /// What an owner's renders may cost in a month, in dollars.
    pub budget: Option<f64>,
    /// How many functions may run at once.
    pub capacity: Option<Capacity>,
}

/// How many functions may run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// In all.
    pub functions: u32,
    /// How many renders of one owner; any number where it is `None`.
    pub renders_per_owner: Option<u32>,
    /// How long capacity is held at most, in milliseconds: a render's functions have stopped by then.
    pub held_for: u64,
}

/// How renders wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueTerms {
    /// How long one may wait, in minutes.
    pub max_wait_minutes: u32,
}

impl QueueTerms {
    /// Until when what is taken in at a moment may wait, both in milliseconds since 1970.
    #[must_use]
    pub fn waits_until(self, now: u64) -> u64 {
        now + u64::from(self.max_wait_minutes) * 60_000
    }
}
