//! What is kept of a render that waits: its record with its place in the queue, and what was sent for it.

use super::item::{Item, number, number_in, text, text_in};
use super::key;
use super::record::written;
use crate::access::owner::Owner;
use crate::render::Render;
use crate::render::id::Id;

/// What was sent for a render that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The body, as JSON.
    Here(String),
    /// The key of an object in Remotion's bucket that has it.
    InBucket(String),
    /// The key of the object that has its batch, and which item of it this is, from 0 on.
    InBatch {
        /// In Remotion's bucket.
        object: String,
        /// From 0 on.
        index: u32,
    },
}

/// Which lane of an owner's turns: single renders need not wait for a batch of the same owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Single,
    Batch,
}

impl Lane {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Batch => "batch",
        }
    }

    /// Its place among those of the same turn.
    const fn rank(self) -> u8 {
        match self {
            Self::Single => 0,
            Self::Batch => 1,
        }
    }
}

/// `<turn>-<lane>-<time>`, as texts that sort so.
pub(super) fn place(turn: u64, lane: Lane, now: u64) -> String {
    format!("{turn:015}-{}-{now:015}", lane.rank())
}

/// What was sent, which is also what finds the render when it has waited for too long.
pub(super) fn request_item(owner: &Owner, id: &Id, request: &Stored, waits_until: u64) -> Item {
    let mut item = key::of(owner, key::request(id));
    match request {
        Stored::Here(body) => {
            item.insert("body".into(), text(body));
        }
        Stored::InBucket(object) => {
            item.insert("object".into(), text(object));
        }
        Stored::InBatch { object, index } => {
            item.insert("object".into(), text(object));
            item.insert("index".into(), number(*index));
        }
    }
    item.extend([
        ("due".into(), text(key::ENDS)),
        ("dueAt".into(), text(key::due_at(waits_until))),
    ]);
    item
}

/// The item of a render that waits.
pub(super) fn waiting_item(owner: &Owner, render: &Render, turn: u64, lane: Lane) -> Item {
    let mut item = written(render, owner);
    item.extend([
        ("due".into(), text(key::QUEUE)),
        ("dueAt".into(), text(place(turn, lane, render.started_at))),
        ("turn".into(), number(turn)),
    ]);
    item
}

/// What an item says was sent.
pub(super) fn sent(item: &Item) -> Option<Stored> {
    let here = text_in(item, "body").map(|body| Stored::Here(body.to_owned()));
    let object = text_in(item, "object").map(ToOwned::to_owned);
    let index = number_in(item, "index").and_then(|index| u32::try_from(index).ok());
    let there = object.map(|object| match index {
        Some(index) => Stored::InBatch { object, index },
        None => Stored::InBucket(object),
    });
    here.or(there)
}
