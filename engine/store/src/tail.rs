//! The tails of queues, as the core sees them: read back when there is room, and filed into runs.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use tutti_model::flowfile::FlowFile;

use crate::core::{Core, Quarantined};
use crate::epoch::{Epoch, Filing, weight_bytes};
use crate::error::{Result, StoreError};
use crate::key;
use crate::key_value::{Batch, KeyValue};
use crate::queue::tail::{Part, Place};
use crate::queue::window::WindowLimits;
use crate::queue::{Listed, QueueId};
use crate::record;
use crate::swap::{Run, RunRecord, Swap, Table};

/// How many records are read back at once, under the lock that everybody waits for.
const LOAD_MAX: usize = 1_000;

/// Where tails are.
#[derive(Clone, Copy)]
pub(crate) struct Shelves<'s> {
    pub(crate) store: &'s dyn KeyValue,
    pub(crate) swap: &'s Swap,
}

type Records = BTreeMap<u64, Result<FlowFile, Quarantined>>;

/// What comes next of a part.
struct Next {
    records: Records,
    /// Nothing follows in the part.
    is_whole: bool,
    /// Of the run that it is in.
    table: Option<Arc<Table>>,
}

/// A part that became a run.
pub(crate) struct Filed {
    queue: QueueId,
    first: u64,
    /// Of the run; none where nothing could be filed.
    table: Option<Arc<Table>>,
}

impl Core {
    /// Up to `max` flowfiles of a part above `after`, wherever they are.
    fn read_part(
        &self,
        shelves: Shelves<'_>,
        id: QueueId,
        part: &Part,
        after: u64,
        max: usize,
    ) -> Result<Next> {
        let first = part.first.max(after.saturating_add(1));
        let mut next = Next { records: Records::new(), is_whole: true, table: None };
        if first > part.last {
            return Ok(next);
        }
        scan(shelves.store, id, (first, part.last), &mut |sequence, value| {
            if next.records.len() == max {
                next.is_whole = false;
                return ControlFlow::Break(());
            }
            let key = key::record(id, sequence);
            let decoded = record::decode(value)
                .map_err(|reason| Quarantined::new(&key, reason, value.to_vec()));
            next.records.insert(sequence, decoded);
            ControlFlow::Continue(())
        })?;
        for epoch in self.flushing.as_deref().into_iter().chain([&self.open]) {
            let mut gained = epoch.gained(id, first, part.last);
            for (sequence, flowfile) in gained.by_ref().take(max) {
                next.records.insert(sequence, Ok(flowfile.clone()));
            }
            next.is_whole &= gained.next().is_none();
        }
        match part.place {
            Place::Loose => {}
            // Of two places at a time when all is well: whichever it is in, it is seen.
            Place::Filing(run) => read_filing(shelves.swap, (id, run), first, max, &mut next)?,
            Place::Filed(run) => self.read_run(shelves.swap, (id, run), first, max, &mut next)?,
        }
        while next.records.len() > max {
            next.records.pop_last();
            next.is_whole = false;
        }
        for (sequence, record) in &mut next.records {
            if let Ok(flowfile) = record
                && *sequence < self.first_sequence
            {
                flowfile.set_penalized_until(None);
            }
        }
        Ok(next)
    }

    fn read_run(
        &self,
        swap: &Swap,
        (id, first): (QueueId, u64),
        from: u64,
        max: usize,
        next: &mut Next,
    ) -> Result<()> {
        let Some(run) = self.queue(id)?.runs.get(&first) else { return Ok(()) };
        let table = match &run.table {
            Some(table) => Arc::clone(table),
            None => Arc::new(swap.table(id, first)?),
        };
        let mut places = run.places(&table, from, max.saturating_add(1));
        next.is_whole &= places.len() <= max;
        places.truncate(max);
        next.records.extend(swap.read(id, first, &table, &places)?);
        next.table = Some(table);
        Ok(())
    }

    /// Reads what comes next of a queue's tail into memory; hands back how much that was.
    pub(crate) fn load(&mut self, shelves: Shelves<'_>, id: QueueId) -> Result<usize> {
        let queue = self.queue(id)?;
        let Some(part) = queue.tail.next().cloned() else { return Ok(0) };
        let WindowLimits { flowfiles_max, bytes_max } = queue.room();
        let max = flowfiles_max.min(LOAD_MAX);
        let next = match self.read_part(shelves, id, &part, 0, max) {
            Ok(next) => next,
            Err(error) => return self.put_run_aside(id, &part, shelves.store, error),
        };
        if let (Place::Filed(run), Some(table)) = (part.place, next.table)
            && let Some(run) = self.queues.get_mut(&id).and_then(|queue| queue.runs.get_mut(&run))
        {
            run.table = Some(table);
        }
        let (mut loaded, mut weight, mut is_whole) = (0, 0, next.is_whole);
        for (sequence, record) in next.records {
            let Some(queue) = self.queues.get_mut(&id) else { break };
            if weight >= bytes_max {
                is_whole = false;
                break;
            }
            loaded += 1;
            match record {
                Ok(flowfile) => {
                    weight += weight_bytes(&flowfile);
                    queue.load(sequence, flowfile);
                }
                Err(damaged) => {
                    queue.pass_over(sequence);
                    if let Some(run) = queue.leave_run(sequence) {
                        self.open.leave_run(id, run);
                    }
                    self.put_aside(key::record(id, sequence), damaged, 1);
                }
            }
        }
        if is_whole {
            self.end_part(id);
        }
        Ok(loaded)
    }

    fn end_part(&mut self, id: QueueId) {
        let Some(queue) = self.queues.get_mut(&id) else { return };
        let missing = queue.end_part();
        if missing > 0 {
            self.damage.vanished += missing;
            self.vanished.push(format!(
                "{missing} flowfiles of queue \"{}\" are lost: the key-value store does not have \
                 their records any more",
                queue.name
            ));
        }
    }

    /// What follows a run whose file cannot be understood comes next; the run is put aside as it
    /// is. An error of another kind may pass.
    fn put_run_aside(
        &mut self,
        id: QueueId,
        part: &Part,
        store: &dyn KeyValue,
        error: StoreError,
    ) -> Result<usize> {
        let (Place::Filed(first), true) = (part.place, error.is_damage()) else {
            return Err(error);
        };
        let key = key::run(id, first);
        let Some(bytes) = store.get(&key)? else { return Err(error) };
        let left = self.queues.get_mut(&id).map_or(0, |queue| {
            let left = queue.runs.remove(&first).map_or(0, |run| run.left);
            queue.end_part();
            left
        });
        let damaged = Quarantined::new(&key, error.chain(), bytes);
        self.put_aside(key, damaged, usize::try_from(left).unwrap_or(usize::MAX));
        Ok(1)
    }

    /// Up to `max` flowfiles of a queue after `sequence`, in order.
    pub(crate) fn list(
        &self,
        shelves: Shelves<'_>,
        id: QueueId,
        after: u64,
        max: usize,
    ) -> Result<Vec<Listed>> {
        let queue = self.queue(id)?;
        let here = queue.list();
        let mut listed: BTreeMap<u64, Listed> = here
            .range(after.saturating_add(1)..)
            .take(max)
            .map(|(&sequence, &(flowfile, is_in_flight))| {
                (sequence, Listed { sequence, flowfile: flowfile.clone(), is_in_flight })
            })
            .collect();
        let mut beyond = 0;
        for part in queue.tail.parts_after(after) {
            if beyond >= max {
                break;
            }
            let next = self.read_part(shelves, id, part, after, max - beyond)?;
            for (sequence, record) in next.records {
                let Ok(flowfile) = record else { continue };
                beyond += 1;
                listed.insert(sequence, Listed { sequence, flowfile, is_in_flight: false });
            }
        }
        Ok(listed.into_values().take(max).collect())
    }

    /// Settles what the epoch that is to be flushed says of runs.
    pub(crate) fn settle_runs(&mut self) {
        for (id, first) in std::mem::take(&mut self.open.left_runs) {
            // A queue that is removed was empty, and so were its runs.
            if let Some(queue) = self.queues.get_mut(&id) {
                let Some(run) = queue.runs.get(&first) else { continue };
                if run.left > 0 {
                    let gone = record::encode(&run.gone);
                    self.open.set(key::run_gone(id, first), Some(gone));
                    continue;
                }
                queue.runs.remove(&first);
            }
            self.open.set(key::run(id, first), None);
            self.open.set(key::run_gone(id, first), None);
            self.open.ended_runs.push((id, first));
        }
        for (id, first) in std::mem::take(&mut self.full_parts) {
            let part = self.queues.get_mut(&id).and_then(|queue| queue.tail.part_mut(first));
            let Some(part) = part.filter(|part| part.place == Place::Loose) else { continue };
            part.place = Place::Filing(first);
            let last = part.last;
            self.open.filings.push(Filing { queue: id, first, last, contents: OnceLock::new() });
            if let Some(queue) = self.queues.get_mut(&id) {
                let early = Some(BTreeSet::new());
                queue.runs.insert(first, Run { last, early, ..Run::default() });
            }
        }
    }

    /// What was to become runs is in them, durably.
    pub(crate) fn note_filed(&mut self, filed: Vec<Filed>) {
        for Filed { queue, first, table } in filed {
            let Some(queue) = self.queues.get_mut(&queue) else { continue };
            queue.tail.note_filed(first, table.is_some());
            match (queue.runs.get_mut(&first), table) {
                (Some(run), Some(table)) => {
                    run.note_filed(table);
                    // A table for each run of a long tail would be much memory.
                    if queue.tail.part_mut(first).is_some() {
                        run.table = None;
                    }
                }
                _ => drop(queue.runs.remove(&first)),
            }
        }
    }

    /// What is left of a run that has become small goes on as a record each.
    pub(crate) fn thin(&mut self, id: QueueId, first: u64) {
        let Some(queue) = self.queues.get_mut(&id) else { return };
        for (sequence, flowfile) in queue.few_of(first) {
            if queue.leave_run(sequence).is_some() {
                self.open.update(id, sequence, flowfile);
            }
        }
    }
}

/// Visits the records that the store has of a queue, from the first number to the last.
fn scan(
    store: &dyn KeyValue,
    id: QueueId,
    (first, last): (u64, u64),
    visit: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
) -> Result<()> {
    store.scan(&key::record(id, first), &mut |key, value| match key::parse_record(key) {
        Some((queue, sequence)) if queue == id && sequence <= last => visit(sequence, value),
        _ => ControlFlow::Break(()),
    })
}

/// A run that may be there already, or half of it: what it does not have yet the store has.
fn read_filing(
    swap: &Swap,
    (id, run): (QueueId, u64),
    from: u64,
    max: usize,
    next: &mut Next,
) -> Result<()> {
    let table = match swap.table(id, run) {
        Ok(table) => table,
        Err(error) if error.is_damage() => return Ok(()),
        Err(error) => return Err(error),
    };
    let places = table.place_from(from)..table.len();
    next.is_whole &= places.len() <= max;
    let places: Vec<usize> = places.take(max).collect();
    let records = swap.read(id, run, &table, &places)?;
    next.records.extend(records.into_iter().filter(|(_, record)| record.is_ok()));
    Ok(())
}

/// What goes into a run.
#[derive(Debug)]
pub(crate) struct Contents {
    record: RunRecord,
    records: Vec<(u64, Vec<u8>)>,
    /// Those that the store had before.
    loose: Vec<u64>,
    /// The table and the length of its file, when that is on the disk.
    written: OnceLock<(Arc<Table>, u64)>,
}

impl Contents {
    fn of(store: &dyn KeyValue, epoch: &Epoch, filing: &Filing) -> Result<Self> {
        let Filing { queue, first, last, .. } = *filing;
        let mut record = RunRecord { last, ..RunRecord::default() };
        let mut records: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        scan(store, queue, (first, last), &mut |sequence, value| {
            // What cannot be read stays where it is, and is put aside when its turn comes.
            if let Ok(flowfile) = record::decode::<FlowFile>(value) {
                record.add(&flowfile);
                records.insert(sequence, value.to_vec());
            }
            ControlFlow::Continue(())
        })?;
        let loose = records.keys().copied().collect();
        for (sequence, flowfile) in epoch.gained(queue, first, last) {
            if records.insert(sequence, record::encode(flowfile)).is_none() {
                record.add(flowfile);
            }
        }
        let records = records.into_iter().collect();
        Ok(Self { record, records, loose, written: OnceLock::new() })
    }
}

/// Writes the runs of an epoch, durably, and makes its batch name them instead of their records.
pub(crate) fn file(shelves: Shelves<'_>, epoch: &Epoch, batch: &mut Batch) -> Result<Vec<Filed>> {
    let mut filed = Vec::new();
    for filing in &epoch.filings {
        let Filing { queue, first, .. } = *filing;
        let contents = if let Some(contents) = filing.contents.get() {
            contents
        } else {
            // Once: an attempt that failed late may have taken the records out of the store.
            let contents = Contents::of(shelves.store, epoch, filing)?;
            filing.contents.get_or_init(|| contents)
        };
        for (sequence, _) in &contents.records {
            batch.remove(&key::record(queue, *sequence));
        }
        batch.extend(contents.loose.iter().map(|each| (key::record(queue, *each), None)));
        let mut table = None;
        if !contents.records.is_empty() {
            let (written, file_bytes) = if let Some(written) = contents.written.get() {
                written
            } else {
                // Once too: an attempt that failed late may have made the store name it.
                let (table, bytes) = shelves.swap.write(queue, first, &contents.records)?;
                contents.written.get_or_init(|| (Arc::new(table), bytes))
            };
            table = Some(Arc::clone(written));
            let record = RunRecord { file_bytes: *file_bytes, ..contents.record.clone() };
            batch.insert(key::run(queue, first), Some(record::encode(&record)));
        }
        filed.push(Filed { queue, first, table });
    }
    if !filed.is_empty() {
        shelves.swap.sync()?;
    }
    Ok(filed)
}
