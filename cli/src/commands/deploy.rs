//! `tutti deploy`.

use std::process::ExitCode;

use clap::Args;

use crate::error::{CliError, FAILED, WRONG};
use crate::output::say;
use crate::target::{Brought, GiveUp, IN_THE_WAY, address, read};

/// Makes a flow's file what a running service runs
///
/// What is the same runs on; what is changed stops at the end of what it is at work on, and starts
/// again. Doing it twice does nothing. The service checks the flow with the values that it has for
/// parameters; what cannot run, or would strand flowfiles, is refused: the service runs what it
/// ran, and what is edited there is as it was.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  the service runs the flow\n  1  it does not answer, or \
                        refuses\n  2  wrong usage, or an unreadable file\n\nExample:\n  tutti \
                        deploy flows/audio-features.json --to http://127.0.0.1:8080")]
pub(crate) struct Deploy {
    #[command(flatten)]
    brought: Brought,
}

impl Deploy {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let Brought { flow, give_up, to } = &self.brought;
        let Some((name, text)) = read(flow)? else { return Ok(WRONG.into()) };
        let GiveUp { replace, trash } = give_up;
        let address = format!("{}/deploy?replace={replace}&trash={trash}", address(&name)?);
        match to.remote()?.post_text(&address, text) {
            Err(CliError::Refused { code, .. }) if code.as_deref() == Some("ahead") => {
                say(&format!("error: {IN_THE_WAY}"));
                Ok(FAILED.into())
            }
            deployed => to.deployed(&name, deployed),
        }
    }
}
