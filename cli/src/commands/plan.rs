//! `tutti plan`.

use std::process::ExitCode;

use clap::Args;
use serde::Deserialize;
use tutti_model::codes::Severity;
use tutti_model::diff::Change;

use crate::changes;
use crate::error::{CliError, FAILED, WRONG};
use crate::finding::Finding;
use crate::output::{Results, say};
use crate::target::{Brought, IN_THE_WAY, address, read};

/// Shows what "tutti deploy" would change, stop and start, and changes nothing
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  it could be deployed, or runs as it is\n  1  it could \
                        not, or the service does not answer\n  2  wrong usage, or an unreadable \
                        file\n\nExample:\n  tutti plan flows/audio-features.json --to \
                        http://127.0.0.1:8080")]
pub(crate) struct Plan {
    #[command(flatten)]
    brought: Brought,
}

/// What a service says of a deployment, as far as it is told.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    is_in_the_way: bool,
    findings: Vec<Finding>,
    changes: Vec<Change>,
    preview: Option<Preview>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Preview {
    changed: Vec<String>,
    added: Vec<String>,
    removed: Vec<String>,
    queues: Vec<Waiting>,
    left_over: Vec<LeftOver>,
}

/// What a queue holds for what is stopped.
#[derive(Debug, Deserialize)]
struct Waiting {
    to: String,
    flowfiles: u64,
    bytes: u64,
}

#[derive(Debug, Deserialize)]
struct LeftOver {
    path: String,
    flowfiles: u64,
}

impl Plan {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let Brought { flow, give_up, to } = &self.brought;
        let Some((name, text)) = read(flow)? else { return Ok(WRONG.into()) };
        let url = format!("{}/plan", address(&name)?);
        let plan = to.remote()?.post_text(&url, text)?;
        let answer = Answer::deserialize(&plan).map_err(|source| CliError::Answer { source })?;
        let mut results = Results::new();
        if to.json {
            results.pretty(&plan)?;
        } else {
            answer.tell(give_up.trash, &mut results)?;
        }
        results.finish()?;
        let is_in_the_way = answer.is_in_the_way && !give_up.replace;
        if is_in_the_way {
            say(&format!("hinders it: {IN_THE_WAY}"));
        }
        let preview = answer.preview.unwrap_or_default();
        let is_hindered = is_in_the_way || !preview.left_over.is_empty() && !give_up.trash;
        let can_run = answer.findings.iter().all(|one| one.severity != Severity::Error);
        Ok(if can_run && !is_hindered { ExitCode::SUCCESS } else { FAILED.into() })
    }
}

impl Answer {
    fn tell(&self, is_trashing: bool, results: &mut Results) -> Result<(), CliError> {
        for finding in &self.findings {
            results.line(&finding.to_string())?;
        }
        changes::tell(&self.changes, results)?;
        let preview = self.preview.iter();
        let effects = preview.map(|preview| preview.told(is_trashing)).collect::<Vec<_>>().concat();
        for line in &effects {
            results.line(line)?;
        }
        if self.findings.is_empty() && self.changes.is_empty() && effects.is_empty() {
            results.line("nothing would change")?;
        }
        Ok(())
    }
}

impl Preview {
    fn told(&self, is_trashing: bool) -> Vec<String> {
        let Self { changed, added, removed, queues: _, left_over } = self;
        let effects =
            [(changed, "stops and starts"), (added, "starts"), (removed, "stops for good")];
        let told = |path: &String, words| format!("{words}: {path}{}", self.waiting(path));
        let effects = effects
            .into_iter()
            .flat_map(|(paths, words)| paths.iter().map(move |path| told(path, words)));
        let left_over = left_over.iter().map(|LeftOver { path, flowfiles }| {
            if is_trashing {
                format!("goes into the trash: {flowfiles} flowfiles that wait in {path}")
            } else {
                format!(
                    "hinders it: {flowfiles} flowfiles wait in {path}; --trash puts them into the \
                     trash"
                )
            }
        });
        effects.chain(left_over).collect()
    }

    /// What waits for a processor in all of its queues, in brackets; nothing where nothing does.
    fn waiting(&self, path: &str) -> String {
        let its: Vec<_> = self.queues.iter().filter(|queue| queue.to == path).collect();
        let flowfiles: u64 = its.iter().map(|queue| queue.flowfiles).sum();
        let bytes: u64 = its.iter().map(|queue| queue.bytes).sum();
        if flowfiles == 0 {
            return String::new();
        }
        format!(" (flowfiles that wait for it: {flowfiles}, {bytes} bytes)")
    }
}
