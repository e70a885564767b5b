//! How far a run is: a bar on a terminal, a plain line now and then elsewhere.

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use indicatif::ProgressBar;
use tutti_runtime::{Engine, FlowCounts};

use crate::error::CliError;
use crate::output;

/// How often the bar on a terminal changes.
const TERMINAL_PERIOD: Duration = Duration::from_millis(100);
/// How often a plain line may come.
const PLAIN_PERIOD: Duration = Duration::from_secs(10);

/// Shows how far a flow is, again and again, on a thread of its own: it may wait for a disk.
pub(crate) struct Progress {
    plain: Arc<Mutex<Plain>>,
    _end: Sender<Infallible>,
}

impl Progress {
    /// Shows how far the flow of `engine` is.
    pub(crate) fn follow(engine: &Arc<Engine>) -> Result<Self, CliError> {
        let (end, ended) = channel();
        let plain = Arc::<Mutex<Plain>>::default();
        let (engine, lines) = (Arc::clone(engine), Arc::clone(&plain));
        let follow = move || follow(&engine, &lines, &ended);
        let thread = thread::Builder::new().name("progress".to_owned()).spawn(follow);
        thread.map_err(CliError::Threads)?;
        Ok(Self { plain, _end: end })
    }

    /// Shows nothing more, but how far it came in the end, where that is known and the last plain
    /// line says otherwise.
    pub(crate) fn end(self, last: Option<FlowCounts>) {
        locked(&self.plain).end(last).iter().for_each(|line| output::say(line));
        output::end_progress();
    }
}

/// The plain lines of a run: each says something new, and the last is true in the end.
#[derive(Default)]
struct Plain {
    shown: Option<FlowCounts>,
    has_ended: bool,
}

impl Plain {
    /// The line for `counts`, if there is to be one. A look at the flow that was slow may come
    /// after the end, and is told no more.
    fn next(&mut self, counts: FlowCounts) -> Option<String> {
        if self.has_ended || counts == self.shown.unwrap_or_default() {
            return None;
        }
        self.shown = Some(counts);
        Some(counts.to_string())
    }

    /// The last line. A run that was over before its first line needs none.
    fn end(&mut self, last: Option<FlowCounts>) -> Option<String> {
        let line = last.filter(|_| self.shown.is_some()).and_then(|counts| self.next(counts));
        self.has_ended = true;
        line
    }
}

fn locked(plain: &Mutex<Plain>) -> MutexGuard<'_, Plain> {
    plain.lock().unwrap_or_else(PoisonError::into_inner)
}

fn follow(engine: &Engine, plain: &Mutex<Plain>, ended: &Receiver<Infallible>) {
    let bar = output::progress_bar();
    let period = if bar.is_some() { TERMINAL_PERIOD } else { PLAIN_PERIOD };
    while ended.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
        let Some(flow) = engine.statuses().pop() else { continue };
        let counts = flow.flowfiles;
        if let Some(bar) = &bar {
            show(bar, counts);
        } else {
            // Said under the lock, so that nothing older comes after the last line.
            let mut plain = locked(plain);
            plain.next(counts).iter().for_each(|line| output::say(line));
        }
    }
}

fn show(bar: &ProgressBar, counts: FlowCounts) {
    // Before anything has entered, nothing is done rather than all.
    bar.set_length(total(counts).max(1));
    bar.set_position(counts.ended);
    bar.set_message(beside_bar(counts, bar.per_sec()));
    bar.tick();
}

/// All flowfiles that are known of, ended or not. It grows with what enters, and with what becomes
/// more on its way.
fn total(counts: FlowCounts) -> u64 {
    counts.ended.saturating_add(counts.queued)
}

/// What stands beside the bar of a flow in which lately so many flowfiles ended in a second.
fn beside_bar(counts: FlowCounts, per_second: f64) -> String {
    let rate = match per_second {
        10.0.. => format!("{per_second:.0}/s"),
        1.0.. => format!("{per_second:.1}/s"),
        _ => format!("{:.1}/min", per_second * 60.0),
    };
    let FlowCounts { ended, queued, failed, .. } = counts;
    let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
    format!("{ended} of {}, {rate}, {queued} queued{failed}", total(counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_tells_what_has_ended_of_what_is_there_and_how_fast() {
        let mut counts = FlowCounts { entered: 500, ended: 312, queued: 188, failed: 0, parked: 0 };
        assert_eq!(beside_bar(counts, 25.4), "312 of 500, 25/s, 188 queued");
        assert_eq!(beside_bar(counts, 2.54), "312 of 500, 2.5/s, 188 queued");
        counts.failed = 3;
        assert_eq!(beside_bar(counts, 0.05), "312 of 500, 3.0/min, 188 queued, 3 failed");
        // What an earlier run left never entered in this one.
        let counts = FlowCounts { entered: 0, ended: 20, queued: 10, failed: 0, parked: 0 };
        assert_eq!(beside_bar(counts, 0.0), "20 of 30, 0.0/min, 10 queued");
    }

    #[test]
    fn the_last_plain_line_is_true_in_the_end() {
        let at = |ended| FlowCounts { entered: 3, ended, queued: 3 - ended, failed: 0, parked: 0 };
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
