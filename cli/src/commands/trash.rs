//! `tutti trash`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;
use tutti_model::flowfile::Timestamp;
use tutti_runtime::SystemClock;
use tutti_sdk::host::Clock;
use tutti_store::{QueueId, Repository, StoreError, Trashed};

use crate::data_folder::{self, DataArguments};
use crate::error::CliError;
use crate::output::Results;
use crate::settings::Settings;

/// Shows what was thrown away, brings it back, or gives it up
///
/// A queue that is emptied goes into the trash. A change of a flow that removes a connection with
/// flowfiles in it is refused, or throws them away, too. They lie there for --trash-period of
/// "serve" and "run", 7 days. No other command may work with the folder meanwhile; a server that
/// runs has the same at /api/v1/flows/FLOW/trash.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  all went well\n  1  the folder cannot be opened, or there is \
                  no such thing in it\n\nExamples:\n  tutti trash list --data DIR\n  tutti trash \
                  restore 12 'copy/Get [success] -> Put' --data DIR"
)]
pub(crate) struct Trash {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists what is in the trash, the eldest first, each with its number
    List {
        #[command(flatten)]
        data: DataArguments,
        /// Prints each as one line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Puts all of one number behind what waits in a queue that is there
    Restore {
        /// The number, as the list has it
        #[arg(value_name = "NUMBER")]
        number: u32,
        /// The queue, as "tutti queue list" names it: FLOW/CONNECTION
        #[arg(value_name = "QUEUE")]
        queue: String,
        #[command(flatten)]
        data: DataArguments,
    },
    /// Gives up all of one number for good
    Discard {
        /// The number, as the list has it
        #[arg(value_name = "NUMBER")]
        number: u32,
        #[command(flatten)]
        data: DataArguments,
        /// That this is meant: nothing brings it back
        #[arg(long, required = true)]
        yes: bool,
    },
}

impl Trash {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let (Action::List { data, .. }
        | Action::Restore { data, .. }
        | Action::Discard { data, .. }) = &self.action;
        let repository = data_folder::open_existing(&data.folder(settings))?;
        let done = match &self.action {
            Action::List { json, .. } => list(&repository, *json),
            Action::Restore { number, queue, .. } => restore(&repository, *number, queue),
            Action::Discard { number, .. } => {
                let discarded =
                    repository.discard_trash(QueueId(*number), SystemClock::default().now());
                told("given up", *number, discarded)
            }
        };
        data_folder::close(repository, done)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn list(repository: &Repository, is_json: bool) -> Result<(), CliError> {
    let mut results = Results::new();
    for Trashed { queue, flow, connection, since, flowfiles, bytes, .. } in
        repository.trash().map_err(data_folder::failed)?
    {
        let queue = queue.0;
        if is_json {
            let Timestamp(since_ms) = since;
            results.json(&json!({
                "id": queue,
                "flow": flow,
                "connection": connection,
                "sinceMs": since_ms,
                "flowfiles": flowfiles,
                "bytes": bytes,
            }))?;
        } else {
            let name = format!("{flow}/{connection}");
            let name = name.escape_debug();
            results
                .line(&format!("{queue:>8}  {since}  {flowfiles:>10}  {bytes:>14} B  {name}"))?;
        }
    }
    results.finish()
}

fn restore(repository: &Repository, number: u32, queue: &str) -> Result<(), CliError> {
    let queues = repository.queues();
    let Some(to) = queues.get(queue) else {
        let help = match tutti_model::nearest(queue, queues.keys().map(String::as_str)) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => "\"tutti queue list\" shows all".to_owned(),
        };
        return Err(CliError::NotInFolder { what: "queue", name: queue.to_owned(), help });
    };
    told("back in a queue", number, repository.restore_trash(QueueId(number), *to))
}

/// Says how many flowfiles that were.
fn told(what: &str, number: u32, done: Result<u64, StoreError>) -> Result<(), CliError> {
    let flowfiles = match done {
        Ok(flowfiles) => flowfiles,
        Err(StoreError::NotFound { .. }) => {
            let help = "\"tutti trash list\" shows what there is".to_owned();
            let name = number.to_string();
            return Err(CliError::NotInFolder { what: "number in the trash", name, help });
        }
        Err(error) => return Err(data_folder::failed(error)),
    };
    let mut results = Results::new();
    results.line(&format!("{what}: {flowfiles}"))?;
    results.finish()
}
