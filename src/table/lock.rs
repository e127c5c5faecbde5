//! The lock on the queue, which one holder has at a time.

use tokio::time::Instant;

use super::client::{RendersTable, if_met};
use super::item::{number, number_in, text, text_in};
use super::key;
use super::queue::Waiting;
use super::transaction::token;
use crate::aws::service::ServiceError;

/// How long a lock is held after its holder was last seen to work, in milliseconds: whoever has died holds up the queue for no
/// longer. Two that look at once do no harm, as each render is claimed once.
pub(super) const LOCK: u64 = 5_000;

/// The lock on the queue, which one holder has at a time.
#[derive(Debug)]
pub struct Lock {
    holder: String,
    wakes: u64,
    /// The turn that has passed.
    passed: u64,
}

impl Lock {
    /// The turn that has passed when a render has been claimed. A render whose owner has kept it waiting has one of long ago.
    pub(super) const fn passed_with(&self, waiting: &Waiting) -> u64 {
        if waiting.turn > self.passed {
            waiting.turn
        } else {
            self.passed
        }
    }

    /// A render has been claimed.
    pub const fn pass(&mut self, waiting: &Waiting) {
        self.passed = self.passed_with(waiting);
    }
}

impl RendersTable {
    /// The right to look at the queue; `None` where somebody has it, who will look once more.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn lock(&self, now: u64, deadline: Instant) -> Result<Option<Lock>, ServiceError> {
        let holder = token();
        let update = || {
            self.update_item(key::queue())
                .expression_attribute_values(":now", number(now))
        };
        let lock = update()
            .update_expression("SET holder = :holder, lockedUntil = :until")
            .condition_expression("attribute_not_exists(lockedUntil) OR lockedUntil < :now")
            .expression_attribute_values(":holder", text(&holder))
            .expression_attribute_values(":until", number(now + LOCK));
        let wake = update()
            .update_expression("ADD wakes :one")
            .condition_expression("lockedUntil >= :now")
            .expression_attribute_values(":one", number(1));
        loop {
            let is_locked = if_met(deadline, || lock.clone().send()).await?;
            let queue = self.item(key::queue(), deadline).await?.unwrap_or_default();
            // It may be our own, of an attempt whose answer was lost.
            if is_locked || text_in(&queue, "holder") == Some(&holder) {
                return Ok(Some(Lock {
                    holder,
                    wakes: number_in(&queue, "wakes").unwrap_or_default(),
                    passed: number_in(&queue, "turn").unwrap_or_default(),
                }));
            }
            // Whoever has given it back by now looks no more.
            if if_met(deadline, || wake.clone().send()).await? {
                return Ok(None);
            }
        }
    }

    /// Gives the lock back, unless somebody has been turned away meanwhile: then it is to be used once more.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then it expires.
    pub async fn unlock(&self, lock: &mut Lock, deadline: Instant) -> Result<bool, ServiceError> {
        let unlock = self
            .update_item(key::queue())
            .update_expression("REMOVE lockedUntil")
            .condition_expression(
                "holder = :holder AND (attribute_not_exists(wakes) OR wakes <= :seen)",
            )
            .expression_attribute_values(":holder", text(&lock.holder))
            .expression_attribute_values(":seen", number(lock.wakes));
        if if_met(deadline, || unlock.clone().send()).await? {
            return Ok(true);
        }
        let queue = self.item(key::queue(), deadline).await?.unwrap_or_default();
        if text_in(&queue, "holder") != Some(&lock.holder) {
            // It has expired, and another has it.
            return Ok(true);
        }
        lock.wakes = number_in(&queue, "wakes").unwrap_or_default();
        Ok(false)
    }
}
