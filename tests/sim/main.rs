//! Many renders on simulated time, against an AWS in memory whose calls fail now and then.

mod aws;
mod batches;
mod counts;
mod deployment;
mod dynamodb;
mod ends;
mod expressions;
mod queue;
mod room;
mod waiting;
mod world;
