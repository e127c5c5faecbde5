//! A request for the progress of a render, with its time.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::options::texts::RenderId;

/// AWS's default of `MaximumEventAgeInSeconds`, in milliseconds.
const MAX_EVENT_AGE: u64 = 6 * 3_600 * 1_000;

/// A question for the state of a render.
#[derive(Clone, Copy, Debug)]
pub struct Poll<'a> {
    /// The render.
    pub render_id: &'a str,
    /// The bucket that holds its state.
    pub bucket_name: &'a str,
    /// The name or ARN of the function that started it: its size has a price.
    pub function_name: &'a str,
    /// The function's region, which has prices too.
    pub region: &'a str,
    /// In milliseconds since 1970.
    pub now: u64,
    /// How long AWS keeps a launch that it cannot run yet, in milliseconds: the function's `MaximumEventAgeInSeconds`.
    /// AWS's default is six hours.
    pub max_event_age: u64,
}

impl<'a> Poll<'a> {
    /// A question of this moment, of a function for which AWS keeps launches for six hours.
    #[must_use]
    pub fn now(
        render_id: &'a RenderId,
        bucket_name: &'a str,
        function_name: &'a str,
        region: &'a str,
    ) -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            render_id: render_id.as_str(),
            bucket_name,
            function_name,
            region,
            now: u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
            max_event_age: MAX_EVENT_AGE,
        }
    }
}
