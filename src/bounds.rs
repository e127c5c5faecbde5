//! The bounds of what this API accepts: the numbers that an operator may set, which the template's patterns are checked against, and
//! what fits into its memory.

use std::ops::RangeInclusive;
use std::time::Duration;

/// `RENDERS_PER_USER_PER_DAY`.
pub const RENDERS_PER_USER_PER_DAY: RangeInclusive<u32> = 1..=10_000;

/// `RENDER_CAPACITY`: AWS raises the limit of an account to tens of thousands.
pub const RENDER_CAPACITY: RangeInclusive<u32> = 1..=100_000;

/// `RENDERS_PER_OWNER_AT_ONCE`.
pub const RENDERS_PER_OWNER_AT_ONCE: RangeInclusive<u32> = 1..=10_000;

/// `MAX_WAIT_MINUTES`: up to a week.
pub const MAX_WAIT_MINUTES: RangeInclusive<u32> = 1..=10_080;

/// A day.
pub const DEFAULT_MAX_WAIT_MINUTES: u32 = 1_440;

/// `OUTPUT_URL_TTL_SECONDS`: a link dies with the role's session anyway.
pub const OUTPUT_URL_TTL_SECONDS: RangeInclusive<u32> = 1..=3_600;

/// `REMOTION_MAX_EVENT_AGE_SECONDS`: AWS's own bounds of `MaximumEventAgeInSeconds`, whose default is the upper one.
pub const MAX_EVENT_AGE_SECONDS: RangeInclusive<u32> = 60..=21_600;

/// `COGNITO_PASSWORD_LENGTH`: Cognito's own bounds of `MinimumLength`.
pub const COGNITO_PASSWORD_LENGTH: RangeInclusive<u32> = 6..=99;

/// The longest `PAGE_TITLE`, in characters: what a phone's header has room for, over two lines.
pub const MAX_PAGE_TITLE: usize = 50;

/// The largest webhook that is taken, in bytes. Remotion's own have some kilobytes, with the stacks of a few errors.
pub const MAX_HOOK_BYTES: usize = 256 * 1024;

/// The longest that a function of AWS Lambda may run.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const LONGEST_FUNCTION: Duration = Duration::from_mins(15);

/// How long after its timeout a render is checked: the official client waits for 20 s.
pub const GRACE: Duration = Duration::from_secs(25);
