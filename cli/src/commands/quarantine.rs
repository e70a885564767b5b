//! `tutti quarantine`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;
use tutti_store::{Quarantine as Records, QuarantinedRecord};

use crate::data_folder::{self, DataArguments};
use crate::error::{CliError, FAILED};
use crate::output::{Results, say};
use crate::settings::Settings;

/// Shows records that were put aside, brings them back, or gives them up
///
/// A record of a queue that cannot be used when a data folder is opened, because it is damaged or
/// because its content is, is put aside: the rest works on, and what there is of its content is
/// kept. No other command may work with the folder meanwhile.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  all went well\n  1  the folder cannot be opened, or records \
                  are left that cannot be\n     brought back\n\nExamples:\n  tutti quarantine list \
                  --data DIR\n  tutti quarantine restore --data DIR"
)]
pub(crate) struct Quarantine {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists the records that are put aside, each with the reason
    List {
        #[command(flatten)]
        data: DataArguments,
        /// Prints each record as one line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Puts back into their queues those that can be used again, content included
    ///
    /// For use after the damage is mended: files put back, or restored from a backup.
    Restore {
        #[command(flatten)]
        data: DataArguments,
    },
    /// Puts aside the records whose content files are missing, so that the rest can go on
    ///
    /// Until then a folder with missing content files is not opened at all, as they may come back:
    /// a disk may not be mounted.
    Add {
        #[command(flatten)]
        data: DataArguments,
    },
    /// Gives up all records that are put aside, for good
    ///
    /// With them goes what is left of their content, as soon as a flow runs again.
    Discard {
        #[command(flatten)]
        data: DataArguments,
        /// That this is meant: nothing brings them back
        #[arg(long, required = true)]
        yes: bool,
    },
}

impl Quarantine {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        match &self.action {
            Action::List { data, json } => list(&open(data, settings)?, *json),
            Action::Restore { data } => restore(&open(data, settings)?),
            Action::Add { data } => add(data, settings),
            Action::Discard { data, yes: _ } => discard(&open(data, settings)?),
        }
    }
}

fn open(data: &DataArguments, settings: &Settings) -> Result<Records, CliError> {
    Records::open(&data.folder(settings)).map_err(data_folder::failed)
}

fn list(records: &Records, is_json: bool) -> Result<ExitCode, CliError> {
    let mut results = Results::new();
    let (mut count, mut written) = (0_u64, Ok(()));
    let listed = records.list(|record| {
        count += 1;
        if written.is_ok() {
            written = if is_json {
                results.json(&as_json(&record))
            } else {
                results.line(&in_words(&record))
            };
        }
    });
    listed.map_err(data_folder::failed)?;
    written?;
    results.finish()?;
    if !is_json {
        say(&format!("records put aside: {count}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn restore(records: &Records) -> Result<ExitCode, CliError> {
    let restored = records.restore(|left| say(&format!("still unusable: {}", in_words(&left))));
    let restored = restored.map_err(data_folder::failed)?;
    let mut results = Results::new();
    results.line(&format!("back in their queues: {}", restored.restored))?;
    results.line(&format!("still put aside: {}", restored.left))?;
    results.finish()?;
    Ok(if restored.left == 0 { ExitCode::SUCCESS } else { FAILED.into() })
}

fn add(data: &DataArguments, settings: &Settings) -> Result<ExitCode, CliError> {
    let added = Records::add_missing(&data.folder(settings)).map_err(CliError::Repository)?;
    let mut results = Results::new();
    results.line(&format!("put aside: {added}"))?;
    results.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn discard(records: &Records) -> Result<ExitCode, CliError> {
    let count = records.discard().map_err(data_folder::failed)?;
    let mut results = Results::new();
    results.line(&format!("given up: {count}"))?;
    results.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn in_words(record: &QuarantinedRecord) -> String {
    let QuarantinedRecord { what, reason, queue, .. } = record;
    let queue = queue.as_ref().map(|name| format!(" (\"{name}\")")).unwrap_or_default();
    format!("{what}{queue}: {reason}")
}

fn as_json(record: &QuarantinedRecord) -> serde_json::Value {
    let flowfile = record.flowfile.as_ref().map(|flowfile| {
        json!({
            "uuid": flowfile.uuid(),
            "attributes": flowfile.attributes(),
            "bytes": flowfile.content().size_bytes(),
        })
    });
    json!({
        "what": record.what,
        "reason": record.reason,
        "queue": record.queue,
        "flowfile": flowfile,
    })
}
