//! The right to start one render: an idempotency key that nobody has used, and one of today's renders, taken together.
//!
//! What a claim takes hangs on one item, the key's or one of its own: it is given back once, and only if it was taken.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use remotion_lambda::{RenderId, Started};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::transaction::{CONDITION_FAILED, Outcome};
use super::{
    Item, Render, RendersTable, key, key_of, now_seconds, number, number_in, text, text_in, token,
    warn,
};
use crate::access::identity::Caller;
use crate::aws::call::{CallError, Service};
use crate::deadline::Deadline;
use crate::error::{Aftermath, Error};
use crate::quota::{DAY_SECONDS, Quota};

/// How long a key is remembered, in seconds.
const KEY_SECONDS: u64 = 24 * 3_600;

/// How long a request may be in progress, in seconds: longer than the function may run. One that has not ended by then never
/// will, and nobody knows what became of its start.
const IN_FLIGHT_SECONDS: u64 = 60;

/// A client's name for a request that it may send again: 1 to 255 visible ASCII characters.
///
/// Source: <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&[u8]> for IdempotencyKey {
    type Error = Error;

    fn try_from(value: &[u8]) -> Result<Self, Error> {
        match std::str::from_utf8(value) {
            Ok(text)
                if (1..=255).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_graphic()) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Error::IdempotencyKeyInvalid),
        }
    }
}

/// What a request to start a render may do.
#[derive(Debug)]
pub enum Claimed {
    /// Start one, and settle the claim.
    New(Claim),
    /// Answer as before.
    Replayed(Started),
}

/// A claim that is to be committed or rolled back.
#[derive(Debug)]
pub struct Claim {
    /// The item that the claim hangs on; none where nothing was to be claimed.
    anchor: Option<Anchor>,
    counted: Option<Counted>,
}

#[derive(Debug)]
struct Anchor {
    key: Item,
    /// Tells our own claim from another's.
    holder: String,
    /// The digest of the request, where the item is an idempotency key's.
    request: Option<AttributeValue>,
}

/// One of today's renders.
#[derive(Debug)]
struct Counted {
    day: Item,
    limit: u32,
    resets_in: u64,
    expires_at: u64,
}

impl RendersTable {
    /// Claims a render for a caller, by the key if there is one. `request` tells one request from another.
    ///
    /// # Errors
    ///
    /// [`Error::IdempotencyKeyReused`], [`Error::InFlight`], [`Error::KeyOutcomeUnknown`], [`Error::QuotaSpent`],
    /// [`Error::Call`]; then nothing stays claimed.
    pub async fn claim(
        &self,
        caller: &Caller,
        key: Option<&IdempotencyKey>,
        request: &[&[u8]],
        deadline: Deadline,
    ) -> Result<Claimed, Error> {
        let now = now_seconds();
        let claim = self.wanted(caller, key, request, now);
        let Some(anchor) = &claim.anchor else {
            return Ok(Claimed::New(claim));
        };
        let mut writes = vec![self.reserve(anchor, now)];
        writes.extend(claim.counted.as_ref().map(|counted| self.count(counted)));
        let reasons = match self.transact(writes, &anchor.holder, deadline.act_by).await {
            Ok(Outcome::Written) => return Ok(Claimed::New(claim)),
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
        match failed(0) {
            Some(reason) => {
                let earlier = match reason.item() {
                    Some(item) if !item.is_empty() => Some(item.clone()),
                    _ => self.item(anchor.key.clone(), deadline.act_by).await?,
                };
                // Our own, where a lost answer has made the SDK send it again.
                if earlier.as_ref().and_then(|item| text_in(item, "holder")) == Some(&anchor.holder)
                {
                    return Ok(Claimed::New(claim));
                }
                stands_for(anchor, &earlier.unwrap_or_default(), now).map(Claimed::Replayed)
            }
            None => Err(Error::QuotaSpent(claim.quota(0).ok_or(Error::InFlight)?)),
        }
    }

    /// The render has started: remembers it, and the key's answer with it.
    ///
    /// # Errors
    ///
    /// [`Error::NotRecorded`]: then neither may be there.
    pub async fn commit(
        &self,
        caller: &Caller,
        claim: &Claim,
        render: &Render,
        moment: Instant,
    ) -> Result<(), Error> {
        let record = render.to_item(caller);
        let Some(anchor) = claim
            .anchor
            .as_ref()
            .filter(|anchor| anchor.request.is_some())
        else {
            return self.put(record, moment).await.map_err(Error::NotRecorded);
        };
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(record.clone()))
            .build()
            .expect("a table and an item");
        let fulfil = Update::builder()
            .table_name(&self.name)
            .set_key(Some(anchor.key.clone()))
            .update_expression("SET bucketName = :bucket, renderId = :id")
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(&anchor.holder))
            .expression_attribute_values(":bucket", text(&render.bucket_name))
            .expression_attribute_values(":id", text(render.id.as_str()))
            .build()
            .expect("a table, a key and an expression");
        let writes = vec![
            TransactWriteItem::builder().put(put).build(),
            TransactWriteItem::builder().update(fulfil).build(),
        ];
        match self.transact(writes, &token(20), moment).await {
            Ok(Outcome::Written) => Ok(()),
            // The key is another request's by now; the render is this caller's all the same.
            Ok(Outcome::Refused(_)) => self.put(record, moment).await.map_err(Error::NotRecorded),
            Err(error) => Err(Error::NotRecorded(error)),
        }
    }

    /// The render has not started, as far as is known: frees what was claimed, and leaves what is in doubt.
    pub async fn roll_back(&self, claim: Claim, aftermath: Aftermath, moment: Instant) {
        let Some(anchor) = claim.anchor else {
            return;
        };
        let outcome = match (aftermath, claim.counted) {
            (Aftermath::Unknown, _) if anchor.request.is_some() => {
                self.mark_doubtful(&anchor, moment).await
            }
            (Aftermath::Unknown, _) => Ok(()),
            (Aftermath::NeverRan, Some(counted)) => self.give_back(&anchor, &counted, moment).await,
            // What has run is counted.
            _ => self.release(&anchor, moment).await,
        };
        if let Err(error) = outcome {
            warn(
                error,
                "The claim of a render that did not start could not be settled.",
            );
        }
    }

    /// What is left of the caller's quota, if there is one; also where that cannot be found out.
    pub async fn quota_left(&self, claim: &Claim, moment: Instant) -> Option<Quota> {
        let counted = claim.counted.as_ref()?;
        let day = self.item(counted.day.clone(), moment).await.ok()??;
        let used = u32::try_from(number_in(&day, "used")?).unwrap_or(u32::MAX);
        claim.quota(counted.limit.saturating_sub(used))
    }

    fn wanted(
        &self,
        caller: &Caller,
        key: Option<&IdempotencyKey>,
        request: &[&[u8]],
        now: u64,
    ) -> Claim {
        let today = now / DAY_SECONDS;
        let counted = self.quota.map(|limit| Counted {
            day: key_of(caller, key::quota(today)),
            limit,
            resets_in: DAY_SECONDS - now % DAY_SECONDS,
            expires_at: (today + 2) * DAY_SECONDS,
        });
        let holder = token(20);
        let anchor = match key {
            Some(key) => Some(Anchor {
                key: key_of(caller, key::idempotency(caller, key)),
                request: Some(digest(request)),
                holder,
            }),
            None => counted.as_ref().map(|_| Anchor {
                key: key_of(caller, key::claim(&holder)),
                request: None,
                holder,
            }),
        };
        Claim { anchor, counted }
    }

    fn reserve(&self, anchor: &Anchor, now: u64) -> TransactWriteItem {
        let mut item = anchor.key.clone();
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
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            // DynamoDB removes what has expired only hours later.
            .condition_expression("attribute_not_exists(pk) OR expiresAt < :now")
            .expression_attribute_values(":now", number(now))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .expect("a table and an item");
        TransactWriteItem::builder().put(put).build()
    }

    fn count(&self, counted: &Counted) -> TransactWriteItem {
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(counted.day.clone()))
            .update_expression("SET expiresAt = :end ADD used :one")
            .condition_expression("attribute_not_exists(used) OR used < :limit")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":limit", number(counted.limit))
            .expression_attribute_values(":end", number(counted.expires_at))
            .build()
            .expect("a table, a key and an expression");
        TransactWriteItem::builder().update(update).build()
    }

    async fn give_back(
        &self,
        anchor: &Anchor,
        counted: &Counted,
        moment: Instant,
    ) -> Result<(), CallError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(anchor.key.clone()))
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(&anchor.holder))
            .build()
            .expect("a table and a key");
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(counted.day.clone()))
            .update_expression("ADD used :less")
            .expression_attribute_values(":less", number(-1))
            .build()
            .expect("a table, a key and an expression");
        let writes = vec![
            TransactWriteItem::builder().delete(delete).build(),
            TransactWriteItem::builder().update(update).build(),
        ];
        // Where the condition does not hold, nothing was taken, or all is given back already.
        self.transact(writes, &token(20), moment).await.map(|_| ())
    }

    async fn release(&self, anchor: &Anchor, moment: Instant) -> Result<(), CallError> {
        let delete = self
            .client()
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(anchor.key.clone()))
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(&anchor.holder));
        super::if_met(moment, || delete.clone().send())
            .await
            .map(|_| ())
    }

    /// Nobody knows whether the request has started a render: the key stays, so that no other will. Where this fails, it comes
    /// to the same a minute later.
    async fn mark_doubtful(&self, anchor: &Anchor, moment: Instant) -> Result<(), CallError> {
        let update = self
            .client()
            .update_item()
            .table_name(&self.name)
            .set_key(Some(anchor.key.clone()))
            .update_expression("SET outcomeUnknown = :yes")
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(&anchor.holder))
            .expression_attribute_values(":yes", AttributeValue::Bool(true));
        super::if_met(moment, || update.clone().send())
            .await
            .map(|_| ())
    }

    async fn put(&self, item: Item, moment: Instant) -> Result<(), CallError> {
        let put = self
            .client()
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .send();
        Service::RendersTable.within(moment, put).await.map(|_| ())
    }
}

impl Claim {
    fn quota(&self, left: u32) -> Option<Quota> {
        let counted = self.counted.as_ref()?;
        Some(Quota {
            limit: counted.limit,
            left,
            resets_in: counted.resets_in,
        })
    }
}

/// The answer that a key stands for, which an earlier request has reserved.
fn stands_for(anchor: &Anchor, earlier: &Item, now: u64) -> Result<Started, Error> {
    // Gone again: the request before this one has just failed.
    if earlier.is_empty() {
        return Err(Error::InFlight);
    }
    if earlier.get("request") != anchor.request.as_ref() {
        return Err(Error::IdempotencyKeyReused);
    }
    let render_id = text_in(earlier, "renderId").map(|id| RenderId::try_from(id.to_owned()));
    if let (Some(bucket_name), Some(Ok(render_id))) = (text_in(earlier, "bucketName"), render_id) {
        return Ok(Started {
            bucket_name: bucket_name.to_owned(),
            render_id,
        });
    }
    let since = number_in(earlier, "reservedAt").unwrap_or_default();
    let is_over = now.saturating_sub(since) > IN_FLIGHT_SECONDS;
    Err(if is_over || earlier.contains_key("outcomeUnknown") {
        Error::KeyOutcomeUnknown
    } else {
        Error::InFlight
    })
}

fn digest(request: &[&[u8]]) -> AttributeValue {
    let mut digest = Sha256::new();
    for part in request {
        digest.update(part);
        digest.update([0]);
    }
    AttributeValue::B(Blob::new(digest.finalize().as_slice()))
}

#[cfg(test)]
mod tests {
    use super::IdempotencyKey;

    #[test]
    fn keys() {
        assert!(
            IdempotencyKey::try_from(b"8e03978e-40d5-43e8-bc93-6894a57f9324".as_slice()).is_ok()
        );
        assert!(IdempotencyKey::try_from("x".repeat(255).as_bytes()).is_ok());
        for wrong in [
            String::new(),
            "x".repeat(256),
            "a b".into(),
            "a\tb".into(),
            "ü".into(),
        ] {
            assert!(
                IdempotencyKey::try_from(wrong.as_bytes()).is_err(),
                "{wrong:?}"
            );
        }
    }
}
