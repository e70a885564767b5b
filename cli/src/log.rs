//! Logs: to standard error, never among results.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::error::CliError;
use crate::output::{Messages, has_colours};
use crate::settings::{LogFormat, Settings};

/// Starts logging for the rest of the process.
pub(crate) fn start(settings: &Settings) -> Result<(), CliError> {
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
