//! An HTTP API on AWS Lambda through which an app's signed-in users render Remotion videos.
//!
//! ```text
//! gateway      API Gateway's event -> a request -> its route; an operation's result -> API Gateway's answer
//! access       who calls, by verified claims; what the operator lets callers ask for
//! operations   one file for each route
//! render       what is kept of a render, and how it has ended
//! dispatch     the function `dispatch`: what waits is started in its turn
//! ends         the function `ends`: an end comes in, and goes out
//! table        the DynamoDB table: whose a render is, which request started it, how many of today's are left
//! aws          how AWS is reached, and what it means that a call failed
//! ```

pub mod access;
pub mod app;
pub mod aws;
pub mod batch;
pub mod bounds;
pub mod clock;
pub mod code;
pub mod config;
pub mod deadline;
pub mod dispatch;
pub mod ends;
pub mod error;
pub mod gateway;
pub mod hook;
pub mod items;
pub mod kept;
pub mod log;
pub mod operations;
pub mod order;
pub mod overview;
pub mod pace;
pub mod page;
pub mod quota;
pub mod random;
pub mod remembered;
pub mod render;
pub mod table;

pub use app::App;
