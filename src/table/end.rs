//! The end of a render, written once: with what it adds to its owner's usage, and with the event that is to be told.

use aws_sdk_dynamodb::types::TransactWriteItem;
use tokio::time::Instant;

use super::client::{IS_NEW, RendersTable, if_met};
use super::item::{Item, decimal, number, text};
use super::record::{end_written, render_key, written};
use super::transaction::{Outcome, token};
use super::{key, write};
use crate::access::owner::Owner;
use crate::aws::service::ServiceError;
use crate::render::end::{End, Final};
use crate::render::lease::Lease;
use crate::render::{Kind, Render};

/// How long the sums of a month are kept, in seconds: the eleven months after it, and some days.
const USAGE_SECONDS: u64 = 400 * 24 * 3_600;

/// How long an event that nobody takes is kept, in seconds.
const EVENT_SECONDS: u64 = 30 * 24 * 3_600;

/// How long an event is left to whoever has written it, in milliseconds, before the sweep puts it.
const EVENT_PATIENCE: u64 = 30_000;

impl RendersTable {
    /// Writes the end that a render has; `false` where another was written before, or where the render is gone.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then it may be there.
    pub async fn end(
        &self,
        owner: &Owner,
        render: &Render,
        end: &End,
        event: Option<&str>,
        deadline: Instant,
    ) -> Result<bool, ServiceError> {
        let mut end_item = end_written(end);
        if let Some(remotion_id) = render.remotion_id() {
            end_item.insert("remotionRenderId".into(), text(remotion_id.as_str()));
        }
        let update = self
            .updating(render_key(owner, &render.id))
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(ended)");
        let (update, sets) = write::setting(update, end_item);
        let update = update.update_expression(format!("SET {sets} REMOVE due, dueAt, phase"));
        let write = write::update(update);
        self.write_end(write, owner, render, end, event, deadline)
            .await
    }

    /// Writes a render whose record was lost, together with its end; `false` where there is a record.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then it may be there.
    pub async fn adopt(
        &self,
        owner: &Owner,
        render: &Render,
        end: &End,
        event: Option<&str>,
        deadline: Instant,
    ) -> Result<bool, ServiceError> {
        let put = self
            .putting(written(render, owner))
            .condition_expression(IS_NEW);
        let write = write::put(put);
        self.write_end(write, owner, render, end, event, deadline)
            .await
    }

    async fn write_end(
        &self,
        write: TransactWriteItem,
        owner: &Owner,
        render: &Render,
        end: &End,
        event: Option<&str>,
        deadline: Instant,
    ) -> Result<bool, ServiceError> {
        let mut writes = vec![write];
        writes.extend(self.with_end(owner, render, end, event));
        // What was sent is kept only for what was taken in.
        if render.id.remotion().is_none() {
            writes.push(self.forget_request(owner, &render.id));
        }
        // Only a render that is done has stopped when it says so.
        let lease = render.lease.as_ref().filter(|_| end.status == Final::Done);
        if let Some(lease) = lease {
            let mut all = writes.clone();
            all.extend(self.free_lease(owner, lease));
            let outcome = self.transact_end(owner, render, end, all, deadline);
            if let Outcome::Written = outcome.await? {
                return Ok(true);
            }
            // It is freed already, or the render has another end.
        }
        let outcome = self.transact_end(owner, render, end, writes, deadline);
        Ok(matches!(outcome.await?, Outcome::Written))
    }

    /// Has the place of a render freed at a moment, in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then it is freed when its time has passed.
    pub async fn free_at(
        &self,
        owner: &Owner,
        lease: &Lease,
        moment: u64,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let update = self.free_lease_at(owner, lease, moment);
        if_met(deadline, || update.clone().send()).await.map(|_| ())
    }

    /// Frees the place of a render, where it is held.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn free(
        &self,
        owner: &Owner,
        lease: &Lease,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let writes = self.free_lease(owner, lease);
        self.transact(writes, &token(), deadline).await.map(|_| ())
    }

    /// What goes with an end: the owner's sums of the month, and the event.
    pub(super) fn with_end(
        &self,
        owner: &Owner,
        render: &Render,
        end: &End,
        event: Option<&str>,
    ) -> Vec<TransactWriteItem> {
        let counter = match render.kind {
            Kind::Render => "renders",
            Kind::Still => "stills",
        };
        let costs = end.costs.as_ref().map_or(0.0, |costs| costs.accrued_so_far);
        let sums = self
            .updating(key::of(owner, key::usage(end.finished_at)))
            .update_expression(format!(
                "SET expiresAt = :expires ADD {counter} :one, frames :frames, costs :costs"
            ))
            .expression_attribute_values(
                ":expires",
                number(end.finished_at / 1_000 + USAGE_SECONDS),
            )
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":frames", number(end.frames))
            .expression_attribute_values(":costs", decimal(costs));
        let mut writes = Vec::new();
        // What was never started counts nowhere.
        if render.remotion_id().is_some() {
            writes.push(write::update(sums));
        }
        writes.extend(event.map(|event| self.put_event(owner, render, end, event)));
        writes
    }

    pub(super) fn put_event(
        &self,
        owner: &Owner,
        render: &Render,
        end: &End,
        event: &str,
    ) -> TransactWriteItem {
        let mut item: Item = key::of(owner, key::event(&render.id));
        item.extend([
            ("detail".into(), text(event)),
            ("due".into(), text(key::ENDS)),
            (
                "dueAt".into(),
                text(key::due_at(
                    end.finished_at.max(crate::clock::now_ms()) + EVENT_PATIENCE,
                )),
            ),
            (
                "expiresAt".into(),
                number(end.finished_at / 1_000 + EVENT_SECONDS),
            ),
        ]);
        let put = self.putting(item);
        write::put(put)
    }
}
