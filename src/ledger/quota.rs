//! How many renders a user may start in a day. Days end at midnight, UTC.
//!
//! The renders of a day are a set of tokens and not a number: a call whose answer was lost can be sent again, or undone,
//! and counts once.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use tokio::time::Instant;

use super::{Item, Ledger, SETTLING, if_met, key, now_seconds, number, token, warn};
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
}

/// One of today's renders, until it is known whether it has started.
#[derive(Debug)]
pub struct Counted {
    /// What is left.
    pub quota: Quota,
    day: Item,
    token: AttributeValue,
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
    /// Counts a render of the caller's; `None` where there is no quota. What is to be undone is undone within [`SETTLING`]
    /// after the deadline.
    ///
    /// # Errors
    ///
    /// [`Error::QuotaSpent`]; and those of a call.
    pub async fn count(
        &self,
        caller: &Caller,
        deadline: Instant,
    ) -> Result<Option<Counted>, Error> {
        let Some(limit) = self.quota else {
            return Ok(None);
        };
        let now = now_seconds();
        let today = now / DAY_SECONDS;
        let mut counted = Counted {
            quota: Quota {
                limit,
                left: 0,
                resets_in: DAY_SECONDS - now % DAY_SECONDS,
            },
            day: key(caller, format!("quota#{today}")),
            token: AttributeValue::Ss(vec![token(8)]),
        };
        let update = self
            .client()
            .update_item()
            .table_name(&self.table)
            .set_key(Some(counted.day.clone()))
            .update_expression("SET expiresAt = :end ADD starts :token")
            .condition_expression("attribute_not_exists(starts) OR size(starts) < :limit")
            .expression_attribute_values(":token", counted.token.clone())
            .expression_attribute_values(":limit", number(limit))
            .expression_attribute_values(":end", number((today + 2) * DAY_SECONDS))
            .return_values(ReturnValue::UpdatedNew)
            .send();
        match if_met(deadline, update).await {
            Ok(Ok(output)) => {
                let starts = output
                    .attributes()
                    .and_then(|new| new.get("starts")?.as_ss().ok()?.len().try_into().ok());
                counted.quota.left = limit.saturating_sub(starts.unwrap_or(limit));
                Ok(Some(counted))
            }
            Ok(Err(_)) => Err(Error::QuotaSpent(counted.quota)),
            Err(error) => {
                // It may be counted all the same, though nothing will be started.
                self.give_back(counted, deadline + SETTLING).await;
                Err(error)
            }
        }
    }

    /// Gives back a render that surely did not start.
    pub async fn give_back(&self, counted: Counted, deadline: Instant) {
        let update = self
            .client()
            .update_item()
            .table_name(&self.table)
            .set_key(Some(counted.day))
            .update_expression("DELETE starts :token")
            // Where nothing has been counted there may be no day, and none is to be made.
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":token", counted.token)
            .send();
        if let Err(error) = if_met(deadline, update).await {
            warn(
                &error,
                "A render that did not start could not be given back to its quota.",
            );
        }
    }
}
