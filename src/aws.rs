//! The connection to AWS, and the meaning of its failures.

pub mod ahead;
pub mod connector;
pub mod dispatcher;
pub mod endpoints;
pub mod limits;
pub mod sdk;
pub mod service;
pub mod tls;
