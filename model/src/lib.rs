//! The flow as data: what a user wrote, what processors say of themselves, and whether the two fit.
//!
//! Pure: no I/O, no clock, no threads, and nothing of the engine or of any processor.
//!
//! A flow goes through stages, each a type of its own: text, [`document::Document`] (JSON with
//! places), [`definition::FlowDefinition`] (typed), [`valid::ValidFlow`] (resolved and right).
//!
//! ```
//! use tutti_model::definition::FlowDefinition;
//! use tutti_model::document::Document;
//! use tutti_model::parameter::ParameterValues;
//! use tutti_model::spec::{ProcessorSpec, SpecSource};
//!
//! struct NoTypes;
//!
//! impl SpecSource for NoTypes {
//!     fn spec(&self, _: &str) -> Option<&ProcessorSpec> {
//!         None
//!     }
//!     fn type_names(&self) -> Vec<&str> {
//!         Vec::new()
//!     }
//! }
//!
//! let text = r#"{ "format": 1, "name": "a", "processors": { "Get": { "type": "GetFile" } } }"#;
//! let flow = FlowDefinition::parse(&Document::parse(text, "a.json").expect("JSON"));
//! let findings = tutti_model::check(&flow, &NoTypes, &ParameterValues::new());
//! assert_eq!(findings[0].code.as_str(), "T0101");
//! assert_eq!(findings[0].place.path, "$.processors.Get.type");
//! ```

pub mod bulletin;
mod chain;
pub mod codes;
pub mod cron;
pub mod data_size;
pub mod definition;
pub mod diagnostic;
pub mod diff;
pub mod document;
pub mod duration;
pub mod flowfile;
pub mod fmt;
pub mod layout;
mod nearest;
pub mod nifi;
pub mod parameter;
pub mod provenance;
mod read;
mod report;
pub mod schema;
pub mod shape;
pub mod spec;
pub mod state;
pub mod suite;
pub mod text;
pub mod valid;
mod validate;
pub mod value;
pub mod verification;

pub use chain::chain;
pub use nearest::nearest;
pub use validate::{check, validate, validate_processor};
