//! How AWS is reached, and what it means that it does not serve.

pub mod ahead;
pub mod connector;
pub mod dispatcher;
pub mod endpoints;
pub mod limits;
pub mod sdk;
pub mod service;
pub mod tls;
