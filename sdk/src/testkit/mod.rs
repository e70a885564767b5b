//! Runs one processor without an engine: flowfiles in, a trigger, a look at what came out.
//!
//! Everything is in memory, the clock moves only when the test moves it, and randomness comes from
//! a seed. Meant for tests: what cannot go on panics with a word on why.
#![allow(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on ends, and says so"
)]

mod content;
pub mod contract;
mod host;
mod service;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use tutti_model::flowfile::{Content, FlowFile};
use tutti_model::provenance::ProvenanceEvent;
use tutti_model::spec::{InputRequirement, ProcessorSpec};

pub use crate::deterministic::{ManualClock, SeededRandom};
pub use service::TestService;

use crate::bulletin::{Bulletin, Level};
use crate::derive::Deriver;
use crate::host::{Clock, ProcessorHost, Rest, SessionHost};
use crate::processor::{BuildContext, BuildError, Processor, ProcessorType, Runnable};
use crate::{Probe, Verification};
use crate::{ProcessError, ProcessorContext, Session};
use host::MemoryHost;

#[cfg(test)]
mod tests;

/// What a processor sent out by one relationship.
pub struct Output {
    /// The flowfile as it left.
    pub flowfile: FlowFile,
    host: Arc<MemoryHost>,
}

impl Output {
    /// The value of an attribute; `""` where there is none.
    pub fn attribute(&self, name: &str) -> &str {
        self.flowfile.attribute(name).unwrap_or_default()
    }

    /// The content. Derived content is made, for which its deriver must be known.
    pub fn bytes(&self) -> Vec<u8> {
        let session = session(&self.host);
        let mut bytes = Vec::new();
        let mut reader = session
            .read(&self.flowfile)
            .unwrap_or_else(|error| panic!("cannot open the content: {}", error.chain()));
        if let Err(error) = reader.read_to_end(&mut bytes) {
            panic!("cannot read the content: {error}");
        }
        bytes
    }

    /// The content as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap_or_else(|error| panic!("not a text: {error}"))
    }
}

/// Asks a processor to stop.
#[derive(Clone)]
pub struct Stopper(Arc<MemoryHost>);

impl Stopper {
    /// From now on there is no further trigger, and the one at work is to end.
    pub fn stop(&self) {
        self.0.set_stopping(true);
    }
}

fn context(host: &Arc<MemoryHost>) -> ProcessorContext {
    ProcessorContext::new(Arc::clone(host) as Arc<dyn ProcessorHost>)
}

fn session(host: &Arc<MemoryHost>) -> Session {
    Session::new(context(host), Arc::clone(host) as Arc<dyn SessionHost>)
}

/// A processor on a test bench.
pub struct TestRunner {
    spec: ProcessorSpec,
    processor: Arc<dyn Runnable>,
    host: Arc<MemoryHost>,
    scheduled: bool,
}

impl TestRunner {
    /// A processor of type `P` with these properties. Names that it does not declare are those
    /// that the user chose.
    ///
    /// # Panics
    /// When the properties do not fit.
    pub fn new<P: Processor>(properties: &[(&str, &str)]) -> Self {
        Self::try_new::<P>(properties).unwrap_or_else(|error| panic!("cannot build: {error}"))
    }

    /// As [`TestRunner::new`], for tests of properties that do not fit.
    pub fn try_new<P: Processor>(properties: &[(&str, &str)]) -> Result<Self, BuildError> {
        Self::of(&ProcessorType::of::<P>(), properties)
    }

    /// As [`TestRunner::try_new`], of a type from a catalog.
    pub fn of(
        processor_type: &ProcessorType,
        properties: &[(&str, &str)],
    ) -> Result<Self, BuildError> {
        let spec = processor_type.spec().clone();
        let mut values = BTreeMap::new();
        let mut dynamic = Vec::new();
        for &(name, value) in properties {
            if spec.property(name).is_some() {
                values.insert(name.to_owned(), value.to_owned());
            } else if spec.dynamic.is_some() {
                dynamic.push((name.to_owned(), value.to_owned()));
            } else {
                panic!("{} has no property \"{name}\"", spec.type_name);
            }
        }
        let mut relationships: Vec<String> =
            spec.relationships.iter().map(|each| each.name.to_string()).collect();
        if spec.dynamic.as_ref().is_some_and(|dynamic| dynamic.relationships) {
            relationships.extend(dynamic.iter().map(|(name, _)| name.clone()));
        }
        let context = BuildContext { component: spec.type_name.to_string(), dynamic };
        let processor = processor_type.build(&values, &context)?;
        let host = MemoryHost::new(&spec.type_name, relationships);
        host.set_source(spec.input == InputRequirement::Forbidden);
        Ok(Self { spec, processor, host, scheduled: false })
    }

    /// What the processor says about itself.
    pub fn spec(&self) -> &ProcessorSpec {
        &self.spec
    }

    /// What the processor says when it is tried out, with the attributes of a flowfile or without.
    pub async fn verify(&self, attributes: Option<&[(&str, &str)]>) -> Vec<Verification> {
        let sample = attributes.map(|attributes| {
            let mut sample = FlowFile::new(self.host.next_id(), self.host.clock.now());
            for (name, value) in attributes {
                sample.set_attribute(name, value);
            }
            sample
        });
        self.processor.verify(&Probe::new(context(&self.host), sample)).await
    }

    /// Lets derived content be read.
    pub fn with_deriver(self, deriver: Arc<dyn Deriver>) -> Self {
        self.host.derivers.lock().insert(deriver.kind().to_owned(), deriver);
        self
    }

    /// Gives expressions a parameter.
    pub fn with_parameter(self, name: &str, value: &str) -> Self {
        self.host.parameters.lock().insert(name.to_owned(), value.to_owned());
        self
    }

    /// Lets the processor's properties name `service`. Several processors may have the same.
    pub fn with_service(self, service: &TestService) -> Self {
        self.host.services.lock().insert(service.name().to_owned(), service.clone());
        self
    }

    /// The clock, which stands still until it is moved.
    pub fn clock(&self) -> Arc<ManualClock> {
        Arc::clone(&self.host.clock)
    }

    /// Puts a flowfile into the incoming queue and hands back its `uuid`.
    pub fn enqueue(&self, content: &[u8], attributes: &[(&str, &str)]) -> String {
        let content = self.host.store(content.to_vec());
        self.enqueue_content(content, attributes)
    }

    /// As [`TestRunner::enqueue`], with content that exists already, e.g. derived content.
    pub fn enqueue_content(&self, content: Content, attributes: &[(&str, &str)]) -> String {
        self.host.enqueue(content, attributes)
    }

    /// Stores bytes as content, e.g. for derived content to be made from.
    pub fn store(&self, bytes: &[u8]) -> Content {
        self.host.store(bytes.to_vec())
    }

    /// Puts what came out of another processor into the incoming queue, as a connection would.
    pub fn enqueue_output(&self, output: &Output) {
        let content = match output.flowfile.content() {
            Content::Stored(_) => self.host.store(output.bytes()),
            Content::Empty => Content::Empty,
            Content::Derived(derived) => {
                let bytes = output.host.stored(&derived.source);
                let mut derived = derived.clone();
                if let Content::Stored(slice) = self.host.store(bytes) {
                    Arc::make_mut(&mut derived).source = slice;
                }
                Content::Derived(derived)
            }
        };
        let attributes: Vec<_> = output.flowfile.attributes().iter().collect();
        self.host.enqueue(content, &attributes);
    }

    /// Lets the processor begin, as it does with the first trigger: for what is to happen between
    /// the two.
    pub fn start(&self) {
        self.processor.on_starting();
    }

    /// Starts the processor, unless it has been, as it is before the first trigger.
    pub async fn schedule(&mut self) -> Result<(), ProcessError> {
        if !self.scheduled {
            let services: Vec<_> = self.host.services.lock().values().cloned().collect();
            for service in services {
                service.enable().await?;
            }
            self.host.set_stopping(false);
            self.processor.on_starting();
            self.processor.on_scheduled(&context(&self.host)).await?;
            self.scheduled = true;
        }
        Ok(())
    }

    /// Whether no connection leads to it, where it can do without.
    pub fn set_source(&self, is_source: bool) {
        self.host.set_source(is_source);
    }

    /// What asks the processor to stop, also while it is triggered.
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.host))
    }

    /// Whether the connections that lead away are full. It is triggered all the same.
    pub fn set_full(&self, is_full: bool) {
        self.host.set_full(is_full);
    }

    /// Triggers the processor once and commits, or rolls back, penalises and reports, as an engine
    /// does. Hands back what the processor or the commit failed with.
    pub async fn run(&mut self) -> Result<(), ProcessError> {
        self.schedule().await?;
        let mut session = session(&self.host);
        let triggered = self.processor.on_trigger(&mut session).await;
        let result = self.host.end(&mut session, triggered).await;
        self.host.paused(session.has_yielded(), session.rests());
        result
    }

    /// Triggers `times` times, and stops at the first error.
    pub async fn run_times(&mut self, times: usize) -> Result<(), ProcessError> {
        for _ in 0..times {
            self.run().await?;
        }
        Ok(())
    }

    /// Ends the processor's work as a stop does; the next run starts it again.
    pub async fn stop(&mut self) {
        if self.scheduled {
            self.host.set_stopping(true);
            self.processor.on_stopped(&context(&self.host)).await;
            self.scheduled = false;
        }
    }

    /// Triggers once and then crashes before anything of it was durable: state, that of services
    /// too, queue and outputs are as before, and no effect of `on_durable` ran.
    pub async fn crash_before_durable(&mut self) -> Result<(), ProcessError> {
        let before = self.host.snapshot();
        self.host.withhold(true);
        let result = self.run().await;
        self.host.withhold(false);
        self.host.restore(before);
        result
    }

    /// Triggers once; what was to run on durable waits for [`TestRunner::make_durable`].
    pub async fn run_withheld(&mut self) -> Result<(), ProcessError> {
        self.host.withhold(true);
        let result = self.run().await;
        self.host.withhold(false);
        result
    }

    /// Runs what was withheld.
    pub fn make_durable(&self) {
        self.host.make_durable();
    }

    /// Everything that left by `relationship`, in order.
    pub fn transferred(&self, relationship: &str) -> Vec<Output> {
        let output = |flowfile| Output { flowfile, host: Arc::clone(&self.host) };
        self.host.outputs(relationship).into_iter().map(output).collect()
    }

    /// The only flowfile that left by `relationship`.
    pub fn only(&self, relationship: &str) -> Output {
        self.assert_transferred(relationship, 1);
        self.transferred(relationship)
            .pop()
            .unwrap_or_else(|| panic!("nothing was transferred to \"{relationship}\""))
    }

    /// Panics unless `count` flowfiles left by `relationship`.
    pub fn assert_transferred(&self, relationship: &str, count: usize) {
        let found = self.host.counts();
        let there = found.get(relationship).copied().unwrap_or(0);
        assert!(
            there == count,
            "expected {count} at \"{relationship}\", found {found:?}; bulletins: {:?}",
            self.messages()
        );
    }

    /// Panics unless `count` flowfiles left, all by `relationship`.
    pub fn assert_all_transferred(&self, relationship: &str, count: usize) {
        self.assert_transferred(relationship, count);
        let all: usize = self.host.counts().values().sum();
        assert!(all == count, "expected nothing elsewhere, found {:?}", self.host.counts());
    }

    /// Forgets outputs, bulletins and events, and keeps queue and state.
    pub fn clear(&self) {
        self.host.clear();
    }

    /// How many flowfiles wait.
    pub fn queued(&self) -> usize {
        self.host.queued()
    }

    /// Messages to the operator, eldest first.
    pub fn bulletins(&self) -> Vec<Bulletin> {
        self.host.bulletins()
    }

    /// Their texts, with level and help.
    pub fn messages(&self) -> Vec<String> {
        let text = |bulletin: Bulletin| {
            let help = bulletin.help.map(|help| format!(" [{help}]")).unwrap_or_default();
            format!("{:?}: {}{help}", bulletin.level, bulletin.message)
        };
        self.bulletins().into_iter().map(text).collect()
    }

    /// Panics unless there is exactly one bulletin of that level and it holds `part`.
    pub fn assert_bulletin(&self, level: Level, part: &str) {
        let bulletins = self.bulletins();
        let fit = bulletins.len() == 1
            && bulletins.iter().all(|each| each.level == level && each.message.contains(part));
        assert!(fit, "expected one {level:?} with \"{part}\", found {:?}", self.messages());
    }

    /// The committed state.
    pub fn state(&self) -> BTreeMap<String, String> {
        self.host.committed_state()
    }

    /// Sets committed state, as an earlier run would have left it.
    pub fn set_state(&self, key: &str, value: &str) {
        self.host.set_state(key, value);
    }

    /// Committed events, in order.
    pub fn events(&self) -> Vec<ProvenanceEvent> {
        self.host.events()
    }

    /// Whether the last run yielded.
    pub fn has_yielded(&self) -> bool {
        self.host.has_yielded()
    }

    /// Whether and until when the last run had nothing to do with what waits.
    pub fn rests(&self) -> Option<Rest> {
        self.host.rests()
    }

    /// How many contents were open for reading at once, at most.
    pub fn open_contents_most(&self) -> usize {
        self.host.opened.most()
    }

    /// Reads of content fail after this many bytes each, or no longer with `None`.
    pub fn fail_reads_after(&self, bytes: Option<u64>) {
        self.host.faults.lock().read_bytes = bytes;
    }

    /// Writes of content fail after this many bytes each, or no longer with `None`.
    pub fn fail_writes_after(&self, bytes: Option<u64>) {
        self.host.faults.lock().write_bytes = bytes;
    }

    /// The next `count` times that something is waited for to be durable fail.
    pub fn fail_flushes(&self, count: u32) {
        self.host.faults.lock().flushes = count;
    }

    /// The next `count` commits fail.
    pub fn fail_commits(&self, count: u32) {
        self.host.faults.lock().commits = count;
    }
}
