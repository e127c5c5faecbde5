//! The right to start one render: a key that nobody has used, and one of today's renders.

use tokio::time::Instant;

use super::{IdempotencyKey, Ledger, Quota, Render, Reservation, Reserved};
use crate::error::Error;
use crate::identity::Caller;
use crate::remotion::Started;

/// What a request to start a render may do.
#[derive(Debug)]
pub enum Claimed {
    /// Start one, and settle the claim.
    New(Claim),
    /// Answer as before.
    Replayed(Started),
}

/// A claim that is to be settled.
#[derive(Debug)]
pub struct Claim {
    reserved: Option<Reserved>,
    /// The caller's quota, if there is one.
    pub quota: Option<Quota>,
}

impl Ledger {
    /// Claims a render for a caller, by the key if there is one.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::reserve`] and [`Ledger::count`]; then nothing stays claimed.
    pub async fn claim(
        &self,
        caller: &Caller,
        key: Option<&IdempotencyKey>,
        body: &[u8],
        deadline: Instant,
    ) -> Result<Claimed, Error> {
        let reserved = match key {
            None => None,
            Some(key) => match self.reserve(caller, key, body, deadline).await? {
                Reservation::Replayed(started) => return Ok(Claimed::Replayed(started)),
                Reservation::New(reserved) => Some(reserved),
            },
        };
        match self.count(caller, deadline).await {
            Ok(quota) => Ok(Claimed::New(Claim { reserved, quota })),
            Err(error) => {
                if let Some(reserved) = reserved {
                    self.release(reserved, deadline).await;
                }
                Err(error)
            }
        }
    }

    /// The render has started: remembers it, and the key's answer.
    ///
    /// # Errors
    ///
    /// [`Error::NotRecorded`].
    pub async fn keep(
        &self,
        caller: &Caller,
        claim: &Claim,
        render: &Render,
        deadline: Instant,
    ) -> Result<(), Error> {
        let started = Started {
            bucket_name: render.bucket_name.clone(),
            render_id: render.id.clone(),
        };
        // In this order: a key must not promise a render that is in nobody's list.
        self.record(caller, render, deadline).await?;
        match &claim.reserved {
            Some(reserved) => self.fulfil(reserved, &started, deadline).await,
            None => Ok(()),
        }
    }

    /// The render has not started, as far as this failure tells: frees what was claimed, unless there is doubt.
    pub async fn settle(&self, caller: &Caller, claim: Claim, failure: &Error, deadline: Instant) {
        if failure.leaves_doubt() {
            if let Some(reserved) = claim.reserved {
                self.doubt(reserved, deadline).await;
            }
            return;
        }
        if let Some(reserved) = claim.reserved {
            self.release(reserved, deadline).await;
        }
        if let Some(quota) = claim.quota {
            self.give_back(caller, quota, deadline).await;
        }
    }
}
