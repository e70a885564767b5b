//! How far a run is: one line that changes on a terminal, a plain line now and then elsewhere.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use indicatif::ProgressBar;
use tutti_runtime::{Engine, Status};
use tutti_sdk::FAILURE;

use crate::course::Course;
use crate::error::CliError;
use crate::output;

/// How often the line on a terminal changes.
const TERMINAL_PERIOD: Duration = Duration::from_millis(100);
/// How often a plain line may come.
const PLAIN_PERIOD: Duration = Duration::from_secs(10);

/// Flowfiles of a whole flow, counted since the start of the run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Brought in by processors that get none from others.
    pub(crate) entered: u64,
    /// At the end of their lives.
    pub(crate) ended: u64,
    /// In queues and in work.
    pub(crate) queued: u64,
    /// Sent to a relationship called `failure`.
    pub(crate) failed: u64,
}

impl Counts {
    /// What `status` says of a flow with this course.
    pub(crate) fn new(status: &Status, course: &Course) -> Self {
        let processors = || status.processors.iter();
        Self {
            entered: processors()
                .filter(|processor| course.is_source(&processor.path))
                .map(|processor| processor.transferred.values().sum::<u64>())
                .sum(),
            ended: processors().map(|processor| processor.totals.flowfiles_ended).sum(),
            queued: status.connections.iter().map(|connection| connection.queued).sum(),
            failed: processors().map(failed).sum(),
        }
    }
}

/// How many flowfiles a processor sent to its failure path.
pub(crate) fn failed(processor: &tutti_runtime::ProcessorStatus) -> u64 {
    processor.transferred.get(FAILURE).copied().unwrap_or(0)
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entered, ended, queued, failed } = self;
        write!(formatter, "flowfiles: {entered} in, {ended} out, {queued} queued")?;
        if *failed > 0 {
            write!(formatter, ", {failed} failed")?;
        }
        Ok(())
    }
}

/// Shows how far a flow is, again and again, on a thread of its own: it may wait for a disk.
pub(crate) struct Progress {
    _end: Sender<Infallible>,
}

impl Progress {
    /// Shows how far the flow of `engine` is.
    pub(crate) fn follow(engine: &Arc<Engine>, course: &Arc<Course>) -> Result<Self, CliError> {
        let (end, ended) = channel();
        let (engine, course) = (Arc::clone(engine), Arc::clone(course));
        let follow = move || follow(&engine, &course, &ended);
        let thread = thread::Builder::new().name("progress".to_owned()).spawn(follow);
        thread.map_err(CliError::Threads)?;
        Ok(Self { _end: end })
    }

    /// Shows nothing more.
    pub(crate) fn end(self) {
        drop(self);
        output::end_progress();
    }
}

fn follow(engine: &Engine, course: &Course, ended: &Receiver<Infallible>) {
    let bar = output::progress_bar();
    let period = if bar.is_some() { TERMINAL_PERIOD } else { PLAIN_PERIOD };
    let mut shown = Counts::default();
    while ended.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
        let Some(status) = engine.status() else { continue };
        let counts = Counts::new(&status, course);
        match &bar {
            Some(bar) => show(bar, counts),
            None if counts != shown => output::say(&counts.to_string()),
            None => {}
        }
        shown = counts;
    }
}

fn show(bar: &ProgressBar, counts: Counts) {
    bar.set_message(counts.to_string());
    bar.tick();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_spoken_of_only_when_there_are_some() {
        let mut counts = Counts { entered: 3, ended: 1, queued: 2, failed: 0 };
        assert_eq!(counts.to_string(), "flowfiles: 3 in, 1 out, 2 queued");
        counts.failed = 1;
        assert_eq!(counts.to_string(), "flowfiles: 3 in, 1 out, 2 queued, 1 failed");
    }
}
