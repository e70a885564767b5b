//! What a flow did while somebody watched: each flowfile that was sent somewhere, with its content.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use tutti_model::flowfile::{Content, FlowFile, Timestamp};
use tutti_runtime::Observer;
use tutti_sdk::Catalog;
use tutti_sdk::deterministic::ManualClock;
use tutti_sdk::host::Clock;
use tutti_store::{ContentReader, Repository};

use crate::compare::CONTENT_BYTES_MAX;

/// The most flowfiles that a test may send, at all places together.
pub(crate) const SENT_MAX: usize = 100_000;

/// A flowfile at a place.
pub(crate) struct Seen {
    pub(crate) processor: String,
    pub(crate) relationship: String,
    /// Since the beginning.
    pub(crate) after_ms: u64,
    pub(crate) is_penalized: bool,
    pub(crate) flowfile: FlowFile,
    /// What the properties of its processor came to, where that was replaced.
    pub(crate) properties: Option<BTreeMap<String, String>>,
    content: Mutex<Kept>,
}

/// Content that was not looked at yet, or was.
enum Kept {
    /// A reader keeps its file, whatever becomes of the flowfile.
    Unread(Option<Box<ContentReader>>, Arc<Catalog>),
    Read(Result<Arc<[u8]>, String>),
}

impl Seen {
    /// Its content, read once.
    pub(crate) fn content(&self) -> Result<Arc<[u8]>, String> {
        let mut content = self.content.lock();
        if let Kept::Unread(reader, catalog) = &mut *content {
            let read = read(&self.flowfile, reader.take(), catalog);
            *content = Kept::Read(read.map(Into::into));
        }
        match &*content {
            Kept::Read(read) => read.clone(),
            Kept::Unread(..) => Err("the content was not read".to_owned()),
        }
    }
}

fn read(
    flowfile: &FlowFile,
    reader: Option<Box<ContentReader>>,
    catalog: &Catalog,
) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let cannot = |error: &dyn std::fmt::Display| format!("the content cannot be read: {error}");
    let read = match (flowfile.content(), reader) {
        (Content::Empty, _) => return Ok(bytes),
        (_, None) => return Err(cannot(&"it is not there any more")),
        (Content::Stored(_), Some(reader)) => {
            reader.take(CONTENT_BYTES_MAX + 1).read_to_end(&mut bytes)
        }
        (Content::Derived(derived), Some(reader)) => {
            let made_by = catalog.deriver(&derived.kind);
            let made_by = made_by.ok_or_else(|| cannot(&"nobody knows how it is made"))?;
            let opened = made_by.open(reader, &derived.recipe);
            let opened = opened.map_err(|error| cannot(&error.chain()))?;
            opened.take(CONTENT_BYTES_MAX + 1).read_to_end(&mut bytes)
        }
    };
    read.map_err(|error| cannot(&error))?;
    if bytes.len() as u64 > CONTENT_BYTES_MAX {
        return Err(cannot(&format!("it has more than {} MB", CONTENT_BYTES_MAX >> 20)));
    }
    Ok(bytes)
}

/// Watches a flow.
pub(crate) struct Watch {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) start: Timestamp,
    catalog: Arc<Catalog>,
    repository: Weak<Repository>,
    seen: Mutex<Vec<Seen>>,
    is_full: AtomicBool,
    /// Tells whoever runs the flow that it is to stop.
    stop: Box<dyn Fn() + Send + Sync>,
}

impl Watch {
    pub(crate) fn new(
        clock: Arc<ManualClock>,
        catalog: Arc<Catalog>,
        repository: &Arc<Repository>,
        stop: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let start = clock.now();
        Self {
            clock,
            start,
            catalog,
            repository: Arc::downgrade(repository),
            seen: Mutex::default(),
            is_full: AtomicBool::new(false),
            stop: Box::new(stop),
        }
    }

    /// What was seen, in its order.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock())
    }

    /// A flowfile at a place at this moment.
    pub(crate) fn look(&self, processor: &str, relationship: &str, flowfile: &FlowFile) -> Seen {
        let now = self.clock.now();
        let slice = match flowfile.content() {
            Content::Empty => None,
            Content::Stored(slice) => Some(slice),
            Content::Derived(derived) => Some(&derived.source),
        };
        let opened = slice.and_then(|slice| {
            let repository = self.repository.upgrade()?;
            repository.open_content(slice).ok().map(Box::new)
        });
        Seen {
            processor: processor.to_owned(),
            relationship: relationship.to_owned(),
            after_ms: now.since_ms(self.start),
            is_penalized: flowfile.penalized_until().is_some_and(|until| until > now),
            flowfile: flowfile.clone(),
            properties: None,
            content: Mutex::new(Kept::Unread(opened, Arc::clone(&self.catalog))),
        }
    }
}

impl Observer for Watch {
    fn sent(&self, path: &str, relationship: &str, flowfile: &FlowFile) {
        let seen = self.look(path, relationship, flowfile);
        let mut all = self.seen.lock();
        if all.len() < SENT_MAX {
            all.push(seen);
        } else if !self.is_full.swap(true, Ordering::SeqCst) {
            (self.stop)();
        }
    }
}
