//! The data folder: where it is, and opened with a word on what had to be repaired.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use tutti_store::{Options, Quarantined, Repository, StoreError};

use crate::error::CliError;
use crate::output::say;
use crate::settings::{DataSize, Settings};

/// Where the data lies when nobody says where.
const FOLDER_DEFAULT: &str = ".tutti";

/// Where a command line puts data.
#[derive(Debug, Args)]
pub(crate) struct DataArguments {
    /// The folder for queues, content and state [default: .tutti]
    #[arg(long, value_name = "DIR", env = "TUTTI_DATA", hide_env_values = true)]
    data: Option<PathBuf>,
}

impl DataArguments {
    /// The folder that holds.
    pub(crate) fn folder(&self, settings: &Settings) -> PathBuf {
        let folder = self.data.as_ref().or(settings.data.as_ref());
        folder.cloned().unwrap_or_else(|| FOLDER_DEFAULT.into())
    }
}

/// How much of the data folder's disk a command line keeps free.
#[derive(Debug, Args)]
pub(crate) struct DiskArguments {
    /// Sources wait while the data folder's disk has less than that left [default: 1 GB, or 5 % of
    /// the disk where that is less]
    #[arg(long, value_name = "SIZE", env = "TUTTI_DISK_FREE_MIN", hide_env_values = true)]
    #[arg(value_parser = DataSize::parse)]
    disk_free_min: Option<DataSize>,
}

impl DiskArguments {
    /// How a repository is opened with them.
    pub(crate) fn options(&self, settings: &Settings) -> Options {
        let disk_free_min = self.disk_free_min.or(settings.disk_free_min);
        Options { disk_free_bytes_min: disk_free_min.map(|size| size.0), ..Options::default() }
    }
}

/// How many of the messages about damage are shown; the log and `tutti quarantine` have all.
const SHOWN_MAX: usize = 10;

/// Opens the folder for this process alone, and says what in it was damaged.
pub(crate) fn open(folder: &Path, options: Options) -> Result<Repository, StoreError> {
    let repository = Repository::open(folder, options)?;
    tell(&repository, folder);
    let suspects = repository.recovery().suspects;
    if suspects > 0 {
        say(&format!(
            "warning: the process died while flowfiles in \"{}\" were at work ({suspects}): each \
             is worked on alone now, while all others wait",
            folder.display()
        ));
    }
    Ok(repository)
}

/// As [`open`], of a folder that must be there: for whoever only looks.
pub(crate) fn open_existing(folder: &Path) -> Result<Repository, CliError> {
    let opened = Repository::open_existing(folder, Options::looking());
    opened.inspect(|repository| tell(repository, folder)).map_err(failed)
}

/// Says what was damaged.
fn tell(repository: &Repository, folder: &Path) {
    let report = repository.recovery();
    let place = folder.display();
    for damaged in report.quarantined.iter().take(SHOWN_MAX) {
        let Quarantined { what, reason, .. } = damaged;
        say(&format!("error: {what} in \"{place}\" cannot be used and was put aside: {reason}"));
    }
    let all = report.quarantined.len() + report.quarantined_before;
    if all > 0 {
        say(&format!(
            "warning: {all} records in \"{place}\" are put aside; what there is of their content \
             is kept: see \"tutti quarantine list --data {place}\""
        ));
    }
    if report.parked > 0 {
        say(&format!(
            "warning: flowfiles in \"{place}\" are parked, as the process died over them ({}): see \
             \"tutti quarantine list --data {place}\"",
            report.parked
        ));
    }
}

/// Ends the work with a folder, which is then free for others, and hands back what came of it. A
/// folder that is not closed looks as if somebody had died.
pub(crate) fn close<T>(repository: Repository, done: Result<T, CliError>) -> Result<T, CliError> {
    let closed = repository.close().map_err(CliError::Repository);
    done.and_then(|done| closed.map(|()| done))
}

/// What the store says, as an error of a command.
pub(crate) fn failed(source: StoreError) -> CliError {
    CliError::Repository(Arc::new(source))
}
