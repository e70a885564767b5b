//! The two ways out: results to standard output, everything said about them to standard error.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::error::CliError;
use crate::stdout;

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
        stdout::check().and_then(|()| self.0.flush()).map_err(CliError::Output)
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
    // In one piece, so that nothing comes between a line and its end.
    let _ = Messages.write_all(format!("{text}\n").as_bytes());
}

/// Standard error, written so that a progress bar on it stays whole.
pub(crate) struct Messages;

impl Write for Messages {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let write = || io::stderr().write(bytes);
        match PROGRESS.get() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Whether what is written there shows colours and nobody minds (<https://no-color.org>).
pub(crate) fn has_colours(to: &impl IsTerminal) -> bool {
    let minds = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    to.is_terminal() && !is_dumb() && !minds
}

/// Whether the terminal knows no colours and no cursor.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb")
}

/// The progress bar of the process, once it has one.
static PROGRESS: OnceLock<ProgressBar> = OnceLock::new();

/// A progress bar on standard error, where that is a terminal that can show one.
pub(crate) fn progress_bar() -> Option<ProgressBar> {
    if !io::stderr().is_terminal() || is_dumb() {
        return None;
    }
    let bar = PROGRESS.get_or_init(|| {
        let style = ProgressStyle::with_template("{elapsed_precise} [{wide_bar}] {msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::new(1).with_style(style.progress_chars("=>-"))
    });
    Some(bar.clone())
}

/// Takes the progress bar away, if there is one.
pub(crate) fn end_progress() {
    if let Some(bar) = PROGRESS.get() {
        bar.finish_and_clear();
    }
}
