//! What the official clients say, on file: the same here.

mod census;
mod golden;
mod launch;
mod official_progress;
mod progress;
mod release;
