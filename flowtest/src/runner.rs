//! Runs tests beside each other, each on a thread of its own, so that one that hangs ends none.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::coverage::Coverage;
use crate::failure::Failure;
use crate::run::{Job, Judged};
use crate::{FlowOutcome, Subject, TestOutcome};

/// The stack of a test's thread: deep JSON is read on it.
const STACK_BYTES: usize = 8 << 20;

/// How tests are run.
#[derive(Debug, Clone, Copy)]
pub struct Runner {
    /// How many at a time.
    pub jobs: usize,
    /// How long one may take in real time, before it counts as one that hangs.
    pub patience: Duration,
}

impl Runner {
    /// Runs the tests of `subjects` whose names `is_wanted` says, and hands back what became of
    /// them, in the order of the subjects and of the names; a flow of which no test is wanted is
    /// left out.
    pub fn run(
        &self,
        subjects: &[Subject],
        is_wanted: impl Fn(&Subject, &str) -> bool,
    ) -> Vec<FlowOutcome> {
        let mut jobs = Vec::new();
        for (index, subject) in subjects.iter().enumerate() {
            let tests = subject.suite.tests.iter();
            for (name, test) in tests.filter(|(name, _)| is_wanted(subject, name)) {
                jobs.push((index, name.clone(), Mutex::new(Some(Job::new(subject, &test.value)))));
            }
        }
        let outcomes = self.all(&jobs);
        let mut flows: Vec<FlowOutcome> = Vec::new();
        let mut last = None;
        for ((index, ..), (outcome, coverage)) in jobs.iter().zip(outcomes) {
            if last != Some(*index) {
                last = Some(*index);
                flows.extend(subjects.get(*index).map(|subject| FlowOutcome {
                    file: subject.file.clone(),
                    flow_file: subject.flow_file.clone(),
                    flow: subject.flow.name.value.clone(),
                    tests: Vec::new(),
                    coverage: Job::coverage(subject),
                }));
            }
            if let Some(flow) = flows.last_mut() {
                flow.tests.push(outcome);
                flow.coverage.add(coverage.unwrap_or_default());
            }
        }
        flows
    }

    fn all(
        &self,
        jobs: &[(usize, String, Mutex<Option<Job>>)],
    ) -> Vec<(TestOutcome, Option<Coverage>)> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..self.jobs.clamp(1, jobs.len().max(1)) {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::SeqCst);
                        let Some((_, name, job)) = jobs.get(number) else { return };
                        let Some(job) = job.lock().take() else { return };
                        let outcome = self.one(job, name);
                        done.lock().push((number, outcome));
                    }
                });
            }
        });
        let mut done = done.into_inner();
        done.sort_by_key(|(number, _)| *number);
        done.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// Runs one test, and leaves it alone when it hangs: its thread ends with the process.
    fn one(&self, job: Job, name: &str) -> (TestOutcome, Option<Coverage>) {
        let started = Instant::now();
        let (sender, receiver) = mpsc::channel();
        let builder = thread::Builder::new().name("flow-test".to_owned()).stack_size(STACK_BYTES);
        let spawned = builder.spawn(move || {
            let ran = catch_unwind(AssertUnwindSafe(|| job.run()));
            // Nobody may wait for it any more.
            let _ = sender.send(ran.ok());
        });
        let judged = match spawned {
            Err(error) => Err(format!("the system gives no thread: {error}")),
            Ok(_) => match receiver.recv_timeout(self.patience) {
                Ok(Some(judged)) => Ok(judged),
                Ok(None) | Err(RecvTimeoutError::Disconnected) => {
                    Err("the engine panicked, which is a bug; please report it".to_owned())
                }
                Err(RecvTimeoutError::Timeout) => Err(format!(
                    "it is still busy after {} s and was left alone: a processor computes, or \
                     waits for something outside, without end",
                    self.patience.as_secs()
                )),
            },
        };
        let (failures, coverage) = match judged {
            Ok(Judged { failures, coverage }) => (failures, Some(coverage)),
            Err(message) => (vec![Failure::new(message)], None),
        };
        let outcome = TestOutcome { name: name.to_owned(), failures, took: started.elapsed() };
        (outcome, coverage)
    }
}
