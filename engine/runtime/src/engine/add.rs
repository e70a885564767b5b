//! An engine takes in one more flow while its others run.

use std::sync::Arc;

use tutti_model::valid::ValidFlow;

use super::{Engine, Goal, Stage, begin};
use crate::{CompileError, Flow};

/// Why a flow was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// One of that name runs.
    #[error("a flow \"{name}\" runs already")]
    Exists {
        /// The name.
        name: String,
    },
    /// It cannot be run.
    #[error("the flow cannot be run")]
    Compile(Vec<CompileError>),
    /// The engine has not begun, or stops.
    #[error("the engine does not run, and takes in no flow")]
    NotRunning,
}

impl Engine {
    /// Runs one more flow, and starts it, but for what was stopped by hand when it ran before.
    /// Whoever drops this does not end it.
    ///
    /// # Errors
    /// When it cannot be run.
    pub async fn add(self: &Arc<Self>, flow: ValidFlow) -> Result<(), AddError> {
        let (repository, threads) = match &*self.stage.lock() {
            Stage::Running(_, repository, threads) => (Arc::clone(repository), threads.clone()),
            Stage::Starting(..) | Stage::Ended(..) => return Err(AddError::NotRunning),
        };
        let engine = Arc::clone(self);
        // It opens queues, which may wait for a disk; and it is to run on the flows' threads.
        let adding = threads.spawn_blocking(move || {
            let flow = Arc::new(flow);
            let made = Flow::compile(&flow, &engine.catalog, &repository, &engine.environment);
            engine.take(made.map_err(AddError::Compile)?)
        });
        adding.await.unwrap_or(Err(AddError::NotRunning))
    }

    fn take(&self, flow: Flow) -> Result<(), AddError> {
        let mut stage = self.stage.lock();
        let Stage::Running(flows, ..) = &mut *stage else { return Err(AddError::NotRunning) };
        // Whoever stops it takes those that are here then, so that none may come after.
        if self.stop.is_cancelled() {
            return Err(AddError::NotRunning);
        }
        if flows.iter().any(|other| other.name() == flow.name()) {
            return Err(AddError::Exists { name: flow.name().to_owned() });
        }
        begin(&flow, Goal::Serve);
        flows.push(flow);
        Ok(())
    }
}
