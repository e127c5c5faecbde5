//! The whole crate, from an event of API Gateway to its response. AWS's answers are played below the clients.

mod harness;

mod batches;
mod config;
mod connections;
mod docs;
mod events;
mod fixtures;
mod gateway;
mod hook;
mod identity;
mod logs;
mod openapi;
mod options;
mod overview;
mod page;
mod queue;
mod remembered;
mod replies;
mod round_trips;
mod routes;
mod sent;
mod start;
mod stills;
mod table;
mod transactions;
mod users;
mod versions;
