//! Starting, stopping and terminating one processor.
//!
//! A stop waits for tasks; a termination does not, and leaves nothing of them behind.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::task::AbortHandle;
use tutti_sdk::{BuildError, ProcessError, Runnable};

use crate::node::{Node, Shared};
use crate::run::{Mode, Run, Seat};
use crate::scheduler::{self, Timetable};

/// Why a processor cannot be started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The flow has no such processor.
    #[error("the flow has no processor \"{path}\"")]
    NotFound {
        /// What was asked for.
        path: String,
    },
    /// The flow says that the processor takes no part.
    #[error("processor \"{path}\" is disabled: enable it in the flow to run it")]
    Disabled {
        /// The processor.
        path: String,
    },
    /// It runs, or its last tasks have not ended yet.
    #[error("processor \"{path}\" has not stopped yet: wait for it, or terminate it")]
    NotStopped {
        /// The processor.
        path: String,
    },
    /// After a termination a new processor is built, and that failed.
    #[error("processor \"{path}\" cannot be built")]
    Build {
        /// The processor.
        path: String,
        /// Why.
        source: BuildError,
    },
}

impl ControlError {
    /// Which processor that is.
    pub fn path(&self) -> &str {
        match self {
            Self::NotFound { path }
            | Self::Disabled { path }
            | Self::NotStopped { path }
            | Self::Build { path, .. } => path,
        }
    }
}

/// What a processor is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Stopped,
    Starting,
    Running,
    Stopping,
}

/// The switch of one processor.
pub(crate) struct Control {
    state: Mutex<State>,
}

struct State {
    run: Option<Arc<Run>>,
    driver: Option<AbortHandle>,
    /// `None` after a termination: tasks of an earlier run may still be at work on the old one.
    processor: Option<Arc<dyn Runnable>>,
    /// Why the last start failed, as long as none succeeded.
    start_failure: Option<String>,
    /// It was stopped for a change of the flow, and nobody wants it to stay so.
    returns: bool,
}

impl Control {
    pub(crate) fn new() -> Self {
        let state =
            State { run: None, driver: None, processor: None, start_failure: None, returns: false };
        Self { state: Mutex::new(state) }
    }

    /// Gives it a processor that was built, when it is stopped.
    pub(crate) fn install(&self, processor: Arc<dyn Runnable>) {
        let mut state = self.state.lock();
        state.processor = Some(processor);
        state.start_failure = None;
    }

    pub(crate) fn phase(&self) -> Phase {
        match &self.state.lock().run {
            None => Phase::Stopped,
            Some(run) if run.is_stopping() => Phase::Stopping,
            Some(run) if run.is_prepared() => Phase::Running,
            Some(_) => Phase::Starting,
        }
    }

    /// The run in progress.
    pub(crate) fn run(&self) -> Option<Arc<Run>> {
        self.state.lock().run.clone()
    }

    pub(crate) fn start_failure(&self) -> Option<String> {
        self.state.lock().start_failure.clone()
    }

    pub(crate) fn set_start_failure(&self, error: Option<&ProcessError>) {
        self.state.lock().start_failure = error.map(ProcessError::chain);
    }

    /// The driver of `run` has ended.
    pub(crate) fn finish(&self, run: &Arc<Run>) {
        let mut state = self.state.lock();
        if state.run.as_ref().is_some_and(|current| Arc::ptr_eq(current, run)) {
            state.run = None;
            state.driver = None;
        }
    }
}

/// Starts all processors that `which` picks, once each has said that it is about to start. One that
/// cannot be started says so itself.
pub(crate) fn start_all(shared: &Arc<Shared>, which: impl Fn(&Node) -> bool) {
    let picked: Vec<_> =
        (0..shared.nodes.len()).filter(|index| which(&shared.nodes[*index])).collect();
    for index in &picked {
        announce(&shared.nodes[*index]);
    }
    for index in picked {
        drop(start(shared, index, Mode::Continuous));
    }
}

/// Lets a processor that is about to be started say so.
fn announce(node: &Node) {
    let state = node.control.state.lock();
    if let (true, None, Some(processor)) = (node.settings.is_enabled, &state.run, &state.processor)
    {
        processor.on_starting();
    }
}

/// Starts a processor that is stopped.
pub(crate) fn start(
    shared: &Arc<Shared>,
    index: usize,
    mode: Mode,
) -> Result<Arc<Run>, ControlError> {
    let node = &shared.nodes[index];
    let path = || node.path.to_string();
    if !node.settings.is_enabled {
        return Err(ControlError::Disabled { path: path() });
    }
    let mut state = node.control.state.lock();
    if state.run.is_some() {
        return Err(ControlError::NotStopped { path: path() });
    }
    let processor = match &state.processor {
        Some(processor) => Arc::clone(processor),
        None => match node.build(&shared.catalog) {
            Ok(processor) => processor,
            Err(source) => {
                let error = ProcessError::user("it cannot be built").caused_by(source.to_string());
                state.start_failure = Some(error.chain());
                drop(state);
                shared.report_error(node, &error);
                return Err(ControlError::Build { path: path(), source });
            }
        },
    };
    state.processor = Some(Arc::clone(&processor));
    processor.on_starting();
    state.start_failure = None;
    state.returns = false;
    let timetable = match mode {
        Mode::Continuous => Timetable::of(&node.settings.schedule, shared.environment.machine.zone),
        Mode::Once | Mode::OnceFed => None,
    };
    let seat = Seat { shared: Arc::clone(shared), index };
    let run = Arc::new(Run::new(mode, seat, processor, timetable));
    state.run = Some(Arc::clone(&run));
    let driver = scheduler::drive(Arc::clone(&run));
    state.driver = Some(shared.runtime.spawn(driver).abort_handle());
    Ok(run)
}

/// Asks a processor to stop.
pub(crate) fn request_stop(node: &Node) {
    let mut state = node.control.state.lock();
    state.returns = false;
    if let Some(run) = &state.run {
        run.stop();
        node.wake.notify_one();
    }
}

/// Asks a processor to stop until it is to return, unless somebody else stops it meanwhile.
pub(crate) fn interrupt(node: &Node) {
    let mut state = node.control.state.lock();
    let Some(run) = state.run.clone() else { return };
    state.returns |= run.mode == Mode::Continuous && !run.is_stopping();
    run.stop();
    node.wake.notify_one();
}

/// Whether it is to be started again after an interruption; asking ends that.
pub(crate) fn take_return(node: &Node) -> bool {
    std::mem::take(&mut node.control.state.lock().returns)
}

/// Stops a processor without waiting for its tasks.
pub(crate) fn terminate(shared: &Shared, node: &Node) {
    let (run, driver) = {
        let mut state = node.control.state.lock();
        state.returns = false;
        let Some(run) = state.run.take() else { return };
        state.processor = None;
        (run, state.driver.take())
    };
    run.terminate();
    if let Some(driver) = driver {
        driver.abort();
    }
    shared.wake_sources();
    shared.activity.notify_waiters();
}

/// Ends when none of the processors that `which` picks is stopping any more.
pub(crate) async fn stopped(shared: &Shared, which: impl Fn(&Node) -> bool) {
    let is_stopping = |node: &Node| which(node) && node.control.phase() == Phase::Stopping;
    loop {
        let activity = shared.activity.notified();
        tokio::pin!(activity);
        activity.as_mut().enable();
        if !shared.nodes.iter().any(is_stopping) {
            return;
        }
        activity.await;
    }
}
