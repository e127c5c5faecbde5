//! A transaction of several writes.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use remotion_lambda::aws::{CallError, CallFailure};
use tokio::time::{Instant, sleep, timeout_at};

use super::client::{RendersTable, waits};
use crate::aws::service::{Service, ServiceError};
use crate::random;

/// The result of a transaction.
#[derive(Debug)]
pub(super) enum Outcome {
    /// All is written.
    Written,
    /// Nothing is: some condition does not hold. A reason for each write, in their order.
    Refused(Vec<CancellationReason>),
}

/// The condition of a write does not hold.
pub(super) const CONDITION_FAILED: &str = "ConditionalCheckFailed";

/// Somebody else writes one of the items at the same moment.
const CONFLICT: &str = "TransactionConflict";

/// Reasons that pass.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
const PASSING: [&str; 3] = [CONFLICT, "ProvisionedThroughputExceeded", "ThrottlingError"];

impl RendersTable {
    /// Writes all of it or nothing, again where others write the same items at the same moment, and where AWS throttles it. The
    /// token makes it count once, however often it is sent.
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
        let mut waits = waits(deadline);
        loop {
            let error = match timeout_at(deadline, request.clone().send()).await {
                Ok(Ok(_)) => return Ok(Outcome::Written),
                Ok(Err(error)) => error,
                Err(elapsed) => {
                    let late = CallError::new(CallFailure::TimedOut, elapsed);
                    return Err(Service::RendersTable.failed(late));
                }
            };
            let (reasons, passes) = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                    let reasons = canceled.cancellation_reasons();
                    (reasons, PASSING.iter().any(|code| has(reasons, code)))
                }
                // An attempt whose answer was lost is still being carried out.
                Some(TransactWriteItemsError::TransactionInProgressException(_)) => (&[][..], true),
                _ => return Err(Service::RendersTable.failed(error)),
            };
            // In a conflict, only the first condition counts, which is the claim's own: another one may fail because the other
            // transaction holds the same claim.
            let told = if has(reasons, CONFLICT) {
                reasons.get(..1).unwrap_or_default()
            } else {
                reasons
            };
            if has(told, CONDITION_FAILED) {
                return Ok(Outcome::Refused(reasons.to_vec()));
            }
            match waits.next() {
                Some(wait) if passes => sleep(wait).await,
                _ => {
                    let failure = if passes {
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

fn has(reasons: &[CancellationReason], code: &str) -> bool {
    reasons.iter().any(|reason| reason.code() == Some(code))
}

/// A name for a transaction.
pub(super) fn token() -> String {
    random::name(20)
}
