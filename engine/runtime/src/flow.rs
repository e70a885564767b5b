//! A compiled flow: started, stopped, drained, looked at.

use std::sync::Arc;

use tutti_model::valid::ValidFlow;
use tutti_sdk::Catalog;
use tutti_store::{Repository, StoreError};

use crate::compile::{CompileError, compile};
use crate::control::{self, ControlError};
use crate::environment::Environment;
use crate::idle::{self, Patience, Stuck};
use crate::node::{Node, Shared};
use crate::run::Mode;
use crate::status::{NotStarted, Status, status};

/// A flow that can run. Copies are handles of the same flow.
#[derive(Clone)]
pub struct Flow {
    shared: Arc<Shared>,
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
        let shared = Arc::new(compile(flow, catalog, repository, environment)?);
        Ok(Self { shared })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.shared.name()
    }

    /// The valid flow that it was made from.
    pub fn definition(&self) -> &Arc<ValidFlow> {
        &self.shared.definition
    }

    /// How it is at this moment.
    pub fn status(&self) -> Status {
        status(&self.shared)
    }

    /// Processors that are to run and were not started yet.
    pub(crate) fn not_started(&self) -> Vec<NotStarted> {
        self.shared.not_started()
    }

    /// Enables all services that take part, and starts all processors that do and are stopped, each
    /// when the services that it uses are enabled. One whose last tasks have not ended
    /// yet is left alone; one that cannot be started says so in its status and in a bulletin.
    pub fn start(&self) {
        self.shared.hold_services(true);
        self.shared.nodes.iter().for_each(control::announce);
        for index in 0..self.shared.nodes.len() {
            drop(control::start(&self.shared, index, Mode::Continuous));
        }
    }

    /// Stops all processors: nothing is triggered any more. Ends when the last task has ended, and
    /// the services are disabled.
    pub async fn stop(&self) {
        self.request_stop(|_| true);
        control::stopped(&self.shared, |_| true).await;
        self.shared.hold_services(false);
        self.shared.services_off().await;
    }

    /// Stops all processors and does not wait for their tasks: what these had taken is back in
    /// the queues when this returns, and nothing that they still do counts. Work that computes
    /// or waits for a disk goes on until it ends by itself.
    pub fn terminate(&self) {
        for node in &self.shared.nodes {
            control::terminate(&self.shared, node);
        }
        self.shared.hold_services(false);
    }

    /// Starts one processor.
    pub fn start_processor(&self, path: &str) -> Result<(), ControlError> {
        control::start(&self.shared, self.index(path)?, Mode::Continuous).map(drop)
    }

    /// Stops one processor. Ends when its last task has ended.
    pub async fn stop_processor(&self, path: &str) -> Result<(), ControlError> {
        let index = self.index(path)?;
        control::request_stop(&self.shared.nodes[index]);
        control::stopped(&self.shared, |node| *node.path == *path).await;
        Ok(())
    }

    /// Stops one processor and does not wait for its tasks, as [`Flow::terminate`]. The next start
    /// builds it anew.
    pub fn terminate_processor(&self, path: &str) -> Result<(), ControlError> {
        let index = self.index(path)?;
        control::terminate(&self.shared, &self.shared.nodes[index]);
        Ok(())
    }

    /// Triggers a processor that is stopped once, if it has work and room. Ends when it is stopped
    /// again, and hands back whether it was triggered.
    pub async fn run_once(&self, path: &str) -> Result<bool, ControlError> {
        let index = self.index(path)?;
        let run = control::start(&self.shared, index, Mode::Once)?;
        loop {
            let activity = self.shared.activity.notified();
            tokio::pin!(activity);
            activity.as_mut().enable();
            let current = self.shared.nodes[index].control.run();
            if current.is_none_or(|current| !Arc::ptr_eq(&current, &run)) {
                return Ok(run.was_triggered());
            }
            activity.await;
        }
    }

    /// Stops the sources, lets everything that is in the flow come to its end, and stops. Hands
    /// back what could not come to an end. Nothing is tried again: a processor that fails with what
    /// another try may mend, or sends something round, takes no more, and what is before it stays
    /// in its queue. The next start goes on with it.
    pub async fn drain(&self) -> Result<Stuck, Arc<StoreError>> {
        for run in self.shared.nodes.iter().filter_map(|node| node.control.run()) {
            run.drain();
        }
        self.request_stop(|node| node.is_source);
        control::stopped(&self.shared, |node| node.is_source).await;
        idle::until_idle(&self.shared, Patience::NoPenalties).await?;
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
        idle::until_idle(&self.shared, Patience::Penalties).await
    }

    fn index(&self, path: &str) -> Result<usize, ControlError> {
        let found = self.shared.nodes.iter().position(|node| *node.path == *path);
        found.ok_or_else(|| ControlError::NotFound { path: path.to_owned() })
    }

    fn request_stop(&self, which: impl Fn(&Node) -> bool) {
        self.shared.nodes.iter().filter(|node| which(node)).for_each(control::request_stop);
    }
}
