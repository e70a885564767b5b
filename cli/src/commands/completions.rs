//! `tutti completions`.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::error::CliError;
use crate::output::Results;

/// Prints what a shell needs to complete commands
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti completions bash > \
                        ~/.local/share/bash-completion/completions/tutti\n  tutti completions \
                        fish > ~/.config/fish/completions/tutti.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        // Made in memory first: the generator panics when its writer fails, as a closed pipe does.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "tutti", &mut script);
        let mut results = Results::new();
        results.line(String::from_utf8_lossy(&script).trim_end())?;
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}
