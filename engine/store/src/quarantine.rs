//! The records that were put aside, looked at while no engine works with the folder: listed,
//! brought back, given up.
//!
//! A record comes back only when it and every byte of its content can be read again; nothing is
//! given up but by [`Quarantine::discard`]. Flowfiles that are parked lie here too, as the process
//! died over them: they are not damaged, and come back or are given up one by one.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tutti_model::flowfile::{Content, ContentSlice, FlowFile};

use crate::content::{ContentReader, ContentRepository, Limits};
use crate::core::Quarantined;
use crate::error::{Result, StoreError};
use crate::key;
use crate::key_value::{Batch, KeyValue};
use crate::lock::{self, FolderLock};
use crate::options::Options;
use crate::queue::QueueId;
use crate::record;
use crate::repository::{Backend, Repository};
use crate::swap::{Gone, Run, RunRecord, Swap};
use crate::watch::Deaths;

/// A key and its value.
type Entry = (Vec<u8>, Vec<u8>);

/// How many records are moved at once.
const BATCH_MAX: usize = 1_000;

/// The quarantine of one data folder. Holds the folder: no engine can work with it meanwhile.
pub struct Quarantine {
    records: Arc<dyn KeyValue>,
    content: Arc<ContentRepository>,
    swap: Swap,
    _lock: Option<FolderLock>,
}

/// One record that was put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedRecord {
    /// What it was, in words.
    pub what: String,
    /// Why it was put aside.
    pub reason: String,
    /// The queue that it was in; `None` if it was in none or nobody knows its name.
    pub queue: Option<String>,
    /// The flowfile, if the record can be read.
    pub flowfile: Option<FlowFile>,
    /// How often the process died over it, if it is parked for that.
    pub deaths: Option<Deaths>,
}

/// What became of the records that were to be brought back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// How many are back.
    pub restored: u64,
    /// How many are still put aside.
    pub left: u64,
}

impl Quarantine {
    /// The quarantine of the data folder `path`, which must be there.
    pub fn open(path: &Path) -> Result<Self> {
        Repository::check_is_there(path)?;
        let lock = FolderLock::take(path)?;
        // A lost format is for whoever reads all records; each of them tells its version.
        let _ = lock::check_format(path)?;
        Self::start(&Backend::disk(path)?, Some(lock))
    }

    /// Puts aside the records of the data folder `path` whose content files are missing; hands back
    /// how many records were put aside.
    pub fn add_missing(path: &Path) -> Result<usize, Arc<StoreError>> {
        let options = Options { puts_missing_content_aside: true, ..Options::looking() };
        let repository = Repository::open_existing(path, options)?;
        let added = repository.recovery().quarantined.len();
        repository.close()?;
        Ok(added)
    }

    /// The quarantine of a repository over `backend`, which nobody else may have open.
    pub fn open_with(backend: &Backend) -> Result<Self> {
        Self::start(backend, None)
    }

    fn start(backend: &Backend, lock: Option<FolderLock>) -> Result<Self> {
        // Nothing is archived or deleted here.
        let limits = Limits { bytes_max: u64::MAX, period: Duration::MAX };
        let content = Arc::new(ContentRepository::open(Arc::clone(&backend.content), limits)?);
        let swap = Swap::new(Arc::clone(&backend.swap));
        Ok(Self { records: Arc::clone(&backend.records), content, swap, _lock: lock })
    }

    /// Shows every record to `visit`, in the order of their queues.
    pub fn list(&self, mut visit: impl FnMut(QuarantinedRecord)) -> Result<()> {
        let mut after = vec![key::QUARANTINE];
        loop {
            let part = self.part(&after)?;
            let Some((last, _)) = part.last() else { return Ok(()) };
            after = next_key(last);
            for (name, value) in &part {
                visit(self.describe(name, value)?);
            }
        }
    }

    /// Brings back what can be used again and is not parked, and tells `left` of each record that
    /// cannot, with the reason of today.
    pub fn restore(&self, mut left: impl FnMut(QuarantinedRecord)) -> Result<Restored> {
        let (mut after, mut count) = (vec![key::QUARANTINE], Restored::default());
        loop {
            let part = self.part(&after)?;
            let Some((last, _)) = part.last() else { return Ok(count) };
            after = next_key(last);
            let mut batch = Batch::new();
            for (name, value) in part {
                if self.deaths(&name)?.is_some() {
                    continue;
                }
                match self.usable(&name, &value)? {
                    Ok((former, bytes)) => {
                        batch.insert(former, Some(bytes));
                        batch.insert(name, None);
                        count.restored += 1;
                    }
                    Err(reason) => {
                        left(QuarantinedRecord { reason, ..self.describe(&name, &value)? });
                        count.left += 1;
                    }
                }
            }
            self.records.apply(&batch)?;
            self.records.flush()?;
        }
    }

    /// Gives up every record that is put aside and not parked; hands back how many. Content that
    /// only they needed is archived or deleted by the next opening of the repository.
    pub fn discard(&self) -> Result<u64> {
        let (mut after, mut count) = (vec![key::QUARANTINE], 0);
        loop {
            let part = self.part(&after)?;
            let Some((last, _)) = part.last() else { return Ok(count) };
            after = next_key(last);
            let mut batch = Batch::new();
            for (name, _) in part {
                if self.deaths(&name)?.is_none() {
                    batch.insert(name, None);
                    count += 1;
                }
            }
            self.records.apply(&batch)?;
            self.records.flush()?;
        }
    }

    /// The flowfile with this `uuid` that is parked.
    pub fn parked(&self, uuid: &str) -> Result<QuarantinedRecord> {
        let (name, value) = self.find_parked(uuid)?;
        self.describe(&name, &value)
    }

    /// Puts the flowfile with this `uuid` that is parked back into its place, as if nobody had died
    /// over it; or says why that is not possible.
    pub fn restore_parked(&self, uuid: &str) -> Result<Result<(), String>> {
        let (name, value) = self.find_parked(uuid)?;
        let (former, bytes) = match self.usable(&name, &value)? {
            Ok(usable) => usable,
            Err(reason) => return Ok(Err(reason)),
        };
        self.end_parked(name, Batch::from([(former, Some(bytes))]))?;
        Ok(Ok(()))
    }

    /// Gives up the flowfile with this `uuid` that is parked.
    pub fn discard_parked(&self, uuid: &str) -> Result<()> {
        let (name, _) = self.find_parked(uuid)?;
        self.end_parked(name, Batch::new())
    }

    /// The bytes of a flowfile, or what they are made from; none of one that has none.
    pub fn open_content(&self, flowfile: &FlowFile) -> Result<Option<ContentReader>> {
        let Content::Stored(slice) = flowfile.content().original() else { return Ok(None) };
        self.content.open_slice(&slice).map(Some)
    }

    fn find_parked(&self, uuid: &str) -> Result<Entry> {
        let mut after = vec![key::QUARANTINE];
        loop {
            let part = self.part(&after)?;
            let Some((last, _)) = part.last() else {
                return Err(StoreError::not_found(format!("parked flowfile \"{uuid}\"")));
            };
            after = next_key(last);
            for (name, value) in part {
                let flowfile = record::decode::<Quarantined>(&value)
                    .and_then(|aside| record::decode::<FlowFile>(&aside.bytes));
                let is_meant = flowfile.is_ok_and(|flowfile| flowfile.uuid() == uuid);
                if is_meant && self.deaths(&name)?.is_some() {
                    return Ok((name, value));
                }
            }
        }
    }

    /// Takes a parked flowfile out of the quarantine, and does what else is in `batch`.
    fn end_parked(&self, name: Vec<u8>, mut batch: Batch) -> Result<()> {
        if let Some((queue, sequence)) = place(&name) {
            batch.insert(key::deaths(queue, sequence), None);
        }
        batch.insert(name, None);
        self.records.apply(&batch)?;
        self.records.flush()
    }

    /// The deaths over the flowfile in the record `name`, if that is what it was parked for.
    fn deaths(&self, name: &[u8]) -> Result<Option<Deaths>> {
        let Some((queue, sequence)) = place(name) else { return Ok(None) };
        let bytes = self.records.get(&key::deaths(queue, sequence))?;
        let deaths: Option<Deaths> = bytes.and_then(|bytes| record::decode(&bytes).ok());
        Ok(deaths.filter(|deaths| deaths.parked.is_some()))
    }

    fn part(&self, from: &[u8]) -> Result<Vec<Entry>> {
        let mut part = Vec::new();
        self.records.scan(from, &mut |name, value| {
            if name.first() != Some(&key::QUARANTINE) || part.len() == BATCH_MAX {
                return ControlFlow::Break(());
            }
            part.push((name.to_vec(), value.to_vec()));
            ControlFlow::Continue(())
        })?;
        Ok(part)
    }

    fn describe(&self, name: &[u8], value: &[u8]) -> Result<QuarantinedRecord> {
        let former = name.get(1..).unwrap_or_default();
        let place = key::parse_record(former).or_else(|| key::parse_run(former));
        let queue = place.map(|(queue, _)| self.queue_name(queue));
        let queue = queue.transpose()?.flatten();
        let deaths = self.deaths(name)?;
        Ok(match record::decode::<Quarantined>(value) {
            Ok(Quarantined { what, reason, bytes }) => {
                let is_record = key::parse_record(former).is_some();
                let flowfile = record::decode(&bytes).ok().filter(|_| is_record);
                QuarantinedRecord { what, reason, queue, flowfile, deaths }
            }
            Err(reason) => {
                let what = key::describe(former);
                QuarantinedRecord { what, reason, queue, flowfile: None, deaths }
            }
        })
    }

    fn queue_name(&self, id: QueueId) -> Result<Option<String>> {
        let name = self.records.get(&key::queue(id))?;
        Ok(name.and_then(|bytes| record::decode(&bytes).ok()))
    }

    /// The key and the bytes to bring a record back with, or why that is not possible.
    fn usable(&self, name: &[u8], value: &[u8]) -> Result<Result<Entry, String>> {
        let former = name.get(1..).unwrap_or_default().to_vec();
        let Quarantined { reason, bytes, .. } = match record::decode(value) {
            Ok(quarantined) => quarantined,
            Err(reason) => return Ok(Err(reason)),
        };
        if let Some(run) = key::parse_run(&former) {
            return Ok(self.usable_run(run, &bytes)?.map(|()| (former, bytes)));
        }
        let Some((queue, _)) = key::parse_record(&former) else { return Ok(Err(reason)) };
        let flowfile: FlowFile = match record::decode(&bytes) {
            Ok(flowfile) => flowfile,
            Err(reason) => return Ok(Err(reason)),
        };
        if self.queue_name(queue)?.is_none() {
            return Ok(Err("the queue that it was in is not there any more".into()));
        }
        if self.records.get(&former)?.is_some() {
            return Ok(Err("there is another record in its place".into()));
        }
        Ok(self.read_content(&flowfile).map(|()| (former, bytes)))
    }

    /// Whether all that a run has left can be read again, or why not.
    fn usable_run(
        &self,
        (queue, first): (QueueId, u64),
        bytes: &[u8],
    ) -> Result<Result<(), String>> {
        if let Err(reason) = record::decode::<RunRecord>(bytes) {
            return Ok(Err(reason));
        }
        if self.queue_name(queue)?.is_none() {
            return Ok(Err("the queue that it was in is not there any more".into()));
        }
        if self.records.get(&key::run(queue, first))?.is_some() {
            return Ok(Err("there is another run in its place".into()));
        }
        let gone = match self.records.get(&key::run_gone(queue, first))? {
            Some(gone) => match record::decode::<Gone>(&gone) {
                Ok(gone) => gone,
                Err(reason) => return Ok(Err(reason)),
            },
            None => Gone::default(),
        };
        Ok(self.read_run((queue, first), gone))
    }

    fn read_run(&self, (queue, first): (QueueId, u64), gone: Gone) -> Result<(), String> {
        let table = self.swap.table(queue, first).map_err(|error| error.chain())?;
        let run = Run { gone, ..Run::default() };
        for places in run.places(&table, 0, usize::MAX).chunks(BATCH_MAX) {
            let records = self.swap.read(queue, first, &table, places);
            for (_, flowfile) in records.map_err(|error| error.chain())? {
                self.read_content(&flowfile.map_err(|damaged| damaged.reason)?)?;
            }
        }
        Ok(())
    }

    fn read_content(&self, flowfile: &FlowFile) -> Result<(), String> {
        let Some(claim) = flowfile.content().claim() else { return Ok(()) };
        let whole = ContentSlice { claim, offset: 0, length: claim.length };
        let mut reader = self.content.open_slice(&whole).map_err(|error| error.chain())?;
        let copied = io::copy(&mut reader.by_ref(), &mut io::sink());
        copied.map(drop).map_err(|error| error.to_string())
    }
}

/// The place in a queue that a record was in.
fn place(name: &[u8]) -> Option<(QueueId, u64)> {
    key::parse_record(name.get(1..)?)
}

/// The first key after `name`.
fn next_key(name: &[u8]) -> Vec<u8> {
    [name, &[0]].concat()
}
