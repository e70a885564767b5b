//! What became of tests, as people and programs read it.

use std::fmt::Write;

use serde::Serialize;

use crate::coverage::{Way, percent};
use crate::failure::Failure;
use crate::{FlowOutcome, TestOutcome};

/// All that became of tests, for programs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Results {
    /// The flows, in the order of their files.
    pub flows: Vec<FlowResult>,
    /// All of them together.
    #[serde(flatten)]
    pub summary: Summary,
}

/// What became of the tests of one flow.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowResult {
    /// The file of its tests.
    pub file: String,
    /// Its name.
    pub flow: String,
    /// Its tests.
    pub tests: Vec<TestResult>,
    /// How many relationships it has.
    pub relationships: usize,
    /// Those that no test took.
    pub missed: Vec<Way>,
}

/// What became of one test.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestResult {
    /// Its name.
    pub name: String,
    /// Whether all was as expected.
    pub passed: bool,
    /// What was not.
    pub failures: Vec<Failure>,
}

/// All tests together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Relationships of all flows.
    pub relationships: usize,
    /// How many of them some test took.
    pub taken: usize,
    /// The share of these, in percent, rounded down.
    pub coverage: usize,
}

impl Summary {
    /// The sum of `flows`.
    pub fn of(flows: &[FlowOutcome]) -> Self {
        let tests = || flows.iter().flat_map(|flow| &flow.tests);
        let passed = tests().filter(|test| test.passed()).count();
        let relationships = flows.iter().map(|flow| flow.coverage.all()).sum();
        let taken = flows.iter().map(|flow| flow.coverage.covered()).sum();
        Self {
            passed,
            failed: tests().count() - passed,
            relationships,
            taken,
            coverage: percent(taken, relationships),
        }
    }

    /// The sum in words, a line for tests and one for relationships.
    pub fn told(&self, flows: usize) -> String {
        let Self { passed, failed, relationships, taken, coverage } = self;
        let tests = passed + failed;
        let number = |count: usize, what: &str| {
            format!("{count} {what}{}", if count == 1 { "" } else { "s" })
        };
        format!(
            "{} of {}: {passed} passed, {failed} failed\n{taken} of {} taken: {coverage} %",
            number(tests, "test"),
            number(flows, "flow"),
            number(*relationships, "relationship"),
        )
    }
}

impl Results {
    /// What `flows` came to.
    pub fn of(flows: &[FlowOutcome]) -> Self {
        let test = |test: &TestOutcome| TestResult {
            name: test.name.clone(),
            passed: test.passed(),
            failures: test.failures.clone(),
        };
        let flow = |flow: &FlowOutcome| FlowResult {
            file: flow.file.clone(),
            flow: flow.flow.clone(),
            tests: flow.tests.iter().map(test).collect(),
            relationships: flow.coverage.all(),
            missed: flow.coverage.missed(),
        };
        Self { flows: flows.iter().map(flow).collect(), summary: Summary::of(flows) }
    }
}

impl FlowOutcome {
    /// What became of each test, a line each, behind a line with the file.
    pub fn told(&self) -> String {
        let mut text = self.file.clone();
        for test in &self.tests {
            let word = if test.passed() { "ok    " } else { "FAILED" };
            // Writing to a string cannot fail.
            let _ = write!(text, "\n  {word}  {}", test.name);
        }
        text
    }

    /// What `test` of this flow did not find as it should be; several lines.
    pub fn failed(&self, test: &TestOutcome) -> String {
        let mut told = format!("FAILED {}: {}", self.file, test.name);
        for failure in &test.failures {
            let _ = write!(told, "\n  {}", visible(&failure.message));
            if failure.line > 0 {
                let Failure { line, column, .. } = failure;
                let _ = write!(told, "\n    --> {}:{line}:{column}", self.file);
            }
            for line in &failure.details {
                let _ = write!(told, "\n    {}", visible(line));
            }
        }
        told
    }

    /// What no test took, a line; none where there is nothing.
    pub fn missed(&self) -> Option<String> {
        let missed = self.coverage.missed();
        if missed.is_empty() {
            return None;
        }
        let ways: Vec<String> =
            missed.iter().map(|way| format!("{} [{}]", way.processor, way.relationship)).collect();
        Some(format!("{}: no test takes {}", self.flow_file, ways.join(", ")))
    }
}

/// `text` without what could steer a terminal.
fn visible(text: &str) -> String {
    let shown = |letter: char| {
        if letter.is_control() { letter.escape_default().to_string() } else { letter.to_string() }
    };
    text.chars().map(shown).collect()
}
