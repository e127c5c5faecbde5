//! What the fuzz targets share: an API whose AWS is played, and mutations that keep JSON whole.
//!
//! `fuzz/run.sh` runs them.

pub mod api;
pub mod aws;
pub mod mutate;
