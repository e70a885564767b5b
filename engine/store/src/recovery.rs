//! Brings a repository back to the end of its last epoch, and says what that took.
//!
//! What cannot be used is put aside with its reason; the rest works. Nothing is dropped silently.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use serde::de::DeserializeOwned;
use tutti_model::flowfile::FlowFile;

use crate::content::ContentRepository;
use crate::core::{ComponentState, Core, Damage, NUMBERS_RESERVED, Quarantined};
use crate::epoch::Epoch;
use crate::error::{Result, StoreError};
use crate::health::Health;
use crate::key;
use crate::key_value::{Batch, KeyValue};
use crate::options::Options;
use crate::provenance::LogEnd;
use crate::queue::window::{Queue, WindowLimits};
use crate::record;
use crate::repository::Backend;

/// What was found when a repository was opened.
#[derive(Debug, Default)]
pub struct RecoveryReport {
    /// The epoch at which the records ended.
    pub epoch: u64,
    /// Queues.
    pub queues: usize,
    /// Flowfiles in them.
    pub flowfiles: u64,
    /// Records that could not be used and were put aside now.
    pub quarantined: Vec<Quarantined>,
    /// Records that were put aside at earlier times.
    pub quarantined_before: usize,
    /// Bytes of provenance that no durable commit knows of, and that were cut.
    pub provenance_bytes_cut: u64,
    /// Why it is not known whether all records are there.
    pub witness_damage: Option<StoreError>,
    /// What is missing of the provenance that was durable.
    pub provenance_damage: Vec<StoreError>,
    /// Content files that nothing refers to, and that were deleted.
    pub segments_deleted: usize,
    /// Content files that may belong to a record that was put aside and cannot be read: all that
    /// there are, and none of them is deleted.
    pub segments_held: usize,
}

/// What the records say, before anything else is opened and anything is written.
pub(crate) struct Recovered {
    pub(crate) core: Core,
    pub(crate) report: RecoveryReport,
    pub(crate) log_end: LogEnd,
    /// The first number that was never handed out.
    pub(crate) numbers_from: u64,
    /// What opening changes: an epoch of its own.
    pub(crate) batch: Batch,
    /// Content files that records name and that are not there: more likely a disk that is not
    /// mounted than damage, so opening ends here.
    pub(crate) missing: Option<StoreError>,
}

/// Reads everything and sorts out what cannot be used. Nothing is written yet.
pub(crate) fn recover(
    store: &dyn KeyValue,
    content: &ContentRepository,
    options: &Options,
) -> Result<Recovered> {
    let epoch: u64 = meta(store, "epoch")?.unwrap_or(0);
    let numbers_from: u64 = meta(store, "numbers")?.unwrap_or(1);
    let log_end = meta(store, "provenance")?.unwrap_or_default();
    let limits = WindowLimits {
        flowfiles_max: options.window_flowfiles_max,
        bytes_max: options.window_bytes_max,
    };
    let reserved = numbers_from.saturating_add(NUMBERS_RESERVED);
    let mut core = Core {
        queues: BTreeMap::new(),
        names: HashMap::new(),
        next_queue: meta(store, "queues")?.unwrap_or(0),
        limits,
        open: Epoch::new(epoch + 2),
        flushing: None,
        state: HashMap::new(),
        first_sequence: numbers_from,
        next_sequence: numbers_from,
        sequences_reserved: reserved,
        epoch_bytes_max: options.epoch_bytes_max,
        health: Health::Working,
        is_closed: false,
        room_wakers: Vec::new(),
        put_aside: Vec::new(),
        vanished: Vec::new(),
        damage: Damage::default(),
    };
    let mut reader = Reader {
        core: &mut core,
        content,
        puts_missing_aside: options.puts_missing_content_aside,
        aside: Batch::new(),
        found: Vec::new(),
        missing: Missing::default(),
    };
    // Names first: a record of a queue without a name has no place to go.
    reader.scan(store, key::QUEUE, Reader::queue)?;
    reader.scan(store, key::RECORD, Reader::record)?;
    reader.scan(store, key::STATE, Reader::state)?;
    reader.scan(store, key::STATE_VERSION, Reader::state_version)?;
    let (mut batch, quarantined, missing) = (reader.aside, reader.found, reader.missing);
    let (mut quarantined_before, mut is_unknown) = (0, false);
    scan(store, key::QUARANTINE, &mut |key, value| {
        quarantined_before += 1;
        is_unknown |= !keep_content(key, value, content);
    })?;
    for (key, value) in batch.iter().filter(|(key, _)| key.first() == Some(&key::QUARANTINE)) {
        is_unknown |= !keep_content(key, value.as_deref().unwrap_or_default(), content);
    }
    let segments_held = if is_unknown { content.hold_all() } else { 0 };
    batch.insert(key::meta("numbers"), Some(record::encode(&reserved)));
    batch.insert(key::meta("epoch"), Some(record::encode(&(epoch + 1))));
    let report = RecoveryReport {
        epoch,
        queues: core.queues.len(),
        flowfiles: core.queues.values().map(|queue| queue.counts().flowfiles).sum(),
        quarantined,
        quarantined_before,
        segments_held,
        ..RecoveryReport::default()
    };
    let missing = missing.into_error(content);
    Ok(Recovered { core, report, log_end, numbers_from, batch, missing })
}

/// Refers to the content of a record that was put aside, so that the record can be restored when
/// its content can be read again. Whether it is known which content that is.
fn keep_content(key: &[u8], value: &[u8], content: &ContentRepository) -> bool {
    if key.get(1) != Some(&key::RECORD) {
        return true;
    }
    let flowfile = record::decode::<Quarantined>(value)
        .and_then(|quarantined| record::decode::<FlowFile>(&quarantined.bytes));
    let Ok(flowfile) = flowfile else { return false };
    if let Some(claim) = flowfile.content().claim() {
        content.references().add(claim.segment);
    }
    true
}

/// Whether a folder whose records were never durable holds nothing else either. Otherwise the
/// records are gone, and opening it would delete the content that they named.
pub(crate) fn check_is_new(
    recovered: &Recovered,
    content: &ContentRepository,
    backend: &Backend,
) -> Result<()> {
    if recovered.report.epoch > 0 {
        return Ok(());
    }
    let (segments, logs) = (content.usage().1, backend.provenance.list()?.len());
    let is_empty = recovered.core.queues.is_empty() && recovered.core.state.is_empty();
    if is_empty && segments == 0 && logs == 0 {
        return Ok(());
    }
    let reason = format!(
        "they have no epoch, but there are queues ({}), files of content ({segments}) or of \
        provenance ({logs})",
        recovered.core.queues.len()
    );
    Err(StoreError::corrupt("the store of records", backend.witness.describe("records"), reason))
}

/// A number of the repository. It cannot do without: damage is an error, not a quarantine.
fn meta<T: DeserializeOwned>(store: &dyn KeyValue, name: &str) -> Result<Option<T>> {
    let Some(bytes) = store.get(&key::meta(name))? else { return Ok(None) };
    let damaged = |reason| StoreError::corrupt("a record", format!("number \"{name}\""), reason);
    record::decode(&bytes).map(Some).map_err(damaged)
}

fn scan(store: &dyn KeyValue, kind: u8, visit: &mut dyn FnMut(&[u8], &[u8])) -> Result<()> {
    store.scan(&[kind], &mut |key, value| {
        if key.first() != Some(&kind) {
            return ControlFlow::Break(());
        }
        visit(key, value);
        ControlFlow::Continue(())
    })
}

/// Content files that records name and that are not there.
#[derive(Default)]
struct Missing {
    segments: BTreeSet<u64>,
    flowfiles: u64,
}

impl Missing {
    fn into_error(self, content: &ContentRepository) -> Option<StoreError> {
        let first = self.segments.first()?;
        Some(StoreError::MissingContent {
            files: self.segments.len(),
            first: content.file_name(*first),
            flowfiles: self.flowfiles,
        })
    }
}

struct Reader<'a> {
    core: &'a mut Core,
    content: &'a ContentRepository,
    puts_missing_aside: bool,
    aside: Batch,
    found: Vec<Quarantined>,
    missing: Missing,
}

type Visit<'a> = fn(&mut Reader<'a>, &[u8], &[u8]) -> Result<(), String>;

impl<'a> Reader<'a> {
    fn scan(&mut self, store: &dyn KeyValue, kind: u8, visit: Visit<'a>) -> Result<()> {
        scan(store, kind, &mut |key, value| {
            if let Err(reason) = visit(self, key, value) {
                let bytes = value.to_vec();
                let damaged = Quarantined { what: key::describe(key), reason, bytes };
                self.aside.insert(key::quarantine(key), Some(record::encode(&damaged)));
                self.aside.insert(key.to_vec(), None);
                self.found.push(damaged);
            }
        })
    }

    fn queue(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        let id = key::parse_queue(key).ok_or("its key is no key of a queue")?;
        self.core.next_queue = self.core.next_queue.max(id.0.saturating_add(1));
        // A queue whose name is lost keeps its flowfiles, under a name that tells.
        let (name, damage) = match record::decode::<String>(value) {
            Ok(name) if !self.core.names.contains_key(&name) => (name, None),
            Ok(name) => (format!("recovered/{}", id.0), Some(format!("\"{name}\" is there twice"))),
            Err(reason) => (format!("recovered/{}", id.0), Some(reason)),
        };
        self.core.names.insert(name.clone(), id);
        self.core.queues.insert(id, Queue::new(name.clone(), self.core.limits));
        let Some(reason) = damage else { return Ok(()) };
        self.aside.insert(key.to_vec(), Some(record::encode(&name)));
        let bytes = value.to_vec();
        let damaged = Quarantined { what: format!("the name of queue {}", id.0), reason, bytes };
        self.aside.insert(key::quarantine(key), Some(record::encode(&damaged)));
        self.found.push(damaged);
        Ok(())
    }

    fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        let (id, sequence) = key::parse_record(key).ok_or("its key is no key of a record")?;
        let mut flowfile: FlowFile = record::decode(value)?;
        // As with what is loaded later, `Core::first_sequence`.
        flowfile.set_penalized_until(None);
        let queue = self.core.queues.get_mut(&id).ok_or("there is no such queue")?;
        if let Some(claim) = flowfile.content().claim() {
            if !self.puts_missing_aside && !self.content.has_segment(claim.segment) {
                self.missing.segments.insert(claim.segment);
                self.missing.flowfiles += 1;
                return Ok(());
            }
            self.content.check(claim).map_err(|error| {
                let name = flowfile.attribute("filename").unwrap_or_default();
                format!("content of flowfile {} ({name:?}): {error}", flowfile.uuid())
            })?;
            self.content.references().add(claim.segment);
        }
        queue.add(sequence, &flowfile);
        Ok(())
    }

    fn state(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        let (component, name) = key::parse_state(key).ok_or("its key is no key of state")?;
        let value: Box<str> = record::decode(value)?;
        let state: &mut ComponentState = self.core.state.entry(component.into()).or_default();
        state.values.insert(name, value);
        Ok(())
    }

    fn state_version(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        let component = key::parse_state_version(key).ok_or("its key is no key of state")?;
        self.core.state.entry(component.into()).or_default().version = record::decode(value)?;
        Ok(())
    }
}

/// Deletes the content that nothing refers to; hands back how many files that were.
pub(crate) fn delete_unreferenced(content: &ContentRepository) -> Result<usize> {
    let count = content.offer_unreferenced();
    content.reclaim()?;
    Ok(count)
}
