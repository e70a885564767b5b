//! Logs: to standard error, never among results.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::error::CliError;
use crate::output::{Messages, has_colours};
use crate::settings::{LogFormat, Settings};

/// The levels, from all to nothing.
pub(crate) const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "off"];

/// Starts logging for the rest of the process.
pub(crate) fn start(settings: &Settings) -> Result<(), CliError> {
    // The library takes a word that is no level for a target, of which it shows everything, and
    // nothing of all others: who misspells a level would see nothing any more.
    let words = settings.log.split(',').map(str::trim).filter(|word| !word.is_empty());
    for word in words.filter(|word| !word.contains(['=', '[', ']', '{', '}'])) {
        if !LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word)) {
            return Err(CliError::LogLevel { word: word.to_owned(), levels: LEVELS.join(", ") });
        }
    }
    let filter = EnvFilter::builder()
        .parse(&settings.log)
        .map_err(|source| CliError::LogFilter { filter: settings.log.clone(), source })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| Messages)
        // It tells its own errors with a macro that panics when standard error is closed or full,
        // in the middle of whatever logs.
        .log_internal_errors(false);
    match settings.log_format {
        LogFormat::Json => builder.json().init(),
        LogFormat::Text => builder.with_ansi(has_colours(&io::stderr())).init(),
    }
    Ok(())
}
