//! Runs a valid flow: schedules its processors, backs their sessions with a repository, counts.
//!
//! Knows no processor by name and no file format; time, randomness and the stores are injected.

mod compile;
mod connection;
mod effects;
mod environment;
mod flow;
mod host;
mod metrics;
mod node;
mod pool;
mod route;
mod status;
mod worker;

pub use compile::CompileError;
pub use environment::{Environment, SystemClock, SystemRandom};
pub use flow::{Flow, Stuck};
pub use metrics::Totals;
pub use status::{BulletinStatus, ConnectionStatus, FlowState, ProcessorStatus, Status};
