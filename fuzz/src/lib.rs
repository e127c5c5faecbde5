//! What the fuzz targets share: an API whose AWS is played.
//!
//! `fuzz/run.sh` runs them.

pub mod api;
pub mod aws;
