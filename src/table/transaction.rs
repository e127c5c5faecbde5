//! Several writes, all of them or none.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use remotion_lambda::aws::{CallError, CallFailure};
use tokio::time::{Instant, sleep, timeout_at};

use super::client::RendersTable;
use crate::aws::service::{Service, ServiceError};

/// What becomes of a transaction.
#[derive(Debug)]
pub(super) enum Outcome {
    /// All is written.
    Written,
    /// Nothing is: some condition does not hold. A reason for each write, in their order.
    Refused(Vec<CancellationReason>),
}

/// The condition of a write does not hold.
pub(super) const CONDITION_FAILED: &str = "ConditionalCheckFailed";

/// Somebody else writes one of the items at the same deadline.
const CONFLICT: &str = "TransactionConflict";

impl RendersTable {
    /// Writes all of it or nothing, again where others write the same items at the same deadline. The token makes it count once,
    /// however often it is sent.
    pub(super) async fn transact(
        &self,
        writes: Vec<TransactWriteItem>,
        token: &str,
        deadline: Instant,
    ) -> Result<Outcome, ServiceError> {
        let request = self
            .client()
            .transact_write_items()
            .set_transact_items(Some(writes))
            .client_request_token(token);
        let mut waits = waits();
        loop {
            let error = match timeout_at(deadline, request.clone().send()).await {
                Ok(Ok(_)) => return Ok(Outcome::Written),
                Ok(Err(error)) => error,
                Err(elapsed) => {
                    let late = CallError::new(CallFailure::TimedOut, elapsed);
                    return Err(Service::RendersTable.failed(late));
                }
            };
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                    canceled.cancellation_reasons().to_vec()
                }
                _ => return Err(Service::RendersTable.failed(error)),
            };
            let has = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
            if has(CONDITION_FAILED) {
                return Ok(Outcome::Refused(reasons));
            }
            let wait = waits
                .next()
                .filter(|wait| Instant::now() + *wait < deadline);
            match wait {
                Some(wait) if has(CONFLICT) => sleep(wait).await,
                _ => {
                    let failure = if has(CONFLICT) || has("ThrottlingError") {
                        CallFailure::Throttled
                    } else {
                        CallFailure::of(&error)
                    };
                    return Err(Service::RendersTable.failed(CallError::new(failure, error)));
                }
            }
        }
    }
}

/// How long to wait before each further attempt: longer each time, and random, so that those who met do not meet again.
fn waits() -> impl Iterator<Item = Duration> {
    [20, 40, 80, 160, 320, 640, 640, 640]
        .map(|most| Duration::from_millis(fastrand::u64(most / 4..=most)))
        .into_iter()
}
