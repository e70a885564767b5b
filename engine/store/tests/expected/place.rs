//! Where a repository keeps its things, and what a crash leaves of them.

use std::fs;
use std::path::Path;

use tutti_store::{Folder, Options, Quarantine, Repository, StoreError};

use super::step::{Fault, PARTS};
use super::watch::DEATHS_MAX;
use crate::common::{Memory, manual};

/// Flowfiles of a queue in memory: few, so that most cases read back from the store.
pub(crate) const WINDOW: usize = 3;
/// Flowfiles in a run: more than fit into memory at a time, so that runs are read in parts.
pub(crate) const RUN: u64 = 4;
/// Small enough that the log has several files, and too large for a case to fill.
const PROVENANCE_BYTES_MAX: u64 = 64 * 1024;

fn options(archive_bytes_max: u64) -> Options {
    Options {
        archive_bytes_max: Some(archive_bytes_max),
        window_flowfiles_max: WINDOW,
        run_flowfiles_max: RUN,
        provenance_bytes_max: PROVENANCE_BYTES_MAX,
        deaths_max: DEATHS_MAX,
        ..manual()
    }
}

/// Where the repository keeps its things.
pub(crate) enum Place {
    /// With faults, and every way to crash.
    Memory(Memory),
    /// The real backends. A crash is a kill: what the disk was given by then, is there.
    Disk { folder: tempfile::TempDir, crashes: u32 },
}

impl Place {
    pub(crate) fn open(&self, archive_bytes_max: u64) -> Result<Repository, StoreError> {
        let options = options(archive_bytes_max);
        match self {
            Self::Memory(memory) => Repository::open_with(&memory.backend(), options),
            Self::Disk { folder, crashes } => {
                Repository::open(&folder.path().join(crashes.to_string()), options)
            }
        }
    }

    pub(crate) fn arm(&self, fault: Fault) {
        let Self::Memory(memory) = self else { return };
        let (nth, full) = match fault {
            Fault::None => (0, false),
            Fault::Nth(nth) => (nth, false),
            Fault::DiskFull => (0, true),
        };
        memory.faults.fail_nth(nth);
        memory.faults.disk_full(full);
    }

    /// Takes these parts back to their last sync, where that can be done.
    pub(crate) fn lose(&mut self, [records, content, provenance, swap, witness]: [bool; PARTS]) {
        let memory = match self {
            Self::Memory(memory) => memory,
            Self::Disk { folder, crashes } => {
                let killed = folder.path().join(crashes.to_string());
                *crashes += 1;
                return copy(&killed, &folder.path().join(crashes.to_string()));
            }
        };
        if records {
            memory.records.crash();
        }
        let folders = [&memory.content, &memory.provenance, &memory.swap, &memory.witness];
        for (folder, loses) in folders.into_iter().zip([content, provenance, swap, witness]) {
            if loses {
                folder.crash();
            }
        }
        // What was at work stays so, whatever is dropped with the process.
        memory.witness.keep();
    }

    /// Whether what is at work is lost with these parts. A kill loses nothing that was written.
    pub(crate) fn loses_work(&self, [.., witness]: [bool; PARTS]) -> bool {
        matches!(self, Self::Memory(_)) && witness
    }

    /// The process is dead, and what it wrote since `lose` it did not write.
    pub(crate) fn bury(&self) {
        if let Self::Memory(memory) = self {
            memory.witness.crash();
        }
    }

    /// What is put aside there.
    pub(crate) fn quarantine(&self) -> Quarantine {
        match self {
            Self::Memory(memory) => Quarantine::open_with(&memory.backend()).unwrap(),
            Self::Disk { folder, crashes } => {
                Quarantine::open(&folder.path().join(crashes.to_string())).unwrap()
            }
        }
    }

    /// Files of content that are there.
    pub(crate) fn contents(&self) -> usize {
        match self {
            Self::Memory(memory) => memory.content.list().unwrap().len(),
            Self::Disk { folder, crashes } => {
                let data = folder.path().join(crashes.to_string());
                fs::read_dir(data.join("content")).unwrap().count()
            }
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
