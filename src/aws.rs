//! How AWS is reached, and what it means that a call failed.

pub mod call;
pub mod cognito;
pub mod connector;
pub mod sdk;
pub mod tls;
