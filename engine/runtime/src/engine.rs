//! The one life of an engine: its data folder is opened, its flows compiled, started, stopped and
//! settled, and the folder closed.
//!
//! Whoever runs it must hear of a request to end whatever the flows do: nothing here waits for a
//! disk or for the flows' threads on the thread that calls [`Engine::run`], but what can be given
//! up.

mod add;
mod outcome;
mod remove;
mod replay;
mod trash;
mod verify;

use std::collections::HashSet;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use futures::future::try_join_all;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tutti_model::chain;
use tutti_model::spec::{ProcessorSpec, ServiceSpec};
use tutti_model::valid::ValidFlow;
use tutti_sdk::{Catalog, ProcessorType, ServiceType};
use tutti_store::{Repository, StoreError};
use utoipa::ToSchema;

use crate::{
    CompileError, EditError, EditOptions, Edited, Environment, Flow, NotStarted, Status, Stuck,
};

pub use add::AddError;
pub use outcome::{FlowOutcome, Outcome};
pub use trash::{Emptied, TrashError, TrashedQueue};
pub use verify::VerifyError;

/// How long an engine that is terminated waits for its data folder.
const FAREWELL_MAX: Duration = Duration::from_secs(5);

/// What an engine is run for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A service: when it is to stop, tasks at work end, and what is queued waits for the next
    /// start.
    Serve,
    /// A run: when it is to stop, sources do, and what is in the flow comes to its end first.
    Drain,
    /// As [`Goal::Drain`]; it ends by itself when nothing is left to do in any flow.
    Finish,
}

/// What an engine is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum EngineState {
    /// It opens its data folder and compiles its flows.
    Starting,
    /// Its flows run, if it has any.
    Running,
    /// It was asked to end.
    Stopping,
}

/// Why an engine does not run, or ended.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The system gives no threads.
    #[error("the system gives no threads")]
    Threads(#[source] io::Error),
    /// The data folder cannot be opened, written or closed.
    #[error("the data folder cannot be used")]
    Repository(#[source] Arc<StoreError>),
    /// A flow cannot be run.
    #[error("the flow \"{flow}\" cannot be run")]
    Compile {
        /// Its name.
        flow: String,
        /// All that hinders it.
        errors: Vec<CompileError>,
    },
    /// Two flows have one name, by which all that they own in the repository is called.
    #[error("two flows are called \"{0}\": give one of them another name")]
    SameName(String),
    /// The data folder does not answer, and was not waited for any longer.
    #[error("the data folder does not answer within {} seconds", FAREWELL_MAX.as_secs())]
    Unresponsive,
    /// A thread of the engine panicked.
    #[error("a thread of the engine panicked, which is a bug: please report it")]
    Panicked,
}

/// An engine that is run at most once.
pub struct Engine {
    /// What flows are made of that are compiled from now on. Each keeps the one that it was made
    /// with.
    catalog: Arc<Catalog>,
    environment: Environment,
    stage: Mutex<Stage>,
    put_aside: AtomicUsize,
    put_aside_before: AtomicUsize,
    vanished: AtomicU64,
    parked: AtomicU64,
    stop: CancellationToken,
    terminate: CancellationToken,
    shutdown_max: Duration,
}

type Definitions = Vec<Arc<ValidFlow>>;

/// The lock on it is held for a moment only, never while something waits.
enum Stage {
    /// These are to be compiled, once the repository is open.
    Starting(Definitions, Option<Arc<Repository>>),
    /// More may come, as long as it is not to stop.
    Running(Vec<Flow>, Arc<Repository>, Handle),
    Ended(Definitions, Vec<Status>),
}

impl Stage {
    fn definitions(&self) -> Definitions {
        match self {
            Self::Starting(definitions, _) | Self::Ended(definitions, _) => definitions.clone(),
            Self::Running(flows, ..) => flows.iter().map(Flow::definition).collect(),
        }
    }
}

impl Engine {
    /// Runs these flows of processors of `catalog`. Once it is asked to stop it takes no longer
    /// than `shutdown_max`, and is terminated then.
    pub fn new(
        flows: Vec<ValidFlow>,
        catalog: Arc<Catalog>,
        environment: Environment,
        shutdown_max: Duration,
    ) -> Self {
        let definitions = flows.into_iter().map(Arc::new).collect();
        Self {
            catalog,
            environment,
            stage: Mutex::new(Stage::Starting(definitions, None)),
            put_aside: AtomicUsize::new(0),
            put_aside_before: AtomicUsize::new(0),
            vanished: AtomicU64::new(0),
            parked: AtomicU64::new(0),
            stop: CancellationToken::new(),
            terminate: CancellationToken::new(),
            shutdown_max,
        }
    }

    /// Changes one of its flows, which runs; see [`Flow::edit`]. Whoever drops this does not end
    /// the change. Ends when the change is durable, or tells why nobody knows whether it is:
    /// whoever notes elsewhere what runs must not be ahead of what a crash leaves.
    ///
    /// # Errors
    /// When the flow could not be changed: it goes on as it was. When the engine stops, nobody
    /// knows which of both is so.
    pub async fn edit(&self, flow: ValidFlow, options: EditOptions) -> Result<Edited, EditError> {
        let running = self.flow(&flow.name);
        let running = running.ok_or(EditError::NotFound { name: flow.name.clone() })?;
        let stop = self.stop.clone();
        let threads = running.threads().clone();
        let changing = threads.spawn(async move {
            let flow = Arc::new(flow);
            let edit = running.edit(&flow, options);
            let edited = stop.run_until_cancelled(edit).await;
            let mut edited = edited.unwrap_or(Err(EditError::Stopping))?;
            // It counts from here on, whatever the disk says.
            match spawn_blocking(move || running.forget_gone()).await {
                Ok(kept) => edited.unsure = kept.err().map(|error| chain(&error)),
                Err(_) => return Err(EditError::Stopping),
            }
            Ok(edited)
        });
        // It ends early with the threads, and these with the engine.
        changing.await.unwrap_or(Err(EditError::Stopping))
    }

    /// One of the flows that it runs, by its name; none before they are compiled and after they
    /// have ended. Never waits.
    pub fn flow(&self, name: &str) -> Option<Flow> {
        self.flows().into_iter().find(|flow| flow.name() == name)
    }

    /// Asks it to stop as its goal says. Returns at once; asking again changes nothing.
    pub fn request_stop(&self) {
        self.stop.cancel();
    }

    /// Asks it to end at once. Returns at once; asking again changes nothing.
    pub fn request_termination(&self) {
        self.stop.cancel();
        self.terminate.cancel();
    }

    /// What it is doing. Never waits.
    pub fn state(&self) -> EngineState {
        match &*self.stage.lock() {
            _ if self.stop.is_cancelled() => EngineState::Stopping,
            Stage::Starting(..) => EngineState::Starting,
            Stage::Running(..) => EngineState::Running,
            Stage::Ended(..) => EngineState::Stopping,
        }
    }

    /// The flows that it runs, or ran, as they were validated. Never waits.
    pub fn definitions(&self) -> Vec<Arc<ValidFlow>> {
        self.stage.lock().definitions()
    }

    /// The types of services that flows may use. Never waits.
    pub fn service_types(&self) -> Vec<ServiceSpec> {
        self.catalog.services().map(ServiceType::spec).cloned().collect()
    }

    /// The types of processors that flows may be made of. Never waits.
    pub fn processor_types(&self) -> Vec<ProcessorSpec> {
        self.catalog.types().map(ProcessorType::spec).cloned().collect()
    }

    /// The flows at this moment, or in the end; none before they were compiled. May wait for the
    /// data folder's disk.
    pub fn statuses(&self) -> Vec<Status> {
        if let Stage::Ended(_, statuses) = &*self.stage.lock() {
            return statuses.clone();
        }
        self.flows().iter().map(Flow::status).collect()
    }

    /// Services and processors that are to run and were not started yet. Never waits.
    pub fn not_started(&self) -> Vec<NotStarted> {
        self.flows().iter().flat_map(Flow::not_started).collect()
    }

    /// Runs it to its end, and blocks the thread until then. `open` opens the data folder;
    /// `started` is called once the flows run, unless it was asked to stop before.
    ///
    /// # Errors
    /// When something of it fails; everything is closed then as far as it can be.
    pub fn run<E: Into<Arc<StoreError>> + Send + 'static>(
        self: &Arc<Self>,
        open: impl FnOnce() -> Result<Repository, E> + Send + 'static,
        goal: Goal,
        started: impl FnOnce() + Send + 'static,
    ) -> Result<Outcome, EngineError> {
        // This thread has a runtime of its own: it hears of a termination and its clock goes on
        // also when all threads of the flows wait for a disk.
        let control =
            Builder::new_current_thread().enable_time().build().map_err(EngineError::Threads)?;
        control.spawn(Arc::clone(self).limit_stop());
        let workers =
            Builder::new_multi_thread().enable_all().build().map_err(EngineError::Threads)?;
        let course = workers.spawn(Arc::clone(self).course(open, goal, started));
        let Some(ended) = control.block_on(self.terminate.run_until_cancelled(course)) else {
            return Ok(self.abandon(&control, workers));
        };
        match ended.unwrap_or(Err(EngineError::Panicked)) {
            Ok(settled) => self.close(&control, workers, settled),
            Err(error) => {
                self.abandon(&control, workers);
                Err(error)
            }
        }
    }

    /// Terminates it when a stop takes too long.
    async fn limit_stop(self: Arc<Self>) {
        self.stop.cancelled().await;
        tokio::time::sleep(self.shutdown_max).await;
        tracing::warn!(
            "the stop takes longer than {} seconds: tasks that are at work are ended, and what \
             they had taken is back in its queue for the next start",
            self.shutdown_max.as_secs()
        );
        self.request_termination();
    }

    /// From opening to the moment when nothing is at work any more, on the flows' threads.
    async fn course<E: Into<Arc<StoreError>> + Send + 'static>(
        self: Arc<Self>,
        open: impl FnOnce() -> Result<Repository, E> + Send + 'static,
        goal: Goal,
        started: impl FnOnce() + Send + 'static,
    ) -> Result<Vec<FlowOutcome>, EngineError> {
        let opened = spawn_blocking(open).await;
        let opened = opened.map_err(|_| EngineError::Panicked)?;
        let repository = Arc::new(opened.map_err(|error| EngineError::Repository(error.into()))?);
        self.put_aside_before.store(repository.recovery().quarantined_before, Ordering::Relaxed);
        self.note_damage(&repository);
        if let Stage::Starting(_, open) = &mut *self.stage.lock() {
            *open = Some(Arc::clone(&repository));
        }
        let flows = self.compile(&repository)?;
        let is_wanted = {
            // Started under the lock: a flow that runs, and whose processors are not even being
            // started, would look as if all of them had been.
            let mut stage = self.stage.lock();
            *stage = Stage::Running(flows.clone(), Arc::clone(&repository), Handle::current());
            let is_wanted = !self.stop.is_cancelled();
            for flow in flows.iter().filter(|_| is_wanted) {
                begin(flow, goal);
            }
            is_wanted
        };
        if is_wanted {
            started();
        }
        tokio::spawn(Arc::clone(&self).expire_trash());
        let flows = if goal == Goal::Finish {
            flows
        } else {
            self.stop.cancelled().await;
            // With those that came meanwhile.
            self.flows()
        };
        let settling = flows.iter().map(|flow| self.settle(flow, goal));
        let stuck = try_join_all(settling).await.map_err(EngineError::Repository)?;
        self.note_damage(&repository);
        let ended = flows.iter().zip(stuck);
        Ok(ended.map(|(flow, stuck)| FlowOutcome { status: flow.status(), stuck }).collect())
    }

    pub(crate) fn repository(&self) -> Option<Arc<Repository>> {
        match &*self.stage.lock() {
            Stage::Running(_, repository, _) => Some(Arc::clone(repository)),
            Stage::Starting(..) | Stage::Ended(..) => None,
        }
    }

    fn flows(&self) -> Vec<Flow> {
        match &*self.stage.lock() {
            Stage::Running(flows, ..) => flows.clone(),
            Stage::Starting(..) | Stage::Ended(..) => Vec::new(),
        }
    }

    /// All flows that it is to run, or the first that cannot be.
    fn compile(&self, repository: &Arc<Repository>) -> Result<Vec<Flow>, EngineError> {
        let definitions = self.definitions();
        let mut names = HashSet::new();
        if let Some(again) = definitions.iter().find(|flow| !names.insert(&flow.name)) {
            return Err(EngineError::SameName(again.name.clone()));
        }
        let compile = |flow: &Arc<ValidFlow>| {
            let compiled = Flow::compile(flow, &self.catalog, repository, &self.environment);
            compiled.map_err(|errors| EngineError::Compile { flow: flow.name.clone(), errors })
        };
        definitions.iter().map(compile).collect()
    }

    fn note_damage(&self, repository: &Repository) {
        let damage = repository.damage();
        let put_aside = repository.recovery().quarantined.len() + damage.put_aside;
        self.put_aside.store(put_aside, Ordering::Relaxed);
        self.vanished.store(damage.vanished, Ordering::Relaxed);
        self.parked.store(repository.parked(), Ordering::Relaxed);
    }

    /// Ends when the flow has nothing left to do and does not run any more.
    async fn settle(&self, flow: &Flow, goal: Goal) -> Result<Stuck, Arc<StoreError>> {
        let stuck = tokio::select! {
            biased;
            () = self.stop.cancelled() => match goal {
                Goal::Serve => {
                    flow.stop().await;
                    flow.until_idle().await?
                }
                Goal::Drain | Goal::Finish => flow.drain().await?,
            },
            stuck = flow.until_idle(), if goal == Goal::Finish => stuck?,
        };
        flow.stop().await;
        Ok(stuck)
    }

    /// Ends the flows' threads, and closes the folder when nothing holds it any more.
    fn close(
        self: &Arc<Self>,
        control: &Runtime,
        workers: Runtime,
        flows: Vec<FlowOutcome>,
    ) -> Result<Outcome, EngineError> {
        let engine = Arc::clone(self);
        let last = flows.iter().map(|flow| flow.status.clone()).collect();
        let closing = on_a_thread("engine-end", move || {
            drop(workers);
            let (flows, repository) = engine.end(last);
            drop(flows);
            repository.map_or(Ok(()), close)
        })?;
        let closed = control.block_on(self.terminate.run_until_cancelled(closing));
        let is_terminated = closed.is_none();
        closed.unwrap_or(Ok(Ok(())))?.map_err(EngineError::Repository)?;
        Ok(self.outcome(flows, is_terminated))
    }

    /// Leaves behind what is at work, and waits for the folder only for a while.
    fn abandon(self: &Arc<Self>, control: &Runtime, workers: Runtime) -> Outcome {
        let engine = Arc::clone(self);
        let statuses = on_a_thread("engine-end", move || engine.leave()).and_then(|leaving| {
            control.block_on(async {
                let left = timeout(FAREWELL_MAX, leaving).await;
                left.unwrap_or(Err(EngineError::Unresponsive))
            })
        });
        workers.shutdown_background();
        let statuses = statuses.unwrap_or_else(|error| {
            tracing::error!("{error}: what was not durable yet is done again by the next start");
            Vec::new()
        });
        self.outcome(statuses.into_iter().map(FlowOutcome::terminated).collect(), true)
    }

    fn outcome(&self, flows: Vec<FlowOutcome>, is_terminated: bool) -> Outcome {
        Outcome {
            flows,
            put_aside: self.put_aside.load(Ordering::Relaxed),
            put_aside_before: self.put_aside_before.load(Ordering::Relaxed),
            vanished: self.vanished.load(Ordering::Relaxed),
            parked: self.parked.load(Ordering::Relaxed),
            is_terminated,
        }
    }

    /// From now on its flows are told to have ended so; hands back what it had.
    fn end(&self, statuses: Vec<Status>) -> (Vec<Flow>, Option<Arc<Repository>>) {
        let mut stage = self.stage.lock();
        let ended = Stage::Ended(stage.definitions(), statuses);
        match std::mem::replace(&mut *stage, ended) {
            Stage::Running(flows, repository, _) => (flows, Some(repository)),
            Stage::Starting(_, repository) => (Vec::new(), repository),
            Stage::Ended(..) => (Vec::new(), None),
        }
    }

    /// Puts back what is at work, and makes durable what was done.
    fn leave(&self) -> Vec<Status> {
        let (flows, Some(repository)) = self.end(Vec::new()) else { return Vec::new() };
        flows.iter().for_each(Flow::terminate);
        let statuses: Vec<_> = flows.iter().map(Flow::status).collect();
        drop(flows);
        self.note_damage(&repository);
        self.end(statuses.clone());
        if let Err(error) = close(repository) {
            let help = error.help();
            tracing::error!("what was not durable yet is done again: {}; {help}", error.chain());
        }
        statuses
    }
}

/// Makes everything durable. What is still at work after a termination keeps the folder open;
/// nothing of that counts any more, and it ends with the process.
fn close(repository: Arc<Repository>) -> Result<(), Arc<StoreError>> {
    match Arc::try_unwrap(repository) {
        Ok(repository) => repository.close(),
        Err(repository) => repository.leave(),
    }
}

/// Starts a flow. A service leaves alone what somebody has stopped by hand; who wants a flow to
/// come to its end wants all of it.
fn begin(flow: &Flow, goal: Goal) {
    if goal == Goal::Finish {
        return flow.start();
    }
    for path in flow.start_again() {
        tracing::warn!("\"{path}\" of \"{}\" is not started: it was stopped by hand", flow.name());
    }
}

/// Does `job` on a thread of its own with this name, which nobody has to wait for.
fn on_a_thread<T: Send + 'static>(
    name: &str,
    job: impl FnOnce() -> T + Send + 'static,
) -> Result<impl Future<Output = Result<T, EngineError>>, EngineError> {
    let (sender, receiver) = oneshot::channel();
    // Whoever does not want to wait any more does not want the result either.
    let work = move || drop(sender.send(job()));
    let thread = thread::Builder::new().name(name.to_owned()).spawn(work);
    thread.map_err(EngineError::Threads)?;
    Ok(async { receiver.await.map_err(|_| EngineError::Panicked) })
}
