//! `tutti schema`.

use std::process::ExitCode;

use clap::Args;

use crate::error::CliError;
use crate::output::Results;

/// Prints the JSON Schema of flows, or of their tests, for completion and checks in editors
///
/// It knows every type of processor that this binary has. Names, connections and expressions are
/// checked by "tutti validate" only.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti schema > flow.schema.json\n  tutti schema --tests > \
                        tests.schema.json")]
pub(crate) struct Schema {
    /// Prints that of tests, which does not depend on the types of processors
    #[arg(long)]
    tests: bool,
}

impl Schema {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let mut results = Results::new();
        results.pretty(&if self.tests {
            tutti_model::suite::suite_schema()
        } else {
            tutti_model::schema::flow_schema(&crate::catalog::catalog())
        })?;
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}
