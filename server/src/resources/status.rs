//! `/api/v1/status`: the engine at one moment.

use serde::Serialize;
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
