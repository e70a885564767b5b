//! `tutti state`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use tutti_store::Repository;

use crate::data_folder::{self, DataArguments};
use crate::error::CliError;
use crate::output::Results;
use crate::settings::Settings;

/// Shows or clears what processors remember in a data folder, such as which files were picked up
///
/// No other command may work with the folder meanwhile.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  all went well\n  1  the folder cannot be opened, or there is \
                  no such processor in it\n\nExamples:\n  tutti state show --data DIR\n  tutti \
                  state clear 'copy/Get' --yes --data DIR"
)]
pub(crate) struct State {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists the processors that remember something, or shows what one remembers
    Show {
        /// The processor, as the list names it: FLOW/PROCESSOR
        #[arg(value_name = "PROCESSOR")]
        processor: Option<String>,
        #[command(flatten)]
        data: DataArguments,
    },
    /// Has one processor forget all that it remembers
    Clear {
        /// The processor, as "tutti state show" names it: FLOW/PROCESSOR
        #[arg(value_name = "PROCESSOR")]
        processor: String,
        #[command(flatten)]
        data: DataArguments,
        /// That this is meant: nothing brings it back, and a source may take everything in again
        #[arg(long, required = true)]
        yes: bool,
    },
    /// Prints all that is remembered as one JSON object: processors with names and values
    Export {
        #[command(flatten)]
        data: DataArguments,
    },
}

impl State {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let (Action::Show { data, .. } | Action::Clear { data, .. } | Action::Export { data }) =
            &self.action;
        let repository = data_folder::open_existing(&data.folder(settings))?;
        let done = match &self.action {
            Action::Show { processor: None, .. } => list(&repository),
            Action::Show { processor: Some(processor), .. } => show(&repository, processor),
            Action::Clear { processor, .. } => clear(&repository, processor),
            Action::Export { .. } => export(&repository),
        };
        data_folder::close(repository, done)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn list(repository: &Repository) -> Result<(), CliError> {
    let mut results = Results::new();
    for name in repository.components() {
        let count = repository.state(&name).values.len();
        results.line(&format!("{count:>10}  {}", name.escape_debug()))?;
    }
    results.finish()
}

fn show(repository: &Repository, processor: &str) -> Result<(), CliError> {
    check(repository, processor)?;
    let mut results = Results::new();
    for (name, value) in repository.state(processor).values.iter() {
        results.line(&format!("{}: {value:?}", name.escape_debug()))?;
    }
    results.finish()
}

fn clear(repository: &Repository, processor: &str) -> Result<(), CliError> {
    check(repository, processor)?;
    let values = loop {
        let forgotten = repository.forget_state(processor).map_err(data_folder::failed)?;
        repository.flush().map_err(CliError::Repository)?;
        if let Some(values) = forgotten {
            break values;
        }
    };
    let mut results = Results::new();
    results.line(&format!("forgotten: {values}"))?;
    results.finish()
}

fn export(repository: &Repository) -> Result<(), CliError> {
    let names = repository.components();
    let states = names.iter().map(|name| (name, repository.state(name).values));
    let all: BTreeMap<_, BTreeMap<_, _>> = states
        .map(|(name, values)| {
            let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
            (name, values.iter().map(owned).collect())
        })
        .collect();
    let mut results = Results::new();
    results.pretty(&all)?;
    results.finish()
}

/// Fails where there is no such processor, and says which may have been meant.
fn check(repository: &Repository, processor: &str) -> Result<(), CliError> {
    let names = repository.components();
    if names.iter().any(|name| **name == *processor) {
        return Ok(());
    }
    let help = match tutti_model::nearest(processor, names.iter().map(|name| &**name)) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => "\"tutti state show\" lists those that remember something".to_owned(),
    };
    let name = processor.to_owned();
    Err(CliError::NotInFolder { what: "state of a processor", name, help })
}
