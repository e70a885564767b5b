//! `tutti delete`.

use std::process::ExitCode;

use clap::Args;

use crate::error::CliError;
use crate::target::{To, address, warn};

/// Stops a flow that a service runs, and removes it
///
/// Its file and the log of what was edited are put aside, under other names; what it has thrown
/// away stays in the trash until its time is over.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  the service has the flow no more\n  1  it does not \
                        answer, or refuses\n  2  wrong usage\n\nExample:\n  tutti delete \
                        audio-features --to http://127.0.0.1:8080")]
pub(crate) struct Delete {
    /// The name of the flow
    #[arg(value_name = "NAME")]
    flow: String,
    /// Puts what waits in it into the trash
    #[arg(long)]
    trash: bool,
    #[command(flatten)]
    to: To,
}

impl Delete {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let address = format!("{}?trash={}", address(&self.flow)?, self.trash);
        let deleted = self.to.remote()?.delete(&address)?;
        warn(&deleted);
        let aside = deleted["file"].as_str().unwrap_or_default();
        let words = format!("\"{}\" is no more; its file is \"{aside}\" now", self.flow);
        self.to.tell(&deleted, &words)
    }
}
