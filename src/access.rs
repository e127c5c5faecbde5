//! Who calls, and what they may ask for.

pub mod acting;
mod claims;
pub mod identity;
pub mod limits;
pub mod outputs;
pub mod owner;
pub mod policy;
pub mod terms;
pub mod users;
