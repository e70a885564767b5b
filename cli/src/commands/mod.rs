//! The commands, one file each.

mod completions;
mod processors;

use std::process::ExitCode;

use clap::Subcommand;

use crate::error::CliError;

/// What tutti can be told to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Processors(processors::Processors),
    Completions(completions::Completions),
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Processors(processors) => processors.run(),
        Command::Completions(completions) => completions.run(),
    }
}
