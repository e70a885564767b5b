//! `tutti quarantine`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;
use tutti_store::{Quarantine as Records, QuarantinedRecord};

use crate::data_folder::{self, DataArguments};
use crate::error::{CliError, FAILED, WRONG};
use crate::output::{Results, say};
use crate::reproducer;
use crate::settings::Settings;

/// Shows what was put aside, brings it back, or gives it up
///
/// A record of a queue that cannot be used when a data folder is opened, because it is damaged or
/// because its content is, is put aside: the rest works on, and what there is of its content is
/// kept. A flowfile over which the process died again and again is parked here too, whole, so that
/// the others go on; it is named by its "uuid". No other command may work with the folder
/// meanwhile.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  all went well\n  1  the folder cannot be opened, something is \
                  left that cannot be brought\n     back, or there is no such flowfile\n  2  wrong \
                  usage, or a flow without that processor\n\nExamples:\n  tutti quarantine list \
                  --data DIR\n  tutti quarantine restore --data DIR\n  tutti quarantine export \
                  flow.json --uuid UUID --to DIR --data DIR"
)]
pub(crate) struct Quarantine {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists what is put aside, each with the reason
    List {
        #[command(flatten)]
        data: DataArguments,
        /// Prints each as one line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Puts back into their queues the records that can be used again, content included
    ///
    /// For use after the damage is mended: files put back, or restored from a backup. With --uuid
    /// it is a flowfile that is parked: it is back in its place as if nobody had died over it.
    Restore {
        /// Only the flowfile with this "uuid", which is parked
        #[arg(long, value_name = "UUID")]
        uuid: Option<String>,
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
    /// Gives up all records that are put aside, or one flowfile that is parked, for good
    ///
    /// With them goes what is left of their content, as soon as a flow runs again.
    Discard {
        /// Only the flowfile with this "uuid", which is parked
        #[arg(long, value_name = "UUID")]
        uuid: Option<String>,
        #[command(flatten)]
        data: DataArguments,
        /// That this is meant: nothing brings them back
        #[arg(long, required = true)]
        yes: bool,
    },
    /// Writes a flowfile that is parked into a folder, with a flow that shows the death again
    ///
    /// The folder has the content, the attributes as JSON, and "reproduce.json": a flow of its
    /// processor alone, with the properties that FLOW says. Parameters stay parameters: their
    /// values are given when it is run. The flowfile stays parked.
    Export {
        /// The file of the flow that the flowfile was in
        #[arg(value_name = "FLOW")]
        flow: PathBuf,
        /// The flowfile
        #[arg(long, value_name = "UUID")]
        uuid: String,
        /// The folder, which is made if it is not there
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        #[command(flatten)]
        data: DataArguments,
    },
}

impl Quarantine {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        match &self.action {
            Action::List { data, json } => list(&open(data, settings)?, *json),
            Action::Restore { data, uuid: None } => restore(&open(data, settings)?),
            Action::Restore { data, uuid: Some(uuid) } => restore_one(&open(data, settings)?, uuid),
            Action::Add { data } => add(data, settings),
            Action::Discard { data, uuid: None, yes: _ } => discard(&open(data, settings)?),
            Action::Discard { data, uuid: Some(uuid), yes: _ } => {
                open(data, settings)?.discard_parked(uuid).map_err(data_folder::failed)?;
                told(&format!("given up: {uuid}"))
            }
            Action::Export { flow, uuid, to, data } => {
                let Some(flow) = reproducer::read(flow)? else { return Ok(WRONG.into()) };
                let records = open(data, settings)?;
                let parked = records.parked(uuid).map_err(data_folder::failed)?;
                reproducer::write(&records, &parked, &flow, to)?;
                Ok(ExitCode::SUCCESS)
            }
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
        say(&format!("put aside: {count}"));
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

/// Says what was done, as a result.
fn told(what: &str) -> Result<ExitCode, CliError> {
    let mut results = Results::new();
    results.line(what)?;
    results.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn restore_one(records: &Records, uuid: &str) -> Result<ExitCode, CliError> {
    match records.restore_parked(uuid).map_err(data_folder::failed)? {
        Ok(()) => told(&format!("back in its queue: {uuid}")),
        Err(reason) => Err(CliError::StaysParked { uuid: uuid.to_owned(), reason }),
    }
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
    let QuarantinedRecord { what, reason, queue, flowfile, deaths } = record;
    let queue = queue.as_ref().map(|name| format!(" (\"{name}\")")).unwrap_or_default();
    if let (Some(flowfile), Some(deaths)) = (flowfile, deaths) {
        let name = flowfile.attribute("filename").unwrap_or_default().escape_debug();
        return format!(
            "flowfile {}  {}  {} B  {name}{queue}: {reason}",
            flowfile.uuid().escape_debug(),
            deaths.parked.as_ref().map_or(deaths.last, |parked| parked.time),
            flowfile.size_bytes(),
        );
    }
    format!("{what}{queue}: {reason}")
}

fn as_json(record: &QuarantinedRecord) -> serde_json::Value {
    let flowfile = record.flowfile.as_ref().map(|flowfile| {
        json!({
            "uuid": flowfile.uuid(),
            "filename": flowfile.attribute("filename"),
            "attributes": flowfile.attributes(),
            "bytes": flowfile.content().size_bytes(),
        })
    });
    let parked = record.deaths.as_ref().and_then(|deaths| {
        let parked = deaths.parked.as_ref()?;
        Some(json!({
            "flow": parked.flow,
            "processor": parked.processor,
            "time": parked.time.to_string(),
            "deaths": deaths.count,
        }))
    });
    json!({
        "what": record.what,
        "reason": record.reason,
        "queue": record.queue,
        "flowfile": flowfile,
        "parked": parked,
    })
}
