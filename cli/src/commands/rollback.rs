//! `tutti rollback`.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::error::CliError;
use crate::target::{To, address};

/// Brings a flow that a service runs back to an earlier revision
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  the service runs that revision\n  1  it does not \
                        answer, or refuses\n  2  wrong usage\n\nExample:\n  tutti rollback \
                        audio-features --revision 12 --to http://127.0.0.1:8080")]
pub(crate) struct Rollback {
    /// The name of the flow
    #[arg(value_name = "NAME")]
    flow: String,
    /// The revision to go back to
    #[arg(long, value_name = "NUMBER")]
    revision: u64,
    /// Puts what waits in connections that are no more into the trash
    #[arg(long)]
    trash: bool,
    #[command(flatten)]
    to: To,
}

impl Rollback {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let (address, trash) = (address(&self.flow)?, self.trash);
        let address = format!("{address}/deploy/{}?trash={trash}", self.revision);
        let deployed = self.to.remote()?.post(&address, &json!({}));
        self.to.deployed(&self.flow, deployed)
    }
}
