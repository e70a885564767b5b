//! The two ways out: results to standard output, everything said about them to standard error.

use std::io::{self, BufWriter, Stdout, Write};

use serde::Serialize;

use crate::error::CliError;

/// Results on their way out; nothing is shown before [`Results::finish`] or a full buffer.
pub(crate) struct Results(BufWriter<Stdout>);

impl Results {
    pub(crate) fn new() -> Self {
        Self(BufWriter::new(io::stdout()))
    }

    /// Writes one line.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), CliError> {
        writeln!(self.0, "{text}").map_err(CliError::Output)
    }

    /// Writes a value as one line of JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        serde_json::to_writer(&mut self.0, value)
            .map_err(|error| CliError::Output(error.into()))?;
        self.line("")
    }

    /// Writes a value as JSON for people and scripts alike.
    pub(crate) fn pretty(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        serde_json::to_writer_pretty(&mut self.0, value)
            .map_err(|error| CliError::Output(error.into()))?;
        self.line("")
    }

    /// Shows what is written so far.
    pub(crate) fn flush(&mut self) -> Result<(), CliError> {
        self.0.flush().map_err(CliError::Output)
    }

    /// Shows the rest.
    pub(crate) fn finish(mut self) -> Result<(), CliError> {
        self.flush()
    }
}

/// Says on standard error what went wrong, and what to do.
pub(crate) fn complain(error: &CliError) {
    say(&format!("error: {}", error.chain()));
    if let Some(help) = error.help() {
        say(&format!("  {help}"));
    }
}

/// Says something on standard error. When nobody listens there either, there is no one to tell.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
