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
    /// A page of an owner's renders and stills, newest first, with those that are visible and wanted. What is not visible is not
    /// told by a cursor either: one is always at a render that is visible.
    ///
    /// # Errors
    ///
    /// [`Error::Call`].
    pub async fn list(
        &self,
        owner: &Owner,
        limit: u8,
        after: Option<&Cursor>,
        visible: impl Fn(&Render) -> bool,
        wanted: impl Fn(&Render) -> bool,
        deadline: Instant,
    ) -> Result<Listing, Error> {
        let mut after = after.cloned();
        loop {
            let Listing {
                mut renders,
                cursor,
            } = self.scan(owner, limit, after.as_ref(), deadline).await?;
            renders.retain(&visible);
            let last = renders.last().map(Cursor::at);
            if cursor.is_some() && last.is_none() {
                after = cursor;
                continue;
            }
            let cursor = last.filter(|_| cursor.is_some());
            // Here and not by DynamoDB, which could not tell whether another one follows.
            renders.retain(wanted);
            return Ok(Listing { renders, cursor });
        }
    }

    async fn scan(
        &self,
        owner: &Owner,
        limit: u8,
        after: Option<&Cursor>,
        deadline: Instant,
    ) -> Result<Listing, Error> {
        let start = after.map(|cursor| {
            let mut key = render_key(owner, &cursor.id);
            key.insert("startedAt".into(), number(cursor.started_at));
            key
        });
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
            // One more than is wanted tells whether another page follows.
            .limit(i32::from(limit) + 1)
            .set_exclusive_start_key(start)
            .send();
        let output = Service::RendersTable.within(deadline, query).await?;
        // DynamoDB ends a page after a megabyte, too.
        let is_cut = output.last_evaluated_key.is_some();
        let more = output.count > i32::from(limit) || is_cut;
        let renders: Vec<_> = output
            .items()
            .iter()
            .take(usize::from(limit))
            .filter_map(read)
            .collect();
        let cursor = renders.last().filter(|_| more).map(Cursor::at);
        Ok(Listing { renders, cursor })
    }
}
