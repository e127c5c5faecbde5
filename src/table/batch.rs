//! A batch: one item with its counts, which change in the same transactions as its renders do.
//!
//! Until each of its renders has a record, and while it is being cancelled, the item lies at the head of the queue. When the last
//! of its renders has ended, it lies where the sweep finds it, which tells of it.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, TransactWriteItem};
use tokio::time::Instant;

use super::client::{RendersTable, if_met};
use super::item::{Item, decimal, decimal_in, number, number_in, text, text_in};
use super::record::{RECORD_SECONDS, sent_written};
use super::transaction::{CONDITION_FAILED, Outcome, token};
use super::waiting::{Lane, Stored, place, request_item, waiting_item};
use super::{key, write};
use crate::access::owner::Owner;
use crate::aws::service::ServiceError;
use crate::batch::{Batch, BatchId};
use crate::clock::now_ms;
use crate::error::Error;
use crate::render::end::{End, Final};
use crate::render::{Phase, Render};

/// How many renders get their records in one transaction, which holds 100 writes and 4 MB: three for each, and one for the batch.
pub const CHUNK: u32 = 33;

/// How many times an end is written again that another one of the same batch has overtaken.
const TRIES: usize = 4;

/// The next renders of a batch.
#[derive(Debug)]
pub struct Chunk {
    /// They follow on those that have a record.
    pub renders: Vec<Render>,
    /// Until when they wait, in milliseconds since 1970.
    pub until: u64,
}

impl RendersTable {
    /// An owner's batch of this id.
    ///
    /// # Errors
    ///
    /// [`Error::BatchNotFound`] where there is none, or where it is another owner's; [`Error::Call`].
    pub async fn batch(
        &self,
        owner: &Owner,
        id: &BatchId,
        deadline: Instant,
    ) -> Result<Batch, Error> {
        let item = self.item(batch_key(owner, id), deadline).await?;
        item.as_ref().and_then(read).ok_or(Error::BatchNotFound)
    }

    /// Gives the next renders of a batch their records, in which they wait. Nothing changes where they have them already.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then they may have them.
    pub async fn expand(
        &self,
        owner: &Owner,
        batch: &Batch,
        chunk: &Chunk,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let mut index = batch.expanded;
        let mut records = Vec::new();
        for render in &chunk.renders {
            let turn = batch.first_turn + u64::from(index);
            let request = Stored::InBatch {
                object: batch.object(),
                index,
            };
            records.push(waiting_item(owner, render, turn, Lane::Batch));
            records.push(request_item(owner, &render.id, &request, chunk.until));
            records.extend(sent_written(render, owner));
            index += 1;
        }
        let update = self
            .update_batch(owner, &batch.id)
            .update_expression("SET expanded = :to")
            .condition_expression("expanded = :from")
            .expression_attribute_values(":from", number(batch.expanded))
            .expression_attribute_values(":to", number(index));
        let mut writes = vec![write::update(update)];
        writes.extend(
            records
                .into_iter()
                .map(|record| write::put(self.putting(record))),
        );
        self.transact(writes, &token(), deadline).await.map(|_| ())
    }

    /// Takes a batch from the head of the queue, unless somebody cancels it meanwhile, or its last render has ended.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn worked_off(
        &self,
        owner: &Owner,
        batch: &Batch,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let update = self
            .update_item(batch_key(owner, &batch.id))
            .update_expression("REMOVE due, dueAt")
            .condition_expression("due = :queue AND cancelling = :cancelling")
            .expression_attribute_values(":queue", text(key::QUEUE))
            .expression_attribute_values(":cancelling", AttributeValue::Bool(batch.cancelling));
        if_met(deadline, || update.clone().send()).await.map(|_| ())
    }

    /// Has a batch cancelled: whoever looks at the queue does it.
    ///
    /// # Errors
    ///
    /// [`Error::BatchNotFound`], [`Error::BatchOver`], [`Error::Call`].
    pub async fn cancel_batch(
        &self,
        owner: &Owner,
        id: &BatchId,
        deadline: Instant,
    ) -> Result<(), Error> {
        let update = self
            .update_item(batch_key(owner, id))
            .update_expression("SET cancelling = :yes, due = :queue, dueAt = :head")
            .condition_expression("unfinished > :none")
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .expression_attribute_values(":queue", text(key::QUEUE))
            .expression_attribute_values(":head", text(head(now_ms())))
            .expression_attribute_values(":none", number(0));
        if if_met(deadline, || update.clone().send()).await? {
            return Ok(());
        }
        self.batch(owner, id, deadline).await?;
        Err(Error::BatchOver)
    }

    /// The end of a batch has been told.
    ///
    /// # Errors
    ///
    /// Every failure of the call: then it may be told again.
    pub async fn batch_told(
        &self,
        owner: &Owner,
        id: &BatchId,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let update = self
            .update_item(batch_key(owner, id))
            .update_expression("REMOVE due, dueAt")
            .condition_expression("attribute_exists(pk)");
        if_met(deadline, || update.clone().send()).await.map(|_| ())
    }

    /// Moves a render from one of its batch's counts to another, where it is claimed or put back.
    pub(super) fn recount(
        &self,
        owner: &Owner,
        render: &Render,
        from: &str,
        to: &str,
    ) -> Option<TransactWriteItem> {
        let update = self
            .update_batch(owner, render.batch.as_ref()?)
            .update_expression(format!("ADD {from} :less, {to} :one"))
            .expression_attribute_values(":less", number(-1))
            .expression_attribute_values(":one", number(1));
        Some(write::update(update))
    }

    /// Writes what goes with the end of a render, the first of which has the condition that it has not ended. Where the render is
    /// of a batch, it is counted there, and the last one ends it.
    pub(super) async fn transact_end(
        &self,
        owner: &Owner,
        render: &Render,
        end: &End,
        writes: Vec<TransactWriteItem>,
        deadline: Instant,
    ) -> Result<Outcome, ServiceError> {
        let Some(id) = &render.batch else {
            return self.transact(writes, &token(), deadline).await;
        };
        let at = writes.len();
        for attempt in 0..TRIES {
            let is_last = attempt % 2 == 1;
            let mut all = writes.clone();
            all.push(self.one_has_ended(owner, id, render, end, is_last));
            let reasons = match self.transact(all, &token(), deadline).await? {
                Outcome::Written => return Ok(Outcome::Written),
                Outcome::Refused(reasons) => reasons,
            };
            let failed = |at: usize| reasons.get(at).and_then(CancellationReason::code);
            if failed(at) != Some(CONDITION_FAILED) || failed(0) == Some(CONDITION_FAILED) {
                return Ok(Outcome::Refused(reasons));
            }
        }
        // The batch is gone.
        self.transact(writes, &token(), deadline).await
    }

    fn one_has_ended(
        &self,
        owner: &Owner,
        id: &BatchId,
        render: &Render,
        end: &End,
        is_last: bool,
    ) -> TransactWriteItem {
        let from = match render.phase {
            Phase::Waiting => "waiting",
            Phase::Starting | Phase::Started(_) => "started",
        };
        let to = counter(end.status);
        let costs = end.costs.as_ref().map_or(0.0, |costs| costs.accrued_so_far);
        let add = format!("ADD {from} :less, unfinished :less, {to} :one, costs :costs");
        let update = self
            .update_batch(owner, id)
            .expression_attribute_values(":less", number(-1))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":costs", decimal(costs));
        let now = now_ms();
        write::update(if is_last {
            update
                .update_expression(format!(
                    "SET finishedAt = :finished, due = :ends, dueAt = :now {add}"
                ))
                .condition_expression("unfinished = :one")
                .expression_attribute_values(":finished", number(now))
                .expression_attribute_values(":ends", text(key::ENDS))
                .expression_attribute_values(":now", text(key::due_at(now)))
        } else {
            update
                .update_expression(add)
                .condition_expression("unfinished > :one")
        })
    }

    fn update_batch(&self, owner: &Owner, id: &BatchId) -> UpdateBuilder {
        self.updating(batch_key(owner, id))
    }
}

fn batch_key(owner: &Owner, id: &BatchId) -> Item {
    key::of(owner, key::batch(id))
}

/// Before whatever waits: it holds up what comes behind it for no longer than it takes to write some records.
fn head(now: u64) -> String {
    place(0, Lane::Single, now)
}

/// Which of a batch's counts a render is in that has ended so.
const fn counter(status: Final) -> &'static str {
    match status {
        Final::Done => "done",
        Final::Failed | Final::TimedOut => "failed",
        Final::Cancelled => "cancelled",
    }
}

/// The item of a batch that was taken in.
pub(super) fn written(owner: &Owner, batch: &Batch, first_turn: u64) -> Item {
    let mut item = batch_key(owner, &batch.id);
    item.extend(
        batch
            .actor
            .as_ref()
            .map(|actor| ("actorId".into(), text(actor))),
    );
    item.extend([
        ("userId".into(), text(&batch.user)),
        ("bucketName".into(), text(&batch.bucket_name)),
        ("total".into(), number(batch.total)),
        ("unfinished".into(), number(batch.total)),
        ("waiting".into(), number(batch.total)),
        // Not `startedAt`, which would list it among the renders.
        ("takenInAt".into(), number(batch.started_at)),
        ("expanded".into(), number(0)),
        ("cancelling".into(), AttributeValue::Bool(false)),
        ("firstTurn".into(), number(first_turn)),
        ("due".into(), text(key::QUEUE)),
        ("dueAt".into(), text(head(batch.started_at))),
        (
            "expiresAt".into(),
            number(batch.started_at / 1_000 + RECORD_SECONDS),
        ),
    ]);
    item
}

/// The batch of an item; `None` where the item is none.
pub(super) fn read(item: &Item) -> Option<Batch> {
    let id = text_in(item, "sk")?.strip_prefix("batch#")?;
    let count = |name: &str| {
        let count = number_in(item, name).unwrap_or_default();
        u32::try_from(count).unwrap_or_default()
    };
    Some(Batch {
        id: BatchId::try_from(id).ok()?,
        user: text_in(item, "userId")?.to_owned(),
        actor: text_in(item, "actorId").map(ToOwned::to_owned),
        bucket_name: text_in(item, "bucketName")?.to_owned(),
        total: count("total"),
        waiting: count("waiting"),
        started: count("started"),
        done: count("done"),
        failed: count("failed"),
        cancelled: count("cancelled"),
        costs: decimal_in(item, "costs").unwrap_or_default(),
        started_at: number_in(item, "takenInAt")?,
        finished_at: number_in(item, "finishedAt"),
        cancelling: item
            .get("cancelling")
            .is_some_and(|value| value == &AttributeValue::Bool(true)),
        first_turn: number_in(item, "firstTurn")?,
        expanded: count("expanded"),
    })
}
