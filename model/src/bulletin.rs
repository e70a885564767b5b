//! Messages to the operator, as processors make them and repositories keep them.

use crate::definition::BulletinLevel;
use crate::flowfile::Timestamp;

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

impl Level {
    /// `debug`, `info`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Whether a processor that shows `least` and graver shows this.
    pub fn is_shown(self, least: BulletinLevel) -> bool {
        match least {
            BulletinLevel::Debug => self >= Self::Debug,
            BulletinLevel::Info => self >= Self::Info,
            BulletinLevel::Warning => self >= Self::Warning,
            BulletinLevel::Error => self >= Self::Error,
            BulletinLevel::None => false,
        }
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    /// How serious.
    pub level: Level,
    /// When, by the injected clock.
    pub time: Timestamp,
    /// The flow that it comes from; none when it comes from what all flows share.
    pub flow: Option<Box<str>>,
    /// Who says it: a processor by its path of names in the flow, the flow or the repository.
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

impl Bulletin {
    /// A message of what all flows share, about no flowfile.
    pub fn new(
        level: Level,
        time: Timestamp,
        component: impl Into<Box<str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            level,
            time,
            flow: None,
            component: component.into(),
            flowfile: None,
            filename: None,
            message: message.into(),
            help: None,
        }
    }
}
