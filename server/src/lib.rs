//! The HTTP interface of a running engine.
//!
//! Only this crate knows axum. It knows the engine as a [`Service`], and flows that are edited as
//! the drafts of a [`Studio`]. It must never answer others than its machine without asking who they
//! are, unless it was told to in so many words, nor wait for the engine without a limit.

mod access;
mod answer;
mod clock;
mod connections;
mod error;
mod extract;
mod filter;
mod guard;
mod limits;
mod listen;
mod metrics;
mod openapi;
mod places;
mod presence;
mod problem;
mod resources;
mod routes;
mod seldom;
mod service;
mod studio;
mod tls;
mod trial;
mod views;

pub use access::{
    Accounts, AccountsError, AccountsFile, Role, Secret, TOKEN_PREFIX, Token, User, route_roles,
};
pub use error::ServerError;
pub use limits::Limits;
pub use listen::{Entrance, Exposure, Server, Serving};
pub use openapi::openapi;
pub use problem::problems;
pub use resources::{EngineStatus, FlowSummary};
pub use service::{EditResult, RemoveResult, ReplayResult, Service, VerifyResult};
pub use studio::{Demo, Home, Parameters, Specs, Studio};
pub use tls::{TlsError, TlsFiles};
pub use trial::{TrialProgram, try_apart};
pub use tutti_editing::{Damage, FlowFiles};
pub use views::table::{TableProgram, read_table_apart};
