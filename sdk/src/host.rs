//! What a processor needs from whoever runs it: the engine in production, the test kit in tests.
//!
//! A processor never sees this; it sees [`ProcessorContext`](crate::ProcessorContext) and
//! [`Session`](crate::Session).

use std::future::Future;
use std::io::{self, Read, Seek, Write};
use std::pin::Pin;
use std::sync::Arc;

use tutti_model::flowfile::{Content, ContentSlice, FlowFile, FlowFileId, Pick, Timestamp};
use tutti_model::provenance::ProvenanceEvent;
use tutti_model::spec::Text;
use tutti_model::state::StateMap;

use crate::ProcessError;
use crate::bulletin::Bulletin;
use crate::derive::Deriver;
use crate::service::Offer;

/// A future that can be sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Bytes that can be read from anywhere, by another thread if need be.
pub trait ReadSeek: Read + Seek + Send + Sync {}
impl<T: Read + Seek + Send + Sync> ReadSeek for T {}

/// Takes new content. Dropped without [`finish`](ContentSink::finish), it leaves nothing behind.
pub trait ContentSink: Write + Send {
    /// Ends the content and hands it over; the host that made this keeps it alive.
    fn finish(self: Box<Self>) -> io::Result<Content>;
}

/// Where work runs that is not `async`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Waits for a disk or a library that blocks: many at a time, little processor time each.
    Io,
    /// Computes: as many at a time as there are cores.
    Compute,
    /// Runs what users wrote: as many at a time as there are cores, on threads of their own with
    /// large stacks, so that scripts do not keep what the program itself computes waiting.
    Script,
    /// The same of a script that had to be stopped: it gets what all others leave of the cores.
    Suspect,
}

/// Time, injected so that it can be simulated.
pub trait Clock: Send + Sync {
    /// The present moment of the wall clock.
    fn now(&self) -> Timestamp;
    /// Milliseconds of a clock that never goes back, from an arbitrary start.
    fn monotonic_ms(&self) -> u64;
    /// The same in nanoseconds, as finely as the clock can tell, for measuring.
    fn monotonic_ns(&self) -> u64 {
        self.monotonic_ms().saturating_mul(1_000_000)
    }
    /// Ends when `milliseconds` have passed.
    fn sleep_ms(&self, milliseconds: u64) -> BoxFuture<'static, ()>;
}

/// Randomness, injected so that a run can be repeated.
pub trait Random: Send + Sync {
    /// 64 random bits.
    fn next_u64(&self) -> u64;
}

/// A random `uuid` for a new flowfile.
pub fn new_uuid(random: &dyn Random) -> String {
    let bits = u128::from(random.next_u64()) << 64 | u128::from(random.next_u64());
    let uuid = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid();
    uuid.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()).to_owned()
}

/// Runs once the commit it belongs to is durable.
pub type OnDurable = Box<dyn FnOnce() -> Result<(), ProcessError> + Send + Sync>;

/// A flowfile on its way out of a session.
#[derive(Debug)]
pub struct Transfer {
    /// As it leaves.
    pub flowfile: FlowFile,
    /// The relationship that it leaves by.
    pub relationship: Box<str>,
    /// Whether it leaves even where the flow says that this relationship is tried again first:
    /// another try cannot mend it.
    pub is_final: bool,
}

/// A processor that has nothing to do with what waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// When it has, if nothing comes before; none where only what comes can change that.
    pub until: Option<Timestamp>,
}

/// What a session changed in the state of a service that it held.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ServiceChanges {
    /// The service, by its path of names in the flow.
    pub service: String,
    /// State to set (`Some`) and to remove (`None`).
    pub state: Vec<(String, Option<String>)>,
}

/// Everything that one commit does, at once or not at all.
#[derive(Default)]
pub struct Changes {
    /// Taken from the queues and not given back.
    pub taken: Vec<FlowFileId>,
    /// Sent on.
    pub transfers: Vec<Transfer>,
    /// State to set (`Some`) and to remove (`None`).
    pub state: Vec<(String, Option<String>)>,
    /// The same of the service that the session held, if it changed anything there.
    pub service: Option<ServiceChanges>,
    /// What happened.
    pub events: Vec<ProvenanceEvent>,
    /// Content written in this session: safe to forget once the commit is applied.
    pub written: Vec<Content>,
    /// Counted into the processor's metrics.
    pub counts: Counts,
    /// What the processor counts by names of its own, and by which flowfile.
    pub counters: Vec<(FlowFileId, Text, u64)>,
    /// To run when all of it is durable, and for which flowfile: not when that is held back.
    pub on_durable: Vec<(FlowFileId, OnDurable)>,
}

impl Changes {
    /// Whether it changes what belongs to no flowfile alone: state, its own or a service's.
    pub fn has_state(&self) -> bool {
        !self.state.is_empty() || self.service.is_some()
    }
}

/// What a session moved, for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Bytes of content read.
    pub bytes_read: u64,
    /// Bytes of content written.
    pub bytes_written: u64,
}

/// What something is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Milliseconds,
}

/// How much a processor used of what it may use, the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// What it is, such as `memory`.
    pub name: &'static str,
    /// What it is measured in.
    pub unit: Unit,
    /// How much it was.
    pub used: u64,
    /// How much it may be.
    pub limit: u64,
}

/// The other side of a processor or a service, for as long as one run of it lasts.
pub trait ProcessorHost: Send + Sync {
    /// The name of the flow.
    fn flow(&self) -> &Arc<str>;
    /// The processor or service, by its path of names in the flow.
    fn component(&self) -> &Arc<str>;
    /// The value of `key` in what it keeps for itself, as last committed.
    fn state(&self, key: &str) -> Result<Option<String>, ProcessError>;
    /// All that it keeps for itself, as last committed: a snapshot.
    fn state_all(&self) -> Result<StateMap, ProcessError>;
    /// What the service offers that its properties name so.
    fn service(&self, name: &str) -> Option<Offer>;
    /// The value of a parameter, for expressions.
    fn parameter(&self, name: &str) -> Option<String>;
    /// Time.
    fn clock(&self) -> &dyn Clock;
    /// Randomness.
    fn random(&self) -> &dyn Random;
    /// The name of this machine, for expressions.
    fn host_name(&self) -> String;
    /// The address of this machine, for expressions.
    fn host_address(&self) -> String;
    /// Runs `job` off the async threads. Ends when there is a place for it; what has begun runs to
    /// its end, and what was dropped before does not begin.
    fn run(&self, work: Work, job: Box<dyn FnOnce() + Send>) -> BoxFuture<'_, ()>;
    /// Shows a message to the operator.
    fn report(&self, bulletin: Bulletin);
    /// Shows the operator how much it uses of what it may use. Nothing by default: only what runs
    /// for long is watched.
    fn meter(&self, _: Usage) {}
    /// Whether there will be no further trigger: it is to stop, or was terminated.
    fn is_stopping(&self) -> bool;
    /// Ends when [`is_stopping`](ProcessorHost::is_stopping) begins to hold.
    fn stopping(&self) -> BoxFuture<'static, ()>;
    /// Whether all connections that lead away have room; no trigger begins while one has none.
    fn has_room(&self) -> bool;
    /// Whether it is triggered without input.
    fn is_source(&self) -> bool;
    /// Takes content outside of a session, which lives as long as what is handed back, or until a
    /// commit has given it to a flowfile.
    fn contents(&self) -> Arc<dyn ContentHost>;
}

/// Where new content goes.
pub trait ContentHost: Send + Sync {
    /// Begins new content.
    fn create(&self) -> Result<Box<dyn ContentSink>, ProcessError>;
}

/// The other side of a session.
pub trait SessionHost: ContentHost {
    /// The relationships that the processor has, dynamic ones included.
    fn has_relationship(&self, name: &str) -> bool;
    /// Takes up to `max` flowfiles that `filter` picks from the incoming queues, each in its order.
    fn poll(
        &self,
        max: usize,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Result<Vec<FlowFile>, ProcessError>;
    /// Puts flowfiles back where they were taken from, as they are now (penalty included).
    fn give_back(&self, flowfiles: Vec<FlowFile>);
    /// Puts a flowfile back that the processor failed with: penalised, each time for longer, and as
    /// one attempt more. `is_in_vain` says that nobody expects anything of the next one.
    fn give_back_failed(&self, flowfile: FlowFile, is_in_vain: bool);
    /// A fresh identity.
    fn next_id(&self) -> FlowFileId;
    /// Opens stored content.
    fn open(&self, content: &ContentSlice) -> Result<Box<dyn ReadSeek>, ProcessError>;
    /// Lets go of content that was written and then not used.
    fn release(&self, written: Vec<Content>);
    /// Who reads derived content of that kind.
    fn deriver(&self, kind: &str) -> Option<Arc<dyn Deriver>>;
    /// Applies a commit. Ends when it is visible downstream, which is before it is durable. When
    /// it fails nothing has been applied, and the session rolls back.
    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), ProcessError>>;
    /// Ends when everything is durable that was committed before, by whomever.
    fn durable(&self) -> BoxFuture<'_, Result<(), ProcessError>>;
    /// How long a penalised flowfile waits, in milliseconds.
    fn penalty_ms(&self) -> u64;
    /// Puts a flowfile back that is to be tried again as the flow says, as one attempt more.
    fn give_back_for_retry(&self, flowfile: FlowFile);
    /// How often what failed and may pass is tried again before it goes to `failure`.
    fn attempts_max(&self) -> u32;
    /// Whether what goes to `relationship` now is tried again instead, as the flow says.
    fn is_tried_again(&self, flowfile: FlowFileId, relationship: &str) -> bool;
}
