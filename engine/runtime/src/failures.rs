//! Which flowfiles failed last, and why.

use std::collections::VecDeque;

use parking_lot::Mutex;
use serde::Serialize;
use tutti_model::flowfile::{FlowFile, core_attribute};
use utoipa::ToSchema;

/// How many are remembered; the eldest give way.
const FAILURES_MAX: usize = 100;

/// A flowfile that a processor sent to its relationship `failure`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FailedFlowfile)]
pub struct FailureStatus {
    /// The processor.
    pub processor: String,
    /// The flowfile's `uuid`.
    pub flowfile: String,
    /// Its `filename`, when it has one.
    #[schema(required)]
    pub filename: Option<String>,
    /// What the processor noted on it, if it did: the message, with its causes.
    #[schema(required)]
    pub reason: Option<String>,
}

impl FailureStatus {
    pub(crate) fn new(processor: &str, flowfile: &FlowFile) -> Self {
        let of = |name| flowfile.attribute(name).map(str::to_owned);
        // One that failed before has the reason of that, unless this processor gave its own.
        let is_noted = flowfile.attribute(core_attribute::FAILURE_PROCESSOR) == Some(processor);
        Self {
            processor: processor.to_owned(),
            flowfile: flowfile.uuid().to_owned(),
            filename: of(core_attribute::FILENAME),
            reason: of(core_attribute::FAILURE_REASON).filter(|_| is_noted),
        }
    }
}

/// The failures of one flow.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<VecDeque<FailureStatus>>);

impl Failures {
    pub(crate) fn add(&self, more: Vec<FailureStatus>) {
        let mut failures = self.0.lock();
        failures.extend(more);
        let superfluous = failures.len().saturating_sub(FAILURES_MAX);
        failures.drain(..superfluous);
    }

    /// Newest first.
    pub(crate) fn told(&self) -> Vec<FailureStatus> {
        self.0.lock().iter().rev().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_remembered_and_no_more_than_may_be() {
        let failures = Failures::default();
        let failure = |number: usize| FailureStatus {
            processor: "p".into(),
            flowfile: number.to_string(),
            filename: None,
            reason: None,
        };
        failures.add((0..FAILURES_MAX + 2).map(failure).collect());
        failures.add(vec![failure(7)]);
        let told = failures.told();
        assert_eq!(told.len(), FAILURES_MAX);
        assert_eq!(told.first(), Some(&failure(7)));
        assert_eq!(told.last(), Some(&failure(3)));
    }
}
