//! A compiled flow: started, stopped, drained, looked at.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::RwLock;
use tokio::runtime::Handle;
use tutti_model::valid::ValidFlow;
use tutti_sdk::Catalog;
use tutti_store::{QueueId, Repository, StoreError};

use crate::compile::{self, CompileError};
use crate::control::{self, ControlError};
use crate::environment::Environment;
use crate::idle::{self, Patience, Stuck};
use crate::node::{Base, Life, Shared};
use crate::replay::Committed;
use crate::run::{Mode, Run};
use crate::same::Same;
use crate::status::{NotStarted, Status, status};

/// A flow that can run. Copies are handles of the same flow.
#[derive(Clone)]
pub struct Flow {
    base: Arc<Base>,
    versions: Arc<Versions>,
}

/// The version of a flow that counts; earlier ones are held by what is still at work in them.
pub(crate) struct Versions {
    /// Held while something is started or stopped, and while another version takes over: what is
    /// started in one version would not be known to the next.
    pub(crate) current: RwLock<Arc<Shared>>,
    /// One change at a time.
    pub(crate) editing: Arc<tokio::sync::Mutex<()>>,
}

impl Versions {
    pub(crate) fn current(&self) -> Arc<Shared> {
        Arc::clone(&self.current.read())
    }
}

impl Flow {
    /// Builds every processor of `flow` and opens its queues; nothing runs yet. Must be called in
    /// a tokio runtime, which the flow then runs on. The errors are all there are.
    pub fn compile(
        flow: &Arc<ValidFlow>,
        catalog: &Arc<Catalog>,
        repository: &Arc<Repository>,
        environment: &Environment,
    ) -> Result<Self, Vec<CompileError>> {
        let base = compile::base(flow, catalog, repository, environment)?;
        let draft = compile::draft(flow, &base, None, &Same::default())?;
        let version = draft.finish(None, &HashMap::new())?;
        compile::prioritize(&version.shared)?;
        let current = RwLock::new(version.install());
        Ok(Self { base, versions: Arc::new(Versions { current, editing: Arc::default() }) })
    }

    /// The threads that it runs on.
    pub(crate) fn threads(&self) -> &Handle {
        &self.base.runtime
    }

    pub(crate) fn versions(&self) -> &Arc<Versions> {
        &self.versions
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.base.name
    }

    /// The valid flow that it was made from.
    pub fn definition(&self) -> Arc<ValidFlow> {
        Arc::clone(&self.versions.current().definition)
    }

    /// How it is at this moment.
    pub fn status(&self) -> Status {
        status(&self.versions.current())
    }

    /// Processors that are to run and were not started yet.
    pub(crate) fn not_started(&self) -> Vec<NotStarted> {
        self.versions.current().not_started()
    }

    /// Enables all services that take part, and starts all processors that do and are stopped, each
    /// when the services that it uses are enabled. One whose last tasks have not ended
    /// yet is left alone; one that cannot be started says so in its status and in a bulletin.
    pub fn start(&self) {
        self.with(|shared| {
            shared.is_started.store(true, Ordering::SeqCst);
            shared.hold_services(true);
            control::start_all(shared, |_| true);
        });
    }

    /// The queues of its connections.
    pub(crate) fn queues(&self) -> Vec<QueueId> {
        self.versions.current().connections.iter().map(|connection| connection.queue).collect()
    }

    /// Takes note of what was replayed into its queues.
    pub fn receive(&self, committed: &Committed) {
        let shared = self.versions.current();
        for (queue, bytes) in &committed.put {
            let own = shared.connections.iter().find(|connection| connection.queue == *queue);
            if let Some(connection) = own {
                connection.traffic.incoming.count(*bytes);
                shared.nodes[connection.to].wake.notify_one();
            }
        }
    }

    /// Stops all processors: nothing is triggered any more. Ends when the last task has ended, and
    /// the services are disabled.
    pub async fn stop(&self) {
        let shared = self.with(|shared| {
            shared.is_started.store(false, Ordering::SeqCst);
            shared.nodes.iter().for_each(control::request_stop);
            Arc::clone(shared)
        });
        control::stopped(&shared, |_| true).await;
        self.with(|shared| shared.hold_services(false));
        self.versions.current().services_off().await;
    }

    /// Stops all processors and does not wait for their tasks: what these had taken is back in
    /// the queues when this returns, and nothing that they still do counts. Work that computes
    /// or waits for a disk goes on until it ends by itself.
    pub fn terminate(&self) {
        self.with(|shared| {
            shared.is_started.store(false, Ordering::SeqCst);
            for node in &shared.nodes {
                control::terminate(shared, node);
            }
            shared.hold_services(false);
        });
    }

    /// Starts one processor.
    pub fn start_processor(&self, path: &str) -> Result<(), ControlError> {
        self.with_one(path, |shared, index| {
            control::start(shared, index, Mode::Continuous).map(drop)
        })?
    }

    /// Stops one processor. Ends when its last task has ended.
    pub async fn stop_processor(&self, path: &str) -> Result<(), ControlError> {
        let shared = self.with_one(path, |shared, index| {
            control::request_stop(&shared.nodes[index]);
            Arc::clone(shared)
        })?;
        control::stopped(&shared, |node| *node.path == *path).await;
        Ok(())
    }

    /// Stops one processor and does not wait for its tasks, as [`Flow::terminate`]. The next start
    /// builds it anew.
    pub fn terminate_processor(&self, path: &str) -> Result<(), ControlError> {
        self.with_one(path, |shared, index| control::terminate(shared, &shared.nodes[index]))
    }

    /// Asks one processor to stop, and does not wait for its last task.
    pub fn request_processor_stop(&self, path: &str) -> Result<(), ControlError> {
        self.with_one(path, |shared, index| control::request_stop(&shared.nodes[index]))
    }

    /// Triggers a processor that is stopped once, if it has work and room. May take its time, as it
    /// may be built first; does not wait for its end.
    pub fn request_run_once(&self, path: &str) -> Result<(), ControlError> {
        self.once(path).map(drop)
    }

    /// As [`Flow::request_run_once`]. Ends when it is stopped again, and hands back whether it was
    /// triggered.
    pub async fn run_once(&self, path: &str) -> Result<bool, ControlError> {
        let (life, run) = self.once(path)?;
        loop {
            let activity = self.base.activity.notified();
            tokio::pin!(activity);
            activity.as_mut().enable();
            let current = life.control.run();
            if current.is_none_or(|current| !Arc::ptr_eq(&current, &run)) {
                return Ok(run.was_triggered());
            }
            activity.await;
        }
    }

    fn once(&self, path: &str) -> Result<(Arc<Life>, Arc<Run>), ControlError> {
        self.with_one(path, |shared, index| {
            let run = control::start(shared, index, Mode::Once)?;
            Ok((Arc::clone(&shared.nodes[index].life), run))
        })?
    }

    /// Stops the sources, lets everything that is in the flow come to its end, and stops. Hands
    /// back what could not come to an end. Nothing is tried again: a processor that fails with what
    /// another try may mend, or sends something round, takes no more, and what is before it stays
    /// in its queue. The next start goes on with it.
    pub async fn drain(&self) -> Result<Stuck, Arc<StoreError>> {
        let shared = self.with(|shared| {
            for run in shared.nodes.iter().filter_map(|node| node.control.run()) {
                run.drain();
            }
            let sources = shared.nodes.iter().filter(|node| node.is_source);
            sources.for_each(control::request_stop);
            Arc::clone(shared)
        });
        control::stopped(&shared, |node| node.is_source).await;
        idle::until_idle(&self.versions, Patience::NoPenalties).await?;
        self.stop().await;
        // A penalty may have passed in between.
        self.until_idle().await
    }

    /// Ends when there is nothing left to do, and hands back what could not be done. That is:
    ///
    /// - every source that runs was triggered at least once since its start, and its last trigger
    ///   made nothing;
    /// - every queue that a running processor takes from is empty, penalised flowfiles included,
    ///   but for those that were tried in vain or have to wait for more than five minutes;
    /// - no task is at work, everything is durable, and effects that waited for that have run.
    ///
    /// Not waited for, but told: flowfiles before a processor that is stopped, and processors that
    /// cannot be started or cannot go on because what comes after them is full and stays so.
    pub async fn until_idle(&self) -> Result<Stuck, Arc<StoreError>> {
        idle::until_idle(&self.versions, Patience::Penalties).await
    }

    /// Does a job that no other version of the flow may come between.
    pub(crate) fn with<T>(&self, job: impl FnOnce(&Arc<Shared>) -> T) -> T {
        job(&self.versions.current.read())
    }

    /// As [`Flow::with`], with the processor `path`.
    pub(crate) fn with_one<T>(
        &self,
        path: &str,
        job: impl FnOnce(&Arc<Shared>, usize) -> T,
    ) -> Result<T, ControlError> {
        self.with(|shared| {
            let found = shared.nodes.iter().position(|node| *node.path == *path);
            let index = found.ok_or_else(|| ControlError::NotFound { path: path.to_owned() })?;
            Ok(job(shared, index))
        })
    }
}
