//! What a processor gets from the engine besides its sessions: names, state, time and threads.
//!
//! One for each run of a processor; what it says is the same for all triggers of the run.

use std::sync::Arc;

use tutti_model::bulletin::Bulletin;
use tutti_model::state::StateMap;
use tutti_sdk::host::{BoxFuture, Clock, ContentHost, ProcessorHost, Random, Usage, Work};
use tutti_sdk::{Offer, ProcessError, ProcessorContext};

use super::Contents;
use crate::node::Base;
use crate::run::Run;

struct Surroundings {
    base: Arc<Base>,
    path: Arc<str>,
    run: Arc<Run>,
}

/// What a processor sees during `run`.
pub(crate) fn surroundings(run: &Arc<Run>) -> ProcessorContext {
    let seat = run.seat();
    let (base, path) = (Arc::clone(&seat.shared.base), Arc::clone(&seat.node().path));
    ProcessorContext::new(Arc::new(Surroundings { base, path, run: Arc::clone(run) }))
}

impl ProcessorHost for Surroundings {
    fn flow(&self) -> &Arc<str> {
        &self.base.name
    }

    fn component(&self) -> &Arc<str> {
        &self.path
    }

    fn state(&self, key: &str) -> Result<Option<String>, ProcessError> {
        let value = self.base.repository.state_value(&self.run.seat().node().state_name, key);
        Ok(value.map(Into::into))
    }

    fn state_all(&self) -> Result<StateMap, ProcessError> {
        Ok(self.base.repository.state(&self.run.seat().node().state_name).values)
    }

    fn service(&self, name: &str) -> Option<Offer> {
        let seat = self.run.seat();
        let index = *seat.node().services.get(name)?;
        Some(seat.shared.services[index].offer.clone())
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.run.seat().node().settings.parameters.get(name).map(|value| value.expose().to_owned())
    }

    fn clock(&self) -> &dyn Clock {
        &*self.base.environment.clock
    }

    fn random(&self) -> &dyn Random {
        &*self.base.environment.random
    }

    fn host_name(&self) -> String {
        self.base.environment.machine.name.clone()
    }

    fn host_address(&self) -> String {
        self.base.environment.machine.address.clone()
    }

    fn run(&self, work: Work, job: Box<dyn FnOnce() + Send>) -> BoxFuture<'_, ()> {
        self.base.environment.executor.start(&self.base.runtime, work, job)
    }

    fn report(&self, bulletin: Bulletin) {
        let seat = self.run.seat();
        seat.shared.report(seat.node(), bulletin);
    }

    fn meter(&self, usage: Usage) {
        self.run.seat().node().metrics.meters.see(usage);
    }

    fn is_stopping(&self) -> bool {
        !self.run.goes_on()
    }

    fn stopping(&self) -> BoxFuture<'static, ()> {
        Box::pin(self.run.stopping())
    }

    fn has_room(&self) -> bool {
        // What cannot be told is told when it is triggered.
        let seat = self.run.seat();
        let is_admitted = !self.is_source() || !self.base.repository.is_short();
        is_admitted && seat.shared.has_room(seat.node()).unwrap_or(true)
    }

    fn is_source(&self) -> bool {
        self.run.seat().node().is_source
    }

    fn contents(&self) -> Arc<dyn ContentHost> {
        Arc::new(Contents::new(Arc::clone(&self.base.repository)))
    }
}
