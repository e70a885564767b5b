//! What the author of a processor sees: the processor, its properties, its session, its errors.
//!
//! Knows the model and the Expression Language, and nothing of the engine that runs a processor.

pub mod bulletin;
mod catalog;
mod content;
pub mod derive;
mod error;
pub mod host;
mod processor;
mod property;
mod session;

pub use catalog::Catalog;
pub use content::{ContentReader, ContentWriter};
pub use error::{Fault, ProcessError, Retry};
pub use processor::{
    BuildContext, BuildError, Description, FAILURE, Processor, ProcessorType, PropertyValues,
    Runnable, SUCCESS,
};
pub use property::Properties;
pub use session::Session;

pub use async_trait::async_trait;
pub use tutti_model as model;
