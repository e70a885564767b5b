//! The bytes of a run: a table of numbers and lengths with a checksum, then the records as the
//! store would have them, each with a checksum of its own.
//!
//! Whatever the bytes say, reading them neither panics nor takes more memory than the file has.

use crate::error::Result;
use crate::folder::StoredFile;

/// The first bytes: what it is, and its version.
const MAGIC: &[u8; 8] = b"TUTTIRN1";
/// Magic, and how many records there are.
const HEAD_BYTES: usize = 16;
/// Number and length of a record.
const ENTRY_BYTES: usize = 12;
const CHECKSUM_BYTES: usize = 4;

/// Which numbers a run has, in order, and where their records end in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    sequences: Vec<u64>,
    ends: Vec<u64>,
}

impl Table {
    pub(crate) fn len(&self) -> usize {
        self.sequences.len()
    }

    /// The place of a number.
    pub(crate) fn find(&self, sequence: u64) -> Option<usize> {
        self.sequences.binary_search(&sequence).ok()
    }

    /// The first place whose number is not below `sequence`.
    pub(crate) fn place_from(&self, sequence: u64) -> usize {
        self.sequences.partition_point(|known| *known < sequence)
    }

    pub(crate) fn sequence(&self, place: usize) -> Option<u64> {
        self.sequences.get(place).copied()
    }

    fn start(&self, place: usize) -> u64 {
        let before = place.checked_sub(1).and_then(|before| self.ends.get(before));
        before.copied().unwrap_or(table_bytes(self.len()) as u64)
    }

    /// The bytes of the records at `places`, which are in order.
    pub(super) fn read(
        &self,
        file: &dyn StoredFile,
        places: &[usize],
    ) -> Result<Vec<(u64, Vec<u8>)>> {
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return Ok(Vec::new());
        };
        let start = self.start(*first);
        let end = self.ends.get(*last).copied().unwrap_or(start);
        let mut bytes = vec![0; usize::try_from(end - start).unwrap_or(0)];
        let count = file.read_at(&mut bytes, start)?;
        // What was cut off fails its decoding, which tells.
        bytes.truncate(count);
        let part = |place: &usize| {
            let from = usize::try_from(self.start(*place) - start).ok()?.min(bytes.len());
            let to = usize::try_from(self.ends.get(*place)? - start).ok()?.min(bytes.len());
            Some((self.sequence(*place)?, bytes.get(from..to)?.to_vec()))
        };
        Ok(places.iter().filter_map(part).collect())
    }
}

fn table_bytes(records: usize) -> usize {
    HEAD_BYTES + records * ENTRY_BYTES + CHECKSUM_BYTES
}

/// The file of these records.
pub(super) fn encode(records: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let body: usize = records.iter().map(|(_, record)| record.len()).sum();
    let mut bytes = Vec::with_capacity(table_bytes(records.len()) + body);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&(records.len() as u64).to_le_bytes());
    for (sequence, record) in records {
        bytes.extend_from_slice(&sequence.to_le_bytes());
        bytes.extend_from_slice(&u32::try_from(record.len()).unwrap_or(u32::MAX).to_le_bytes());
    }
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
    for (_, record) in records {
        bytes.extend_from_slice(record);
    }
    bytes
}

/// The table of a file of these records.
pub(super) fn table_of(records: &[(u64, Vec<u8>)]) -> Table {
    let mut table = Table::default();
    let mut end = table_bytes(records.len()) as u64;
    for (sequence, record) in records {
        end += record.len() as u64;
        table.sequences.push(*sequence);
        table.ends.push(end);
    }
    table
}

/// The table of a file, or what is wrong with it.
pub(super) fn read_table(file: &dyn StoredFile) -> Result<Result<Table, String>> {
    let length = file.length()?;
    let mut head = [0; HEAD_BYTES];
    if file.read_at(&mut head, 0)? < HEAD_BYTES {
        return Ok(Err(format!("it has only {length} bytes")));
    }
    let Some(records) = records_in(&head) else {
        return Ok(Err("it does not begin as such a file does".into()));
    };
    let fits = |records: &usize| table_bytes(*records) as u64 <= length;
    let possible = usize::try_from(records)
        .ok()
        .filter(|records| *records as u64 <= length / ENTRY_BYTES as u64 && fits(records));
    let Some(records) = possible else {
        return Ok(Err(format!("{records} records do not fit into its {length} bytes")));
    };
    let mut bytes = vec![0; table_bytes(records)];
    if file.read_at(&mut bytes, 0)? < bytes.len() {
        return Ok(Err("it became shorter while it was read".into()));
    }
    Ok(decode_table(&bytes))
}

fn records_in(head: &[u8]) -> Option<u64> {
    let (magic, rest) = head.split_first_chunk::<8>()?;
    let count = rest.first_chunk::<8>()?;
    (magic == MAGIC).then(|| u64::from_le_bytes(*count))
}

fn decode_table(bytes: &[u8]) -> Result<Table, String> {
    let split = bytes.split_last_chunk::<CHECKSUM_BYTES>();
    let (entries, checksum) = split.ok_or("it has no table")?;
    if crc32c::crc32c(entries) != u32::from_le_bytes(*checksum) {
        return Err("the checksum of its table is wrong".into());
    }
    let mut table = Table::default();
    let mut end = bytes.len() as u64;
    for entry in entries.get(HEAD_BYTES..).unwrap_or_default().chunks_exact(ENTRY_BYTES) {
        let Some((sequence, length)) = entry.split_first_chunk::<8>() else { break };
        let Some(length) = length.first_chunk::<4>() else { break };
        let sequence = u64::from_le_bytes(*sequence);
        if table.sequences.last().is_some_and(|last| *last >= sequence) {
            return Err("its records are not in order".into());
        }
        end += u64::from(u32::from_le_bytes(*length));
        table.sequences.push(sequence);
        table.ends.push(end);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::folder::{Folder, MemoryFolder};

    fn file(bytes: &[u8]) -> Arc<dyn StoredFile> {
        let file = MemoryFolder::default().create("run").unwrap();
        file.write_at(bytes, 0).unwrap();
        file
    }

    fn records() -> impl Strategy<Value = Vec<(u64, Vec<u8>)>> {
        let records = prop::collection::btree_map(any::<u64>(), any::<Vec<u8>>(), 0..20);
        records.prop_map(|records: BTreeMap<_, _>| records.into_iter().collect())
    }

    proptest! {
        #[test]
        fn any_of_its_records_come_back(records in records(), wanted: u32) {
            let file = file(&encode(&records));
            let table = read_table(&*file).unwrap().unwrap();
            prop_assert_eq!(&table, &table_of(&records));
            let chosen = |place: &usize| wanted & (1 << place) != 0;
            let places: Vec<usize> = (0..records.len()).filter(chosen).collect();
            let expected: Vec<_> = places.iter().map(|place| records[*place].clone()).collect();
            prop_assert_eq!(table.read(&*file, &places).unwrap(), expected);
            for (place, (sequence, _)) in records.iter().enumerate() {
                prop_assert_eq!(table.find(*sequence), Some(place));
                prop_assert_eq!(table.place_from(*sequence), place);
            }
        }

        #[test]
        fn a_flipped_bit_of_the_table_is_noticed(records in records(), bit: prop::sample::Index) {
            let mut bytes = encode(&records);
            let bit = bit.index(table_bytes(records.len()) * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(read_table(&*file(&bytes)).unwrap().is_err());
        }

        #[test]
        fn what_is_cut_off_is_told_or_shorter(records in records(), length: prop::sample::Index) {
            let mut bytes = encode(&records);
            bytes.truncate(length.index(bytes.len()));
            let file = file(&bytes);
            if let Ok(table) = read_table(&*file).unwrap() {
                let all: Vec<usize> = (0..records.len()).collect();
                let read = table.read(&*file, &all).unwrap();
                prop_assert_eq!(read.len(), records.len());
                let mut pairs = read.iter().zip(&records);
                prop_assert!(pairs.all(|(read, own)| own.1.starts_with(&read.1)));
                prop_assert!(read != records);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, count: u64) {
            let _ = read_table(&*file(&bytes)).unwrap();
            let mut bytes = [&MAGIC[..], &count.to_le_bytes(), &bytes].concat();
            bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
            let file = file(&bytes);
            if let Ok(table) = read_table(&*file).unwrap() {
                let _ = table.read(&*file, &(0..table.len()).collect::<Vec<_>>()).unwrap();
            }
        }
    }
}
