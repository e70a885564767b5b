//! `tutti test`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::Args;
use tutti_flowtest::{FlowOutcome, Runner, Subject, Summary};
use tutti_model::diagnostic::Diagnostic;
use tutti_model::suite;
use tutti_sdk::Catalog;

use crate::error::{CliError, FAILED, WRONG};
use crate::output::{Results, complain, say};
use crate::{flow_file, flow_files, layout_file, tests_file};

/// Runs the tests of flows, NAME.tests.json beside NAME.json
///
/// Each test gives flowfiles to its flow and says what must come of them. Nothing is read or
/// written outside, unless a test says so: what would is replaced. Nobody waits: a test has a clock
/// of its own. What no test of a flow takes is told in the end, relationship by relationship.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  all tests passed\n  1  a test failed, or fewer relationships \
                  are taken than --min-coverage says\n  2  wrong usage, an unreadable file, or \
                  tests or flows with mistakes\n\n\
                  Examples:\n  tutti test flows --min-coverage 90\n  tutti test \
                  flows/audio-features.json --filter fails"
)]
pub(crate) struct Test {
    /// Flows or their tests, or folders with such [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Runs only tests with this in their name
    #[arg(long, value_name = "TEXT")]
    filter: Vec<String>,
    /// Lists the tests and runs none
    #[arg(long)]
    list: bool,
    /// Fails when fewer of a hundred relationships are taken by some test; flows without tests
    /// count
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,
    /// Writes what became of the tests to a file, as JUnit's XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Prints what became of the tests as JSON on standard output
    #[arg(long)]
    json: bool,
    /// How many tests run at a time [default: as many as there are cores]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// How long a test may take before it counts as one that hangs, in seconds of real time
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=86_400))]
    patience: u32,
}

/// What there is to be run.
#[derive(Default)]
struct Found {
    subjects: Vec<Subject>,
    /// Flows that have no tests, with what could be taken of them.
    untested: Vec<FlowOutcome>,
    findings: Vec<Diagnostic>,
    unread: Vec<CliError>,
}

impl Test {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let here = [PathBuf::from(".")];
        let paths = if self.paths.is_empty() { &here } else { self.paths.as_slice() };
        let found = find(paths, &Arc::new(crate::catalog::beside(paths)))?;
        found.unread.iter().for_each(complain);
        for finding in &found.findings {
            say(&format!("{finding}\n"));
        }
        flow_file::say_more(&found.findings);
        let is_wrong = !found.unread.is_empty() || found.findings.iter().any(Diagnostic::is_error);
        if is_wrong {
            say("no test is run");
            return Ok(WRONG.into());
        }
        let is_wanted = |_: &Subject, name: &str| {
            self.filter.is_empty() || self.filter.iter().any(|part| name.contains(part.as_str()))
        };
        if self.list {
            list(&found.subjects, is_wanted)?;
            return Ok(ExitCode::SUCCESS);
        }
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let jobs = self.jobs.map_or(cores, usize::from);
        let runner = Runner { jobs, patience: Duration::from_secs(self.patience.into()) };
        let mut flows = runner.run(&found.subjects, is_wanted);
        if flows.is_empty() {
            say("no test was run: there is none with such a name, or none at all");
        }
        if self.filter.is_empty() {
            flows.extend(found.untested);
        }
        self.tell(&flows)?;
        if let Some(path) = &self.junit {
            let text = tutti_flowtest::junit(&flows);
            fs::write(path, text)
                .map_err(|source| CliError::Write { path: path.clone(), source })?;
        }
        let summary = Summary::of(&flows);
        let least = usize::from(self.min_coverage.unwrap_or(0));
        if summary.coverage < least {
            say(&format!(
                "too few relationships are taken: {} % and not {least} %",
                summary.coverage
            ));
        }
        let is_ok = summary.failed == 0 && summary.coverage >= least && summary.passed > 0;
        Ok(if is_ok { ExitCode::SUCCESS } else { FAILED.into() })
    }

    fn tell(&self, flows: &[FlowOutcome]) -> Result<(), CliError> {
        let mut results = Results::new();
        if self.json {
            results.pretty(&tutti_flowtest::Results::of(flows))?;
            return results.finish();
        }
        for flow in flows.iter().filter(|flow| !flow.tests.is_empty()) {
            results.line(&flow.told())?;
        }
        for flow in flows {
            for test in flow.tests.iter().filter(|test| !test.passed()) {
                results.line(&format!("\n{}", flow.failed(test)))?;
            }
        }
        results.line("")?;
        if self.filter.is_empty() {
            for missed in flows.iter().filter_map(FlowOutcome::missed) {
                results.line(&missed)?;
            }
        }
        results.line(&Summary::of(flows).told(flows.len()))?;
        results.finish()
    }
}

fn list(subjects: &[Subject], is_wanted: impl Fn(&Subject, &str) -> bool) -> Result<(), CliError> {
    let mut results = Results::new();
    for subject in subjects {
        for name in subject.suite.tests.keys().filter(|name| is_wanted(subject, name)) {
            results.line(&format!("{}: {name}", subject.file))?;
        }
    }
    results.finish()
}

/// The tests that `paths` mean, and what is wrong with them and their flows.
fn find(paths: &[PathBuf], catalog: &Arc<Catalog>) -> Result<Found, CliError> {
    let mut found = Found::default();
    let (files, unread) = flow_files::of(paths);
    found.unread = unread;
    let mut tests = BTreeSet::new();
    let mut flows = Vec::new();
    for path in files.into_iter().filter(|path| !layout_file::is_layout(path)) {
        if tests_file::is_tests(&path) {
            tests.insert(path);
        } else if let Some(beside) = tests_file::beside(&path)? {
            tests.insert(beside);
        } else {
            flows.push(path);
        }
    }
    for path in &tests {
        if let Err(error) = add(path, catalog, &mut found) {
            found.unread.push(error);
        }
    }
    for path in flows {
        if paths.contains(&path) {
            found.unread.push(CliError::NoTests { path });
        } else {
            untested(&path, catalog, &mut found)?;
        }
    }
    Ok(found)
}

fn add(path: &Path, catalog: &Arc<Catalog>, found: &mut Found) -> Result<(), CliError> {
    let flow_path = tests_file::flow_of(path);
    let (flow, suite) = (flow_file::read(&flow_path)?, tests_file::read(path)?);
    let flow = flow.map_err(|findings| found.findings.extend(findings));
    let suite = suite.map_err(|findings| found.findings.extend(findings));
    let (Ok(flow), Ok(suite)) = (flow, suite) else { return Ok(()) };
    let values = tutti_model::parameter::ParameterValues::new();
    let of_flow = tutti_model::check(&flow, &**catalog, &values);
    // What is hardly meant is said by "tutti validate".
    found.findings.extend(of_flow.into_iter().filter(Diagnostic::is_error));
    found.findings.extend(suite::check(&suite, &flow, &**catalog));
    found.subjects.push(Subject {
        file: flow_file::name(path),
        flow_file: flow_file::name(&flow_path),
        folder: path.parent().unwrap_or(Path::new("")).to_owned(),
        flow,
        suite,
        catalog: Arc::clone(catalog),
    });
    Ok(())
}

/// A flow of a folder that has no tests; what is no flow is passed over.
fn untested(path: &Path, catalog: &Catalog, found: &mut Found) -> Result<(), CliError> {
    let Ok(flow) = flow_file::read(path)? else { return Ok(()) };
    if flow.unread().is_empty() {
        found.untested.push(FlowOutcome::untested(&flow_file::name(path), &flow, catalog));
    }
    Ok(())
}
