//! What a draft's user is to be told of its log: it goes on all the same.

use std::fmt;
use std::path::PathBuf;

/// What was found when a draft was opened, or happened to its log since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The log could not be read to its end.
    Log {
        /// A copy of it.
        put_aside: PathBuf,
        /// The last revision that could be read, if any.
        revision: Option<u64>,
    },
    /// The flow's file and the draft had changed the same: the file counts.
    File {
        /// The revision that the draft had, which one can go back to.
        revision: u64,
    },
    /// The log is longer than it should be, and cannot be shortened.
    Long {
        /// The log.
        path: PathBuf,
        /// Its length in bytes.
        bytes: u64,
        /// Why.
        why: String,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log { put_aside, revision: Some(revision) } => write!(
                formatter,
                "the log of what was edited is damaged behind revision {revision}: it goes on from \
                 there, and a copy of all is in \"{}\"",
                put_aside.display()
            ),
            Self::Log { put_aside, revision: None } => write!(
                formatter,
                "the log of what was edited is damaged: it begins anew with the flow as it is, and \
                 a copy of all is in \"{}\"",
                put_aside.display()
            ),
            Self::File { revision } => write!(
                formatter,
                "the flow's file and what was edited here have changed the same: the file counts, \
                 and revision {revision} has what was edited"
            ),
            Self::Long { path, bytes, why } => write!(
                formatter,
                "the log of what was edited, \"{}\", has {bytes} bytes and cannot be shortened, \
                 which is tried again when it has grown: make room on its disk ({why})",
                path.display()
            ),
        }
    }
}
