//! The HTTP interface of a running engine.
//!
//! Only this crate knows axum. It knows the engine as a [`Service`], and flows that are edited as
//! the drafts of a [`Studio`]. It must never answer to the network unless it was told to in so many
//! words, nor wait for the engine without a limit.

mod connections;
mod error;
mod guard;
mod limits;
mod listen;
mod look;
mod problem;
mod resources;
mod routes;
mod seldom;
mod service;
mod studio;
mod views;

pub use error::ServerError;
pub use limits::Limits;
pub use listen::{Exposure, Server, Serving};
pub use resources::{EngineStatus, FlowSummary};
pub use service::{EditResult, ReplayResult, Service};
pub use studio::{Demo, Home, Parameters, Specs, Studio};
pub use tutti_editing::{Damage, FlowFiles};
