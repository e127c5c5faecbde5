//! How many renders a user may start in a day. Days end at midnight, UTC.

use aws_sdk_dynamodb::types::ReturnValue;
use tokio::time::Instant;

use super::{Ledger, is_condition_failure, key, now_seconds, number, within};
use crate::error::Error;
use crate::identity::Caller;

const DAY_SECONDS: u64 = 24 * 3_600;

/// A user's quota, after this request has been counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Renders a day.
    pub limit: u32,
    /// How many are left today.
    pub left: u32,
    /// Seconds until there are all of them again.
    pub resets_in: u64,
    day: u64,
}

impl Quota {
    /// The `RateLimit-Policy` header. Source: <https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/>
    #[must_use]
    pub fn policy(&self) -> String {
        format!("\"renders\";q={};w={DAY_SECONDS}", self.limit)
    }

    /// The `RateLimit` header.
    #[must_use]
    pub fn state(&self) -> String {
        format!("\"renders\";r={};t={}", self.left, self.resets_in)
    }
}

impl Ledger {
    /// Counts a render of the caller's; `None` where there is no quota.
    ///
    /// # Errors
    ///
    /// [`Error::QuotaSpent`], [`Error::LedgerUnavailable`].
    pub async fn count(&self, caller: &Caller, deadline: Instant) -> Result<Option<Quota>, Error> {
        let Some(limit) = self.quota else {
            return Ok(None);
        };
        let now = now_seconds();
        let quota = |left| Quota {
            limit,
            left,
            resets_in: DAY_SECONDS - now % DAY_SECONDS,
            day: now / DAY_SECONDS,
        };
        let update = self
            .client()
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(caller, format!("quota#{}", now / DAY_SECONDS))))
            .update_expression("SET expiresAt = :end ADD used :one")
            .condition_expression("attribute_not_exists(used) OR used < :limit")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":limit", number(limit))
            .expression_attribute_values(":end", number((now / DAY_SECONDS + 2) * DAY_SECONDS))
            .return_values(ReturnValue::UpdatedNew)
            .send();
        match tokio::time::timeout_at(deadline, update).await {
            Ok(Ok(output)) => {
                let used = output
                    .attributes()
                    .and_then(|new| new.get("used")?.as_n().ok()?.parse().ok())
                    .unwrap_or(limit);
                Ok(Some(quota(limit.saturating_sub(used))))
            }
            Ok(Err(error)) if is_condition_failure(&error) => Err(Error::QuotaSpent(quota(0))),
            Ok(Err(error)) => Err(Error::LedgerUnavailable(error.into())),
            Err(elapsed) => Err(Error::LedgerUnavailable(elapsed.into())),
        }
    }

    /// Gives back a render that surely did not start.
    pub async fn give_back(&self, caller: &Caller, quota: Quota, deadline: Instant) {
        let update = self
            .client()
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(caller, format!("quota#{}", quota.day))))
            .update_expression("ADD used :one")
            .expression_attribute_values(":one", number(-1))
            .send();
        if let Err(error) = within(deadline, update).await {
            tracing::warn!(error.cause = %error, "A render that did not start could not be given back to its quota.");
        }
    }
}
