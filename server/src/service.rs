//! What the server asks of an engine.

use tutti_model::spec::ProcessorSpec;
use tutti_runtime::{Engine, EngineState};

use crate::{EngineStatus, FlowSummary};

/// A running engine, as far as the interface shows it.
pub trait Service: Send + Sync + 'static {
    /// What it is doing. Must not wait for anything: it is asked on the thread that answers.
    fn state(&self) -> EngineState;

    /// Processors that are to run and were not started yet, with why where that failed. Must not
    /// wait for anything either.
    fn not_started(&self) -> Vec<(String, Option<String>)>;

    /// The engine's figures. May wait for a disk.
    fn status(&self) -> EngineStatus;

    /// The flows that are served. May wait for a disk.
    fn flows(&self) -> Vec<FlowSummary>;

    /// What processors say of themselves. May wait for a disk.
    fn processor_types(&self) -> Vec<ProcessorSpec>;

    /// Begins a clean stop and returns at once. Calling it again changes nothing.
    fn stop(&self);
}

impl Service for Engine {
    fn state(&self) -> EngineState {
        Engine::state(self)
    }

    fn not_started(&self) -> Vec<(String, Option<String>)> {
        Engine::not_started(self)
    }

    fn status(&self) -> EngineStatus {
        EngineStatus::new(Engine::state(self), Engine::status(self).into_iter().collect())
    }

    fn flows(&self) -> Vec<FlowSummary> {
        self.definition().map(FlowSummary::from).into_iter().collect()
    }

    fn processor_types(&self) -> Vec<ProcessorSpec> {
        Engine::processor_types(self).cloned().collect()
    }

    fn stop(&self) {
        self.request_stop();
    }
}
