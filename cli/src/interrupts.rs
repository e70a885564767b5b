//! Being asked to end by whoever started the process.
//!
//! Interrupts are heard on a thread of their own, so that nothing that a flow does keeps one from
//! being heard.

use std::future::Future;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tutti_runtime::{Engine, FlowState, Status};

use crate::error::CliError;
use crate::output::say;

/// How long a stop may take before it is told what it waits for.
const SILENCE_FIRST: Duration = Duration::from_secs(2);
/// How long after that until it is told again.
const SILENCE: Duration = Duration::from_secs(10);

/// From now on the first Ctrl-C or SIGTERM asks `engine` to stop, with a word on `what` that
/// means, and the second to end at once; neither ends the process by itself.
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
            let status = engine.status();
            if status.as_ref().is_some_and(|status| status.state == FlowState::Stopped) {
                return;
            }
            let what = status.as_ref().map_or_else(|| "the data folder".to_owned(), waited_for);
            say(&format!("waiting for {what}; interrupt again to stop now, nothing is lost"));
        }
    };
    let thread = thread::Builder::new().name("stopping".to_owned()).spawn(tell);
    if let Err(error) = thread {
        say(&format!("what is waited for cannot be told: the system gives no threads: {error}"));
    }
}

/// What is at work, or else what is queued.
fn waited_for(status: &Status) -> String {
    let at_work = status.processors.iter().filter(|each| each.active_tasks > 0);
    let tasks = at_work.map(|each| {
        let tasks = if each.active_tasks == 1 { "task" } else { "tasks" };
        format!("{} {tasks} of \"{}\"", each.active_tasks, each.path)
    });
    let tasks = tasks.collect::<Vec<_>>().join(", ");
    if !tasks.is_empty() {
        return tasks;
    }
    let queued: u64 = status.connections.iter().map(|each| each.queued).sum();
    format!("processors to take what is queued ({queued} flowfiles) or to end")
}

/// Ctrl-C and SIGTERM.
struct Interrupts {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Interrupts {
    #[cfg(unix)]
    fn listen() -> Result<Self, CliError> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(CliError::Threads);
        // A file that may not grow is an error of who writes it, and no end: once a signal is
        // listened to it does nothing by itself any more.
        drop(listen(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()))?);
        Ok(Self { signals: [listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?] })
    }

    #[cfg(not(unix))]
    fn listen() -> Result<Self, CliError> {
        Ok(Self {})
    }

    /// Ends with the next interrupt.
    #[cfg(unix)]
    fn next(&mut self) -> impl Future<Output = ()> {
        let [interrupt, terminate] = &mut self.signals;
        async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
    }

    #[cfg(not(unix))]
    fn next(&mut self) -> impl Future<Output = ()> {
        async { drop(tokio::signal::ctrl_c().await) }
    }
}
