//! A client that tries again pays once: the first request with a key reserves it, and the others get its answer.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{Item, Ledger, SETTLING, if_met, key, now_seconds, number, text, token, warn};
use crate::error::Error;
use crate::identity::Caller;
use crate::remotion::{RenderId, Started};
use crate::service::Service;

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
    /// Tells our own reservation from another's, also where a lost answer has made the SDK send it again.
    holder: AttributeValue,
}

impl Ledger {
    /// Reserves a key for a request. What is to be undone is undone within [`SETTLING`] after the deadline.
    ///
    /// # Errors
    ///
    /// [`Error::IdempotencyKeyReused`], [`Error::InFlight`], [`Error::OutcomeUnknown`]; and those of a call.
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
            holder: text(token(20)),
        };
        let mut item = reserved.key.clone();
        item.extend([
            ("body".into(), reserved.body.clone()),
            ("holder".into(), reserved.holder.clone()),
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
        let error = match if_met(deadline, put).await {
            Ok(Ok(_)) => return Ok(Reservation::New(reserved)),
            Ok(Err(error)) => error,
            Err(error) => {
                // It may stand all the same, though nothing will be started.
                self.release(reserved, deadline + SETTLING).await;
                return Err(error);
            }
        };
        let earlier = match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failure)) => {
                failure.item().cloned().unwrap_or_default()
            }
            _ => Item::new(),
        };
        let said = |name: &str| earlier.get(name).and_then(|value| value.as_s().ok());
        if earlier.get("holder") == Some(&reserved.holder) {
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

    /// The request has started this render: the key stands for it from now on. Where that fails, it stays as one in doubt.
    pub async fn fulfil(&self, reserved: &Reserved, started: &Started, deadline: Instant) {
        let update = self
            .client()
            .update_item()
            .table_name(&self.table)
            .set_key(Some(reserved.key.clone()))
            .update_expression("SET bucketName = :bucket, renderId = :id")
            .expression_attribute_values(":bucket", text(&started.bucket_name))
            .expression_attribute_values(":id", text(started.render_id.as_str()))
            .send();
        if let Err(error) = Service::Ledger.within(deadline, update).await {
            warn(
                &error,
                "An idempotency key could not be given its render, which has started.",
            );
        }
    }

    /// The request surely has started nothing: the key is free again. Where that fails, it stays as one in doubt.
    pub async fn release(&self, reserved: Reserved, deadline: Instant) {
        let delete = self
            .client()
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(reserved.key))
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", reserved.holder)
            .send();
        // Where the condition does not hold, it has been freed already.
        if let Err(error) = if_met(deadline, delete).await {
            warn(&error, "An idempotency key could not be freed.");
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
        if let Err(error) = Service::Ledger.within(deadline, update).await {
            warn(
                &error,
                "An idempotency key could not be marked as in doubt.",
            );
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
