//! Events of API Gateway, routes, and answers.

pub mod body;
pub mod event;
pub mod http;
pub mod path;
pub mod response;
pub mod routes;
