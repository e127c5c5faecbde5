//! What an instance remembers of an answer that costs an invocation: also that it was a failure.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::Error;

/// How long a failure is remembered: whoever asks again at once pays for no other invocation.
const FAILURE: Duration = Duration::from_secs(10);

/// An answer, and since when it is known.
#[derive(Debug)]
pub struct Remembered<T> {
    answer: Mutex<Option<(Instant, Result<Arc<T>, Arc<Error>>)>>,
    life: Duration,
}

impl<T> Remembered<T> {
    /// Nothing yet. A good answer is remembered for `life`.
    #[must_use]
    pub const fn for_a(life: Duration) -> Self {
        Self {
            answer: Mutex::const_new(None),
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
        let mut answer = self.answer.lock().await;
        if let Some((since, known)) = &*answer {
            let life = if known.is_ok() { self.life } else { FAILURE };
            if since.elapsed() < life {
                return known.clone().map_err(Error::Remembered);
            }
        }
        let asked = ask().await.map(Arc::new).map_err(Arc::new);
        *answer = Some((Instant::now(), asked.clone()));
        asked.map_err(Error::Remembered)
    }

    /// Forgets it.
    pub fn forget(&self) {
        *self.answer.blocking_lock() = None;
    }

    /// The good answer that is remembered, if there is one, and nobody is asking for another.
    #[must_use]
    pub fn known(&self) -> Option<Arc<T>> {
        let answer = self.answer.try_lock().ok()?;
        let (since, known) = answer.as_ref()?;
        known
            .as_ref()
            .ok()
            .filter(|_| since.elapsed() < self.life)
            .cloned()
    }
}
