//! The whole crate, from an event of API Gateway to its response. AWS's answers are played below the clients.

mod harness;

mod census;
mod docs;
mod events;
mod golden;
mod identity;
mod ledger;
mod logs;
mod official_progress;
mod openapi;
mod options;
mod page;
mod progress;
mod replies;
mod routes;
mod start;
mod versions;
