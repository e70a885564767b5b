//! The flow as data: what a user wrote, what processors say of themselves, and whether the two fit.
//!
//! Pure: no I/O, no clock, no threads, and nothing of the engine or of any processor.
//!
//! A flow goes through stages, each a type of its own: text, [`document::Document`] (JSON with
//! places), [`definition::FlowDefinition`] (typed), [`valid::ValidFlow`] (resolved and right).

pub mod codes;
pub mod data_size;
pub mod definition;
pub mod diagnostic;
pub mod document;
pub mod duration;
pub mod flowfile;
pub mod fmt;
pub mod layout;
pub mod parameter;
pub mod provenance;
mod read;
mod report;
pub mod schema;
pub mod spec;
pub mod text;
pub mod valid;
mod validate;
pub mod value;

pub use validate::{check, validate};
