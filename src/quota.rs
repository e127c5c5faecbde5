//! An owner's quota of renders a day.

/// Seconds of a day.
pub const DAY_SECONDS: u64 = 24 * 3_600;

/// What is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Renders a day.
    pub limit: u32,
    /// How many are left today.
    pub left: u32,
    /// Seconds until there are all of them again.
    pub resets_in: u64,
}

impl Quota {
    /// The `RateLimit-Policy` header. Source: <https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/>
    #[must_use]
    pub fn rate_limit_policy(&self) -> String {
        format!("\"renders\";q={};w={DAY_SECONDS}", self.limit)
    }

    /// The `RateLimit` header.
    #[must_use]
    pub fn rate_limit(&self) -> String {
        format!("\"renders\";r={};t={}", self.left, self.resets_in)
    }
}
