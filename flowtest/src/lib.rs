//! Runs the tests of flows, `NAME.tests.json` beside `NAME.json`, and tries single processors.
//!
//! A test runs its flow as the engine does, on one thread, with stores in memory and a clock that
//! nobody waits for; what works outside of flows is replaced unless a test lets it out. The same
//! tests give the same results, whatever runs beside them.

mod compare;
mod coverage;
mod failure;
mod files;
mod judge;
mod junit;
mod mock;
mod outside;
mod play;
mod report;
mod run;
mod runner;
mod seen;
mod stage;
mod trial;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tutti_model::definition::FlowDefinition;
use tutti_model::suite::Suite;
use tutti_sdk::Catalog;

pub use coverage::{Coverage, Way, percent};
pub use failure::Failure;
pub use junit::junit;
pub use report::{FlowResult, Results, Summary};
pub use runner::Runner;
pub use trial::{Sample, Sent, TrialError, Tried, try_processor};

/// A flow and its tests.
pub struct Subject {
    /// What the file of the tests is called in messages.
    pub file: String,
    /// The flow's file, the same.
    pub flow_file: String,
    /// The folder that the tests lie in: files are named from there.
    pub folder: PathBuf,
    /// The flow.
    pub flow: FlowDefinition,
    /// Its tests, which must be right.
    pub suite: Suite,
    /// The types that it may use.
    pub catalog: Arc<Catalog>,
}

impl FlowOutcome {
    /// A flow that has no tests.
    pub fn untested(flow_file: &str, flow: &FlowDefinition, catalog: &Catalog) -> Self {
        Self {
            file: String::new(),
            flow_file: flow_file.to_owned(),
            flow: flow.name.value.clone(),
            tests: Vec::new(),
            coverage: Coverage::of(flow, catalog),
        }
    }
}

/// What became of one test.
#[derive(Debug, Clone)]
pub struct TestOutcome {
    /// Its name.
    pub name: String,
    /// What is not as it expects; it passed where there is nothing.
    pub failures: Vec<Failure>,
    /// How long it took, in real time.
    pub took: Duration,
}

impl TestOutcome {
    /// Whether everything was as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// What became of the tests of one flow.
#[derive(Debug, Clone)]
pub struct FlowOutcome {
    /// What the file of the tests is called in messages.
    pub file: String,
    /// The flow's file, the same.
    pub flow_file: String,
    /// The name of the flow.
    pub flow: String,
    /// Its tests, by their names.
    pub tests: Vec<TestOutcome>,
    /// What the tests that ran took of it.
    pub coverage: Coverage,
}
