//! What tells one version of a file from the next.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// What tells one version of a file from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    size_bytes: u64,
    modified_s: i64,
    modified_ns: i64,
    /// What an edit that keeps size and time of modification still moves.
    changed: (i64, i64),
    inode: u64,
}

impl Version {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            size_bytes: metadata.size(),
            modified_s: metadata.mtime(),
            modified_ns: metadata.mtime_nsec(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        }
    }

    /// As the state keeps it: size in bytes and time of modification. The inode stays out, for it
    /// differs after a restore from a backup, and so does the time of change, which rights and
    /// owners move, too: not every file is to come again then.
    pub(crate) fn to_text(self) -> String {
        format!("{} {}.{:09}", self.size_bytes, self.modified_s, self.modified_ns)
    }

    /// When the file was modified, in milliseconds since 1970.
    pub(crate) fn modified_ms(self) -> i64 {
        self.modified_s.saturating_mul(1_000).saturating_add(self.modified_ns / 1_000_000)
    }
}

/// A file that was found.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) path: PathBuf,
    /// The folder below the one that is searched; empty for that one itself.
    pub(crate) folder: PathBuf,
    pub(crate) version: Version,
}

impl Candidate {
    pub(crate) fn is_unchanged(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|metadata| Version::of(&metadata) == self.version)
    }
}
