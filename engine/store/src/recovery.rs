//! Brings a repository back to the end of its last epoch, and says what that took.
//!
//! What cannot be used is put aside with its reason; the rest works. Nothing is dropped silently.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use tutti_model::flowfile::{Claim, FlowFile};

use crate::content::ContentRepository;
use crate::core::{ComponentState, Core, Damage, NUMBERS_RESERVED, Quarantined};
use crate::epoch::Epoch;
use crate::error::{Result, StoreError};
use crate::health::Health;
use crate::key;
use crate::key_value::{Batch, KeyValue};
use crate::options::Options;
use crate::provenance::LogEnd;
use crate::queue::QueueId;
use crate::queue::tail::PartLimits;
use crate::queue::window::{Budget, Queue, QueueLimits, WindowLimits};
use crate::record;
use crate::repository::Backend;
use crate::swap::{Gone, Run, RunRecord, Swap};
use crate::tail::Shelves;

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
    /// Flowfiles that are parked, as the process died over them again and again.
    pub parked: usize,
    /// Whether the last process that had the folder open died.
    pub died: bool,
    /// Flowfiles over which it may have died, and that are to be worked on alone.
    pub suspects: usize,
    /// What of what was at work then cannot be told.
    pub watch_damage: Option<StoreError>,
    /// Bytes of provenance that no durable commit knows of, and that were cut.
    pub provenance_bytes_cut: u64,
    /// Why it is not known whether all records are there.
    pub witness_damage: Option<StoreError>,
    /// What is missing of the provenance that was durable.
    pub provenance_damage: Vec<StoreError>,
    /// Content files that nothing refers to and the archive does not keep, and that were deleted.
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
    /// Runs that no record names.
    pub(crate) nobodys_runs: Vec<(QueueId, u64)>,
}

/// Reads everything and sorts out what cannot be used. Nothing is written yet.
pub(crate) fn recover(
    shelves: Shelves<'_>,
    content: &ContentRepository,
    options: &Options,
) -> Result<Recovered> {
    let store = shelves.store;
    let epoch: u64 = meta(store, "epoch")?.unwrap_or(0);
    let numbers_from: u64 = meta(store, "numbers")?.unwrap_or(1);
    let log_end = meta(store, "provenance")?.unwrap_or_default();
    let limits = QueueLimits {
        window: WindowLimits {
            flowfiles_max: options.window_flowfiles_max,
            bytes_max: options.window_bytes_max,
        },
        part: PartLimits {
            flowfiles_max: options.run_flowfiles_max,
            weight_bytes_max: options.window_bytes_max / 4,
        },
        budget: Budget::new(options.windows_bytes_max),
    };
    let reserved = numbers_from.saturating_add(NUMBERS_RESERVED);
    let mut core = Core {
        queues: BTreeMap::new(),
        names: HashMap::new(),
        next_queue: meta(store, "queues")?.unwrap_or(0),
        limits,
        full_parts: Vec::new(),
        open: Epoch::new(epoch + 2),
        flushing: None,
        state: HashMap::new(),
        first_sequence: numbers_from,
        next_sequence: numbers_from,
        sequences_reserved: reserved,
        durable_below: numbers_from,
        epoch_bytes_max: options.epoch_bytes_max,
        health: Health::Working,
        is_closed: false,
        room_wakers: Vec::new(),
        put_aside: Vec::new(),
        vanished: Vec::new(),
        damage: Damage::default(),
        watch: None,
    };
    let mut reader = Reader {
        core: &mut core,
        content,
        puts_missing_aside: options.puts_missing_content_aside,
        aside: Batch::new(),
        found: Vec::new(),
        missing: Missing::default(),
        failed: None,
        swap: shelves.swap,
        gone: HashMap::new(),
        runs: BTreeMap::new(),
        files: shelves.swap.list()?.into_iter().collect(),
    };
    // Names first: a record of a queue without a name has no place to go.
    reader.scan(store, key::QUEUE, Reader::queue)?;
    reader.scan(store, key::RUN_GONE, Reader::run_gone)?;
    reader.scan(store, key::RUN, Reader::run)?;
    reader.scan(store, key::RECORD, Reader::record)?;
    reader.add_runs(None);
    reader.scan(store, key::STATE, Reader::state)?;
    reader.scan(store, key::STATE_VERSION, Reader::state_version)?;
    let nobodys_gone = std::mem::take(&mut reader.gone);
    let mut nobodys_runs = std::mem::take(&mut reader.files);
    let (mut batch, quarantined, missing) = (reader.aside, reader.found, reader.missing);
    let (mut quarantined_before, mut is_unknown) = (0, false);
    let mut put_aside_runs = BTreeSet::new();
    let mut keep = |key: &[u8], value: &[u8]| {
        is_unknown |= !keep_content(key, value, content);
        put_aside_runs.extend(key.get(1..).and_then(key::parse_run));
    };
    scan(store, key::QUARANTINE, &mut |key, value| {
        quarantined_before += 1;
        keep(key, value);
    })?;
    for (key, value) in batch.iter().filter(|(key, _)| key.first() == Some(&key::QUARANTINE)) {
        keep(key, value.as_deref().unwrap_or_default());
    }
    nobodys_runs.retain(|run, _| !put_aside_runs.contains(run));
    for (queue, run) in nobodys_gone.into_keys().filter(|run| !put_aside_runs.contains(run)) {
        batch.insert(key::run_gone(queue, run), None);
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
    let missing = missing.into_error(content, shelves.swap);
    let nobodys_runs = nobodys_runs.into_keys().collect();
    Ok(Recovered { core, report, log_end, numbers_from, batch, missing, nobodys_runs })
}

/// Refers to the content of a record that was put aside, so that the record can be restored when
/// its content can be read again. Whether it is known which content that is.
fn keep_content(key: &[u8], value: &[u8], content: &ContentRepository) -> bool {
    if key.get(1) == Some(&key::RUN) {
        let run = record::decode::<Quarantined>(value)
            .and_then(|quarantined| record::decode::<RunRecord>(&quarantined.bytes));
        let Ok(run) = run else { return false };
        run.segments.into_keys().for_each(|segment| content.references().add(segment));
        return true;
    }
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
    let runs = recovered.nobodys_runs.len();
    let is_empty = recovered.core.queues.is_empty() && recovered.core.state.is_empty();
    if is_empty && segments == 0 && logs == 0 && runs == 0 {
        return Ok(());
    }
    let reason = format!(
        "they have no epoch, but there are queues ({}), files of content ({segments}), of \
        provenance ({logs}) or of queues ({runs})",
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

/// Files that records name and that are not there.
#[derive(Default)]
struct Missing {
    segments: BTreeSet<u64>,
    runs: BTreeSet<(QueueId, u64)>,
    flowfiles: u64,
}

impl Missing {
    fn into_error(self, content: &ContentRepository, swap: &Swap) -> Option<StoreError> {
        let content = self.segments.first().map(|segment| content.file_name(*segment));
        let run = || self.runs.first().map(|(queue, run)| swap.describe(*queue, *run));
        Some(StoreError::MissingContent {
            first: content.or_else(run)?,
            files: self.segments.len() + self.runs.len(),
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
    /// Why nothing more can be read at this time.
    failed: Option<StoreError>,
    swap: &'a Swap,
    /// What is gone of runs that were not seen yet.
    gone: HashMap<(QueueId, u64), Gone>,
    /// Runs that have no place in their queues yet, with the bytes of their flowfiles' content.
    runs: BTreeMap<(QueueId, u64), (Run, u64)>,
    /// Files that no run was seen for yet, with their lengths.
    files: BTreeMap<(QueueId, u64), u64>,
}

type Visit<'a> = fn(&mut Reader<'a>, &[u8], &[u8]) -> Result<(), String>;

impl<'a> Reader<'a> {
    fn scan(&mut self, store: &dyn KeyValue, kind: u8, visit: Visit<'a>) -> Result<()> {
        scan(store, kind, &mut |key, value| {
            if let Err(reason) = visit(self, key, value)
                && self.failed.is_none()
            {
                self.put_aside(key, Quarantined::new(key, reason, value.to_vec()));
                self.aside.insert(key.to_vec(), None);
            }
        })?;
        self.failed.take().map_or(Ok(()), Err)
    }

    fn put_aside(&mut self, key: &[u8], damaged: Quarantined) {
        self.aside.insert(key::quarantine(key), Some(record::encode(&damaged)));
        self.found.push(damaged);
    }

    /// What is wrong, in words, if that is all: what may pass ends the opening.
    fn told(&mut self, error: StoreError) -> String {
        let told = error.chain();
        if !error.is_damage() {
            self.failed = Some(error);
        }
        told
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
        self.core.queues.insert(id, Queue::new(name.clone(), &self.core.limits));
        let Some(reason) = damage else { return Ok(()) };
        self.aside.insert(key.to_vec(), Some(record::encode(&name)));
        let bytes = value.to_vec();
        let what = format!("the name of queue {}", id.0);
        self.put_aside(key, Quarantined { what, reason, bytes });
        Ok(())
    }

    fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        let (id, sequence) = key::parse_record(key).ok_or("its key is no key of a record")?;
        let mut flowfile: FlowFile = record::decode(value)?;
        // As with what is loaded later, `Core::first_sequence`.
        flowfile.set_penalized_until(None);
        if !self.core.queues.contains_key(&id) {
            return Err("there is no such queue".into());
        }
        self.refer(&flowfile)?;
        self.add_runs(Some((id, sequence)));
        let full = self.core.queues.get_mut(&id).and_then(|queue| queue.add(sequence, &flowfile));
        self.core.full_parts.extend(full.map(|first| (id, first)));
        Ok(())
    }

    /// Refers to the content of a flowfile, which must be there.
    fn refer(&mut self, flowfile: &FlowFile) -> Result<(), String> {
        let Some(claim) = flowfile.content().claim() else { return Ok(()) };
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
        Ok(())
    }

    /// Gives runs their places in their queues: those that come before a record, or all.
    fn add_runs(&mut self, before: Option<(QueueId, u64)>) {
        while let Some(entry) = self.runs.first_entry() {
            if before.is_some_and(|before| *entry.key() > before) {
                break;
            }
            let ((id, first), (run, bytes)) = entry.remove_entry();
            if let Some(queue) = self.core.queues.get_mut(&id) {
                queue.add_run(first, run, bytes);
            }
        }
    }

    fn run_gone(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        let id = key::parse_run(key).ok_or("its key is no key of a run")?;
        self.gone.insert(id, record::decode(value)?);
        Ok(())
    }

    fn run(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        let id = key::parse_run(key).ok_or("its key is no key of a run")?;
        let run: RunRecord = record::decode(value)?;
        if !self.core.queues.contains_key(&id.0) {
            return Err("there is no such queue".into());
        }
        let gone = self.gone.remove(&id).unwrap_or_default();
        match self.files.remove(&id) {
            None if !self.puts_missing_aside => {
                self.missing.runs.insert(id);
                self.missing.flowfiles += run.flowfiles;
                return Ok(());
            }
            None => return Err("its file is missing".into()),
            Some(length) if length != run.file_bytes => {
                let expected = run.file_bytes;
                return Err(format!("its file has {length} bytes instead of {expected}"));
            }
            Some(_) => {}
        }
        let is_whole = |(segment, (_, end)): (&u64, &(u64, u64))| {
            let claim = Claim { segment: *segment, offset: *end, length: 0 };
            self.content.check(claim).is_ok()
        };
        let counted = if gone == Gone::default() && run.segments.iter().all(is_whole) {
            for (segment, (flowfiles, _)) in &run.segments {
                self.content.references().add_many(*segment, *flowfiles);
            }
            (Run { last: run.last, left: run.flowfiles, ..Run::default() }, run.bytes)
        } else {
            self.look_into(id, &run, gone)?
        };
        self.runs.insert(id, counted);
        Ok(())
    }

    /// Looks at all flowfiles of a run that something left, or whose content is not as it was.
    fn look_into(
        &mut self,
        (id, first): (QueueId, u64),
        record: &RunRecord,
        gone: Gone,
    ) -> Result<(Run, u64), String> {
        let table = self.swap.table(id, first).map_err(|error| self.told(error))?;
        let table = Arc::new(table);
        let mut run =
            Run { last: record.last, gone, table: Some(Arc::clone(&table)), ..Run::default() };
        let places = run.places(&table, 0, usize::MAX);
        let records = self.swap.read(id, first, &table, &places);
        run.left = places.len() as u64;
        let mut bytes = 0;
        let mut has_changed = false;
        for (sequence, flowfile) in records.map_err(|error| self.told(error))? {
            // One that cannot be read is put aside when its turn comes.
            let Ok(flowfile) = flowfile else { continue };
            let Err(reason) = self.refer(&flowfile) else {
                bytes += flowfile.size_bytes();
                continue;
            };
            let key = key::record(id, sequence);
            self.put_aside(&key, Quarantined::new(&key, reason, record::encode(&flowfile)));
            has_changed |= run.leave(sequence);
        }
        if has_changed {
            self.aside.insert(key::run_gone(id, first), Some(record::encode(&run.gone)));
        }
        // Tables of runs that nobody works on would be memory for nothing.
        run.table = None;
        Ok((run, bytes))
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
