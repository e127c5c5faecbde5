//! What is due: renders whose time has passed, and events that have not been sent.
//!
//! They are found in the sparse index, which contains nothing else, and never with a scan.

use tokio::time::Instant;

use super::client::{RendersTable, if_met};
use super::item::{Item, text, text_in};
use super::queue::Place;
use super::record::{read, render_key};
use super::{batch, key, lease};
use crate::access::owner::Owner;
use crate::aws::service::{Service, ServiceError};
use crate::batch::Batch;
use crate::render::Render;
use crate::render::id::Id;
use crate::render::lease::Lease;

/// Something that is due.
#[derive(Debug)]
pub enum Due {
    /// A render that should have ended by now.
    Render(Owner, Box<Render>),
    /// A render that has waited for too long, by what was sent for it.
    Waited(Owner, Id),
    /// A place that is to be freed.
    Lease(Owner, Lease),
    /// A batch whose last render has ended.
    Batch(Owner, Box<Batch>),
    /// An event that has not been told, or of which nobody knows whether it has.
    Event(Event),
}

/// An event that is to be told.
#[derive(Debug)]
pub struct Event {
    /// What it says, as JSON.
    pub detail: String,
    key: Item,
}

impl RendersTable {
    /// What is due at a moment, in milliseconds since 1970: the oldest first, and so many at most, after those of an earlier page;
    /// and where the next page begins, if there may be one.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn due(
        &self,
        now: u64,
        limit: i32,
        after: Option<&Place>,
        deadline: Instant,
    ) -> Result<(Vec<Due>, Option<Place>), ServiceError> {
        let query = self
            .client()
            .query()
            .table_name(&self.name)
            .index_name(key::BY_DUE)
            .key_condition_expression("due = :ends AND dueAt <= :now")
            .expression_attribute_values(":ends", text(key::ENDS))
            .expression_attribute_values(":now", text(key::due_at(now)))
            .limit(limit)
            .set_exclusive_start_key(after.map(|Place(place)| place.clone()))
            .send();
        let output = Service::RendersTable.within(deadline, query).await?;
        let due = output.items().iter().filter_map(due).collect();
        Ok((due, output.last_evaluated_key.map(Place)))
    }

    /// The render has not ended: looks at it again at another moment, in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn postpone(
        &self,
        owner: &Owner,
        render: &Render,
        until: u64,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let update = self
            .update_item(render_key(owner, &render.id))
            .update_expression("SET dueAt = :until")
            .condition_expression("attribute_exists(due)")
            .expression_attribute_values(":until", text(key::due_at(until)));
        if_met(deadline, || update.clone().send()).await.map(|_| ())
    }

    /// The event of a render's end, where it has not been told, as far as is known.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn event(
        &self,
        owner: &Owner,
        id: &Id,
        deadline: Instant,
    ) -> Result<Option<Event>, ServiceError> {
        let item = self.item(key::of(owner, key::event(id)), deadline).await?;
        Ok(item.as_ref().and_then(event))
    }

    /// The event has been told.
    ///
    /// # Errors
    ///
    /// Every failure of the call.
    pub async fn told(&self, event: &Event, deadline: Instant) -> Result<(), ServiceError> {
        let delete = self
            .client()
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(event.key.clone()))
            .send();
        Service::RendersTable
            .within(deadline, delete)
            .await
            .map(|_| ())
    }
}

impl Event {
    /// The event of a render's end, which was written with it.
    #[must_use]
    pub fn of(owner: &Owner, render: &Render, detail: String) -> Self {
        Self {
            detail,
            key: key::of(owner, key::event(&render.id)),
        }
    }
}

fn event(item: &Item) -> Option<Event> {
    let key = ["pk", "sk"].into_iter();
    Some(Event {
        detail: text_in(item, "detail")?.to_owned(),
        key: key
            .filter_map(|name| Some((name.to_owned(), item.get(name)?.clone())))
            .collect(),
    })
}

fn due(item: &Item) -> Option<Due> {
    if let Some(event) = event(item) {
        return Some(Due::Event(event));
    }
    let owner = key::owner(text_in(item, "pk")?)?;
    if let Some(id) = text_in(item, "sk")?.strip_prefix("request#") {
        return Some(Due::Waited(owner, Id::try_from(id).ok()?));
    }
    if let Some(batch) = batch::read(item) {
        return Some(Due::Batch(owner, Box::new(batch)));
    }
    if let Some(lease) = lease::read(item) {
        return Some(Due::Lease(owner, lease));
    }
    Some(Due::Render(owner, Box::new(read(item)?)))
}
