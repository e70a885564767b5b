//! `tutti validate`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use tutti_model::diagnostic::Diagnostic;

use crate::error::{CliError, WRONG};
use crate::flow_file;
use crate::layout_file;
use crate::output::{Results, say};
use crate::parameters::ParameterArguments;
use crate::settings::Settings;

/// Finds everything that is wrong with flows, offline
///
/// Parameters without a value are accepted: what they are is known only where the flow runs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti validate flows/*.json\n  tutti validate --json \
                        flows/audio-features.json --param input=recordings")]
pub(crate) struct Validate {
    /// The flows' files, and those of layouts; a flow's own is checked with it
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
        let catalog = tutti_processors::catalog();
        let mut findings: Vec<Diagnostic> = Vec::new();
        let (layouts, flows): (Vec<&PathBuf>, Vec<&PathBuf>) =
            self.flows.iter().partition(|path| layout_file::is_layout(path));
        for path in &flows {
            match flow_file::read(path)? {
                Err(unreadable) => findings.extend(unreadable),
                Ok(flow) => {
                    let values = self.parameters.values(&flow, &settings.parameter_files)?;
                    findings.extend(tutti_model::check(&flow, &catalog, &values));
                }
            }
        }
        let mut layouts: BTreeSet<PathBuf> = layouts.into_iter().cloned().collect();
        for path in &flows {
            layouts.extend(layout_file::beside(path)?);
        }
        for path in &layouts {
            findings.extend(layout_file::check(path, &flow_file::text(path)?)?);
        }
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        self.tell(&findings, errors, (flows.len(), layouts.len()))?;
        Ok(if errors == 0 { ExitCode::SUCCESS } else { WRONG.into() })
    }

    fn tell(
        &self,
        findings: &[Diagnostic],
        errors: usize,
        (flows, layouts): (usize, usize),
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
            "{}{} checked: {errors} {}, {} {}",
            counted(flows, "flow", "flows"),
            match layouts {
                0 => String::new(),
                count => format!(" and {}", counted(count, "layout", "layouts")),
            },
            if errors == 1 { "error" } else { "errors" },
            findings.len() - errors,
            if findings.len() - errors == 1 { "warning" } else { "warnings" },
        ));
        Ok(())
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
