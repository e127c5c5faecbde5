//! An owner's renders, page by page.

use std::fmt;
use std::str::FromStr;

use tokio::time::Instant;

use super::client::RendersTable;
use super::item::{number, text};
use super::key;
use super::record::{read, render_key};
use crate::access::owner::Owner;
use crate::aws::service::Service;
use crate::error::Error;
use crate::render::Render;
use crate::render::id::Id;

/// The table's index of an owner's renders by time.
const BY_TIME: &str = "byTime";

/// A page of a user's renders.
#[derive(Debug)]
pub struct Listing {
    /// Newest first.
    pub renders: Vec<Render>,
    /// Where the next page begins, if there is one.
    pub cursor: Option<Cursor>,
}

/// The last render of a page. Written `<time>.<id>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    started_at: u64,
    id: Id,
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (started_at, id) = text.split_once('.').ok_or(())?;
        Ok(Self {
            started_at: started_at.parse().map_err(|_| ())?,
            id: Id::try_from(id).map_err(|_| ())?,
        })
    }
}

impl Cursor {
    fn at(render: &Render) -> Self {
        Self {
            started_at: render.started_at,
            id: render.id.clone(),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.started_at, self.id)
    }
}

impl RendersTable {
    /// A page of an owner's renders and stills, newest first, with those that are wanted; only one user's where a user is named. What
    /// is another's is not told by a cursor either: one is always at a render of the page.
    ///
    /// # Errors
    ///
    /// [`Error::Call`].
    pub async fn list(
        &self,
        owner: &Owner,
        limit: u8,
        after: Option<&Cursor>,
        of: Option<&str>,
        wanted: impl Fn(&Render) -> bool,
        deadline: Instant,
    ) -> Result<Listing, Error> {
        // One more than is asked for tells whether another page follows.
        let mut looked_through = Some(i32::from(limit) + 1);
        let limit = usize::from(limit);
        let mut renders = Vec::new();
        let mut start = after.map(|cursor| {
            let mut key = render_key(owner, &cursor.id);
            key.insert("startedAt".into(), number(cursor.started_at));
            key
        });
        loop {
            let query = self
                .client()
                .query()
                .table_name(&self.name)
                .index_name(BY_TIME)
                // A render that has just started is there.
                .consistent_read(true)
                .key_condition_expression("pk = :owner")
                .expression_attribute_values(":owner", text(key::partition(owner)))
                .scan_index_forward(false)
                .set_exclusive_start_key(start);
            let query = match of {
                Some(user) => query
                    .filter_expression("userId = :user")
                    .expression_attribute_values(":user", text(user)),
                None => query,
            };
            // Where others' are between, a megabyte at once, after which DynamoDB ends a page.
            let query = query.set_limit(looked_through.take());
            let output = Service::RendersTable.within(deadline, query.send()).await?;
            let found = output.items().iter().filter_map(read);
            renders.extend(found.filter(|render| of.is_none_or(|user| user == render.user)));
            start = output.last_evaluated_key;
            if renders.len() > limit || start.is_none() {
                break;
            }
        }
        let more = renders.len() > limit;
        renders.truncate(limit);
        let cursor = renders.last().filter(|_| more).map(Cursor::at);
        // Here and not by DynamoDB, which could not tell whether another one follows.
        renders.retain(wanted);
        Ok(Listing { renders, cursor })
    }
}
