//! The whole crate, from an event of API Gateway to its response.

fn main() {}
