//! What the interface shows, one module a resource: plain data with the names of the JSON.

mod flows;
mod status;

pub use flows::FlowSummary;
pub use status::EngineStatus;
