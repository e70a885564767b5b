//! What the author of a processor sees: the processor, its properties, its session, its errors.
//!
//! Knows the model and the Expression Language, and nothing of the engine that runs a processor.

// The derived code names this crate, also in its own tests.
extern crate self as tutti_sdk;

pub mod attempts;
mod catalog;
mod content;
mod context;
pub mod derive;
pub mod deterministic;
mod error;
mod held;
pub mod host;
mod probe;
mod processor;
pub mod property;
mod provenance;
pub mod reference;
mod service;
mod service_context;
mod session;
#[cfg(any(test, feature = "testkit"))]
pub mod testkit;

pub use catalog::Catalog;
pub use content::{ContentReader, ContentReaders, ContentWriter, ContentWriters};
pub use context::ProcessorContext;
pub use error::{ProcessError, Retry};
pub use probe::{Probe, not_verified, verified};
pub use processor::{
    BuildContext, BuildError, Description, FAILURE, Makes, Processor, ProcessorType,
    PropertyValues, Removes, Runnable, SUCCESS, is_failure,
};
pub use property::Properties;
pub use service::{EnabledService, Offer, Service, ServiceDescription, ServiceKind, ServiceType};
pub use service_context::{HeldState, ServiceContext};
pub use session::{LentSession, Session};

pub use tutti_sdk_macros::Properties;

pub use async_trait::async_trait;
pub use tutti_expression::{Found, Json};
pub use tutti_model::bulletin;
pub use tutti_model::verification::{self, Verification};

/// What an author meets of the model: flowfiles, and what is said of them and of processors.
pub mod model {
    pub use tutti_model::{chain, flowfile, provenance, schema, spec, state};
}
