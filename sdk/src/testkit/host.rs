//! The other side of a session, in memory.

mod surroundings;

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;
use tutti_model::definition::Retry as Policy;
use tutti_model::flowfile::{
    Attributes, Claim, Content, ContentSlice, FlowFile, FlowFileId, Pick, Timestamp, core_attribute,
};
use tutti_model::provenance::ProvenanceEvent;
use tutti_model::state::StateMap;

use super::content::{Contents, FaultyReader, Opened};
use super::service::TestService;
use crate::attempts::{attempts_max, wait};
use crate::bulletin::{Bulletin, Level};
use crate::derive::Deriver;
use crate::deterministic::{ManualClock, SeededRandom};
use crate::host::{
    BoxFuture, Changes, Clock, ContentHost, ContentSink, OnDurable, ProcessorHost, ReadSeek, Rest,
    ServiceChanges, SessionHost, Transfer,
};
use crate::{FAILURE, ProcessError, Retry, Session, is_failure};

/// 2024-01-01T00:00:00Z: a moment that a test can write down.
pub(super) const START_MS: i64 = 1_704_067_200_000;
/// The name of the flow that the processor stands in.
pub(super) const FLOW: &str = "test";
const PENALTY: Duration = Duration::from_secs(30);

/// What is to fail.
#[derive(Default)]
pub(super) struct Faults {
    pub(super) read_bytes: Option<u64>,
    pub(super) write_bytes: Option<u64>,
    pub(super) commits: u32,
    pub(super) flushes: u32,
}

/// What a crash takes back.
#[derive(Clone, Default)]
pub(super) struct Committed {
    queue: Vec<FlowFile>,
    outputs: Vec<(String, FlowFile)>,
    state: StateMap,
    events: Vec<ProvenanceEvent>,
    /// States of services, by name, in a snapshot only.
    services: BTreeMap<String, StateMap>,
}

#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
struct Inner {
    committed: Committed,
    contents: Vec<Arc<Vec<u8>>>,
    bulletins: Vec<Bulletin>,
    withheld: Vec<OnDurable>,
    withhold: bool,
    yielded: bool,
    rest: Option<Rest>,
    is_full: bool,
    is_source: bool,
    next_id: u64,
}

pub(super) struct MemoryHost {
    flow: Arc<str>,
    component: Arc<str>,
    relationships: Vec<String>,
    pub(super) clock: Arc<ManualClock>,
    random: SeededRandom,
    pub(super) derivers: Mutex<BTreeMap<String, Arc<dyn Deriver>>>,
    pub(super) parameters: Mutex<BTreeMap<String, String>>,
    pub(super) services: Mutex<BTreeMap<String, TestService>>,
    pub(super) faults: Mutex<Faults>,
    pub(super) opened: Arc<Opened>,
    /// The session that ends has failed, and whether trying again can help.
    failing: Mutex<Option<Retry>>,
    /// What it had taken and was tried often enough.
    exhausted: Mutex<Vec<FlowFile>>,
    inner: Mutex<Inner>,
    stopping: watch::Sender<bool>,
    this: Weak<Self>,
}

impl MemoryHost {
    pub(super) fn new(component: &str, relationships: Vec<String>) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            flow: FLOW.into(),
            component: component.into(),
            relationships,
            clock: Arc::new(ManualClock::new(Timestamp(START_MS))),
            random: SeededRandom::new(1),
            derivers: Mutex::default(),
            parameters: Mutex::default(),
            services: Mutex::default(),
            faults: Mutex::default(),
            opened: Arc::default(),
            failing: Mutex::default(),
            exhausted: Mutex::default(),
            inner: Mutex::default(),
            stopping: watch::Sender::new(false),
            this: this.clone(),
        })
    }

    pub(super) fn store(&self, bytes: Vec<u8>) -> Content {
        if bytes.is_empty() {
            return Content::Empty;
        }
        let length = bytes.len() as u64;
        let mut inner = self.inner.lock();
        inner.contents.push(Arc::new(bytes));
        let offset = inner.contents.len() as u64 - 1;
        Content::Stored(ContentSlice::whole(Claim { segment: 0, offset, length }))
    }

    pub(super) fn stored(&self, slice: &ContentSlice) -> Vec<u8> {
        let whole = self.inner.lock().contents.get(slice.claim.offset as usize).cloned();
        let bytes = whole.as_deref().map(Vec::as_slice).unwrap_or_default();
        bytes.iter().skip(slice.offset as usize).take(slice.length as usize).copied().collect()
    }

    pub(super) fn enqueue(&self, content: Content, attributes: &[(&str, &str)]) -> String {
        let id = self.next_id();
        let uuid = format!("00000000-0000-4000-8000-{:012}", id.0);
        let mut all = Attributes::from_iter([(core_attribute::UUID, uuid.as_str())]);
        for &(name, value) in attributes {
            all.insert(name, value);
        }
        let now = self.clock.now();
        self.inner
            .lock()
            .committed
            .queue
            .push(FlowFile::new(id, now).with_attributes(all).with_content(content));
        uuid
    }

    pub(super) fn snapshot(&self) -> Committed {
        let services = self.services.lock();
        let states = services.iter().map(|(name, service)| (name.clone(), service.state()));
        Committed { services: states.collect(), ..self.inner.lock().committed.clone() }
    }

    pub(super) fn restore(&self, mut committed: Committed) {
        let services = self.services.lock();
        for (name, state) in std::mem::take(&mut committed.services) {
            if let Some(service) = services.get(&name) {
                service.set_state(state);
            }
        }
        let mut inner = self.inner.lock();
        inner.committed = committed;
        inner.withheld.clear();
    }

    pub(super) fn withhold(&self, withhold: bool) {
        self.inner.lock().withhold = withhold;
    }

    pub(super) fn make_durable(&self) {
        let effects = std::mem::take(&mut self.inner.lock().withheld);
        for effect in effects {
            if let Err(error) = effect() {
                let now = self.clock.now();
                let failed = Bulletin::new(Level::Error, now, &*self.component, error.chain());
                self.report(Bulletin {
                    flow: Some(FLOW.into()),
                    help: error.help().map(Into::into),
                    ..failed
                });
            }
        }
    }

    pub(super) fn outputs(&self, relationship: &str) -> Vec<FlowFile> {
        let inner = self.inner.lock();
        let there = inner.committed.outputs.iter().filter(|(name, _)| name == relationship);
        there.map(|(_, flowfile)| flowfile.clone()).collect()
    }

    pub(super) fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (relationship, _) in &self.inner.lock().committed.outputs {
            *counts.entry(relationship.clone()).or_default() += 1;
        }
        counts
    }

    pub(super) fn clear(&self) {
        let mut inner = self.inner.lock();
        inner.committed.outputs.clear();
        inner.committed.events.clear();
        inner.bulletins.clear();
    }

    pub(super) fn queued(&self) -> usize {
        self.inner.lock().committed.queue.len()
    }

    pub(super) fn bulletins(&self) -> Vec<Bulletin> {
        self.inner.lock().bulletins.clone()
    }

    pub(super) fn committed_state(&self) -> BTreeMap<String, String> {
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        self.inner.lock().committed.state.iter().map(pair).collect()
    }

    pub(super) fn set_state(&self, key: &str, value: &str) {
        self.inner.lock().committed.state.insert(key, value);
    }

    pub(super) fn events(&self) -> Vec<ProvenanceEvent> {
        self.inner.lock().committed.events.clone()
    }

    /// Notes how a trigger ended.
    pub(super) fn paused(&self, yielded: bool, rest: Option<Rest>) {
        let mut inner = self.inner.lock();
        inner.yielded = yielded;
        inner.rest = rest;
    }

    pub(super) fn rests(&self) -> Option<Rest> {
        self.inner.lock().rest
    }

    pub(super) fn set_full(&self, is_full: bool) {
        self.inner.lock().is_full = is_full;
    }

    pub(super) fn set_source(&self, is_source: bool) {
        self.inner.lock().is_source = is_source;
    }

    pub(super) fn set_stopping(&self, is_stopping: bool) {
        self.stopping.send_replace(is_stopping);
    }

    pub(super) fn has_yielded(&self) -> bool {
        self.inner.lock().yielded
    }

    /// Where goes what could not be worked on.
    fn failure(&self) -> Option<&str> {
        self.relationships.iter().map(String::as_str).find(|name| is_failure(name))
    }

    /// Puts a flowfile back to its place.
    fn put_back(&self, flowfile: FlowFile) {
        let queue = &mut self.inner.lock().committed.queue;
        let place = queue.partition_point(|each| each.id() < flowfile.id());
        queue.insert(place, flowfile);
    }

    /// Ends a session as an engine does: it commits, or is undone, and what was tried often enough
    /// goes to `failure`.
    pub(super) async fn end(
        &self,
        session: &mut Session,
        triggered: Result<(), ProcessError>,
    ) -> Result<(), ProcessError> {
        let ended = match triggered {
            Ok(()) => session.commit().await,
            Err(error) => Err(error),
        };
        if let Err(error) = &ended {
            session.report_error(None, error);
            *self.failing.lock() = Some(error.retry());
            session.rollback(true);
            *self.failing.lock() = None;
            for mut flowfile in std::mem::take(&mut *self.exhausted.lock()) {
                flowfile.set_penalized_until(None);
                flowfile.set_attempts(0);
                error.note_on(&mut flowfile, &self.component);
                flowfile.set_content(flowfile.content().original());
                let way = self.failure().unwrap_or(FAILURE).to_owned();
                self.inner.lock().committed.outputs.push((way, flowfile));
            }
        }
        ended
    }

    /// The values of an attribute of all that waits, in order, and how often it was tried.
    #[cfg(test)]
    pub(super) fn waiting(&self, attribute: &str) -> Vec<(String, u32)> {
        let inner = self.inner.lock();
        let told = |each: &FlowFile| {
            (each.attribute(attribute).unwrap_or_default().to_owned(), each.attempts())
        };
        inner.committed.queue.iter().map(told).collect()
    }

    fn apply(&self, changes: Changes) -> Result<(), ProcessError> {
        let mut faults = self.faults.lock();
        if faults.commits > 0 {
            faults.commits -= 1;
            return Err(ProcessError::external("injected failure of a commit"));
        }
        drop(faults);
        let mut inner = self.inner.lock();
        let outputs =
            changes.transfers.into_iter().map(|Transfer { mut flowfile, relationship, .. }| {
                flowfile.set_attempts(0);
                (relationship.into(), flowfile)
            });
        inner.committed.outputs.extend(outputs);
        inner.committed.events.extend(changes.events);
        for (key, value) in changes.state {
            match value {
                Some(value) => inner.committed.state.insert(key, value),
                None => inner.committed.state.remove(&key),
            }
        }
        if let Some(ServiceChanges { service, state }) = changes.service
            && let Some(service) = self.services.lock().get(&service)
        {
            service.change(state);
        }
        inner.withheld.extend(changes.on_durable.into_iter().map(|(_, effect)| effect));
        let withhold = inner.withhold;
        drop(inner);
        if !withhold {
            self.make_durable();
        }
        Ok(())
    }
}

impl ContentHost for MemoryHost {
    fn create(&self) -> Result<Box<dyn ContentSink>, ProcessError> {
        Contents(self.this.clone()).create()
    }
}

impl SessionHost for MemoryHost {
    fn has_relationship(&self, name: &str) -> bool {
        self.relationships.iter().any(|each| each == name)
    }

    fn poll(
        &self,
        max: usize,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Result<Vec<FlowFile>, ProcessError> {
        let now: Timestamp = self.clock.now();
        let mut inner = self.inner.lock();
        let mut taken = Vec::new();
        let mut left = Vec::new();
        let mut ended = false;
        for flowfile in std::mem::take(&mut inner.committed.queue) {
            let waits = flowfile.penalized_until().is_some_and(|until| until > now);
            if ended || waits || taken.len() >= max {
                left.push(flowfile);
                continue;
            }
            let pick = filter(&flowfile);
            ended = matches!(pick, Pick::TakeAndStop | Pick::Stop);
            match pick {
                Pick::Take | Pick::TakeAndStop => taken.push(flowfile),
                Pick::Skip | Pick::Stop => left.push(flowfile),
            }
        }
        inner.committed.queue = left;
        Ok(taken)
    }

    fn give_back(&self, flowfiles: Vec<FlowFile>) {
        let failing = *self.failing.lock();
        let now = self.clock.now();
        for mut flowfile in flowfiles {
            match failing {
                Some(retry)
                    if self.failure().is_some() && flowfile.attempts() >= attempts_max(retry) =>
                {
                    self.exhausted.lock().push(flowfile);
                }
                Some(_) => self.give_back_failed(flowfile, false),
                None => {
                    let is_penalized = flowfile.penalized_until().is_some_and(|until| until > now);
                    flowfile.set_attempts(flowfile.attempts() + u32::from(is_penalized));
                    self.put_back(flowfile);
                }
            }
        }
    }

    fn give_back_failed(&self, mut flowfile: FlowFile, _: bool) {
        let wait = wait(PENALTY, flowfile.attempts(), Policy::MAXIMUM);
        flowfile.set_penalized_until(Some(self.clock.now().plus_ms(wait.as_millis() as u64)));
        flowfile.set_attempts(flowfile.attempts() + 1);
        self.put_back(flowfile);
    }

    fn durable(&self) -> BoxFuture<'_, Result<(), ProcessError>> {
        let flushes = &mut self.faults.lock().flushes;
        let result = if *flushes > 0 {
            *flushes -= 1;
            Err(ProcessError::external("injected failure of a flush"))
        } else {
            self.make_durable();
            Ok(())
        };
        Box::pin(std::future::ready(result))
    }

    fn give_back_for_retry(&self, flowfile: FlowFile) {
        self.give_back_failed(flowfile, false);
    }

    fn attempts_max(&self) -> u32 {
        attempts_max(Retry::Later)
    }

    fn next_id(&self) -> FlowFileId {
        let mut inner = self.inner.lock();
        inner.next_id += 1;
        FlowFileId(inner.next_id)
    }

    fn open(&self, slice: &ContentSlice) -> Result<Box<dyn ReadSeek>, ProcessError> {
        let fails_at = self.faults.lock().read_bytes;
        Ok(Box::new(FaultyReader::new(self.stored(slice), fails_at, &self.opened)))
    }

    fn release(&self, _: Vec<Content>) {}

    fn deriver(&self, kind: &str) -> Option<Arc<dyn Deriver>> {
        self.derivers.lock().get(kind).cloned()
    }

    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), ProcessError>> {
        Box::pin(async move { self.apply(changes) })
    }

    fn penalty_ms(&self) -> u64 {
        PENALTY.as_millis() as u64
    }

    fn is_tried_again(&self, _: FlowFileId, _: &str) -> bool {
        false
    }
}
