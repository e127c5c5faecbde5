//! How renders leave the waiting room: they are claimed and started, put back, or end without ever having started.

use std::fmt::Write;

use aws_sdk_dynamodb::types::TransactWriteItem;
use tokio::time::Instant;

use super::client::RendersTable;
use super::item::{number, text};
use super::lease::NoRoom;
use super::lock::{LOCK, Lock};
use super::queue::Waiting;
use super::record::{end_written, lease_written, phase_written, render_key, written};
use super::transaction::{CONDITION_FAILED, Outcome, token};
use super::{key, write};
use crate::access::owner::Owner;
use crate::aws::service::ServiceError;
use crate::clock::now_seconds;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::quota::DAY_SECONDS;
use crate::render::end::End;
use crate::render::lease::Lease;
use crate::render::{Phase, Render};

/// The result of claiming a render that waits.
#[derive(Debug)]
pub enum ClaimedWaiting {
    /// It may be started now, once.
    Claimed(Option<Lease>),
    /// Something else has become of it.
    Gone,
    /// There is no room for it, nor for anything behind it.
    NoRoom,
    /// Its owner has as many renders running as one may.
    OwnerIsFull,
    /// Its owner has spent the month's budget, so that it will not be started.
    Refused(Error),
}

impl RendersTable {
    /// Claims a render that waits, to start it once, with a place for its functions. `look_at` is when somebody is to look what
    /// has become of it.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then it waits on.
    pub async fn claim_waiting(
        &self,
        lock: &Lock,
        waiting: &Waiting,
        weight: u32,
        now: u64,
        look_at: u64,
        deadline: Deadline,
    ) -> Result<ClaimedWaiting, ServiceError> {
        let lease = self.lease(&token(), weight);
        let mut sets = "SET phase = :starting, due = :ends, dueAt = :lookAt".to_owned();
        let mut update = self
            .updating(render_key(&waiting.owner, &waiting.render.id))
            .condition_expression("phase = :waiting AND attribute_not_exists(ended)")
            .expression_attribute_values(":starting", text("starting"))
            .expression_attribute_values(":waiting", text("waiting"))
            .expression_attribute_values(":ends", text(key::ENDS))
            .expression_attribute_values(":lookAt", text(key::due_at(look_at)));
        for (name, value) in lease.iter().flat_map(lease_written) {
            write!(sets, ", {name} = :{name}").expect("memory");
            update = update.expression_attribute_values(format!(":{name}"), value);
        }
        let update = update.update_expression(sets + " REMOVE turn");
        let passed = self
            .updating(key::queue())
            // Whoever claims is at work.
            .update_expression("SET turn = :turn, lockedUntil = :until")
            .expression_attribute_values(":turn", number(lock.passed_with(waiting)))
            .expression_attribute_values(":until", number(now + LOCK));
        let mut writes = vec![write::update(update), write::update(passed)];
        let mut refusals = vec![None, None];
        if let Some((check, refused)) = self.within_budget(&waiting.owner) {
            writes.push(check);
            refusals.push(Some(ClaimedWaiting::Refused(refused)));
        }
        if let Some(lease) = &lease {
            for (write, no_room) in self.take_lease(&waiting.owner, lease, true, now) {
                writes.push(write);
                refusals.push(no_room.map(|no_room| match no_room {
                    NoRoom::Owner => ClaimedWaiting::OwnerIsFull,
                    NoRoom::Functions => ClaimedWaiting::NoRoom,
                }));
            }
        } else {
            writes.push(self.count_waiting(-1));
        }
        let recount = self.recount(&waiting.owner, &waiting.render, "waiting", "started");
        writes.extend(recount);
        let reasons = match self.transact(writes, &token(), deadline.act_by).await {
            Ok(Outcome::Written) => return Ok(ClaimedWaiting::Claimed(lease)),
            Ok(Outcome::Refused(reasons)) => reasons,
            Err(error) => {
                // It may be claimed all the same, though nobody will start it.
                self.put_back(waiting, lease.as_ref(), deadline.settle_by)
                    .await?;
                return Err(error);
            }
        };
        let failed = |at: usize| {
            reasons
                .get(at)
                .is_some_and(|reason| reason.code() == Some(CONDITION_FAILED))
        };
        if failed(0) {
            return Ok(ClaimedWaiting::Gone);
        }
        let mut refused = refusals.into_iter().enumerate();
        let refused = refused.find_map(|(at, refusal)| refusal.filter(|_| failed(at)));
        Ok(refused.unwrap_or(ClaimedWaiting::NoRoom))
    }

    /// The render has been started: remembers by which id Remotion knows it, and what it was started with, such as the place of its
    /// output. Its request is not needed any more.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then it may be written.
    pub async fn launched(
        &self,
        owner: &Owner,
        render: &Render,
        look_at: u64,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let mut record = written(render, owner);
        // It was taken in when it was.
        for name in ["pk", "sk", "startedAt", "expiresAt"] {
            record.remove(name);
        }
        record.extend([
            ("launchedAt".into(), number(render.started_at)),
            ("due".into(), text(key::ENDS)),
            ("dueAt".into(), text(key::due_at(look_at))),
        ]);
        let update = self
            .updating(render_key(owner, &render.id))
            .condition_expression("phase = :starting")
            .expression_attribute_values(":starting", text("starting"));
        let (update, sets) = write::setting(update, record);
        let update = update.update_expression(format!("SET {sets} REMOVE phase"));
        let writes = vec![
            write::update(update),
            self.forget_request(owner, &render.id),
        ];
        // Refused where its end was told before: that is written already.
        self.transact(writes, &token(), deadline).await.map(|_| ())
    }

    /// The render surely has not been started: it waits again, in its place.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn put_back(
        &self,
        waiting: &Waiting,
        lease: Option<&Lease>,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let place = waiting
            .place
            .0
            .get("dueAt")
            .cloned()
            .unwrap_or_else(|| text(""));
        let update = self.updating(render_key(&waiting.owner, &waiting.render.id))
            .update_expression("SET phase = :waiting, due = :queue, dueAt = :place, turn = :turn REMOVE lease, leaseWeight, leasePerOwner")
            .condition_expression("phase = :starting AND attribute_not_exists(ended)")
            .expression_attribute_values(":waiting", text("waiting"))
            .expression_attribute_values(":starting", text("starting"))
            .expression_attribute_values(":queue", text(key::QUEUE))
            .expression_attribute_values(":place", place)
            .expression_attribute_values(":turn", number(waiting.turn));
        let mut writes = vec![write::update(update)];
        match lease {
            Some(lease) => writes.extend(self.free_lease_and_wait(&waiting.owner, lease)),
            None => writes.push(self.count_waiting(1)),
        }
        let recount = self.recount(&waiting.owner, &waiting.render, "started", "waiting");
        writes.extend(recount);
        self.transact(writes, &token(), deadline).await.map(|_| ())
    }

    /// What gives back to the quota what a render has taken that never ran: of another day there is nothing to give back.
    fn uncounting(&self, owner: &Owner, render: &Render) -> Option<TransactWriteItem> {
        let today = now_seconds() / DAY_SECONDS;
        let counted = self.terms.quota.is_some();
        let of_today = render.started_at / 1_000 / DAY_SECONDS == today;
        let day = key::of(owner, key::quota(today));
        (counted && of_today).then(|| self.counting_down(day, "used", 1))
    }

    /// Ends a render that waits, or that has been claimed, without its ever having been started: nothing of it is counted. `false`
    /// where something else has become of it.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then it may have ended.
    pub async fn end_unstarted(
        &self,
        owner: &Owner,
        render: &Render,
        end: &End,
        event: Option<&str>,
        deadline: Instant,
    ) -> Result<bool, ServiceError> {
        let update = self
            .updating(render_key(owner, &render.id))
            .condition_expression("phase = :phase AND attribute_not_exists(ended)")
            .expression_attribute_values(
                ":phase",
                text(phase_written(&render.phase).unwrap_or_default()),
            );
        let (update, sets) = write::setting(update, end_written(end));
        let update = update.update_expression(format!("SET {sets} REMOVE due, dueAt, phase, turn"));
        let mut writes = vec![
            write::update(update),
            self.forget_request(owner, &render.id),
        ];
        if render.phase == Phase::Waiting {
            writes.push(self.count_waiting(-1));
        }
        writes.extend(self.uncounting(owner, render));
        writes.extend(event.map(|event| self.put_event(owner, render, end, event)));
        let outcome = self.transact_end(owner, render, end, writes, deadline);
        Ok(matches!(outcome.await?, Outcome::Written))
    }
}
