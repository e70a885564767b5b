//! `tutti parameters`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use tutti_model::definition::FlowDefinition;
use tutti_model::parameter::ParameterValues;

use crate::error::{CliError, FAILED, WRONG};
use crate::flow_file;
use crate::output::{Results, say};
use crate::parameters::{self, ParameterArguments};
use crate::settings::Settings;

/// Shows which parameters of a flow have a value, here or in several environments
///
/// Each ENVIRONMENT is a file of parameters. Without one it is what a run would be given: --param,
/// variables and files. No value is shown; of those that several environments set it is told
/// whether they differ.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  every parameter has a value in every environment\n  1  some \
                  have none, or an environment sets what the flow does not have\n  2  wrong usage, \
                  an unreadable file, or text that is no flow\n\nExample:\n  tutti parameters \
                  flows/audio-features.json staging.json production.json"
)]
pub(crate) struct Parameters {
    /// The flow's file; "-" is standard input
    #[arg(value_name = "FLOW")]
    flow: PathBuf,
    /// Files of parameters, one for each environment
    #[arg(value_name = "ENVIRONMENT", conflicts_with_all = ["pairs", "files"])]
    environments: Vec<PathBuf>,
    #[command(flatten)]
    given: ParameterArguments,
    /// Prints them as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// Where a parameter has its value from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Origin {
    /// The environment sets it.
    Set,
    /// The flow says what it is when nobody does.
    Default,
    Missing,
}

/// One parameter.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    /// `CONTEXT:NAME`.
    parameter: String,
    sensitive: bool,
    /// Whether the environments that set it set it to several values; nothing where only one does.
    differs: Option<bool>,
    environments: BTreeMap<String, Origin>,
}

/// All that is told.
#[derive(Debug, Serialize)]
struct Comparison {
    parameters: Vec<Row>,
    /// What environments set and the flow does not have.
    unknown: BTreeMap<String, Vec<String>>,
}

impl Parameters {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let flow = match flow_file::read(&self.flow)? {
            Ok(flow) => flow,
            Err(findings) => {
                for finding in findings {
                    say(&format!("{finding}\n"));
                }
                return Ok(WRONG.into());
            }
        };
        let environments = self.environments(&flow, settings)?;
        let comparison = compare(&flow, &environments);
        let mut results = Results::new();
        if self.json {
            results.pretty(&comparison)?;
        } else {
            let names: Vec<&str> = environments.iter().map(|(name, _)| name.as_str()).collect();
            tell(&comparison, &names, &mut results)?;
        }
        results.finish()?;
        let is_missing =
            |row: &Row| row.environments.values().any(|origin| *origin == Origin::Missing);
        let is_whole =
            comparison.unknown.is_empty() && !comparison.parameters.iter().any(is_missing);
        Ok(if is_whole { ExitCode::SUCCESS } else { FAILED.into() })
    }

    fn environments(
        &self,
        flow: &FlowDefinition,
        settings: &Settings,
    ) -> Result<Vec<(String, ParameterValues)>, CliError> {
        if self.environments.is_empty() {
            let values = self.given.values(flow, &settings.parameter_files)?;
            return Ok(vec![("here".to_owned(), values)]);
        }
        let read = |path: &PathBuf| {
            let values = parameters::read(path)?.into_iter().collect();
            Ok((path.display().to_string(), values))
        };
        self.environments.iter().map(read).collect()
    }
}

fn compare(flow: &FlowDefinition, environments: &[(String, ParameterValues)]) -> Comparison {
    let mut known = BTreeSet::new();
    let mut rows = Vec::new();
    for (context, declared) in &flow.parameter_contexts {
        for (name, parameter) in &declared.parameters {
            known.extend([name.clone(), format!("{context}:{name}")]);
            let origin = |values: &ParameterValues| {
                if values.get(context, name).is_some() {
                    return Origin::Set;
                }
                if parameter.value.value.is_some() { Origin::Default } else { Origin::Missing }
            };
            let set: Vec<&str> =
                environments.iter().filter_map(|(_, values)| values.get(context, name)).collect();
            let differs = match set.as_slice() {
                [first, rest @ ..] if !rest.is_empty() => {
                    Some(rest.iter().any(|value| value != first))
                }
                _ => None,
            };
            rows.push(Row {
                parameter: format!("{context}:{name}"),
                sensitive: parameter.sensitive,
                differs,
                environments: environments
                    .iter()
                    .map(|(name, values)| (name.clone(), origin(values)))
                    .collect(),
            });
        }
    }
    let unknown = environments.iter().filter_map(|(environment, values)| {
        let names = values.names().filter(|name| !known.contains(*name));
        let names: Vec<String> = names.map(str::to_owned).collect();
        (!names.is_empty()).then(|| (environment.clone(), names))
    });
    Comparison { unknown: unknown.collect(), parameters: rows }
}

fn tell(comparison: &Comparison, names: &[&str], results: &mut Results) -> Result<(), CliError> {
    for row in &comparison.parameters {
        let secret = if row.sensitive { " (secret)" } else { "" };
        let differs = match row.differs {
            None => "",
            Some(true) => "; they differ",
            Some(false) => "; all the same",
        };
        let of = |name: &&str| {
            let word = match row.environments.get(*name) {
                Some(Origin::Set) => "set",
                Some(Origin::Default) => "default",
                Some(Origin::Missing) | None => "MISSING",
            };
            format!("{word} in {name}")
        };
        let origins: Vec<String> = names.iter().map(of).collect();
        results.line(&format!("{}{secret}: {}{differs}", row.parameter, origins.join(", ")))?;
    }
    for (environment, names) in &comparison.unknown {
        for name in names {
            results.line(&format!("{name:?}: set in {environment}, and the flow has none"))?;
        }
    }
    Ok(())
}
