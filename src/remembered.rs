//! Caches answers that cost an invocation, including failures.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::Error;

/// How long a failure is remembered that does not say itself when to come again, and no longer than a good answer: whoever asks
/// at once pays for no other invocation.
const FAILURE: Duration = Duration::from_secs(10);

/// An answer that is kept for a while.
#[derive(Debug)]
pub struct Remembered<T> {
    known: Mutex<Option<Known<T>>>,
    life: Duration,
}

/// An answer, and since when it is known.
#[derive(Debug)]
struct Known<T> {
    since: Instant,
    answer: Result<Arc<T>, Arc<Error>>,
}

impl<T> Remembered<T> {
    /// Nothing yet. A good answer is remembered for `life`.
    #[must_use]
    pub const fn for_a(life: Duration) -> Self {
        Self {
            known: Mutex::const_new(None),
            life,
        }
    }

    /// The answer that is remembered, else the one of `ask`, of which there is one at a time.
    ///
    /// # Errors
    ///
    /// The failure of `ask`.
    pub async fn or_ask(
        &self,
        ask: impl AsyncFnOnce() -> Result<T, Error>,
    ) -> Result<Arc<T>, Error> {
        let mut known = self.known.lock().await;
        if let Some(Known { since, answer }) = &*known {
            let life = match answer {
                Ok(_) => self.life,
                Err(error) => {
                    let life = error.retry_after().map_or(FAILURE, Duration::from_secs);
                    life.min(self.life)
                }
            };
            if since.elapsed() < life {
                return answer.clone().map_err(Error::Remembered);
            }
        }
        let answer = ask().await.map(Arc::new).map_err(Arc::new);
        *known = Some(Known {
            since: Instant::now(),
            answer: answer.clone(),
        });
        answer.map_err(Error::Remembered)
    }

    /// The good answer that is remembered, if there is one, and nobody is asking for another.
    #[must_use]
    pub fn known(&self) -> Option<Arc<T>> {
        let known = self.known.try_lock().ok()?;
        let Known { since, answer } = known.as_ref()?;
        let good = answer.as_ref().ok()?;
        (since.elapsed() < self.life).then(|| good.clone())
    }
}
