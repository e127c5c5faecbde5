//! The right to start one render: an idempotency key that nobody has used, and one of today's renders, taken together.
//!
//! What a claim takes hangs on one item, the key's or one of its own: it is given back once, and only if it was taken.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use remotion_lambda::aws::Aftermath;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::client::{IS_NEW, RendersTable, if_met};
use super::earlier::{Earlier, stands_for};
use super::idempotency_key::IdempotencyKey;
use super::item::{Item, number, number_in, text, text_in};
use super::queue::{Arrival, Enqueued, NewWaiting};
use super::record::{sent_written, written};
use super::terms::Taken;
use super::transaction::{CONDITION_FAILED, Outcome, token};
use super::{key, write};
use crate::access::identity::Caller;
use crate::access::owner::Owner;
use crate::aws::service::ServiceError;
use crate::clock::now_seconds;
use crate::deadline::Deadline;
use crate::error::{Error, cause};
use crate::quota::Quota;
use crate::render::Render;
use crate::render::lease::Lease;

/// How long a key is remembered, in seconds.
const KEY_SECONDS: u64 = 24 * 3_600;

/// What a request to start a render may do.
#[derive(Debug)]
pub enum Claimed {
    /// Start one, and settle the claim.
    New(Box<Claim>),
    /// Answer as before.
    Replayed(Earlier),
}

/// The result of taking renders in.
#[derive(Debug)]
pub enum TakenIn {
    /// They wait.
    Now,
    /// An earlier request with the same key has started a render, or was taken in.
    Earlier(Earlier),
}

/// A claim that is to be committed or rolled back.
#[derive(Debug)]
pub struct Claim {
    /// The item that the claim hangs on; none where nothing was to be claimed.
    anchor: Option<Anchor>,
    taken: Taken,
}

#[derive(Debug)]
struct Anchor {
    key: Item,
    /// Tells our own claim from another's.
    holder: String,
    /// The digest of the request, where the item is an idempotency key's.
    request: Option<AttributeValue>,
}

impl Claim {
    /// Whether nothing was to be claimed, and the table has not been asked.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.anchor.is_none()
    }
}

impl RendersTable {
    /// Claims a render for a caller, by the key if there is one, with a place for so many functions. `request` tells one request
    /// from another.
    ///
    /// # Errors
    ///
    /// [`Error::IdempotencyKeyReused`], [`Error::InFlight`], [`Error::KeyOutcomeUnknown`], [`Error::QuotaSpent`],
    /// [`Error::BudgetSpent`], [`Error::CapacitySpent`], [`Error::TooManyAtOnce`], [`Error::Call`]; then nothing stays claimed.
    pub async fn claim(
        &self,
        caller: &Caller,
        key: Option<&IdempotencyKey>,
        request: &[&[u8]],
        weight: u32,
        deadline: Deadline,
    ) -> Result<Claimed, Error> {
        let now = now_seconds();
        let claim = self.wanted(caller, key, request, weight);
        let Some(anchor) = &claim.anchor else {
            return Ok(Claimed::New(Box::new(claim)));
        };
        let (mut writes, mut terms) = (vec![self.reserve(anchor, &[], now)], Vec::new());
        for (write, refusal) in self.take(&claim.taken) {
            writes.push(write);
            terms.push(refusal);
        }
        let reasons = match self.transact(writes, &anchor.holder, deadline.act_by).await {
            Ok(Outcome::Written) => return Ok(Claimed::New(Box::new(claim))),
            Ok(Outcome::Refused(reasons)) => reasons,
            Err(error) => {
                // It may stand all the same, though nothing will be started.
                self.roll_back(claim, Aftermath::NeverRan, deadline.settle_by)
                    .await;
                return Err(error.into());
            }
        };
        let failed = |at: usize| {
            reasons
                .get(at)
                .filter(|reason| reason.code() == Some(CONDITION_FAILED))
        };
        let Some(reason) = failed(0) else {
            let refusals = terms.iter().enumerate();
            let mut refused = refusals.filter(|(at, _)| failed(at + 1).is_some());
            let refusal = refused.find_map(|(_, refusal)| *refusal);
            return Err(refusal.map_or(Error::InFlight, |refusal| claim.taken.refused(refusal)));
        };
        let earlier = match reason.item() {
            Some(item) if !item.is_empty() => Some(item.clone()),
            _ => self.item(anchor.key.clone(), deadline.act_by).await?,
        };
        // Our own, where a lost answer has made the SDK send it again.
        if earlier.as_ref().and_then(|item| text_in(item, "holder")) == Some(&anchor.holder) {
            return Ok(Claimed::New(Box::new(claim)));
        }
        stands_for(anchor.request.as_ref(), &earlier.unwrap_or_default(), now)
            .map(Claimed::Replayed)
    }

    /// Takes renders in, which are started when there is room: their idempotency key is fulfilled, their quota counted, and what
    /// was sent is kept, all or nothing.
    ///
    /// # Errors
    ///
    /// As for [`Self::claim`].
    pub async fn take_in(
        &self,
        caller: &Caller,
        key: Option<&IdempotencyKey>,
        request: &[&[u8]],
        arrival: Arrival<'_>,
        deadline: Deadline,
    ) -> Result<TakenIn, Error> {
        let now = now_seconds();
        let taken = self.taken(&caller.owner, arrival.renders(), None);
        let anchor = key.map(|key| Anchor {
            key: key::of(&caller.owner, key::idempotency(&caller.user, key)),
            request: Some(digest(request)),
            holder: token(),
        });
        let anchored = anchor.as_ref().map(|anchor| {
            let (bucket_name, id) = match arrival {
                Arrival::Render(NewWaiting { render, .. }) => {
                    (&render.bucket_name, ("renderId", render.id.as_str()))
                }
                Arrival::Batch(batch) => (&batch.bucket_name, ("batchId", batch.id.as_str())),
            };
            let answer = [
                ("bucketName", text(bucket_name)),
                (id.0, text(id.1)),
                ("queued", AttributeValue::Bool(true)),
            ];
            self.reserve(anchor, &answer, now)
        });
        let enqueued = self.enqueue(&caller.owner, &arrival, anchored, &taken, deadline.act_by);
        let enqueued = match enqueued.await {
            Ok(enqueued) => enqueued,
            Err(error) => {
                let kept = self
                    .item(arrival.key(&caller.owner), deadline.settle_by)
                    .await;
                match kept {
                    // Only the answer was lost.
                    Ok(Some(_)) => Enqueued::TakenIn,
                    Ok(None) => return Err(error.into()),
                    Err(_) => return Err(Error::TakeInUnknown(error)),
                }
            }
        };
        match (enqueued, anchor) {
            (Enqueued::TakenIn, _) => Ok(TakenIn::Now),
            (Enqueued::Refused(refusal), _) => Err(taken.refused(refusal)),
            (Enqueued::KeyIsTaken, Some(anchor)) => {
                let earlier = self.item(anchor.key.clone(), deadline.act_by).await?;
                let earlier = earlier.unwrap_or_default();
                stands_for(anchor.request.as_ref(), &earlier, now).map(TakenIn::Earlier)
            }
            _ => Err(Error::InFlight),
        }
    }

    /// The render has started: remembers it, and the key's answer with it. Where it has ended at once, as a still has, its end is
    /// written too. A record that is there stays: the render has ended meanwhile, and its own word was faster. `due_at` is when
    /// somebody is to look whether it has ended, in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// [`Error::NotRecorded`]: then none of it may be there.
    pub async fn commit(
        &self,
        owner: &Owner,
        claim: &Claim,
        render: &Render,
        due_at: Option<u64>,
        event: Option<&str>,
        deadline: Instant,
    ) -> Result<(), Error> {
        let not_recorded = |source| Error::NotRecorded {
            render_id: render.id.clone(),
            source,
        };
        // Of the first write, which is the record's.
        let is_there = |reasons: &[CancellationReason]| {
            let reason = reasons.first().and_then(CancellationReason::code);
            reason == Some(CONDITION_FAILED)
        };
        let mut record = written(render, owner);
        if let Some(due_at) = due_at.filter(|_| render.end.is_none()) {
            record.insert("due".into(), text(key::ENDS));
            record.insert("dueAt".into(), text(key::due_at(due_at)));
        }
        let put = self.putting(record.clone()).condition_expression(IS_NEW);
        let mut writes = vec![write::put(put)];
        writes.extend(sent_written(render, owner).map(|sent| write::put(self.putting(sent))));
        if let Some(end) = &render.end {
            writes.extend(self.with_end(owner, render, end, event));
        }
        let keyed = claim
            .anchor
            .as_ref()
            .filter(|anchor| anchor.request.is_some());
        if let Some(anchor) = keyed {
            let mut all = writes.clone();
            all.push(self.fulfil(anchor, render));
            match self.transact(all, &token(), deadline).await {
                Ok(Outcome::Written) => return Ok(()),
                Ok(Outcome::Refused(reasons)) if is_there(&reasons) => {
                    let fulfilled = vec![self.fulfil(anchor, render)];
                    let written = self.transact(fulfilled, &token(), deadline).await;
                    return written.map(|_| ()).map_err(not_recorded);
                }
                // The key is another request's by now; the render is this caller's all the same.
                Ok(Outcome::Refused(_)) => {}
                Err(error) => return Err(not_recorded(error)),
            }
        }
        let done = if writes.len() == 1 {
            self.put_new(record, deadline).await
        } else {
            self.transact(writes, &token(), deadline).await.map(|_| ())
        };
        done.map_err(not_recorded)
    }

    /// The render has not started, as far as is known: frees what was claimed, and leaves what may have started.
    pub async fn roll_back(&self, claim: Claim, aftermath: Aftermath, deadline: Instant) {
        let Some(anchor) = claim.anchor else {
            return;
        };
        let taken = claim.taken;
        let outcome = match aftermath {
            Aftermath::Unknown if anchor.request.is_some() => {
                self.mark_outcome_unknown(&anchor, deadline).await
            }
            Aftermath::Unknown => Ok(()),
            Aftermath::NeverRan => self.give_all_back(&anchor, &taken, deadline).await,
            // What has run is counted.
            Aftermath::RanWithoutARender => {
                self.release_both(taken.owner(), &anchor, taken.lease.as_ref(), deadline)
                    .await
            }
        };
        if let Err(error) = outcome {
            warn(
                error,
                "The claim of a render that did not start could not be settled.",
            );
        }
    }

    /// What is left of the caller's quota, if there is one; also where that cannot be found out.
    pub async fn quota_left(&self, claim: &Claim, deadline: Instant) -> Option<Quota> {
        let (day, quota) = claim.taken.day()?;
        let day = self.item(day, deadline).await.ok()??;
        Some(quota(number_in(&day, "used")?))
    }

    fn wanted(
        &self,
        caller: &Caller,
        key: Option<&IdempotencyKey>,
        request: &[&[u8]],
        weight: u32,
    ) -> Claim {
        let holder = token();
        let lease = self.lease(&holder, weight);
        let taken = self.taken(&caller.owner, 1, lease);
        let anchor = match key {
            Some(key) => Some(Anchor {
                key: key::of(&caller.owner, key::idempotency(&caller.user, key)),
                request: Some(digest(request)),
                holder,
            }),
            None => taken.is_something().then(|| Anchor {
                key: key::of(&caller.owner, key::claim(&holder)),
                request: None,
                holder,
            }),
        };
        Claim { anchor, taken }
    }

    fn reserve(
        &self,
        anchor: &Anchor,
        answer: &[(&str, AttributeValue)],
        now: u64,
    ) -> TransactWriteItem {
        let mut item = anchor.key.clone();
        item.extend(
            answer
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        item.extend([
            ("holder".into(), text(&anchor.holder)),
            ("reservedAt".into(), number(now)),
            ("expiresAt".into(), number(now + KEY_SECONDS)),
        ]);
        item.extend(
            anchor
                .request
                .clone()
                .map(|digest| ("request".into(), digest)),
        );
        let put = self
            .putting(item)
            // DynamoDB removes what has expired only hours later.
            .condition_expression("attribute_not_exists(pk) OR expiresAt < :now")
            .expression_attribute_values(":now", number(now))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        write::put(put)
    }

    fn fulfil(&self, anchor: &Anchor, render: &Render) -> TransactWriteItem {
        let update = self
            .updating(anchor.key.clone())
            .update_expression("SET bucketName = :bucket, renderId = :id")
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(&anchor.holder))
            .expression_attribute_values(":bucket", text(&render.bucket_name))
            .expression_attribute_values(":id", text(render.id.as_str()));
        write::update(update)
    }

    /// Gives everything back, where it was taken.
    async fn give_all_back(
        &self,
        anchor: &Anchor,
        taken: &Taken,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let taken = self.give_back(taken);
        if taken.is_empty() {
            return self.release(anchor, deadline).await;
        }
        let delete = self
            .deleting(anchor.key.clone())
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(&anchor.holder));
        let mut writes = vec![write::delete(delete)];
        writes.extend(taken);
        // Where the condition does not hold, nothing was taken, or all is given back already.
        self.transact(writes, &token(), deadline).await.map(|_| ())
    }

    /// Gives the key back, and the place: what has run has stopped.
    async fn release_both(
        &self,
        owner: &Owner,
        anchor: &Anchor,
        lease: Option<&Lease>,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let Some(lease) = lease else {
            return self.release(anchor, deadline).await;
        };
        let (released, freed) = tokio::join!(
            self.release(anchor, deadline),
            self.free(owner, lease, deadline)
        );
        released.and(freed)
    }

    async fn release(&self, anchor: &Anchor, deadline: Instant) -> Result<(), ServiceError> {
        let delete = self
            .client()
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(anchor.key.clone()))
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(&anchor.holder));
        if_met(deadline, || delete.clone().send()).await.map(|_| ())
    }

    /// Nobody knows whether the request has started a render: the key stays, so that no other will. Where this fails, it comes
    /// to the same a minute later.
    async fn mark_outcome_unknown(
        &self,
        anchor: &Anchor,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let update = self
            .update_item(anchor.key.clone())
            .update_expression("SET outcomeUnknown = :yes")
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(&anchor.holder))
            .expression_attribute_values(":yes", AttributeValue::Bool(true));
        if_met(deadline, || update.clone().send()).await.map(|_| ())
    }
}

impl Claim {
    /// The place that the claim has taken for the render's functions.
    #[must_use]
    pub const fn lease(&self) -> Option<&Lease> {
        self.taken.lease.as_ref()
    }
}

fn digest(request: &[&[u8]]) -> AttributeValue {
    let mut digest = Sha256::new();
    for part in request {
        digest.update(part);
        digest.update([0]);
    }
    AttributeValue::B(Blob::new(digest.finalize().as_slice()))
}

/// What could not be written, and harms no caller at once.
fn warn(error: ServiceError, message: &str) {
    let error = Error::from(error);
    let cause = cause(&error);
    tracing::warn!(
        error.code = error.code().as_str(),
        error.cause = cause,
        "{message}"
    );
}
