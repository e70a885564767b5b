//! `/api/v1/flows`: the flows that are served.

use serde::Serialize;
use tutti_model::valid::ValidFlow;
use utoipa::ToSchema;

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
