//! Random names.

/// So many small letters and digits: unlike those of any other, and no secret.
#[must_use]
pub fn name(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .take(length)
        .collect()
}
