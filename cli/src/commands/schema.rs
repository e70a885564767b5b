//! `tutti schema`.

use std::process::ExitCode;

use clap::Args;

use crate::error::CliError;
use crate::output::Results;

/// Prints the JSON Schema of flows, for completion and checks in editors
///
/// It knows every type of processor that this binary has. Names, connections and expressions are
/// checked by "tutti validate" only.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tutti schema > flow.schema.json")]
pub(crate) struct Schema {}

impl Schema {
    pub(crate) fn run() -> Result<ExitCode, CliError> {
        let mut results = Results::new();
        results.pretty(&tutti_model::schema::flow_schema(&tutti_processors::catalog()))?;
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}
