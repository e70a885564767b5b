//! `/api/v1/flows`: the flows that are served.

use serde::Serialize;
use tutti_model::valid::ValidFlow;

/// A flow in a list of flows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowSummary {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The paths of its processors: names from the flow down, joined by `/`.
    pub processors: Vec<String>,
    /// The paths of its connections.
    pub connections: Vec<String>,
}

impl From<&ValidFlow> for FlowSummary {
    fn from(flow: &ValidFlow) -> Self {
        Self {
            name: flow.name.clone(),
            description: flow.root.description.clone(),
            processors: flow.processors().map(|each| each.path.clone()).collect(),
            connections: flow.connections().map(|each| each.path.clone()).collect(),
        }
    }
}
