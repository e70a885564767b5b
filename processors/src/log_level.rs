//! How serious what a processor tells is, as the flow says it.

use tutti_sdk::bulletin::Level;
use tutti_sdk::property::Choice;

/// How serious the message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum LogLevel {
    /// For whoever writes the flow.
    Debug,
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warn,
    /// Something failed.
    Error,
}

impl From<LogLevel> for Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Debug => Self::Debug,
            LogLevel::Info => Self::Info,
            LogLevel::Warn => Self::Warning,
            LogLevel::Error => Self::Error,
        }
    }
}
