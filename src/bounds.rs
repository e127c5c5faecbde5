//! The bounds of numbers that an operator may set. The template's patterns are checked against them.

use std::ops::RangeInclusive;

/// `RENDERS_PER_USER_PER_DAY`.
pub const RENDERS_PER_USER_PER_DAY: RangeInclusive<u32> = 1..=10_000;

/// `OUTPUT_URL_TTL_SECONDS`: a link dies with the role's session anyway.
pub const OUTPUT_URL_TTL_SECONDS: RangeInclusive<u32> = 1..=3_600;

/// `REMOTION_MAX_EVENT_AGE_SECONDS`: AWS's own bounds of `MaximumEventAgeInSeconds`, whose default is the upper one.
pub const MAX_EVENT_AGE_SECONDS: RangeInclusive<u32> = 60..=21_600;
