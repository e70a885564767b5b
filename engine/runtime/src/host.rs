//! What a session gets from the engine: its processor's queues and content.
//!
//! One host for one trigger. It knows what was taken from which queue until that is settled.

mod commit;
mod expire;
mod inputs;
mod plan;
mod retry;
mod surroundings;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tutti_model::flowfile::{Claim, Content, ContentSlice, FlowFile, FlowFileId, Pick, Timestamp};
use tutti_sdk::derive::Deriver;
use tutti_sdk::host::{BoxFuture, Changes, ContentHost, ContentSink, ReadSeek, SessionHost};
use tutti_sdk::{ProcessError, Retry};
use tutti_store::{ClaimGuard, ContentWriter, QueueId, Receipt, Repository, StoreError, Taken};

use crate::environment::milliseconds;
use crate::idle;
use crate::node::{Node, Shared};
use crate::run::Run;
use crate::watch::Watched;

pub(crate) use surroundings::surroundings;

type Guards = Arc<Mutex<HashMap<Claim, ClaimGuard>>>;

pub(crate) struct TriggerHost {
    shared: Arc<Shared>,
    node: usize,
    run: Arc<Run>,
    taken: Mutex<BTreeMap<FlowFileId, (Receipt, FlowFile)>>,
    guards: Guards,
    /// Something was taken or made, and committed, or put back for later.
    has_moved: AtomicBool,
    /// How long the processor is to pause for a flowfile that is tried again.
    pause: Mutex<Option<Duration>>,
    /// The session failed, and whether trying again can help.
    failing: Mutex<Option<Retry>>,
    /// Flowfiles that were tried so often.
    exhausted: Mutex<Vec<FlowFile>>,
    /// Something that failed went back for another attempt.
    is_trying_again: AtomicBool,
    /// Something that failed went back of which nobody expects anything any more.
    is_in_vain: AtomicBool,
    /// How it is watched, after a death of the process.
    watched: Option<Watched>,
}

impl TriggerHost {
    pub(crate) fn new(
        shared: Arc<Shared>,
        node: usize,
        run: Arc<Run>,
        watched: Option<Watched>,
    ) -> Arc<Self> {
        Arc::new(Self {
            shared,
            node,
            run,
            taken: Mutex::default(),
            guards: Arc::default(),
            has_moved: AtomicBool::new(false),
            pause: Mutex::default(),
            failing: Mutex::default(),
            exhausted: Mutex::default(),
            is_trying_again: AtomicBool::new(false),
            is_in_vain: AtomicBool::new(false),
            watched,
        })
    }

    /// How it is watched, after a death of the process.
    pub(crate) fn watched(&self) -> Option<&Watched> {
        self.watched.as_ref()
    }

    pub(crate) fn has_moved(&self) -> bool {
        self.has_moved.load(Ordering::SeqCst)
    }

    pub(crate) fn requested_pause(&self) -> Option<Duration> {
        *self.pause.lock()
    }

    /// Puts everything back that was taken and not settled, as it was.
    pub(crate) fn give_all_back(&self) {
        let taken = std::mem::take(&mut *self.taken.lock());
        for (receipt, flowfile) in taken.into_values() {
            self.give_receipt_back(receipt, retry::as_it_was(&flowfile));
        }
    }

    fn node(&self) -> &Node {
        &self.shared.nodes[self.node]
    }

    fn now(&self) -> Timestamp {
        self.shared.environment.clock.now()
    }

    fn poll_repository(
        &self,
        queue: QueueId,
        max: usize,
        now: Timestamp,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Result<Vec<Taken>, StoreError> {
        match &self.watched {
            None => self.shared.repository.poll(queue, max, now, filter),
            Some(watched) => watched.poll(&self.shared, queue, max, now, filter),
        }
    }

    fn poll_one_queue(
        &self,
        connection: usize,
        max: usize,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
        is_stopped: &mut bool,
    ) -> Result<Vec<FlowFile>, ProcessError> {
        let connection = &self.shared.connections[connection];
        let now = self.now();
        let polled = loop {
            let polled = self.poll_repository(connection.queue, max, now, &mut |flowfile| {
                if connection.is_expired(flowfile, now) {
                    return Pick::Take;
                }
                let pick = match &self.watched {
                    Some(watched) => watched.pick(&self.shared, connection.queue, flowfile, filter),
                    None => filter(flowfile),
                };
                *is_stopped |= matches!(pick, Pick::TakeAndStop | Pick::Stop);
                pick
            });
            let mut polled = polled.map_err(|error| store_error("cannot take flowfiles", error))?;
            let is_expired = |taken: &mut Taken| connection.is_expired(&taken.flowfile, now);
            let expired: Vec<_> = polled.extract_if(.., is_expired).collect();
            if expired.is_empty() {
                break polled;
            }
            let has_room = self.expire(connection, expired)?;
            if !has_room || !polled.is_empty() || *is_stopped {
                break polled;
            }
        };
        if let Some(watched) = &self.watched {
            watched.note(&self.shared, self.node(), &polled);
        }
        let mut taken = self.taken.lock();
        let take = |Taken { receipt, flowfile }| {
            taken.insert(flowfile.id(), (receipt, flowfile.clone()));
            flowfile
        };
        Ok(polled.into_iter().map(take).collect())
    }
}

pub(crate) fn store_error(what: &str, error: StoreError) -> ProcessError {
    let help = error.help();
    ProcessError::external(format!("{what}: the repository refused"))
        .with_help(help)
        .caused_by(error)
}

fn terminated() -> ProcessError {
    ProcessError::external("the processor was terminated").permanent()
}

impl SessionHost for TriggerHost {
    fn has_relationship(&self, name: &str) -> bool {
        self.node().routes.get(name).is_some()
    }

    fn poll(
        &self,
        max: usize,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Result<Vec<FlowFile>, ProcessError> {
        let _alive = self.run.keep_alive().ok_or_else(terminated)?;
        let node = self.node();
        if self.run.is_draining() && self.run.is_stopping() {
            return Ok(Vec::new());
        }
        let mut taken = Vec::new();
        let mut is_stopped = false;
        // Queues take turns at coming first, so that none of them waits for ever.
        let cannot_look = |error| store_error("cannot look for flowfiles", error);
        let offered = self.shared.offered(node).map_err(cannot_look)?;
        let appetite = self.shared.appetite(node).map_err(cannot_look)?;
        let max = max.min(usize::try_from(appetite.flowfiles).unwrap_or(usize::MAX));
        let mut bytes_left = appetite.bytes;
        let mut filter = |flowfile: &FlowFile| {
            let pick = filter(flowfile);
            if matches!(pick, Pick::Take | Pick::TakeAndStop) {
                bytes_left = bytes_left.saturating_sub(flowfile.size_bytes());
            }
            if bytes_left == 0 && pick == Pick::Take { Pick::TakeAndStop } else { pick }
        };
        let first = node.next_input.fetch_add(1, Ordering::Relaxed) % offered.len().max(1);
        let (later, earlier) = offered.split_at(first.min(offered.len()));
        for connection in earlier.iter().chain(later) {
            if is_stopped || taken.len() >= max {
                break;
            }
            let room = max - taken.len();
            match self.poll_one_queue(*connection, room, &mut filter, &mut is_stopped) {
                Ok(more) => taken.extend(more),
                Err(error) if taken.is_empty() => return Err(error),
                // What was taken is the processor's; it learns of the error next time.
                Err(_) => break,
            }
        }
        if node.settings.concurrent_tasks > 1 {
            // What is left may be work for another task.
            node.wake.notify_one();
        }
        Ok(taken)
    }

    fn give_back(&self, flowfiles: Vec<FlowFile>) {
        self.put_back(flowfiles);
    }

    fn give_back_failed(&self, flowfile: FlowFile, is_in_vain: bool) {
        let Some((receipt, original)) = self.forget(flowfile.id()) else { return };
        self.put_back_failed(receipt, &original, is_in_vain);
    }

    fn give_back_for_retry(&self, flowfile: FlowFile) {
        let Some((receipt, original)) = self.forget(flowfile.id()) else { return };
        self.put_back_for_retry(receipt, &original);
    }

    fn attempts_max(&self) -> u32 {
        self.attempts_max_of(Retry::Later)
    }

    fn next_id(&self) -> FlowFileId {
        if let Some(watched) = &self.watched {
            watched.act(&self.shared, self.node());
        }
        self.shared.repository.next_id()
    }

    fn open(&self, content: &ContentSlice) -> Result<Box<dyn ReadSeek>, ProcessError> {
        let opened = self.shared.repository.open_content(content);
        let reader = opened.map_err(|error| store_error("cannot read content", error))?;
        Ok(Box::new(reader))
    }

    fn release(&self, written: Vec<Content>) {
        let mut guards = self.guards.lock();
        for claim in written.iter().filter_map(Content::claim) {
            guards.remove(&claim);
        }
    }

    fn deriver(&self, kind: &str) -> Option<Arc<dyn Deriver>> {
        self.shared.catalog.deriver(kind).cloned()
    }

    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), ProcessError>> {
        Box::pin(self.commit_changes(changes))
    }

    fn durable(&self) -> BoxFuture<'_, Result<(), ProcessError>> {
        Box::pin(async {
            idle::flush(&self.shared).await.map_err(|error| {
                ProcessError::external("flowfiles could not be brought to the disk")
                    .with_help(error.help())
                    .caused_by(error)
            })
        })
    }

    fn penalty_ms(&self) -> u64 {
        milliseconds(self.node().settings.penalty)
    }

    fn is_tried_again(&self, flowfile: FlowFileId, relationship: &str) -> bool {
        self.is_to_be_retried(flowfile, relationship)
    }
}

impl ContentHost for TriggerHost {
    fn create(&self) -> Result<Box<dyn ContentSink>, ProcessError> {
        let writer = self.shared.repository.create_content();
        Ok(Box::new(Sink { writer, guards: Arc::clone(&self.guards) }))
    }
}

/// Takes content outside of a session, and keeps it alive as long as this lives.
pub(crate) struct Contents {
    repository: Arc<Repository>,
    guards: Guards,
}

impl Contents {
    pub(crate) fn new(repository: Arc<Repository>) -> Self {
        Self { repository, guards: Arc::default() }
    }
}

impl ContentHost for Contents {
    fn create(&self) -> Result<Box<dyn ContentSink>, ProcessError> {
        let writer = self.repository.create_content();
        Ok(Box::new(Sink { writer, guards: Arc::clone(&self.guards) }))
    }
}

/// New content, kept alive for whom it was made for once it is whole.
struct Sink {
    writer: ContentWriter,
    guards: Guards,
}

impl io::Write for Sink {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.writer.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl ContentSink for Sink {
    fn finish(self: Box<Self>) -> io::Result<Content> {
        let guard = self.writer.finish()?;
        let claim = guard.claim();
        self.guards.lock().insert(claim, guard);
        Ok(Content::Stored(ContentSlice::whole(claim)))
    }
}
