//! A processor's unit of work: everything that it does counts at once, or not at all.
//!
//! A flowfile that a processor takes or makes is its own until it hands it on: it must be
//! transferred, removed or given back by the time of the commit. What is not is the processor's
//! bug: the commit refuses, and everything is rolled back.

mod failing;
mod lent;
mod making;
mod state;

pub use lent::LentSession;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tutti_model::flowfile::{Content, FlowFile, FlowFileId, Pick, Timestamp, core_attribute};
use tutti_model::provenance::{EventType, ProvenanceEvent};
use tutti_model::spec::Text;

use crate::bulletin::{Bulletin, Level};
use crate::content::{ContentReader, ContentReaders, ContentWriter, ContentWriters};
use crate::held::Held;
use crate::host::{Changes, Clock, OnDurable, Random, Rest, SessionHost, Transfer};
use crate::provenance;
use crate::{HeldState, ProcessError, ProcessorContext};

/// Work in progress of one task of one processor.
pub struct Session {
    pub(crate) context: ProcessorContext,
    pub(crate) host: Arc<dyn SessionHost>,
    held: BTreeMap<FlowFileId, Held>,
    changes: Changes,
    /// Originals of what was transferred or removed since the last commit, for a rollback.
    settled: Vec<FlowFile>,
    state: BTreeMap<String, Option<String>>,
    /// The service that is this session's alone until it ends.
    service: Option<HeldState>,
    pub(crate) bytes_read: Arc<AtomicU64>,
    pub(crate) bytes_written: Arc<AtomicU64>,
    bug: Option<ProcessError>,
    yielded: bool,
    rest: Option<Rest>,
}

impl Session {
    /// An empty session; for engines.
    pub fn new(context: ProcessorContext, host: Arc<dyn SessionHost>) -> Self {
        Self {
            context,
            host,
            held: BTreeMap::new(),
            changes: Changes::default(),
            settled: Vec::new(),
            state: BTreeMap::new(),
            service: None,
            bytes_read: Arc::default(),
            bytes_written: Arc::default(),
            bug: None,
            yielded: false,
            rest: None,
        }
    }

    /// The next flowfile, if one waits.
    pub fn get(&mut self) -> Result<Option<FlowFile>, ProcessError> {
        Ok(self.get_batch(1)?.pop())
    }

    /// Up to `max` flowfiles, in the order of their queue: eldest first, unless it has
    /// prioritizers.
    pub fn get_batch(&mut self, max: usize) -> Result<Vec<FlowFile>, ProcessError> {
        self.get_where(max, |_| Pick::Take)
    }

    /// Up to `max` flowfiles that `filter` picks, in the order of their queue.
    pub fn get_where(
        &mut self,
        max: usize,
        mut filter: impl FnMut(&FlowFile) -> Pick,
    ) -> Result<Vec<FlowFile>, ProcessError> {
        let taken = self.host.poll(max, &mut filter)?;
        for flowfile in &taken {
            self.held.insert(flowfile.id(), Held::Taken(flowfile.clone()));
        }
        Ok(taken)
    }

    /// A reader of the content, positioned at its beginning. For use in [`Session::compute`] or
    /// [`Session::blocking`]: its reads may wait for a disk.
    pub fn read(&self, flowfile: &FlowFile) -> Result<ContentReader, ProcessError> {
        self.readers().open(flowfile)
    }

    /// Makes readers elsewhere.
    pub fn readers(&self) -> ContentReaders {
        ContentReaders::of(self)
    }

    /// A writer of new content. Its [`finish`](ContentWriter::finish) gives the content, to be
    /// set with [`Session::set_content`].
    pub fn write(&self) -> Result<ContentWriter, ProcessError> {
        self.writers().create()
    }

    /// Makes writers elsewhere.
    pub fn writers(&self) -> ContentWriters {
        ContentWriters::of(self)
    }

    /// Gives `flowfile` new content.
    pub fn set_content(&mut self, flowfile: &mut FlowFile, content: Content) {
        if content == *flowfile.content() {
            return;
        }
        if matches!(content, Content::Stored(_)) {
            self.changes.written.push(content.clone());
        }
        flowfile.set_content(content);
        let event = self.event(EventType::ContentModified, flowfile);
        self.changes.events.push(event);
    }

    /// Gives `flowfile` content that came in before there was this session, written by
    /// [`ProcessorContext::writers`], which must live until the commit.
    pub fn adopt_content(&mut self, flowfile: &mut FlowFile, content: Content) {
        self.bytes_written.fetch_add(content.size_bytes(), Ordering::Relaxed);
        self.set_content(flowfile, content);
    }

    /// Sends `flowfile` out by `relationship`. Its `uuid` is the one that it came with: as in NiFi,
    /// what a processor does to that attribute counts for nothing.
    pub fn transfer(&mut self, mut flowfile: FlowFile, relationship: &str) {
        if self.uuid(&flowfile) != flowfile.uuid() {
            let uuid = Box::<str>::from(self.uuid(&flowfile));
            flowfile.set_attribute(core_attribute::UUID, uuid);
        }
        self.settle(&flowfile);
        if !self.host.has_relationship(relationship) {
            self.bug.get_or_insert_with(|| {
                ProcessError::internal(format!(
                    "the processor transferred a flowfile to \"{relationship}\", \
                     a relationship that it does not have"
                ))
            });
        }
        let relationship = relationship.into();
        self.changes.transfers.push(Transfer { flowfile, relationship, is_final: false });
    }

    /// Ends the life of `flowfile`.
    #[allow(clippy::needless_pass_by_value, reason = "what was handed on is not to be used again")]
    pub fn remove(&mut self, flowfile: FlowFile, reason: &str) {
        let mut event = self.event(EventType::Drop, &flowfile);
        event.details = Some(reason.into());
        self.settle(&flowfile);
        self.changes.events.push(event);
    }

    /// Puts `flowfile` back into the queue that it was taken from, unchanged but for a penalty.
    /// With one it counts as an attempt, and after as many as flowfiles have nobody waits for it
    /// any more, though it goes on being tried.
    #[allow(clippy::needless_pass_by_value, reason = "what was handed on is not to be used again")]
    pub fn give_back(&mut self, flowfile: FlowFile) {
        let Some(mut original) = self.original(flowfile.id()) else { return };
        original.set_penalized_until(flowfile.penalized_until());
        self.host.give_back(vec![original]);
    }

    /// Lets `flowfile` wait for the processor's penalty duration before anything works on it.
    pub fn penalize(&self, flowfile: &mut FlowFile) {
        let until = self.context.clock().now().plus_ms(self.host.penalty_ms());
        flowfile.set_penalized_until(Some(until));
    }

    /// Says that there is nothing to do for the processor's yield duration.
    pub fn yield_processor(&mut self) {
        self.yielded = true;
    }

    /// Says that nothing can be done with what waits before more comes, a service that the
    /// processor uses changes or, where that is known, before the moment `until`. It stays in its
    /// queue, in its place, and survives there whatever happens. A run until idle waits for
    /// `until`; without it, what waits is left to the next run.
    ///
    /// Only for processors that run in one task: another one's work would not be noticed.
    pub fn rest(&mut self, until: Option<Timestamp>) {
        self.rest = Some(Rest { until });
    }

    /// Runs `effect` once the commit of this session is durable: for effects on the outside that
    /// forget the source, such as deleting the file that was picked up. Effects run in the order of
    /// their commits. One may run more than once over crashes, or not at all: it must be safe to
    /// repeat.
    ///
    /// It belongs to `flowfile`, one of this session: when that is given back, or tried again
    /// because of where it was sent, the effect is forgotten, and comes with the next attempt.
    pub fn on_durable(
        &mut self,
        flowfile: &FlowFile,
        effect: impl FnOnce() -> Result<(), ProcessError> + Send + Sync + 'static,
    ) {
        let effect: OnDurable = Box::new(effect);
        self.changes.on_durable.push((flowfile.id(), effect));
    }

    /// Ends when the flowfiles that this session took are durable as they came, and all else that
    /// was committed before: for processors whose work takes away on the outside what flowfiles
    /// were made from. Where the work ends with the commit, [`Session::on_durable`] costs less.
    pub async fn durable(&self) -> Result<(), ProcessError> {
        self.host.durable().await
    }

    /// Says that `flowfile` came from `transit_uri`.
    pub fn provenance_receive(&mut self, flowfile: &FlowFile, transit_uri: &str) {
        let mut event = self.event(EventType::Receive, flowfile);
        event.transit_uri = Some(transit_uri.into());
        self.changes.events.push(event);
    }

    /// Says that `flowfile` got its content from `transit_uri`.
    pub fn provenance_fetch(&mut self, flowfile: &FlowFile, transit_uri: &str) {
        let mut event = self.event(EventType::Fetch, flowfile);
        event.transit_uri = Some(transit_uri.into());
        self.changes.events.push(event);
    }

    /// Says that `transit_uri` was told to do what `details` say because of `flowfile`.
    pub fn provenance_invoke(&mut self, flowfile: &FlowFile, transit_uri: &str, details: &str) {
        let mut event = self.event(EventType::RemoteInvocation, flowfile);
        event.transit_uri = Some(transit_uri.into());
        event.details = Some(details.into());
        self.changes.events.push(event);
    }

    /// Says that `bytes` of `flowfile` went to `transit_uri`, as many as are there now.
    pub fn provenance_send(&mut self, flowfile: &FlowFile, transit_uri: &str, bytes: u64) {
        let mut event = self.event(EventType::Send, flowfile);
        event.transit_uri = Some(transit_uri.into());
        event.transit_bytes = Some(bytes);
        self.changes.events.push(event);
    }

    /// Says why `flowfile` goes to `relationship`.
    pub fn provenance_route(&mut self, flowfile: &FlowFile, relationship: &str, details: &str) {
        let mut event = self.event(EventType::Route, flowfile);
        event.relationship = Some(relationship.into());
        event.details = Some(details.into());
        self.changes.events.push(event);
    }

    /// Counts `amount` by `flowfile` in the processor's counter `name`, a phrase in the plural such
    /// as `damaged recordings`: with the commit, and not when the flowfile is tried again. The
    /// operator sees the counters in the status, and what they came to at the end of a run.
    pub fn adjust_counter(&mut self, flowfile: &FlowFile, name: impl Into<Text>, amount: u64) {
        self.changes.counters.push((flowfile.id(), name.into(), amount));
    }

    /// Tells the operator something.
    pub fn report(&self, level: Level, flowfile: Option<&FlowFile>, message: impl Into<String>) {
        self.context.host.report(self.bulletin(level, flowfile, message.into()));
    }

    /// Tells the operator of an error, with its causes and what to do.
    pub fn report_error(&self, flowfile: Option<&FlowFile>, error: &ProcessError) {
        self.context.host.report(self.told(Level::Error, flowfile, error));
    }

    /// The surroundings, for work that outlives a look at the session.
    pub fn context(&self) -> &ProcessorContext {
        &self.context
    }

    /// The injected clock.
    pub fn clock(&self) -> &dyn Clock {
        self.context.clock()
    }

    /// The injected randomness.
    pub fn random(&self) -> &dyn Random {
        self.context.random()
    }

    /// Runs work that computes, off the async threads, on as many threads as there are cores.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ProcessError> {
        self.context.compute(work).await
    }

    /// Runs work that waits for a disk or for a library that blocks, off the async threads.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ProcessError> {
        self.context.blocking(work).await
    }

    /// Makes everything since the last commit count, at once. Visible downstream when it ends;
    /// durable a little later, see [`Session::on_durable`]. After an error nothing counts, and
    /// the session must be rolled back; the engine does.
    pub async fn commit(&mut self) -> Result<(), ProcessError> {
        if let Some(bug) = self.bug.take() {
            return Err(bug);
        }
        if let Some(id) = self.held.keys().next() {
            return Err(ProcessError::internal(format!(
                "the processor neither transferred nor removed {} of its flowfiles, \
                 the first is number {}",
                self.held.len(),
                id.0
            )));
        }
        let mut changes = std::mem::take(&mut self.changes);
        changes.state = std::mem::take(&mut self.state).into_iter().collect();
        changes.service = self.service.as_ref().and_then(HeldState::changes);
        changes.counts.bytes_read = self.bytes_read.swap(0, Ordering::Relaxed);
        changes.counts.bytes_written = self.bytes_written.swap(0, Ordering::Relaxed);
        changes.taken = self.settled.iter().map(FlowFile::id).collect();
        provenance::tidy(&mut changes);
        let written = changes.written.clone();
        if let Err(error) = self.host.commit(changes).await {
            // For the rollback to let go of.
            self.changes.written = written;
            return Err(error);
        }
        self.settled.clear();
        self.service = None;
        Ok(())
    }

    /// Undoes everything since the last commit. What was taken goes back to its queue, penalised
    /// when `penalize` says so; what was made is gone.
    pub fn rollback(&mut self, penalize: bool) {
        let mut originals = self.forget();
        if penalize {
            for flowfile in &mut originals {
                self.penalize(flowfile);
            }
        }
        self.host.give_back(originals);
    }

    /// Undoes everything since the last commit but that flowfiles were taken, and hands these out
    /// as they came, by their age: for processors whose work ended badly and is not tried again.
    pub fn undo(&mut self) -> Vec<FlowFile> {
        let originals = self.forget();
        let taken = originals.iter().map(|one| (one.id(), Held::Taken(one.clone())));
        self.held.extend(taken);
        originals
    }

    /// Undoes everything; with what was taken, as it was.
    fn forget(&mut self) -> Vec<FlowFile> {
        let mut originals = std::mem::take(&mut self.settled);
        let held = std::mem::take(&mut self.held);
        originals.extend(held.into_values().filter_map(Held::original));
        originals.sort_by_key(FlowFile::id);
        let changes = std::mem::take(&mut self.changes);
        self.state.clear();
        self.service = None;
        self.bug = None;
        self.host.release(changes.written);
        originals
    }

    /// Whether the processor asked to yield; for engines.
    pub fn has_yielded(&self) -> bool {
        self.yielded
    }

    /// Whether and until when the processor has nothing to do with what waits; for engines.
    pub fn rests(&self) -> Option<Rest> {
        self.rest
    }

    /// What is to be given back, as it was taken.
    fn original(&mut self, id: FlowFileId) -> Option<FlowFile> {
        let original = self.held.remove(&id).and_then(Held::original);
        self.changes.events.retain(|event| event.flowfile != id);
        self.changes.on_durable.retain(|(flowfile, _)| *flowfile != id);
        self.changes.counters.retain(|(flowfile, _, _)| *flowfile != id);
        if original.is_none() {
            self.bug.get_or_insert_with(|| {
                ProcessError::internal(
                    "the processor gave back a flowfile that it had not taken from a queue",
                )
            });
        }
        original
    }

    /// Takes `flowfile` out of the processor's hands and notes what changed.
    fn settle(&mut self, flowfile: &FlowFile) {
        let is_changed = match self.held.get(&flowfile.id()) {
            Some(Held::Taken(original)) => {
                !original.attributes().is_same(flowfile.attributes())
                    && original.attributes() != flowfile.attributes()
            }
            _ => false,
        };
        if is_changed {
            let event = self.event(EventType::AttributesModified, flowfile);
            self.changes.events.push(event);
        }
        match self.held.remove(&flowfile.id()) {
            Some(held) => self.settled.extend(held.original()),
            None => {
                self.bug.get_or_insert_with(|| {
                    ProcessError::internal(
                        "the processor transferred or removed a flowfile that is not of its \
                         session",
                    )
                });
            }
        }
    }

    fn event(&self, event_type: EventType, flowfile: &FlowFile) -> ProvenanceEvent {
        let host = &self.context.host;
        let place = (Arc::clone(host.flow()), Arc::clone(host.component()));
        let now = self.context.clock().now();
        let mut event = ProvenanceEvent::new(event_type, now, place, flowfile);
        let uuid = self.uuid(flowfile);
        if *event.uuid != *uuid {
            event.uuid = uuid.into();
            event.attributes.insert(core_attribute::UUID, uuid);
        }
        event
    }

    /// The `uuid` that `flowfile` came with, or was made with.
    fn uuid<'s>(&'s self, flowfile: &'s FlowFile) -> &'s str {
        self.held.get(&flowfile.id()).map_or(flowfile.uuid(), Held::uuid)
    }

    /// A message to the operator.
    pub(crate) fn bulletin(
        &self,
        level: Level,
        flowfile: Option<&FlowFile>,
        message: String,
    ) -> Bulletin {
        Bulletin {
            flowfile: flowfile.map(|flowfile| self.uuid(flowfile).into()),
            filename: flowfile
                .and_then(|flowfile| flowfile.attribute(core_attribute::FILENAME))
                .map(Into::into),
            ..self.context.bulletin(level, message)
        }
    }

    fn told(&self, level: Level, flowfile: Option<&FlowFile>, error: &ProcessError) -> Bulletin {
        let help = error.help().map(Into::into);
        Bulletin { help, ..self.bulletin(level, flowfile, error.chain()) }
    }
}
