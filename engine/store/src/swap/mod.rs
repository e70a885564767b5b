//! The tails of long queues: runs of flowfile records in files of their own, so that a million that
//! wait cost no more memory than a few thousand, whatever the key-value store keeps in memory.
//!
//! A run is written once, whole, before the epoch that names it, and read in parts. What leaves it
//! is noted in the store, by a bit for each; a run that is empty is removed, never changed. What
//! the store does not name is nobody's.

mod file;
mod run;

use std::sync::Arc;

use tutti_model::flowfile::FlowFile;

pub(crate) use self::file::Table;
pub(crate) use self::run::{Gone, Run, RunRecord};
use crate::core::Quarantined;
use crate::error::{Result, StoreError};
use crate::folder::Folder;
use crate::key;
use crate::queue::QueueId;
use crate::record;

/// The folder of runs.
#[derive(Clone)]
pub(crate) struct Swap(Arc<dyn Folder>);

impl Swap {
    pub(crate) fn new(folder: Arc<dyn Folder>) -> Self {
        Self(folder)
    }

    /// Where a run is, for messages.
    pub(crate) fn describe(&self, queue: QueueId, run: u64) -> String {
        self.0.describe(&file_name(queue, run))
    }

    /// Writes a run of records, in the order of their numbers. Its name is durable only after
    /// [`Swap::sync`]. What an earlier attempt left is written anew.
    pub(crate) fn write(
        &self,
        queue: QueueId,
        run: u64,
        records: &[(u64, Vec<u8>)],
    ) -> Result<(Table, u64)> {
        let name = file_name(queue, run);
        self.remove(queue, run)?;
        let file = self.0.create(&name)?;
        let bytes = file::encode(records);
        file.write_at(&bytes, 0)?;
        file.sync()?;
        Ok((file::table_of(records), bytes.len() as u64))
    }

    /// Makes the names of runs durable.
    pub(crate) fn sync(&self) -> Result<()> {
        self.0.sync()
    }

    /// Removes a run, if it is there.
    pub(crate) fn remove(&self, queue: QueueId, run: u64) -> Result<()> {
        match self.0.remove(&file_name(queue, run)) {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Which numbers a run has, and where they are in it.
    pub(crate) fn table(&self, queue: QueueId, run: u64) -> Result<Table> {
        let name = file_name(queue, run);
        let file = self.0.open(&name)?;
        let damaged = |reason: String| {
            StoreError::corrupt("a run of a queue's flowfiles", self.0.describe(&name), reason)
        };
        file::read_table(&*file)?.map_err(damaged)
    }

    /// The records at these places of a run, one after the other.
    pub(crate) fn read(
        &self,
        queue: QueueId,
        run: u64,
        table: &Table,
        places: &[usize],
    ) -> Result<Vec<(u64, Result<FlowFile, Quarantined>)>> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let file = self.0.open(&file_name(queue, run))?;
        let raw = table.read(&*file, places)?;
        let decoded = raw.into_iter().map(|(sequence, bytes)| {
            let key = key::record(queue, sequence);
            let flowfile =
                record::decode(&bytes).map_err(|reason| Quarantined::new(&key, reason, bytes));
            (sequence, flowfile)
        });
        Ok(decoded.collect())
    }

    /// All runs that there are, with their lengths in bytes; what is not a run is left alone.
    pub(crate) fn list(&self) -> Result<Vec<((QueueId, u64), u64)>> {
        let named = |(name, length): (String, u64)| Some((parse_name(&name)?, length));
        Ok(self.0.list()?.into_iter().filter_map(named).collect())
    }
}

/// Numbers are never used again, so neither is a name.
fn file_name(queue: QueueId, run: u64) -> String {
    format!("{:08x}-{run:016x}.run", queue.0)
}

fn parse_name(name: &str) -> Option<(QueueId, u64)> {
    let (queue, run) = name.strip_suffix(".run")?.split_once('-')?;
    let parsed =
        (QueueId(u32::from_str_radix(queue, 16).ok()?), u64::from_str_radix(run, 16).ok()?);
    (file_name(parsed.0, parsed.1) == name).then_some(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_others_are_not() {
        let run = (QueueId(7), u64::MAX - 3);
        assert_eq!(parse_name(&file_name(run.0, run.1)), Some(run));
        for other in ["", "7-3.run", "00000007-0000000000000003", "notes.txt", "+0000007-3.run"] {
            assert_eq!(parse_name(other), None, "{other}");
        }
    }
}
