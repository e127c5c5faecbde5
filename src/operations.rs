//! One file for each verb. The only place that knows all the others.

pub mod start;
