//! What a processor gets from the engine besides its sessions: names, state, time and threads.
//!
//! One for each run of a processor; what it says is the same for all triggers of the run.

use std::sync::Arc;

use tutti_model::bulletin::Bulletin;
use tutti_model::state::StateMap;
use tutti_sdk::host::{BoxFuture, Clock, ProcessorHost, Random, Work};
use tutti_sdk::{Offer, ProcessError, ProcessorContext};

use crate::node::{Node, Shared};
use crate::run::Run;

struct Surroundings {
    shared: Arc<Shared>,
    node: usize,
    run: Arc<Run>,
}

/// What the processor of the node `node` sees during `run`.
pub(crate) fn surroundings(shared: &Arc<Shared>, node: usize, run: &Arc<Run>) -> ProcessorContext {
    let (shared, run) = (Arc::clone(shared), Arc::clone(run));
    ProcessorContext::new(Arc::new(Surroundings { shared, node, run }))
}

impl Surroundings {
    fn node(&self) -> &Node {
        &self.shared.nodes[self.node]
    }
}

impl ProcessorHost for Surroundings {
    fn flow(&self) -> &Arc<str> {
        self.shared.name()
    }

    fn component(&self) -> &Arc<str> {
        &self.node().path
    }

    fn state(&self, key: &str) -> Result<Option<String>, ProcessError> {
        let value = self.shared.repository.state_value(&self.node().state_name, key);
        Ok(value.map(Into::into))
    }

    fn state_all(&self) -> Result<StateMap, ProcessError> {
        Ok(self.shared.repository.state(&self.node().state_name).values)
    }

    fn service(&self, name: &str) -> Option<Offer> {
        let index = *self.node().services.get(name)?;
        Some(self.shared.services[index].offer.clone())
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.node().settings.parameters.get(name).map(|value| value.expose().to_owned())
    }

    fn clock(&self) -> &dyn Clock {
        &*self.shared.environment.clock
    }

    fn random(&self) -> &dyn Random {
        &*self.shared.environment.random
    }

    fn host_name(&self) -> String {
        self.shared.environment.machine.name.clone()
    }

    fn host_address(&self) -> String {
        self.shared.environment.machine.address.clone()
    }

    fn run(&self, work: Work, job: Box<dyn FnOnce() + Send>) -> BoxFuture<'_, ()> {
        self.shared.environment.executor.start(&self.shared.runtime, work, job)
    }

    fn report(&self, bulletin: Bulletin) {
        self.shared.report(self.node(), bulletin);
    }

    fn is_stopping(&self) -> bool {
        !self.run.goes_on()
    }
}
