//! Messages to the operator.

use tutti_model::flowfile::Timestamp;

/// How serious a bulletin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For whoever writes the processor.
    Debug,
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warning,
    /// Something failed.
    Error,
}

/// One message of one processor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    /// How serious.
    pub level: Level,
    /// When.
    pub time: Timestamp,
    /// The processor, by its path of names in the flow.
    pub component: Box<str>,
    /// The flowfile's `uuid`, when it is about one.
    pub flowfile: Option<Box<str>>,
    /// Its `filename`, when it has one.
    pub filename: Option<Box<str>>,
    /// What happened, where.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}
