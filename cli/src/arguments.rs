//! The command line as a type: what may be written, and the help for it.

use std::path::PathBuf;

use clap::{Args, Parser};

use crate::commands::Command;

/// Turns music recordings into data: flows of processors, run durably.
#[derive(Debug, Parser)]
#[command(
    name = "tutti",
    version,
    propagate_version = true,
    after_help = "Exit codes:\n  0  all went well\n  1  something failed\n  2  wrong usage, an \
                  unreadable file, or a flow with mistakes"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What stands over the flags of every command, after its own.
const HEADING: &str = "Options of all commands";

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The configuration file [default: tutti.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE", env = "TUTTI_CONFIG")]
    #[arg(help_heading = HEADING, hide_env_values = true)]
    pub(crate) config: Option<PathBuf>,
    /// What to log, e.g. "debug" or "warn,flow=debug" [default: warn,flow=info,audit=info]
    #[arg(long, global = true, value_name = "FILTER", env = "TUTTI_LOG")]
    #[arg(help_heading = HEADING, hide_env_values = true)]
    pub(crate) log: Option<String>,
    /// How to log: text, or json, one object a line [default: text]
    #[arg(long, global = true, value_name = "FORMAT", env = "TUTTI_LOG_FORMAT")]
    #[arg(help_heading = HEADING, hide_env_values = true, hide_possible_values = true)]
    pub(crate) log_format: Option<crate::settings::LogFormat>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_declaration_is_sound() {
        super::Arguments::command().debug_assert();
    }
}
