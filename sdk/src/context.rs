//! What a processor sees of its surroundings, from its start to its stop and in every session.
//!
//! Touches no flowfile and changes no state: that is a session's, which commits it.

use std::sync::Arc;

use tokio::sync::oneshot;
use tutti_model::state::StateMap;

use crate::bulletin::{Bulletin, Level};
use crate::host::{BoxFuture, Clock, ProcessorHost, Random, Usage, Work};
use crate::property::ServiceRef;
use crate::service::ServiceKind;
use crate::{ContentWriters, ProcessError};

/// The surroundings of one processor of a flow, the same for all its sessions of one run. Copies
/// are handles of the same, and may be kept until [`on_stopped`](crate::Processor::on_stopped).
#[derive(Clone)]
pub struct ProcessorContext {
    pub(crate) host: Arc<dyn ProcessorHost>,
}

impl ProcessorContext {
    /// The surroundings that `host` gives; for engines.
    pub fn new(host: Arc<dyn ProcessorHost>) -> Self {
        Self { host }
    }

    /// The name of the flow.
    pub fn flow(&self) -> &str {
        self.host.flow()
    }

    /// The processor, by its path of names in the flow.
    pub fn component(&self) -> &str {
        self.host.component()
    }

    /// The value of a parameter of the processor's group; `None` where there is none.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.host.parameter(name)
    }

    /// The value of `key` in the processor's state as last committed.
    pub fn state(&self, key: &str) -> Result<Option<String>, ProcessError> {
        self.host.state(key)
    }

    /// All of the processor's state as last committed: a snapshot.
    pub fn state_all(&self) -> Result<StateMap, ProcessError> {
        self.host.state_all()
    }

    /// The service that a property names. It is enabled, and stays so until the processor has
    /// stopped.
    pub fn service<K: ServiceKind + ?Sized>(
        &self,
        reference: &ServiceRef<K>,
    ) -> Result<Arc<K>, ProcessError> {
        let offer = self.host.service(reference.name());
        offer.and_then(|offer| offer.take()).ok_or_else(|| {
            ProcessError::internal(format!(
                "the service \"{}\" is no {} that this processor may use",
                reference.name(),
                K::KIND
            ))
        })
    }

    /// Tells the operator something.
    pub fn report(&self, level: Level, message: impl Into<String>) {
        self.host.report(self.bulletin(level, message.into()));
    }

    /// Tells the operator of an error, with its causes and what to do.
    pub fn report_error(&self, error: &ProcessError) {
        let help = error.help().map(Into::into);
        self.host.report(Bulletin { help, ..self.bulletin(Level::Error, error.chain()) });
    }

    /// Shows the operator how much the processor used of what it may use, the last time.
    pub fn meter(&self, usage: Usage) {
        self.host.meter(usage);
    }

    /// The injected clock.
    pub fn clock(&self) -> &dyn Clock {
        self.host.clock()
    }

    /// The injected randomness.
    pub fn random(&self) -> &dyn Random {
        self.host.random()
    }

    /// Whether the processor is to stop, or was terminated: long work that nothing waits for ends,
    /// and what it has not done is done after the next start.
    pub fn is_stopping(&self) -> bool {
        self.host.is_stopping()
    }

    /// Ends when the processor is to stop, or was terminated; at once when it is already. For work
    /// that waits for others.
    pub fn stopping(&self) -> BoxFuture<'static, ()> {
        self.host.stopping()
    }

    /// Whether it is triggered without input, because no connection of another leads to it.
    pub fn is_source(&self) -> bool {
        self.host.is_source()
    }

    /// Whether all connections that lead away have room. There is no trigger while one has none, so
    /// that whoever hands something in from outside is better told to come again.
    pub fn has_room(&self) -> bool {
        self.host.has_room()
    }

    /// Makes writers for what comes in from outside before there is a session. What they write
    /// lives as long as one of them or their copies does, or until a session has committed it,
    /// after [`Session::adopt_content`](crate::Session::adopt_content).
    pub fn writers(&self) -> ContentWriters {
        ContentWriters::outside(self)
    }

    /// Runs work that computes, off the async threads, on as many threads as there are cores.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ProcessError> {
        self.on_thread(Work::Compute, work).await
    }

    /// Runs work that waits for a disk or for a library that blocks, off the async threads.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ProcessError> {
        self.on_thread(Work::Io, work).await
    }

    /// Runs work on one of the threads for `kind`.
    pub async fn on_thread<T: Send + 'static>(
        &self,
        kind: Work,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ProcessError> {
        let (sender, receiver) = oneshot::channel();
        // A panic drops the sender, which the receiver sees.
        self.host.run(kind, Box::new(move || drop(sender.send(work())))).await;
        receiver.await.map_err(|_| ProcessError::panicked(kind))
    }

    /// A message that is about no flowfile.
    pub(crate) fn bulletin(&self, level: Level, message: String) -> Bulletin {
        let flow = Some(self.flow().into());
        Bulletin { flow, ..Bulletin::new(level, self.clock().now(), self.component(), message) }
    }
}
