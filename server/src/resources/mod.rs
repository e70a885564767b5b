//! What the interface shows, one module a resource: plain data with the names of the JSON.

mod flows;
mod processor_types;
mod status;

pub use flows::FlowSummary;
pub use processor_types::{Dependency, DynamicProperty, ProcessorType, Property, PropertyKind};
pub use status::EngineStatus;
