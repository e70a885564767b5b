//! How far a run is: one line that changes on a terminal, a plain line now and then elsewhere.

use std::convert::Infallible;
use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    plain: Arc<Mutex<Plain>>,
    _end: Sender<Infallible>,
}

impl Progress {
    /// Shows how far the flow of `engine` is.
    pub(crate) fn follow(engine: &Arc<Engine>, course: &Arc<Course>) -> Result<Self, CliError> {
        let (end, ended) = channel();
        let plain = Arc::<Mutex<Plain>>::default();
        let (engine, course, lines) = (Arc::clone(engine), Arc::clone(course), Arc::clone(&plain));
        let follow = move || follow(&engine, &course, &lines, &ended);
        let thread = thread::Builder::new().name("progress".to_owned()).spawn(follow);
        thread.map_err(CliError::Threads)?;
        Ok(Self { plain, _end: end })
    }

    /// Shows nothing more, but how far it came in the end, where that is known and the last plain
    /// line says otherwise.
    pub(crate) fn end(self, last: Option<Counts>) {
        locked(&self.plain).end(last).iter().for_each(|line| output::say(line));
        output::end_progress();
    }
}

/// The plain lines of a run: each says something new, and the last is true in the end.
#[derive(Default)]
struct Plain {
    shown: Option<Counts>,
    has_ended: bool,
}

impl Plain {
    /// The line for `counts`, if there is to be one. A look at the flow that was slow may come
    /// after the end, and is told no more.
    fn next(&mut self, counts: Counts) -> Option<String> {
        if self.has_ended || counts == self.shown.unwrap_or_default() {
            return None;
        }
        self.shown = Some(counts);
        Some(counts.to_string())
    }

    /// The last line. A run that was over before its first line needs none.
    fn end(&mut self, last: Option<Counts>) -> Option<String> {
        let line = last.filter(|_| self.shown.is_some()).and_then(|counts| self.next(counts));
        self.has_ended = true;
        line
    }
}

fn locked(plain: &Mutex<Plain>) -> MutexGuard<'_, Plain> {
    plain.lock().unwrap_or_else(PoisonError::into_inner)
}

fn follow(engine: &Engine, course: &Course, plain: &Mutex<Plain>, ended: &Receiver<Infallible>) {
    let bar = output::progress_bar();
    let period = if bar.is_some() { TERMINAL_PERIOD } else { PLAIN_PERIOD };
    while ended.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
        let Some(status) = engine.status() else { continue };
        let counts = Counts::new(&status, course);
        if let Some(bar) = &bar {
            show(bar, counts);
        } else {
            // Said under the lock, so that nothing older comes after the last line.
            let mut plain = locked(plain);
            plain.next(counts).iter().for_each(|line| output::say(line));
        }
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

    #[test]
    fn the_last_plain_line_is_true_in_the_end() {
        let at = |ended| Counts { entered: 3, ended, queued: 3 - ended, failed: 0 };
        let mut plain = Plain::default();
        assert_eq!(plain.next(at(1)).as_deref(), Some("flowfiles: 3 in, 1 out, 2 queued"));
        assert_eq!(plain.next(at(1)), None, "it is said once");
        assert_eq!(plain.end(Some(at(3))).as_deref(), Some("flowfiles: 3 in, 3 out, 0 queued"));
        assert_eq!(plain.next(at(2)), None, "a look that was slow does not come after it");

        let mut true_already = Plain::default();
        assert!(true_already.next(at(3)).is_some());
        assert_eq!(true_already.end(Some(at(3))), None);
        assert_eq!(Plain::default().end(Some(at(3))), None, "what was quick says nothing");
        let mut unknown = Plain::default();
        assert!(unknown.next(at(1)).is_some());
        assert_eq!(unknown.end(None), None);
    }
}
