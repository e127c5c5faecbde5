//! Who calls, and what they may ask for.

pub mod identity;
pub mod limits;
pub mod outputs;
pub mod owner;
pub mod policy;
pub mod terms;
