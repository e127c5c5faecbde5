//! Items of the table: how values are written and read.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(super) fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// Without an exponent, which DynamoDB takes too, though for up to 38 digits only.
pub(super) fn decimal(value: f64) -> AttributeValue {
    AttributeValue::N(format!("{value:.10}"))
}

/// The number in an item, if there is one.
pub(super) fn number_in(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// The text in an item, if there is one.
pub(super) fn text_in<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// The decimal number in an item, if there is one.
pub(super) fn decimal_in(item: &Item, name: &str) -> Option<f64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}
