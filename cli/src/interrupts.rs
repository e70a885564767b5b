//! Being asked to end by whoever started the process.
//!
//! Interrupts are heard on a thread of their own, so that nothing that a flow does keeps one from
//! being heard.

use std::future;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tutti_runtime::{Engine, FlowState, Status};

use crate::error::CliError;
use crate::output::say;

/// How long a stop may take before it is told what it waits for.
const SILENCE_FIRST: Duration = Duration::from_secs(2);
/// How long after that until it is told again.
const SILENCE: Duration = Duration::from_secs(10);

/// From now on the first Ctrl-C, SIGTERM or SIGHUP asks `engine` to stop, with a word on `what`
/// that means, and one more Ctrl-C or SIGTERM to end at once; none ends the process by itself.
pub(crate) fn obey(engine: &Arc<Engine>, what: &'static str) -> Result<(), CliError> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(CliError::Threads)?;
    let mut interrupts = {
        let _entered = runtime.enter();
        Interrupts::listen()?
    };
    let engine = Arc::clone(engine);
    let obey = async move {
        interrupts.next().await;
        say(&format!("stopping: {what}; interrupt again to stop now"));
        engine.request_stop();
        tell_what_is_waited_for(&engine);
        interrupts.next().await;
        engine.request_termination();
    };
    let listen = move || runtime.block_on(obey);
    let thread = thread::Builder::new().name("interrupts".to_owned()).spawn(listen);
    thread.map(drop).map_err(CliError::Threads)
}

/// Says now and then what a stop still waits for, on a thread of its own: a look at the flow may
/// wait for a disk. It ends with the flow or the process.
fn tell_what_is_waited_for(engine: &Arc<Engine>) {
    let engine = Arc::clone(engine);
    let tell = move || {
        let mut silence = SILENCE_FIRST;
        loop {
            thread::sleep(silence);
            silence = SILENCE;
            let mut flows = engine.statuses();
            let is_open = !flows.is_empty();
            flows.retain(|flow| flow.state != FlowState::Stopped);
            if is_open && flows.is_empty() {
                return;
            }
            let what = if is_open { waited_for(&flows) } else { "the data folder".to_owned() };
            say(&format!("waiting for {what}; interrupt again to stop now, nothing is lost"));
        }
    };
    let thread = thread::Builder::new().name("stopping".to_owned()).spawn(tell);
    if let Err(error) = thread {
        say(&format!("what is waited for cannot be told: the system gives no threads: {error}"));
    }
}

/// What is at work, or else what is queued.
fn waited_for(flows: &[Status]) -> String {
    let at_work =
        flows.iter().flat_map(|flow| &flow.processors).filter(|each| each.active_tasks > 0);
    let tasks = at_work.map(|each| {
        let tasks = if each.active_tasks == 1 { "task" } else { "tasks" };
        format!("{} {tasks} of \"{}\"", each.active_tasks, each.path)
    });
    let tasks = tasks.collect::<Vec<_>>().join(", ");
    if !tasks.is_empty() {
        return tasks;
    }
    let queued: u64 = flows.iter().map(|flow| flow.flowfiles.queued).sum();
    format!("processors to take what is queued ({queued} flowfiles) or to end")
}

/// Ctrl-C, SIGTERM and SIGHUP.
struct Interrupts {
    signals: [Signal; 2],
    /// None where it is not to count: where it was ignored when the process began, as under
    /// `nohup`, and once the process was asked to stop, as a terminal that is closed sends it more
    /// than once.
    hangup: Option<Signal>,
}

impl Interrupts {
    fn listen() -> Result<Self, CliError> {
        let listen = |kind| signal(kind).map_err(CliError::Threads);
        let hears_hangups = hangup_is_ignored() == Some(false);
        // A file that may not grow is an error of who writes it, and no end: once a signal is
        // listened to it does nothing by itself any more.
        drop(listen(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()))?);
        Ok(Self {
            signals: [listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?],
            hangup: hears_hangups.then(|| listen(SignalKind::hangup())).transpose()?,
        })
    }

    /// Ends with the next signal that counts.
    async fn next(&mut self) {
        let Self { signals: [interrupt, terminate], hangup } = self;
        let hung_up = async {
            match hangup {
                Some(hangup) => hangup.recv().await,
                None => future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hung_up => {}
        }
        self.hangup = None;
    }
}

/// Whether this process ignores SIGHUP. None where the system does not tell it in a file, which
/// only Linux does: there it is left as it is.
fn hangup_is_ignored() -> Option<bool> {
    ignores(&std::fs::read_to_string("/proc/self/status").ok()?, rustix::process::Signal::HUP)
}

/// Whether a process with this `status` of Linux (man 5 `proc_pid_status`) ignores `signal`.
fn ignores(status: &str, signal: rustix::process::Signal) -> Option<bool> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    let mask = u64::from_str_radix(mask.trim(), 16).ok()?;
    Some(mask & (1 << (signal.as_raw() - 1)) != 0)
}

#[cfg(test)]
mod tests {
    use rustix::process::Signal;

    use super::*;

    #[test]
    fn what_is_ignored_is_read_from_the_status() {
        let status = "Name:\ttutti\nSigBlk:\tffffffffffffffff\nSigIgn:\t0000000000001001\n";
        assert_eq!(ignores(status, Signal::HUP), Some(true));
        assert_eq!(ignores(status, Signal::TERM), Some(false));
        assert_eq!(ignores("Name:\ttutti\n", Signal::HUP), None);
        assert_eq!(ignores("SigIgn:\tx\n", Signal::HUP), None);
    }
}
