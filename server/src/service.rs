//! What the server asks of an engine.

use tutti_model::spec::{ProcessorSpec, ServiceSpec};
use tutti_runtime::{Engine, EngineState, NotStarted};

use crate::{EngineStatus, FlowSummary};

/// A running engine, as far as the interface shows it.
pub trait Service: Send + Sync + 'static {
    /// What it is doing. Must not wait for anything: it is asked on the thread that answers.
    fn state(&self) -> EngineState;

    /// Services and processors that are to run and were not started yet. Must not wait for anything
    /// either.
    fn not_started(&self) -> Vec<NotStarted>;

    /// The engine's figures. May wait for a disk.
    fn status(&self) -> EngineStatus;

    /// The flows that are served. May wait for a disk.
    fn flows(&self) -> Vec<FlowSummary>;

    /// What processors say of themselves. May wait for a disk.
    fn processor_types(&self) -> Vec<ProcessorSpec>;

    /// What services say of themselves. May wait for a disk.
    fn service_types(&self) -> Vec<ServiceSpec>;

    /// Begins a clean stop and returns at once. Calling it again changes nothing.
    fn stop(&self);
}

impl Service for Engine {
    fn state(&self) -> EngineState {
        Engine::state(self)
    }

    fn not_started(&self) -> Vec<NotStarted> {
        Engine::not_started(self)
    }

    fn status(&self) -> EngineStatus {
        EngineStatus::new(Engine::state(self), self.statuses())
    }

    fn flows(&self) -> Vec<FlowSummary> {
        self.definitions().iter().map(|flow| FlowSummary::from(&**flow)).collect()
    }

    fn processor_types(&self) -> Vec<ProcessorSpec> {
        Engine::processor_types(self)
    }

    fn service_types(&self) -> Vec<ServiceSpec> {
        Engine::service_types(self)
    }

    fn stop(&self) {
        self.request_stop();
    }
}
