//! What the interface shows of the engine as a whole: plain data with the names of the JSON.

use serde::Serialize;
use tutti_model::valid::ValidFlow;
use tutti_runtime::{EngineState, Status};
use utoipa::ToSchema;

/// The engine at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EngineStatus {
    /// The version of the program.
    #[schema(value_type = String)]
    pub version: &'static str,
    /// What the engine is doing.
    pub state: EngineState,
    /// Its flows, their processors, connections and bulletins; none before they are compiled.
    pub flows: Vec<Status>,
}

impl EngineStatus {
    /// With the version of this program.
    pub fn new(state: EngineState, flows: Vec<Status>) -> Self {
        Self { version: env!("CARGO_PKG_VERSION"), state, flows }
    }
}

/// A flow in a list of flows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FlowSummary {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether it runs, or could not be run yet.
    pub is_running: bool,
    /// Why nobody can edit it; none where one can.
    #[schema(required)]
    pub trouble: Option<String>,
    /// The paths of its processors: names from the flow down, joined by `/`.
    pub processors: Vec<String>,
    /// The paths of its connections.
    pub connections: Vec<String>,
}

impl FlowSummary {
    /// A flow of which only a draft is known.
    pub(crate) fn resting(name: &str, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            description: description.to_owned(),
            is_running: false,
            trouble: None,
            processors: Vec::new(),
            connections: Vec::new(),
        }
    }
}

impl From<&ValidFlow> for FlowSummary {
    fn from(flow: &ValidFlow) -> Self {
        Self {
            name: flow.name.clone(),
            description: flow.root.description.clone(),
            is_running: true,
            trouble: None,
            processors: flow.processors().map(|each| each.path.clone()).collect(),
            connections: flow.connections().map(|each| each.path.clone()).collect(),
        }
    }
}
