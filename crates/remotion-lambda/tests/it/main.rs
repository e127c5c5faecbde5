//! What the official clients say, on file: the same here.

mod census;
mod golden;
mod official_progress;
mod progress;
mod release;
