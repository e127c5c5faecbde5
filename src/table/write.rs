//! The writes of a transaction.

use aws_sdk_dynamodb::types::builders::{DeleteBuilder, PutBuilder, UpdateBuilder};
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};

use super::client::RendersTable;
use super::item::{Item, number};

impl RendersTable {
    /// Puts an item, whatever is there, unless a condition is added.
    pub(super) fn putting(&self, item: Item) -> PutBuilder {
        Put::builder().table_name(&self.name).set_item(Some(item))
    }

    /// Updates the item of a key.
    pub(super) fn updating(&self, key: Item) -> UpdateBuilder {
        Update::builder().table_name(&self.name).set_key(Some(key))
    }

    /// Counts so many fewer, whatever is there.
    pub(super) fn counting_down(&self, key: Item, name: &str, by: u32) -> TransactWriteItem {
        let less = self
            .updating(key)
            .update_expression(format!("ADD {name} :less"))
            .expression_attribute_values(":less", number(-i64::from(by)));
        update(less)
    }

    /// Deletes the item of a key, whether or not it is there, unless a condition is added.
    pub(super) fn deleting(&self, key: Item) -> DeleteBuilder {
        Delete::builder().table_name(&self.name).set_key(Some(key))
    }
}

pub(super) fn put(put: PutBuilder) -> TransactWriteItem {
    let put = put.build().expect("a table and an item");
    TransactWriteItem::builder().put(put).build()
}

pub(super) fn update(update: UpdateBuilder) -> TransactWriteItem {
    let update = update.build().expect("a table, a key and an expression");
    TransactWriteItem::builder().update(update).build()
}

pub(super) fn delete(delete: DeleteBuilder) -> TransactWriteItem {
    let delete = delete.build().expect("a table and a key");
    TransactWriteItem::builder().delete(delete).build()
}

/// An update with a name and a value for each attribute of an item, and what an expression says behind `SET`.
pub(super) fn setting(update: UpdateBuilder, item: Item) -> (UpdateBuilder, String) {
    let mut sets: Vec<_> = item
        .keys()
        .map(|name| format!("#{name} = :{name}"))
        .collect();
    sets.sort_unstable();
    let named = item.into_iter().fold(update, |update, (name, value)| {
        update
            .expression_attribute_names(format!("#{name}"), &name)
            .expression_attribute_values(format!(":{name}"), value)
    });
    (named, sets.join(", "))
}
