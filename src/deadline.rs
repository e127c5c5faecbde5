//! The deadline of a request: one value, created once and passed down.

use std::time::{Duration, SystemTime};

use lambda_http::Context;
use tokio::time::Instant;

/// Time kept back to answer in, before AWS Lambda ends the invocation.
const RESERVE: Duration = Duration::from_secs(1);

/// Time kept back to write what has become of a start.
const SETTLING: Duration = Duration::from_secs(2);

/// The most time that a request may take, whatever AWS Lambda allows, and what it has where there is no deadline, as under
/// test, or one that lies in 1970, as under `cargo lambda watch`: API Gateway waits 29 or 30 s.
const TIMEOUT: Duration = Duration::from_secs(28);

/// The two moments that matter to a request.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// What is asked of AWS must have happened.
    pub act_by: Instant,
    /// What has become of it must have been written.
    pub settle_by: Instant,
}

impl Deadline {
    /// That of an invocation.
    #[must_use]
    pub fn of(context: Option<&Context>) -> Self {
        let left = context.and_then(|context| {
            let deadline = context.deadline();
            deadline.duration_since(SystemTime::now()).ok()
        });
        let left = left.map_or(TIMEOUT, |left| left.min(TIMEOUT));
        Self::after(left.saturating_sub(RESERVE))
    }

    /// The same, but nothing is asked after a moment.
    #[must_use]
    pub fn until(self, moment: Instant) -> Self {
        Self {
            act_by: self.act_by.min(moment),
            ..self
        }
    }

    /// The end of a time from now on.
    #[must_use]
    pub fn after(time: Duration) -> Self {
        let settle_by = Instant::now() + time;
        Self {
            act_by: settle_by - SETTLING.min(time),
            settle_by,
        }
    }
}
