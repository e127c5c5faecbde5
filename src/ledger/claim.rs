//! The right to start one render: a key that nobody has used, and one of today's renders.

use tokio::time::Instant;

use super::{Counted, IdempotencyKey, Ledger, Quota, Render, Reservation, Reserved, SETTLING};
use crate::error::Error;
use crate::identity::Caller;
use crate::remotion::Started;

/// What a request to start a render may do.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one for each request, moved once"
)]
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
    counted: Option<Counted>,
}

impl Claim {
    /// The caller's quota, if there is one.
    #[must_use]
    pub fn quota(&self) -> Option<&Quota> {
        self.counted.as_ref().map(|counted| &counted.quota)
    }
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
        let until = deadline - SETTLING;
        let reserved = match key {
            None => None,
            Some(key) => match self.reserve(caller, key, body, until).await? {
                Reservation::Replayed(started) => return Ok(Claimed::Replayed(started)),
                Reservation::New(reserved) => Some(reserved),
            },
        };
        match self.count(caller, until).await {
            Ok(counted) => Ok(Claimed::New(Claim { reserved, counted })),
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
        if let Some(reserved) = &claim.reserved {
            self.fulfil(reserved, &started, deadline).await;
        }
        Ok(())
    }

    /// The render has not started, as far as this failure tells: frees what was claimed, unless there is doubt.
    pub async fn settle(&self, claim: Claim, failure: &Error, deadline: Instant) {
        if failure.leaves_doubt() {
            if let Some(reserved) = claim.reserved {
                self.doubt(reserved, deadline).await;
            }
            return;
        }
        // Side by side: one that hangs must not cost the other its time.
        tokio::join!(
            async {
                if let Some(reserved) = claim.reserved {
                    self.release(reserved, deadline).await;
                }
            },
            async {
                if let Some(counted) = claim.counted {
                    self.give_back(counted, deadline).await;
                }
            },
        );
    }
}
