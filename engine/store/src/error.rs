//! What can go wrong in a repository, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something was asked for that is not there.
    #[error("there is no {what}")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// Stored bytes are not what was written.
    #[error("{what} in \"{place}\" is damaged: {reason}")]
    Corrupt {
        /// What was read.
        what: String,
        /// The file, or the key in the key-value store.
        place: String,
        /// How it shows.
        reason: String,
    },
    /// Records that were durable are missing: the store went back to an earlier epoch.
    #[error(
        "the records in \"{place}\" end at epoch {epoch}, but \"{witness}\" has seen epoch \
        {durable}: what was committed since is missing"
    )]
    RolledBack {
        /// The key-value store.
        place: String,
        /// Where its records end.
        epoch: u64,
        /// The last epoch that was durable.
        durable: u64,
        /// The file that knows.
        witness: String,
    },
    /// Content files that records name are not there.
    #[error(
        "files of flowfiles are missing ({files}), the first is \"{first}\": flowfiles in the \
        queues cannot be worked on without them ({flowfiles})"
    )]
    MissingContent {
        /// How many files.
        files: usize,
        /// One of them.
        first: String,
        /// How many flowfiles need them.
        flowfiles: u64,
    },
    /// A content file was removed or replaced while the program ran.
    #[error(
        "the content file \"{place}\" was removed or replaced: flowfiles on their way to the disk \
        have no content without it"
    )]
    ContentGone {
        /// The file.
        place: String,
    },
    /// Another process works with the folder.
    #[error("the data folder \"{}\" is in use by {holder}", path.display())]
    Locked {
        /// The data folder.
        path: PathBuf,
        /// Who holds it.
        holder: String,
    },
    /// There is no room left on the disk.
    #[error("no room is left on the disk of \"{}\"", path.display())]
    DiskFull {
        /// What was written.
        path: PathBuf,
    },
    /// The file system refused.
    #[error("cannot {action} \"{}\"", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A bound was reached.
    #[error("{what} is over its limit of {limit}")]
    Limit {
        /// What is bounded.
        what: String,
        /// The bound.
        limit: u64,
    },
    /// The folder was written by another version.
    #[error("the data folder \"{}\" has format {found}, this program reads format {known}",
        path.display())]
    Version {
        /// The data folder.
        path: PathBuf,
        /// The format that it has.
        found: String,
        /// The format that this program reads and writes.
        known: u32,
    },
    /// A queue that still holds flowfiles was to be removed.
    #[error("the queue \"{queue}\" still holds {flowfiles} flowfiles")]
    NotEmpty {
        /// Its name.
        queue: String,
        /// How many it holds.
        flowfiles: u64,
    },
    /// What something was to be called is the name of another.
    #[error("{what} exists already")]
    Exists {
        /// What has that name.
        what: String,
    },
    /// The folder has other things in it, and is no data folder.
    #[error("{path:?} is no data folder: it holds other things, such as {found:?}")]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One of them.
        found: String,
    },
    /// The repository was closed.
    #[error("the repository is closed")]
    Closed,
}

impl StoreError {
    /// What whoever runs the program can do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "check the name; it may have been removed in the meantime",
            Self::Corrupt { .. } => {
                "check the disk, restore the data folder from a backup, or move the damaged file \
                 away to go on without it"
            }
            Self::MissingContent { .. } => {
                "nothing was changed: mount the disk, or put the files back; to go on without \
                 these flowfiles, \"tutti quarantine add\" puts their records aside"
            }
            Self::ContentGone { .. } => {
                "mount the disk, put the file back, or remove what is in its place: work goes on \
                 by itself; to go on without these flowfiles, stop the program, and \"tutti \
                 quarantine add\" puts their records aside"
            }
            Self::RolledBack { .. } => {
                "check the disk and restore the data folder from a backup; to go on with what is \
                 left, copy the folder and then delete the file that has seen more"
            }
            Self::Locked { .. } => {
                "stop the other process, or choose another data folder with --data"
            }
            Self::DiskFull { .. } => {
                "make room on the disk; what runs then goes on by itself, and what has ended goes \
                 on when it is run again"
            }
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => {
                    "give the user that runs the program the right to read and write the folder"
                }
                io::ErrorKind::ReadOnlyFilesystem => {
                    "mount the disk for writing, or choose another data folder with --data"
                }
                _ if is_out_of_files(source) => {
                    "let the program open more files at a time: \"ulimit -n 4096\" in the shell \
                     that starts it, or LimitNOFILE in its systemd unit"
                }
                io::ErrorKind::NotFound
                | io::ErrorKind::NotADirectory
                | io::ErrorKind::AlreadyExists => {
                    "check the path, or choose another data folder with --data"
                }
                _ => "check the disk and the system's log; a flow at work tries again by itself",
            },
            Self::Limit { .. } => "wait until work in progress is done, or raise the limit",
            Self::Version { .. } => "use the version of the program that wrote the folder",
            Self::NotEmpty { .. } => "let the queue drain, or say that it is to be emptied",
            Self::Exists { .. } => "choose another name",
            Self::Foreign { .. } => "choose a folder that is empty or new with --data",
            Self::Closed => "open it again",
        }
    }

    pub(crate) fn io(action: &'static str, path: impl AsRef<Path>, source: io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io { action, path, source },
        }
    }

    pub(crate) fn corrupt(
        what: impl Into<String>,
        place: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self::Corrupt { what: what.into(), place: place.into(), reason: reason.into() }
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    /// Whether what was read is damaged or not there: another attempt would find it so too.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Corrupt { .. } | Self::NotFound { .. })
    }

    /// The message with those of its causes.
    pub fn chain(&self) -> String {
        tutti_model::chain(self)
    }
}

/// Whether the system or the process has as many files open as it may (EMFILE, ENFILE).
fn is_out_of_files(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(23 | 24))
}

impl From<StoreError> for io::Error {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::NotFound { .. }
            | StoreError::MissingContent { .. }
            | StoreError::ContentGone { .. } => io::ErrorKind::NotFound,
            StoreError::Corrupt { .. }
            | StoreError::RolledBack { .. }
            | StoreError::Version { .. } => io::ErrorKind::InvalidData,
            StoreError::DiskFull { .. } => io::ErrorKind::StorageFull,
            StoreError::Io { source, .. } => source.kind(),
            StoreError::Limit { .. } => io::ErrorKind::QuotaExceeded,
            StoreError::Locked { .. } => io::ErrorKind::ResourceBusy,
            StoreError::NotEmpty { .. }
            | StoreError::Exists { .. }
            | StoreError::Foreign { .. }
            | StoreError::Closed => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}
