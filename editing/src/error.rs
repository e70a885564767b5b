//! Why a change is refused, and what keeps the log from being kept.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use tutti_model::diagnostic::Diagnostic;

use crate::Conflict;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It would overwrite what somebody else has set.
    #[error("somebody else has changed the same meanwhile: {}", paths(.0))]
    Conflicts(Vec<Conflict>),
    /// It would make something that is no flow, or puts a secret into its text.
    #[error("the change would make what is no flow: {}", first(.0))]
    Findings(Vec<Diagnostic>),
    /// It cannot be applied to anything.
    #[error("{0}")]
    Malformed(String),
    /// What comes from outside would replace what it has not seen.
    #[error(
        "the draft has more than what runs, and what comes would replace it: apply or undo that \
         first, or say that revision {revision} is to be replaced"
    )]
    Ahead {
        /// The revision of the draft.
        revision: u64,
    },
    /// What comes from outside would replace another state than the one that is there.
    #[error(
        "the draft has revision {revision} by now, which is not the one that was to be replaced"
    )]
    Replaced {
        /// The revision of the draft.
        revision: u64,
    },
    /// There is nothing of the author's to take back.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// There is nothing that the author has taken back.
    #[error("there is nothing to redo")]
    NothingToRedo,
    /// Somebody else, or another tab, has taken back something meanwhile, or done something.
    #[error("what would be taken back is not what it was when you looked")]
    Stale {
        /// What would be taken back, if there is anything.
        newest: Option<u64>,
    },
    /// It is not the author's, or is taken back already.
    #[error("revision {revision} is not an operation of yours that can be taken back")]
    NotToTakeBack {
        /// What was asked for.
        revision: u64,
    },
    /// The log does not reach back so far, or that is yet to come.
    #[error("there is no revision {revision}: the log has {first} to {last}")]
    NoRevision {
        /// What was asked for.
        revision: u64,
        /// The first that can be gone back to.
        first: u64,
        /// The revision that counts.
        last: u64,
    },
    /// The log cannot be written.
    #[error(transparent)]
    Log(#[from] EditingError),
}

fn paths(conflicts: &[Conflict]) -> String {
    let mut told = String::new();
    for (index, conflict) in conflicts.iter().take(3).enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(told, "{separator}\"{}\"", conflict.path.join(" / "));
    }
    if conflicts.len() > 3 {
        told.push_str(", …");
    }
    told
}

fn first(findings: &[Diagnostic]) -> &str {
    findings.first().map_or("", |finding| &finding.message)
}

/// What keeps the log from being kept.
#[derive(Debug, thiserror::Error)]
pub enum EditingError {
    /// The log cannot be read.
    #[error(
        "the log of operations \"{}\" cannot be read: mend that, or move the file away to begin a \
         new one with the flow as it is", path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The log cannot be written.
    #[error(
        "the log of operations \"{}\" cannot be written, so nothing was changed: make room on its \
         disk, or mend what is said here, and do it again", path.display()
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A later program wrote it.
    #[error(
        "the log of operations \"{}\" has format {found}; this program reads format {known}: use \
         the program that wrote it, or move the file away", path.display()
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The program's.
        known: u32,
    },
}
