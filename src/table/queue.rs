//! The waiting room: renders that were taken in, in fair order. Owners take turns, each by its own order.
//!
//! A render that waits lies in the sparse index under its turn. An owner's next render has the turn after its last one, and after
//! the one that has passed: whoever comes with one render need not wait for another owner's thousand.

use aws_sdk_dynamodb::types::{Select, TransactWriteItem};
use remotion_lambda::aws::CallFailure;
use tokio::time::{Instant, sleep};

use super::client::{RendersTable, waits};
use super::item::{Item, number, number_in, text, text_in};
use super::record::{read, render_key, sent_written};
use super::terms::{Refusal, Taken};
use super::transaction::{CONDITION_FAILED, Outcome, token};
use super::waiting::{Lane, Stored, request_item, sent, waiting_item};
use super::{batch, key, write};
use crate::access::owner::Owner;
use crate::aws::service::{Service, ServiceError};
use crate::batch::{Batch, BatchId};
use crate::render::Render;
use crate::render::id::Id;

/// How many are counted that wait before a render.
const COUNTED: i32 = 1_000;

/// A render that is to wait.
#[derive(Clone, Copy, Debug)]
pub struct NewWaiting<'a> {
    /// The render.
    pub render: &'a Render,
    /// What was sent for it.
    pub request: &'a Stored,
    /// Until when it waits, in milliseconds since 1970.
    pub until: u64,
    /// Whether it waits for functions, and not only until others of its owner have ended.
    pub for_functions: bool,
}

/// What is taken in.
#[derive(Clone, Copy, Debug)]
pub enum Arrival<'a> {
    /// A render.
    Render(NewWaiting<'a>),
    /// A batch, whose renders get their records later.
    Batch(&'a Batch),
}

/// The first in the queue.
#[derive(Clone, Debug)]
pub enum Head {
    /// A render that waits.
    Render(Box<Waiting>),
    /// A batch whose renders get their records, or that is being cancelled.
    Batch(Owner, BatchId, Place),
}

/// A place in the index of what waits, and of what is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Place(pub(super) Item);

/// A render that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Whose it is.
    pub owner: Owner,
    /// The render.
    pub render: Render,
    /// Its turn.
    pub(super) turn: u64,
    pub(super) place: Place,
}

impl Arrival<'_> {
    /// How many renders it has.
    pub(super) const fn renders(&self) -> u32 {
        match self {
            Self::Render(_) => 1,
            Self::Batch(batch) => batch.total,
        }
    }

    /// The key of its record.
    pub(super) fn key(&self, owner: &Owner) -> Item {
        match self {
            Self::Render(NewWaiting { render, .. }) => render_key(owner, &render.id),
            Self::Batch(batch) => key::of(owner, key::batch(&batch.id)),
        }
    }

    const fn lane(&self) -> Lane {
        match self {
            Self::Render(_) => Lane::Single,
            Self::Batch(_) => Lane::Batch,
        }
    }

    /// Its items, where it has the turns from this one on.
    fn items(&self, owner: &Owner, turn: u64) -> Vec<Item> {
        match self {
            Self::Render(NewWaiting {
                render,
                request,
                until,
                ..
            }) => {
                let mut items = vec![
                    waiting_item(owner, render, turn, Lane::Single),
                    request_item(owner, &render.id, request, *until),
                ];
                items.extend(sent_written(render, owner));
                items
            }
            Self::Batch(batch) => vec![batch::written(owner, batch, turn)],
        }
    }
}

impl Head {
    /// Where in the queue it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        match self {
            Self::Render(waiting) => &waiting.place,
            Self::Batch(_, _, place) => place,
        }
    }
}

impl RendersTable {
    /// The turn that an owner's next render has in a lane, and the last one that it had there.
    pub(super) async fn next_turn(
        &self,
        owner: &Owner,
        lane: Lane,
        deadline: Instant,
    ) -> Result<(u64, Option<u64>), ServiceError> {
        let (turns, queue) = tokio::try_join!(
            self.item(key::of(owner, key::TURNS.to_owned()), deadline),
            self.item(key::queue(), deadline)
        )?;
        let last = turns.and_then(|turns| number_in(&turns, lane.name()));
        let passed = queue.and_then(|queue| number_in(&queue, "turn"));
        // Behind the one that is next: whoever comes now does not overtake it.
        let next = [last, passed].into_iter().flatten().max();
        Ok((next.map_or(0, |turn| turn + 1), last))
    }

    /// Takes turns: refused where another request of the owner's has taken some meanwhile.
    pub(super) fn take_turns(
        &self,
        owner: &Owner,
        lane: Lane,
        last: Option<u64>,
        new_last: u64,
    ) -> TransactWriteItem {
        let update = self
            .updating(key::of(owner, key::TURNS.to_owned()))
            .update_expression("SET #lane = :new")
            .expression_attribute_names("#lane", lane.name())
            .expression_attribute_values(":new", number(new_last));
        let update = match last {
            Some(last) => update
                .condition_expression("#lane = :last")
                .expression_attribute_values(":last", number(last)),
            None => update.condition_expression("attribute_not_exists(#lane)"),
        };
        write::update(update)
    }

    /// Takes renders in: their places in the queue, what was sent for them, and what they take of their owner's, all or nothing.
    /// `anchored` is what an idempotency key stands for from then on.
    ///
    /// # Errors
    ///
    /// What stands in its way, told by `refused`; every failure of the table.
    pub(super) async fn enqueue(
        &self,
        owner: &Owner,
        arrival: &Arrival<'_>,
        anchored: Option<TransactWriteItem>,
        taken: &Taken,
        deadline: Instant,
    ) -> Result<Enqueued, ServiceError> {
        let renders = u64::from(arrival.renders());
        let mut waits = waits(deadline);
        loop {
            let (turn, last) = self.next_turn(owner, arrival.lane(), deadline).await?;
            let mut writes = Vec::new();
            let mut refusals = Vec::new();
            if let Some(anchored) = &anchored {
                writes.push(anchored.clone());
                refusals.push(Enqueued::KeyIsTaken);
            }
            writes.push(self.take_turns(owner, arrival.lane(), last, turn + renders - 1));
            refusals.push(Enqueued::TurnIsTaken);
            for (write, refusal) in self.take(taken) {
                writes.push(write);
                refusals.push(refusal.map_or(Enqueued::TurnIsTaken, Enqueued::Refused));
            }
            let items = arrival.items(owner, turn).into_iter();
            writes.extend(items.map(|item| write::put(self.putting(item))));
            let more = renders.cast_signed();
            writes.push(match arrival {
                Arrival::Render(waiting) if waiting.for_functions => {
                    self.count_waiting_for_functions(more)
                }
                _ => self.count_waiting(more),
            });
            let reasons = match self.transact(writes, &token(), deadline).await? {
                Outcome::Written => return Ok(Enqueued::TakenIn),
                Outcome::Refused(reasons) => reasons,
            };
            let failed = reasons
                .iter()
                .zip(refusals)
                .find(|(reason, _)| reason.code() == Some(CONDITION_FAILED));
            match failed {
                Some((_, Enqueued::TurnIsTaken)) | None => {}
                Some((_, refusal)) => return Ok(refusal),
            }
            let Some(wait) = waits.next() else {
                return Err(ServiceError {
                    service: Service::RendersTable,
                    failure: CallFailure::Throttled,
                    source: None,
                });
            };
            sleep(wait).await;
        }
    }

    /// What was sent for a render that waits, or is being started; `None` where it is gone.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn request(
        &self,
        owner: &Owner,
        id: &Id,
        deadline: Instant,
    ) -> Result<Option<Stored>, ServiceError> {
        let item = self
            .item(key::of(owner, key::request(id)), deadline)
            .await?;
        Ok(item.as_ref().and_then(sent))
    }

    /// The first that wait, after a place.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn head(
        &self,
        limit: i32,
        after: Option<&Place>,
        deadline: Instant,
    ) -> Result<Vec<Head>, ServiceError> {
        let query = self
            .client()
            .query()
            .table_name(&self.name)
            .index_name(key::BY_DUE)
            .key_condition_expression("due = :queue")
            .expression_attribute_values(":queue", text(key::QUEUE))
            .limit(limit)
            .set_exclusive_start_key(after.map(|Place(place)| place.clone()))
            .send();
        let output = Service::RendersTable.within(deadline, query).await?;
        Ok(output.items().iter().filter_map(head).collect())
    }

    /// How many wait before a render, counted up to a thousand.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn waiting_before(
        &self,
        owner: &Owner,
        id: &Id,
        deadline: Instant,
    ) -> Result<u32, ServiceError> {
        let item = self.item(render_key(owner, id), deadline).await?;
        let place = item.as_ref().and_then(|item| text_in(item, "dueAt"));
        let Some(place) = place else {
            return Ok(0);
        };
        let query = self
            .client()
            .query()
            .table_name(&self.name)
            .index_name(key::BY_DUE)
            .key_condition_expression("due = :queue AND dueAt < :place")
            .expression_attribute_values(":queue", text(key::QUEUE))
            .expression_attribute_values(":place", text(place))
            .select(Select::Count)
            .limit(COUNTED)
            .send();
        let output = Service::RendersTable.within(deadline, query).await?;
        Ok(u32::try_from(output.count).unwrap_or_default())
    }

    /// Forgets what was sent for a render that does not wait any more.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn forget_request_of(
        &self,
        owner: &Owner,
        id: &Id,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let delete = self
            .client()
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(key::of(owner, key::request(id))))
            .send();
        Service::RendersTable
            .within(deadline, delete)
            .await
            .map(|_| ())
    }

    pub(super) fn forget_request(&self, owner: &Owner, id: &Id) -> TransactWriteItem {
        let delete = self.deleting(key::of(owner, key::request(id)));
        write::delete(delete)
    }

    /// How many functions run, and how many renders wait.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn room(&self, deadline: Instant) -> Result<(u64, u64), ServiceError> {
        let item = self
            .item(key::capacity(), deadline)
            .await?
            .unwrap_or_default();
        let count = |name: &str| number_in(&item, name).unwrap_or_default();
        Ok((count("used"), count("waiting")))
    }
}

/// The result of taking a render in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Enqueued {
    TakenIn,
    /// An idempotency key stands for another request.
    KeyIsTaken,
    /// Another request of the owner's was faster.
    TurnIsTaken,
    Refused(Refusal),
}

fn head(item: &Item) -> Option<Head> {
    let owner = key::owner(text_in(item, "pk")?)?;
    let place = ["pk", "sk", "due", "dueAt"].into_iter();
    let place = Place(
        place
            .filter_map(|name| Some((name.to_owned(), item.get(name)?.clone())))
            .collect(),
    );
    if let Some(batch) = batch::read(item) {
        return Some(Head::Batch(owner, batch.id, place));
    }
    Some(Head::Render(Box::new(Waiting {
        owner,
        render: read(item)?,
        turn: number_in(item, "turn")?,
        place,
    })))
}
