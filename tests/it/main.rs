//! The whole crate, from an event of API Gateway to its response. AWS's answers are played below the clients.

mod harness;

mod docs;
mod identity;
mod logs;
mod options;
mod replies;
mod routes;
mod start;
mod versions;
