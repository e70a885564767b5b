//! The HTTP interface of a running engine.
//!
//! Only this crate knows axum. It holds no logic of flows: it asks a [`Service`], and must never
//! answer to the network unless it was told to in so many words.

mod error;
mod guard;
mod listen;
mod problem;
mod routes;
mod service;

pub use error::ServerError;
pub use listen::{Exposure, Server};
pub use service::Service;
