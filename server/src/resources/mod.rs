//! What the interface shows, one module a resource: plain data with the names of the JSON.

mod flows;
mod processor_types;
mod status;

pub use flows::FlowSummary;
pub use processor_types::{
    Attribute, Choice, Dependency, DynamicProperty, Expressions, Input, ProcessorType, Property,
    PropertyKind, Relationship,
};
pub use status::EngineStatus;
