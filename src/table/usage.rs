//! What an owner has rendered, month by month.

use tokio::time::Instant;

use super::client::RendersTable;
use super::item::{Item, decimal_in, number_in, text, text_in};
use super::key;
use crate::access::owner::Owner;
use crate::aws::service::Service;
use crate::clock::Month;
use crate::error::Error;

/// What ended in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// How many renders.
    pub renders: u64,
    /// How many stills.
    pub stills: u64,
    /// How many frames were rendered.
    pub frames: u64,
    /// Its costs, by Remotion's estimate.
    pub costs: f64,
}

impl RendersTable {
    /// An owner's months from one on, those in which something ended.
    ///
    /// # Errors
    ///
    /// [`Error::Call`].
    pub async fn usage(
        &self,
        owner: &Owner,
        since: Month,
        deadline: Instant,
    ) -> Result<Vec<(Month, Sums)>, Error> {
        let query = self
            .client()
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :owner AND sk BETWEEN :since AND :last")
            .expression_attribute_values(":owner", text(key::partition(owner)))
            .expression_attribute_values(":since", text(key::usage_of(since)))
            .expression_attribute_values(":last", text("usage#9999-12"))
            .send();
        let output = Service::RendersTable.within(deadline, query).await?;
        Ok(output.items().iter().filter_map(read).collect())
    }
}

fn read(item: &Item) -> Option<(Month, Sums)> {
    let month = text_in(item, "sk")?.strip_prefix("usage#")?.parse().ok()?;
    let count = |name: &str| number_in(item, name).unwrap_or_default();
    Some((
        month,
        Sums {
            renders: count("renders"),
            stills: count("stills"),
            frames: count("frames"),
            costs: decimal_in(item, "costs").unwrap_or_default(),
        },
    ))
}
