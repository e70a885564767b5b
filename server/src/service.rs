//! What the server asks of an engine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::BoxFuture;
use tutti_model::spec::{ProcessorSpec, ServiceSpec};
use tutti_model::valid::{ValidFlow, ValidProcessor};
use tutti_model::verification::Verification;
use tutti_runtime::{
    AddError, EditError, EditOptions, Edited, Emptied, Engine, EngineState, EventContent,
    EventContentError, EventSide, Flow, History, HistoryError, NotStarted, ReplayError, Replayed,
    Search, TrashError, TrashedQueue, VerifyError,
};

use crate::{EngineStatus, FlowSummary};

/// What became of a change.
pub type EditResult = Result<Edited, EditError>;
/// Why nobody knows whether a flow is given up also after a crash, if so it is.
pub type RemoveResult = Result<Option<String>, EditError>;

/// What became of a replay.
pub type ReplayResult = Result<Vec<Replayed>, Vec<ReplayError>>;

/// What was seen of a processor that was tried out.
pub type VerifyResult = Result<Vec<Verification>, VerifyError>;

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

    /// One of the flows that run. Must not wait for anything.
    fn flow(&self, name: &str) -> Option<Flow>;

    /// Changes a flow that runs. Whoever drops this does not end the change.
    fn edit(&self, flow: ValidFlow, options: EditOptions) -> BoxFuture<'_, EditResult>;

    /// Ends a flow that runs. Whoever drops this does not end that.
    fn remove<'s>(&'s self, flow: &'s str, options: EditOptions) -> BoxFuture<'s, RemoveResult>;

    /// Runs one more flow. Whoever drops this does not end it.
    fn add(&self, flow: ValidFlow) -> BoxFuture<'_, Result<(), AddError>>;

    /// What happened to flowfiles. Scans the log, and may take as long.
    ///
    /// # Errors
    /// When there is no log, or it cannot be read.
    fn history(&self, search: &Search) -> Result<History, HistoryError>;

    /// The content of a flowfile as an event had it. Scans the log, and may take as long.
    ///
    /// # Errors
    /// When there is none any more, or it cannot be read.
    fn event_content(&self, event: u64, side: EventSide)
    -> Result<EventContent, EventContentError>;

    /// Has what these events took come once more; or only says what would come.
    fn replay(&self, events: BTreeSet<u64>, is_dry: bool) -> BoxFuture<'_, ReplayResult>;

    /// What a flow has thrown away.
    ///
    /// # Errors
    /// When it cannot be read.
    fn trash(&self, flow: &str) -> Result<Vec<TrashedQueue>, TrashError>;

    /// Puts some of that into one of the flow's connections; how many flowfiles that were.
    ///
    /// # Errors
    /// When it is not there, or the connection is not.
    fn restore_trash(&self, flow: &str, id: u32, connection: &str) -> Result<u64, TrashError>;

    /// Puts what waits in a connection into the trash.
    ///
    /// # Errors
    /// When there is no such connection.
    fn empty_queue(&self, flow: &str, connection: &str) -> Result<Emptied, TrashError>;

    /// Moves what waits in a connection into another one of the flow.
    ///
    /// # Errors
    /// When there is no such connection.
    fn move_queue(&self, flow: &str, connection: &str, to: &str) -> Result<Emptied, TrashError>;

    /// Gives some of that up for good; how many flowfiles that were.
    ///
    /// # Errors
    /// When it is not there.
    fn discard_trash(&self, flow: &str, id: u32) -> Result<u64, TrashError>;

    /// Tries out whether a processor could work. Must not wait for anything but what it tries.
    fn verify<'s>(
        &'s self,
        flow: &'s str,
        processor: &'s ValidProcessor,
        sample: Option<BTreeMap<String, String>>,
    ) -> BoxFuture<'s, VerifyResult>;

    /// Begins a clean stop and returns at once. Calling it again changes nothing.
    fn stop(&self);
}

impl Service for Arc<Engine> {
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

    fn flow(&self, name: &str) -> Option<Flow> {
        Engine::flow(self, name)
    }

    fn edit(&self, flow: ValidFlow, options: EditOptions) -> BoxFuture<'_, EditResult> {
        Box::pin(Engine::edit(self, flow, options))
    }

    fn remove<'s>(&'s self, flow: &'s str, options: EditOptions) -> BoxFuture<'s, RemoveResult> {
        Box::pin(Engine::remove(self, flow, options))
    }

    fn add(&self, flow: ValidFlow) -> BoxFuture<'_, Result<(), AddError>> {
        Box::pin(Engine::add(self, flow))
    }

    fn history(&self, search: &Search) -> Result<History, HistoryError> {
        Engine::history(self, search)
    }

    fn event_content(
        &self,
        event: u64,
        side: EventSide,
    ) -> Result<EventContent, EventContentError> {
        Engine::event_content(self, event, side)
    }

    fn replay(&self, events: BTreeSet<u64>, is_dry: bool) -> BoxFuture<'_, ReplayResult> {
        Box::pin(Engine::replay(self, events, is_dry))
    }

    fn trash(&self, flow: &str) -> Result<Vec<TrashedQueue>, TrashError> {
        Engine::trash(self, flow)
    }

    fn restore_trash(&self, flow: &str, id: u32, connection: &str) -> Result<u64, TrashError> {
        Engine::restore_trash(self, flow, id, connection)
    }

    fn empty_queue(&self, flow: &str, connection: &str) -> Result<Emptied, TrashError> {
        Engine::empty_queue(self, flow, connection)
    }

    fn move_queue(&self, flow: &str, connection: &str, to: &str) -> Result<Emptied, TrashError> {
        Engine::move_queue(self, flow, connection, to)
    }

    fn discard_trash(&self, flow: &str, id: u32) -> Result<u64, TrashError> {
        Engine::discard_trash(self, flow, id)
    }

    fn verify<'s>(
        &'s self,
        flow: &'s str,
        processor: &'s ValidProcessor,
        sample: Option<BTreeMap<String, String>>,
    ) -> BoxFuture<'s, VerifyResult> {
        Box::pin(Engine::verify(self, flow, processor, sample))
    }

    fn stop(&self) {
        self.request_stop();
    }
}
