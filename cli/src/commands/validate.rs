//! `tutti validate`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use tutti_model::diagnostic::Diagnostic;

use crate::error::{CliError, WRONG};
use crate::flow_file;
use crate::flow_files;
use crate::layout_file;
use crate::output::{Results, complain, say};
use crate::parameters::ParameterArguments;
use crate::settings::Settings;
use crate::tests_file;

/// Finds everything that is wrong with flows, offline
///
/// Parameters without a value are accepted: what they are is known only where the flow runs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti validate flows\n  tutti validate --json \
                        flows/audio-features.json --param input=recordings")]
pub(crate) struct Validate {
    /// The flows' files, and those of layouts and tests, or folders with such; a flow's own are
    /// checked with it
    #[arg(required = true, value_name = "FLOW")]
    flows: Vec<PathBuf>,
    #[command(flatten)]
    parameters: ParameterArguments,
    /// Prints the findings as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Validate {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let catalog = crate::catalog::beside(&self.flows);
        let mut findings: Vec<Diagnostic> = Vec::new();
        let (files, mut unread) = flow_files::of(&self.flows);
        let (layouts, flows): (Vec<&PathBuf>, Vec<&PathBuf>) =
            files.iter().partition(|path| layout_file::is_layout(path));
        let (tests, flows): (Vec<&PathBuf>, Vec<&PathBuf>) =
            flows.iter().partition(|path| tests_file::is_tests(path));
        let mut layouts: BTreeSet<PathBuf> = layouts.into_iter().cloned().collect();
        let mut tests: BTreeSet<PathBuf> = tests.into_iter().cloned().collect();
        let mut checked = 0;
        for path in &flows {
            let read = match flow_file::read(path) {
                Ok(read) => read,
                Err(error) => {
                    unread.push(error);
                    continue;
                }
            };
            checked += 1;
            match read {
                Err(unreadable) => findings.extend(unreadable),
                Ok(flow) => {
                    let values = self.parameters.values(&flow, &settings.parameter_files)?;
                    findings.extend(tutti_model::check(&flow, &catalog, &values));
                }
            }
            layouts.extend(layout_file::beside(path)?);
            tests.extend(tests_file::beside(path)?);
        }
        for path in &tests {
            match tests_file::check(path, &catalog) {
                Err(error) => unread.push(error),
                Ok(found) => findings.extend(found),
            }
        }
        for path in &layouts {
            match flow_file::text(path) {
                Err(error) => unread.push(error),
                Ok(Err(unreadable)) => findings.extend(unreadable),
                Ok(Ok(text)) => match layout_file::check(path, &text) {
                    Err(error) => unread.push(error),
                    Ok(found) => findings.extend(found),
                },
            }
        }
        unread.iter().for_each(complain);
        self.tell(&findings, (checked, layouts.len(), tests.len()), unread.len())?;
        let is_right = unread.is_empty() && !findings.iter().any(Diagnostic::is_error);
        Ok(if is_right { ExitCode::SUCCESS } else { WRONG.into() })
    }

    fn tell(
        &self,
        findings: &[Diagnostic],
        (flows, layouts, tests): (usize, usize, usize),
        unread: usize,
    ) -> Result<(), CliError> {
        if self.json {
            let mut results = Results::new();
            results.pretty(&findings)?;
            return results.finish();
        }
        for finding in findings {
            say(&format!("{finding}\n"));
        }
        say(&format!(
            "{}{}{} checked: {}{}",
            number(flows, "flow", "flows"),
            match layouts {
                0 => String::new(),
                count => format!(" and {}", number(count, "layout", "layouts")),
            },
            match tests {
                0 => String::new(),
                count => format!(" and {}", number(count, "file of tests", "files of tests")),
            },
            flow_file::counted(findings),
            match unread {
                0 => String::new(),
                count => format!(", {count} could not be read"),
            },
        ));
        flow_file::say_more(findings);
        Ok(())
    }
}

fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
