//! A client that tries again pays once: the first request with a key reserves it, and the others get its answer.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{Item, Ledger, is_condition_failure, key, now_seconds, number, text, within};
use crate::error::Error;
use crate::identity::Caller;
use crate::remotion::{RenderId, Started};

/// How long a key is remembered, in seconds.
const KEY_SECONDS: u64 = 24 * 3_600;

/// How long a request may be under way, in seconds: longer than the function may run. One that has not ended by then never
/// will, and nobody knows what became of its start.
const IN_FLIGHT_SECONDS: u64 = 60;

/// A client's name for a request that it may send again: 1 to 255 visible ASCII characters.
///
/// Source: <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

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

/// What a key stands for.
#[derive(Debug)]
pub enum Reservation {
    /// Nobody has used it: the request is to be carried out, and settled.
    New(Reserved),
    /// The same request has been carried out before.
    Replayed(Started),
}

/// A key that is ours until it is settled.
#[derive(Debug)]
pub struct Reserved {
    key: Item,
    body: AttributeValue,
}

impl Ledger {
    /// Reserves a key for a request.
    ///
    /// # Errors
    ///
    /// [`Error::IdempotencyKeyReused`], [`Error::InFlight`], [`Error::OutcomeUnknown`], [`Error::LedgerUnavailable`].
    pub async fn reserve(
        &self,
        caller: &Caller,
        name: &IdempotencyKey,
        body: &[u8],
        deadline: Instant,
    ) -> Result<Reservation, Error> {
        let now = now_seconds();
        let reserved = Reserved {
            key: key(caller, format!("key#{}", name.0)),
            body: digest(body),
        };
        // Tells our own reservation from another's when a lost answer makes the SDK send it again.
        let holder: String = std::iter::repeat_with(fastrand::alphanumeric)
            .take(20)
            .collect();
        let mut item = reserved.key.clone();
        item.extend([
            ("body".into(), reserved.body.clone()),
            ("holder".into(), text(&holder)),
            ("reservedAt".into(), number(now)),
            ("expiresAt".into(), number(now + KEY_SECONDS)),
        ]);
        let put = self
            .client()
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            // DynamoDB removes what has expired only hours later.
            .condition_expression("attribute_not_exists(pk) OR expiresAt < :now")
            .expression_attribute_values(":now", number(now))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send();
        let error = match tokio::time::timeout_at(deadline, put).await {
            Ok(Ok(_)) => return Ok(Reservation::New(reserved)),
            Ok(Err(error)) if is_condition_failure(&error) => error,
            Ok(Err(error)) => return Err(Error::LedgerUnavailable(error.into())),
            Err(elapsed) => return Err(Error::LedgerUnavailable(elapsed.into())),
        };
        let earlier = match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failure)) => {
                failure.item().cloned().unwrap_or_default()
            }
            _ => Item::new(),
        };
        let said = |name: &str| earlier.get(name).and_then(|value| value.as_s().ok());
        if said("holder") == Some(&holder) {
            return Ok(Reservation::New(reserved));
        }
        if earlier.get("body") != Some(&reserved.body) {
            return Err(Error::IdempotencyKeyReused);
        }
        if let (Some(bucket_name), Some(Ok(render_id))) = (
            said("bucketName"),
            said("renderId").cloned().map(RenderId::try_from),
        ) {
            return Ok(Reservation::Replayed(Started {
                bucket_name: bucket_name.clone(),
                render_id,
            }));
        }
        let since: u64 = earlier
            .get("reservedAt")
            .and_then(|value| value.as_n().ok()?.parse().ok())
            .unwrap_or_default();
        let doubtful =
            earlier.contains_key("doubtful") || now.saturating_sub(since) > IN_FLIGHT_SECONDS;
        Err(if doubtful {
            Error::OutcomeUnknown
        } else {
            Error::InFlight
        })
    }

    /// The request has started this render: the key stands for it from now on.
    ///
    /// # Errors
    ///
    /// [`Error::NotRecorded`].
    pub async fn fulfil(
        &self,
        reserved: &Reserved,
        started: &Started,
        deadline: Instant,
    ) -> Result<(), Error> {
        let update = self
            .client()
            .update_item()
            .table_name(&self.table)
            .set_key(Some(reserved.key.clone()))
            .update_expression("SET bucketName = :bucket, renderId = :id")
            .expression_attribute_values(":bucket", text(&started.bucket_name))
            .expression_attribute_values(":id", text(started.render_id.as_str()))
            .send();
        within(deadline, update).await.map_err(Error::NotRecorded)?;
        Ok(())
    }

    /// The request surely has started nothing: the key is free again. Where that fails, it stays as one in doubt.
    pub async fn release(&self, reserved: Reserved, deadline: Instant) {
        let delete = self
            .client()
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(reserved.key))
            .send();
        if let Err(error) = within(deadline, delete).await {
            tracing::warn!(error.cause = %error, "An idempotency key could not be freed.");
        }
    }

    /// Nobody knows whether the request has started a render: the key stays, so that no other will. Where that fails, it
    /// comes to the same a minute later.
    pub async fn doubt(&self, reserved: Reserved, deadline: Instant) {
        let update = self
            .client()
            .update_item()
            .table_name(&self.table)
            .set_key(Some(reserved.key))
            .update_expression("SET doubtful = :yes")
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .send();
        if let Err(error) = within(deadline, update).await {
            tracing::warn!(error.cause = %error, "An idempotency key could not be marked as in doubt.");
        }
    }
}

fn digest(body: &[u8]) -> AttributeValue {
    AttributeValue::B(Blob::new(Sha256::digest(body).as_slice()))
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
