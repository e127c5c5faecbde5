//! What a claim takes from its owner and from the deployment, in addition to its key: one of today's renders, a month that is not spent,
//! and a place among the functions.

use aws_sdk_dynamodb::types::{ConditionCheck, TransactWriteItem};
use tokio::time::Instant;

use super::client::RendersTable;
use super::item::{Item, decimal, number, number_in};
use super::lease::NoRoom;
use super::{key, write};
use crate::access::owner::Owner;
use crate::clock::{Month, now_seconds};
use crate::error::Error;
use crate::quota::{DAY_SECONDS, Quota};
use crate::render::lease::Lease;

/// Seconds after which whoever finds no room may try again: what a short render takes.
const ROOM_RETRY_AFTER: u64 = 10;

/// What one claim takes.
#[derive(Debug)]
pub(super) struct Taken {
    owner: Owner,
    counted: Option<Counted>,
    spending: Option<Spending>,
    pub(super) lease: Option<Lease>,
}

/// Some of today's renders.
#[derive(Debug)]
struct Counted {
    day: Item,
    renders: u32,
    limit: u32,
    resets_in: u64,
    expires_at: u64,
}

/// What the owner has spent this month, which must be less than the budget.
#[derive(Debug)]
struct Spending {
    month: Item,
    budget: f64,
    resets_in: u64,
}

/// What stands in a claim's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Quota,
    Budget,
    NoRoom(NoRoom),
}

impl RendersTable {
    /// What this many renders take from their owner, and a lease for the functions of one, if it is to start now.
    pub(super) fn taken(&self, owner: &Owner, renders: u32, lease: Option<Lease>) -> Taken {
        let now = now_seconds();
        Taken {
            counted: self.counted(owner, renders, now),
            spending: self.spending(owner, now),
            lease,
            owner: owner.clone(),
        }
    }

    /// The writes of a claim, each with what it means that its condition does not hold.
    pub(super) fn take(&self, taken: &Taken) -> Vec<(TransactWriteItem, Option<Refusal>)> {
        let counted = taken.counted.as_ref();
        let spending = taken.spending.as_ref();
        let mut writes = Vec::new();
        writes.extend(counted.map(|counted| (self.count(counted), Some(Refusal::Quota))));
        writes.extend(spending.map(|spending| (self.check(spending), Some(Refusal::Budget))));
        if let Some(lease) = &taken.lease {
            let lease = self.take_lease(&taken.owner, lease, false, now_seconds() * 1_000);
            writes.extend(
                lease
                    .into_iter()
                    .map(|(write, no_room)| (write, no_room.map(Refusal::NoRoom))),
            );
        }
        writes
    }

    /// The writes that give back what a claim has taken. A lease is given back only where the first of its own writes finds it.
    pub(super) fn give_back(&self, taken: &Taken) -> Vec<TransactWriteItem> {
        let mut writes = Vec::new();
        if let Some(counted) = &taken.counted {
            writes.push(self.counting_down(counted.day.clone(), "used", counted.renders));
        }
        if let Some(lease) = &taken.lease {
            writes.extend(self.free_lease(&taken.owner, lease));
        }
        writes
    }

    /// What is left of an owner's quota, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Call`].
    pub async fn quota(&self, owner: &Owner, deadline: Instant) -> Result<Option<Quota>, Error> {
        match self.counted(owner, 1, now_seconds()) {
            Some(counted) => {
                let day = self.item(counted.day.clone(), deadline).await?;
                let used = day.and_then(|day| number_in(&day, "used"));
                Ok(Some(counted.quota(used.unwrap_or_default())))
            }
            None => Ok(None),
        }
    }

    /// What fails where an owner has spent the month's budget, if there is one, and the error then.
    pub(super) fn within_budget(&self, owner: &Owner) -> Option<(TransactWriteItem, Error)> {
        let spending = self.spending(owner, now_seconds())?;
        Some((self.check(&spending), spending.refused()))
    }

    fn spending(&self, owner: &Owner, now: u64) -> Option<Spending> {
        let month = Month::of(now * 1_000);
        self.terms.budget.map(|budget| Spending {
            month: key::of(owner, key::usage_of(month)),
            budget,
            resets_in: (month.end() / 1_000).saturating_sub(now).max(1),
        })
    }

    fn counted(&self, owner: &Owner, renders: u32, now: u64) -> Option<Counted> {
        let today = now / DAY_SECONDS;
        self.terms.quota.map(|limit| Counted {
            day: key::of(owner, key::quota(today)),
            renders,
            limit,
            resets_in: DAY_SECONDS - now % DAY_SECONDS,
            expires_at: (today + 2) * DAY_SECONDS,
        })
    }

    fn count(&self, counted: &Counted) -> TransactWriteItem {
        let room = i64::from(counted.limit) - i64::from(counted.renders);
        // A batch that is larger than a whole day's quota finds no room on any day.
        let condition = if room < 0 {
            "used < :room"
        } else {
            "attribute_not_exists(used) OR used <= :room"
        };
        let update = self
            .updating(counted.day.clone())
            .update_expression("SET expiresAt = :end ADD used :more")
            .condition_expression(condition)
            .expression_attribute_values(":more", number(counted.renders))
            .expression_attribute_values(":room", number(room))
            .expression_attribute_values(":end", number(counted.expires_at));
        write::update(update)
    }

    fn check(&self, spending: &Spending) -> TransactWriteItem {
        let check = ConditionCheck::builder()
            .table_name(&self.name)
            .set_key(Some(spending.month.clone()))
            .condition_expression("attribute_not_exists(costs) OR costs < :budget")
            .expression_attribute_values(":budget", decimal(spending.budget))
            .build()
            .expect("a table, a key and a condition");
        TransactWriteItem::builder().condition_check(check).build()
    }
}

impl Taken {
    /// Whose it is.
    pub(super) const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Whether there is anything to take.
    pub(super) const fn is_something(&self) -> bool {
        self.counted.is_some() || self.spending.is_some() || self.lease.is_some()
    }

    /// The error of what stands in the claim's way.
    pub(super) fn refused(&self, refusal: Refusal) -> Error {
        match (refusal, &self.counted, &self.spending) {
            (Refusal::Quota, Some(counted), _) if counted.renders > 1 => Error::BatchOverQuota {
                renders: counted.renders,
                limit: counted.limit,
                resets_in: counted.resets_in,
            },
            (Refusal::Quota, Some(counted), _) => {
                Error::QuotaSpent(counted.quota(counted.limit.into()))
            }
            (Refusal::Budget, _, Some(spending)) => spending.refused(),
            (Refusal::NoRoom(NoRoom::Owner), _, _) => Error::TooManyAtOnce {
                retry_after: ROOM_RETRY_AFTER,
            },
            _ => Error::CapacitySpent {
                retry_after: ROOM_RETRY_AFTER,
            },
        }
    }

    /// The item that counts today's renders, and what it means that so many are used.
    pub(super) fn day(&self) -> Option<(Item, impl Fn(u64) -> Quota + use<'_>)> {
        let counted = self.counted.as_ref()?;
        Some((counted.day.clone(), |used| counted.quota(used)))
    }
}

impl Spending {
    const fn refused(&self) -> Error {
        Error::BudgetSpent {
            budget: self.budget,
            resets_in: self.resets_in,
        }
    }
}

impl Counted {
    /// What is left when so many are used.
    fn quota(&self, used: u64) -> Quota {
        let used = u32::try_from(used).unwrap_or(u32::MAX);
        Quota {
            limit: self.limit,
            left: self.limit.saturating_sub(used),
            resets_in: self.resets_in,
        }
    }
}
