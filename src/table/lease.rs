//! A place among the functions that may run at once: taken before a render starts, and freed once, when its functions have
//! stopped.
//!
//! Each lease is an item of its own, so that it is found when its time has passed, whatever has become of the render. One item
//! counts all of them.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use tokio::time::Instant;

use super::client::{RendersTable, if_met};
use super::item::{Item, number, number_in, text, text_in};
use super::{key, write};
use crate::access::owner::Owner;
use crate::aws::service::ServiceError;
use crate::clock::now_ms;
use crate::render::lease::Lease;

/// How long a lease is kept that nobody frees, in seconds: long after everything has stopped.
const LEASE_SECONDS: u64 = 7 * 24 * 3_600;

/// How long what waits for functions keeps others from them after it has last found none, in milliseconds: until the next tick
/// has looked, and some time more.
const AWAITED: u64 = 90_000;

/// Why a lease is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRoom {
    /// All functions are taken, or others wait for them. What waits for its owner's others to end keeps nobody from them.
    Functions,
    /// The owner has as many renders running as one may.
    Owner,
}

impl RendersTable {
    /// The lease of a render with these functions; `None` where there is no capacity to keep.
    pub(super) fn lease(&self, id: &str, weight: u32) -> Option<Lease> {
        let capacity = self.terms.capacity?;
        Some(Lease {
            id: id.to_owned(),
            weight,
            per_owner: capacity.renders_per_owner.is_some(),
        })
    }

    /// What takes a lease, each with what it means that its condition does not hold. A render that waited is let past those
    /// that wait.
    pub(super) fn take_lease(
        &self,
        owner: &Owner,
        lease: &Lease,
        has_waited: bool,
        now: u64,
    ) -> Vec<(TransactWriteItem, Option<NoRoom>)> {
        let Some(capacity) = self.terms.capacity else {
            return Vec::new();
        };
        let mut item = lease_key(owner, &lease.id);
        item.extend([
            ("weight".into(), number(lease.weight)),
            ("due".into(), text(key::ENDS)),
            ("dueAt".into(), text(key::due_at(now + capacity.held_for))),
            ("expiresAt".into(), number(now / 1_000 + LEASE_SECONDS)),
        ]);
        if lease.per_owner {
            item.insert("perOwner".into(), number(1));
        }
        let put = self.putting(item);
        let room = i64::from(capacity.functions) - i64::from(lease.weight);
        let is_room = "(attribute_not_exists(used) OR used <= :room)";
        let count = self
            .updating(key::capacity())
            .expression_attribute_values(":weight", number(lease.weight))
            .expression_attribute_values(":room", number(room));
        let count = if has_waited {
            count
                .update_expression("ADD used :weight, waiting :less")
                .condition_expression(is_room)
                .expression_attribute_values(":less", number(-1))
        } else {
            count
                .update_expression("ADD used :weight")
                .condition_expression(format!(
                    "{is_room} AND (attribute_not_exists(awaitedUntil) OR awaitedUntil < :now OR waiting <= :none)"
                ))
                .expression_attribute_values(":now", number(now))
                .expression_attribute_values(":none", number(0))
        };
        let mut writes = vec![
            (write::put(put), None),
            (write::update(count), Some(NoRoom::Functions)),
        ];
        if let Some(most) = capacity.renders_per_owner {
            let update = self
                .updating(key::of(owner, key::RUNNING.to_owned()))
                .update_expression("ADD running :one")
                .condition_expression("attribute_not_exists(running) OR running < :most")
                .expression_attribute_values(":one", number(1))
                .expression_attribute_values(":most", number(most));
            writes.push((write::update(update), Some(NoRoom::Owner)));
        }
        writes
    }

    /// What waits has found no functions, or all that it needs: whether it keeps others from them.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then it does so for some time at most.
    pub async fn await_room(
        &self,
        is_awaited: bool,
        now: u64,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let update = self.update_item(key::capacity());
        let update = if is_awaited {
            update
                .update_expression("SET awaitedUntil = :until")
                .expression_attribute_values(":until", awaited_until(now))
        } else {
            let item = self.item(key::capacity(), deadline).await?;
            if !item.is_some_and(|item| item.contains_key("awaitedUntil")) {
                return Ok(());
            }
            update.update_expression("REMOVE awaitedUntil")
        };
        if_met(deadline, || update.clone().send()).await.map(|_| ())
    }

    /// So many more wait, or fewer.
    pub(super) fn count_waiting(&self, more: i64) -> TransactWriteItem {
        let update = self
            .updating(key::capacity())
            .update_expression("ADD waiting :more")
            .expression_attribute_values(":more", number(more));
        write::update(update)
    }

    /// The same, where they are known to wait for functions.
    pub(super) fn count_waiting_for_functions(&self, more: i64) -> TransactWriteItem {
        let update = self
            .updating(key::capacity())
            .update_expression("SET awaitedUntil = :until ADD waiting :more")
            .expression_attribute_values(":until", awaited_until(now_ms()))
            .expression_attribute_values(":more", number(more));
        write::update(update)
    }

    /// What frees a lease, once: the first of the writes has the condition that it is still held.
    pub(super) fn free_lease(&self, owner: &Owner, lease: &Lease) -> Vec<TransactWriteItem> {
        let count = self.counting_down(key::capacity(), "used", lease.weight);
        self.freed(owner, lease, count)
    }

    /// The same of a render that waits again: one write for the capacity, a function fewer, and a render more that waits.
    pub(super) fn free_lease_and_wait(
        &self,
        owner: &Owner,
        lease: &Lease,
    ) -> Vec<TransactWriteItem> {
        let count = self
            .updating(key::capacity())
            .update_expression("ADD used :less, waiting :one")
            .expression_attribute_values(":less", number(-i64::from(lease.weight)))
            .expression_attribute_values(":one", number(1));
        self.freed(owner, lease, write::update(count))
    }

    fn freed(
        &self,
        owner: &Owner,
        lease: &Lease,
        count: TransactWriteItem,
    ) -> Vec<TransactWriteItem> {
        let delete = self
            .deleting(lease_key(owner, &lease.id))
            .condition_expression("attribute_exists(pk)");
        let mut writes = vec![write::delete(delete), count];
        if lease.per_owner {
            let running = key::of(owner, key::RUNNING.to_owned());
            writes.push(self.counting_down(running, "running", 1));
        }
        writes
    }

    /// What has a lease freed at another moment than when its time has passed; nothing changes where it is freed already.
    pub(super) fn free_lease_at(
        &self,
        owner: &Owner,
        lease: &Lease,
        moment: u64,
    ) -> UpdateItemFluentBuilder {
        self.update_item(lease_key(owner, &lease.id))
            .update_expression("SET dueAt = :moment")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":moment", text(key::due_at(moment)))
    }
}

fn awaited_until(now: u64) -> AttributeValue {
    number(now + AWAITED)
}

/// The lease that an item is.
pub(super) fn read(item: &Item) -> Option<Lease> {
    Some(Lease {
        id: text_in(item, "sk")?.strip_prefix("lease#")?.to_owned(),
        weight: u32::try_from(number_in(item, "weight")?).ok()?,
        per_owner: item.contains_key("perOwner"),
    })
}

fn lease_key(owner: &Owner, id: &str) -> Item {
    key::of(owner, key::lease(id))
}
