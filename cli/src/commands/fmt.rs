//! `tutti fmt`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use tempfile::NamedTempFile;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::layout::Layout;

use crate::error::{CliError, FAILED, WRONG};
use crate::flow_file;
use crate::flow_files;
use crate::layout_file;
use crate::output::{Results, complain, say};
use crate::tests_file;

/// Writes flows in their canonical form
///
/// Equal flows have equal text, so that a diff reads like the change. A file that has that form
/// already is left alone; one that is no flow is left as it is, and what is wrong with it is told.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  all flows have their canonical form\n  1  with \
                        --check, some have not\n  2  wrong usage, an unreadable file, or text \
                        that is no flow\n\nExamples:\n  tutti fmt flows\n  tutti fmt --check \
                        flows/*.json\n  tutti fmt - < flow.json > canonical.json")]
pub(crate) struct Format {
    /// The flows' files, and those of layouts, or folders with such; "-" is standard input, whose
    /// canonical form goes to standard output
    #[arg(required = true, value_name = "FLOW")]
    flows: Vec<PathBuf>,
    /// Writes nothing, and names on standard output the files that would be written
    #[arg(long)]
    check: bool,
}

/// What became of one file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It has its canonical form already.
    Canonical,
    /// It has it now.
    Formatted,
    /// It would get it, but only a check was asked for.
    Different,
    Wrong,
}

impl Format {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let mut results = Results::new();
        let (files, unread) = flow_files::of(&self.flows);
        unread.iter().for_each(complain);
        let mut outcomes = vec![Outcome::Wrong; unread.len()];
        for path in &files {
            outcomes.push(self.one(path, &mut results)?);
        }
        results.finish()?;
        let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
        if outcomes.len() > 1 {
            say(&sum(outcomes.len(), count));
        }
        Ok(match (count(Outcome::Wrong), count(Outcome::Different)) {
            (0, 0) => ExitCode::SUCCESS,
            (0, _) => FAILED.into(),
            _ => WRONG.into(),
        })
    }

    /// Fails only when nobody takes results; a file that is wrong does not stop the others.
    fn one(&self, path: &Path, results: &mut Results) -> Result<Outcome, CliError> {
        let text = match flow_file::text(path) {
            Ok(Ok(text)) => text,
            Ok(Err(findings)) => {
                tell(findings);
                return Ok(Outcome::Wrong);
            }
            Err(error) => {
                complain(&error);
                return Ok(Outcome::Wrong);
            }
        };
        if tests_file::is_tests(path) {
            // Their text is as whoever wrote them likes it.
            return Ok(Outcome::Canonical);
        }
        let canonical = if layout_file::is_layout(path) {
            layout(path, &text)
        } else {
            let document = Document::parse(&text, &flow_file::name(path));
            document.and_then(|document| tutti_model::fmt::format(&document)).map_err(tell)
        };
        let Ok(canonical) = canonical else { return Ok(Outcome::Wrong) };
        if self.check {
            if text == canonical {
                return Ok(Outcome::Canonical);
            }
            results.line(&flow_file::name(path))?;
            return Ok(Outcome::Different);
        }
        if flow_file::is_standard_input(path) {
            results.line(canonical.trim_end_matches('\n'))?;
        } else if text != canonical {
            if let Err(source) = replace(path, &canonical) {
                complain(&CliError::Write { path: path.to_owned(), source });
                return Ok(Outcome::Wrong);
            }
            say(&format!("formatted {}", path.display()));
            return Ok(Outcome::Formatted);
        }
        Ok(Outcome::Canonical)
    }
}

/// What became of several files.
fn sum(all: usize, count: impl Fn(Outcome) -> usize) -> String {
    let parts = [
        (Outcome::Canonical, "canonical already"),
        (Outcome::Formatted, "formatted"),
        (Outcome::Different, "not canonical"),
        (Outcome::Wrong, "wrong"),
    ];
    let told = parts.map(|(outcome, what)| (count(outcome), what));
    let told = told.iter().filter(|(count, _)| *count > 0);
    let told: Vec<_> = told.map(|(count, what)| format!("{count} {what}")).collect();
    format!("{all} files: {}", told.join(", "))
}

/// The canonical text of a layout. What is wrong with it is told, and what it has that its flow
/// has not.
fn layout(path: &Path, text: &str) -> Result<String, ()> {
    match layout_file::check(path, text) {
        Ok(findings) => tell(findings),
        Err(error) => complain(&error),
    }
    Layout::parse(text).map(|layout| layout.format()).map_err(drop)
}

fn tell(findings: Vec<Diagnostic>) {
    for finding in findings {
        say(&format!("{finding}\n"));
    }
}

/// Puts `text` in the place of a file in one step, with the rights that the file has: whoever
/// reads it sees the old text or the new. Of a link, the file that it leads to is replaced.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}
