//! A batch: many renders of one request, which start when there is capacity.

use std::fmt;

use serde::Serialize;

use crate::access::identity::Caller;
use crate::random;

/// What the id of a batch begins with.
const PREFIX: &str = "b-";

/// How many characters follow.
const LENGTH: usize = 16;

/// A batch's id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct BatchId(String);

impl BatchId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(PREFIX.to_owned() + &random::name(LENGTH))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for BatchId {
    type Error = ();

    fn try_from(text: &str) -> Result<Self, ()> {
        let is_one = text.strip_prefix(PREFIX).is_some_and(|rest| {
            rest.len() == LENGTH
                && rest
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        is_one.then(|| Self(text.to_owned())).ok_or(())
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is kept of a batch. `waiting`, `started`, `done`, `failed` and `cancelled` add up to `total`.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// Who has asked for it.
    pub user: String,
    /// The client that has asked for that user, where it was one.
    pub actor: Option<String>,
    /// Remotion's bucket, which has what was asked for.
    pub bucket_name: String,
    /// How many renders it has.
    pub total: u32,
    /// How many wait.
    pub waiting: u32,
    /// How many have been started, and have not ended.
    pub started: u32,
    /// How many are done.
    pub done: u32,
    /// How many have failed, or ran out of time.
    pub failed: u32,
    /// How many were cancelled.
    pub cancelled: u32,
    /// Its costs so far, in dollars, by Remotion's estimate.
    pub costs: f64,
    /// When it was taken in, in milliseconds since 1970.
    pub started_at: u64,
    /// When the last of its renders ended, in milliseconds since 1970.
    pub finished_at: Option<u64>,
    /// Whether somebody has cancelled it.
    pub cancelling: bool,
    /// The turn of its first render.
    pub first_turn: u64,
    /// How many of its renders have a record, the first first.
    pub expanded: u32,
}

impl Batch {
    /// One of so many renders, at this moment in milliseconds since 1970.
    #[must_use]
    pub fn new(caller: &Caller, bucket_name: String, total: u32, now: u64) -> Self {
        Self {
            id: BatchId::random(),
            user: caller.user.clone(),
            actor: caller.actor.clone(),
            bucket_name,
            total,
            waiting: total,
            started: 0,
            done: 0,
            failed: 0,
            cancelled: 0,
            costs: 0.0,
            started_at: now,
            finished_at: None,
            cancelling: false,
            first_turn: 0,
            expanded: 0,
        }
    }

    /// The object in Remotion's bucket that has what was asked for.
    #[must_use]
    pub fn object(&self) -> String {
        format!("render-api/batches/{}.json", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::BatchId;

    #[test]
    fn ids() {
        let id = BatchId::random();
        assert_eq!(BatchId::try_from(id.as_str()), Ok(id));
        for wrong in [
            "",
            "b-",
            "b-0123456789ABCDEF",
            "q-0123456789abcdef",
            "b-0123456789abcdef0",
        ] {
            assert!(BatchId::try_from(wrong).is_err(), "{wrong}");
        }
    }
}
