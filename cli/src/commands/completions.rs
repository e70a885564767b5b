//! `tutti completions`.

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;
use tutti_model::codes::Code;
use tutti_model::spec::SpecSource as _;

use crate::arguments::Arguments;
use crate::commands::provenance;
use crate::error::CliError;
use crate::log;
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
        clap_complete::generate(self.shell, &mut with_values(), "tutti", &mut script);
        let mut results = Results::new();
        results.line(String::from_utf8_lossy(&script).trim_end())?;
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The commands, with the values that shells offer. When commands are read none of them are
/// known: what is wrong is told better there.
fn with_values() -> Command {
    let catalog = crate::catalog::catalog();
    // Clap wants names that stay for ever: this process ends with them.
    let types = catalog.type_names().into_iter().map(|name| &*name.to_owned().leak());
    let types: Vec<&'static str> = types.collect();
    let services = catalog.services().map(|each| &*each.spec().type_name.to_string().leak());
    let services: Vec<&'static str> = services.collect();
    let mut functions: Vec<&'static str> =
        tutti_expression::functions().map(|each| each.name).collect();
    functions.dedup();
    let codes: Vec<&'static str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    Arguments::command()
        .mut_arg("log", |arg| arg.value_parser(PossibleValuesParser::new(log::LEVELS)))
        .mut_subcommand("provenance", |provenance| {
            value(provenance, "event_type", provenance::types())
        })
        .mut_subcommand("explain", |explain| value(explain, "code", codes))
        .mut_subcommand("processors", |processors| {
            processors.mut_subcommand("show", |show| value(show, "name", types))
        })
        .mut_subcommand("services", |all| {
            all.mut_subcommand("show", |show| value(show, "name", services))
        })
        .mut_subcommand("functions", |all| {
            all.mut_subcommand("show", |show| value(show, "name", functions))
        })
}

/// The same command, whose `argument` has one of `values`.
fn value(command: Command, argument: &str, values: Vec<&'static str>) -> Command {
    command.mut_arg(argument, |arg| arg.value_parser(PossibleValuesParser::new(values)))
}
