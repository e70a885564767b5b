//! A compiled flow: started, stopped, drained, looked at.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tutti_model::valid::ValidFlow;
use tutti_sdk::Catalog;
use tutti_store::{Repository, StoreError};

use crate::compile::{CompileError, compile};
use crate::environment::Environment;
use crate::node::{Node, Phase, Shared};
use crate::status::{Status, status};
use crate::worker;

/// The first pause after a start that failed; it doubles.
const START_PAUSE: Duration = Duration::from_millis(500);
/// The longest such pause.
const START_PAUSE_MAX: Duration = Duration::from_secs(30);

/// What keeps a flow from coming to an end by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stuck {
    /// Processors that could not be started, with why.
    pub not_started: Vec<(String, String)>,
    /// Connections that hold flowfiles which nobody will take, with how many.
    pub waiting: Vec<(String, u64)>,
}

impl Stuck {
    /// Whether nothing is stuck: all work is done.
    pub fn is_empty(&self) -> bool {
        self.not_started.is_empty() && self.waiting.is_empty()
    }
}

/// A flow that can run.
#[derive(Clone)]
pub struct Flow {
    name: String,
    shared: Arc<Shared>,
}

impl Flow {
    /// Builds every processor of `flow` and opens its queues; nothing runs yet. Must be called in
    /// a tokio runtime, which the flow then runs on. The errors are all there are.
    pub fn compile(
        flow: &ValidFlow,
        catalog: &Arc<Catalog>,
        repository: &Arc<Repository>,
        environment: &Environment,
    ) -> Result<Self, Vec<CompileError>> {
        let shared = Arc::new(compile(flow, catalog, repository, environment)?);
        Ok(Self { name: flow.name.clone(), shared })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is at this moment.
    pub fn status(&self) -> Status {
        status(&self.name, &self.shared)
    }

    /// Starts all processors that take part.
    pub fn start(&self) {
        for index in 0..self.shared.nodes.len() {
            self.start_node(index);
        }
    }

    fn start_node(&self, index: usize) {
        let node = &self.shared.nodes[index];
        {
            let mut phase = node.phase.lock();
            if !node.is_enabled || *phase != Phase::Stopped {
                return;
            }
            *phase = Phase::Starting;
        }
        node.is_idle.store(false, Ordering::SeqCst);
        let generation = node.generation.load(Ordering::SeqCst);
        tokio::spawn(start(Arc::clone(&self.shared), index, generation));
    }

    /// Stops all processors: nothing is triggered any more. Ends when the last task has ended.
    pub async fn stop(&self) {
        self.request_stop(|_| true);
        self.stopped(|_| true).await;
    }

    /// Stops all processors and does not wait: what their tasks still do will not count. A task
    /// that computes goes on until it ends by itself.
    pub fn terminate(&self) {
        self.request_stop(|_| true);
        for node in &self.shared.nodes {
            node.generation.fetch_add(1, Ordering::SeqCst);
            *node.phase.lock() = Phase::Stopped;
            node.wake.notify_waiters();
        }
    }

    /// Stops the sources, lets everything that is in the flow come to its end, and stops. Hands
    /// back what could not come to an end.
    pub async fn drain(&self) -> Result<Stuck, Arc<StoreError>> {
        self.request_stop(|node| node.is_source);
        self.stopped(|node| node.is_source).await;
        let stuck = self.until_idle().await?;
        self.stop().await;
        Ok(stuck)
    }

    /// Ends when there is nothing left to do: each source has been triggered and found nothing the
    /// last time, no task is at work, every queue that somebody takes from is empty, penalised
    /// flowfiles included, everything is durable, and what waited for that has been done.
    pub async fn until_idle(&self) -> Result<Stuck, Arc<StoreError>> {
        loop {
            let activity = self.shared.activity.notified();
            tokio::pin!(activity);
            activity.as_mut().enable();
            if self.is_idle() {
                self.flush().await?;
                if self.is_idle() {
                    return Ok(self.stuck());
                }
                continue;
            }
            // Effects are told when they end; what became durable meanwhile is not: look again.
            tokio::select! {
                () = &mut activity => {}
                () = self.shared.environment.clock.sleep_ms(200) => {}
            }
        }
    }

    async fn flush(&self) -> Result<(), Arc<StoreError>> {
        let repository = Arc::clone(&self.shared.repository);
        match tokio::task::spawn_blocking(move || repository.flush()).await {
            Ok(flushed) => flushed,
            Err(error) => {
                tracing::error!("the flush panicked: {error}");
                Err(Arc::new(StoreError::Closed))
            }
        }
    }

    fn is_idle(&self) -> bool {
        let shared = &self.shared;
        let is_quiet = |node: &Node| {
            if node.active.load(Ordering::SeqCst) > 0 {
                return false;
            }
            if self.is_out(node) {
                return true;
            }
            let found_nothing = !node.is_source || node.is_idle.load(Ordering::SeqCst);
            found_nothing && self.queued(node) == 0 && node.phase() != Phase::Starting
        };
        shared.effects.pending() == 0 && shared.nodes.iter().all(is_quiet)
    }

    /// Whether `node` will do nothing more, whatever comes.
    fn is_out(&self, node: &Node) -> bool {
        node.phase() == Phase::Stopped || node.start_failure.lock().is_some()
    }

    fn queued(&self, node: &Node) -> u64 {
        let counts = node.inputs.iter().map(|input| {
            // A queue that cannot be asked is taken for one that is not empty.
            let connection = &self.shared.connections[*input];
            connection.counts(&self.shared.repository).map_or(1, |counts| counts.flowfiles)
        });
        counts.sum()
    }

    fn stuck(&self) -> Stuck {
        let failure = |node: &Node| Some((node.path.clone(), node.start_failure.lock().clone()?));
        let not_started = self.shared.nodes.iter().filter_map(failure).collect();
        let waiting = self.shared.connections.iter().filter_map(|connection| {
            let queued = connection.counts(&self.shared.repository).ok()?.flowfiles;
            (queued > 0).then(|| (connection.path.clone(), queued))
        });
        Stuck { not_started, waiting: waiting.collect() }
    }

    fn request_stop(&self, which: impl Fn(&Node) -> bool) {
        for node in self.shared.nodes.iter().filter(|node| which(node)) {
            let mut phase = node.phase.lock();
            if matches!(*phase, Phase::Running | Phase::Starting) {
                *phase = Phase::Stopping;
            }
            drop(phase);
            // Every task looks once more: those that wait now, and the one about to.
            node.wake.notify_waiters();
            node.wake.notify_one();
        }
    }

    async fn stopped(&self, which: impl Fn(&Node) -> bool) {
        loop {
            let activity = self.shared.activity.notified();
            tokio::pin!(activity);
            activity.as_mut().enable();
            let is_stopping = |node: &Node| which(node) && node.phase() == Phase::Stopping;
            if !self.shared.nodes.iter().any(is_stopping) {
                return;
            }
            activity.await;
        }
    }
}

/// Prepares a processor, runs its tasks, and ends when it is stopped.
async fn start(shared: Arc<Shared>, index: usize, generation: u64) {
    let node = &shared.nodes[index];
    let mut pause = START_PAUSE;
    while node.phase() == Phase::Starting {
        match node.processor.on_scheduled().await {
            Ok(()) => break,
            Err(error) => {
                worker::report(&shared, node, &error);
                *node.start_failure.lock() = Some(error.chain());
                shared.activity.notify_waiters();
                let milliseconds = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                tokio::select! {
                    () = shared.environment.clock.sleep_ms(milliseconds) => {}
                    () = node.wake.notified() => {}
                }
                pause = (pause * 2).min(START_PAUSE_MAX);
            }
        }
    }
    {
        let mut phase = node.phase.lock();
        if *phase == Phase::Starting {
            *phase = Phase::Running;
            *node.start_failure.lock() = None;
        }
    }
    let tasks = (0..node.concurrent_tasks.max(1))
        .map(|_| tokio::spawn(worker::run(Arc::clone(&shared), index, generation)));
    for task in tasks.collect::<Vec<_>>() {
        if let Err(error) = task.await {
            tracing::error!(processor = %node.path, "a task of the engine panicked: {error}");
        }
    }
    node.processor.on_stopped().await;
    let mut phase = node.phase.lock();
    if node.generation.load(Ordering::SeqCst) == generation {
        *phase = Phase::Stopped;
    }
    drop(phase);
    shared.activity.notify_waiters();
}
