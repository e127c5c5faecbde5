//! A place among the functions that may run at once.

/// A place for the functions of a render.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Tells it from others.
    pub id: String,
    /// How many functions.
    pub weight: u32,
    /// Whether it counts as one of the owner's renders at once.
    pub per_owner: bool,
}
