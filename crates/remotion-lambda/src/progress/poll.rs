//! Who asks how a render stands, and when.

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
