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
    Repository::open(folder, options).inspect(|repository| tell(repository, folder))
}

/// As [`open`], of a folder that must be there: for whoever only looks.
pub(crate) fn open_existing(folder: &Path) -> Result<Repository, CliError> {
    let opened = Repository::open_existing(folder, Options::default());
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
}

/// Ends the work with a folder, which is then free for others.
pub(crate) fn close(repository: Repository) -> Result<(), CliError> {
    repository.close().map_err(CliError::Repository)
}

/// What the store says, as an error of a command.
pub(crate) fn failed(source: StoreError) -> CliError {
    CliError::Repository(Arc::new(source))
}
