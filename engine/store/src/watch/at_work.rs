//! The file of what is at work: a block for each session, overwritten when it has ended.
//!
//! It is written, and never synced. What a process wrote stays when it dies; when the machine does,
//! nobody asks (docs/adr/0018). A block names the life that wrote it: whatever earlier ones left
//! has no meaning, so nothing has to be tidied up.

use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tutti_model::flowfile::FlowFileId;

use crate::error::{Result, StoreError};
use crate::folder::{Folder, StoredFile};
use crate::queue::QueueId;
use crate::record;

/// The file's name.
pub(crate) const FILE: &str = "at-work";
/// Each block begins at a multiple of this.
const BLOCK_BYTES: u64 = 4096;
/// How a block begins: the length of what follows, 0 where there is nothing.
const LENGTH_BYTES: usize = 2;
/// So many are sure to fit into a block.
const ENTRIES_MAX: usize = 150;
/// Nobody has more sessions at a time; a longer file is read up to here.
const BLOCKS_MAX: u64 = 100_000;

/// One flowfile at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) queue: QueueId,
    pub(crate) sequence: u64,
    pub(crate) flowfile: FlowFileId,
}

/// What one session has, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Block {
    pub(crate) life: u64,
    /// Nothing else is at work.
    pub(crate) is_alone: bool,
    pub(crate) entries: Vec<Entry>,
}

/// The file, as the living process writes it.
pub(crate) struct AtWorkFile {
    folder: Arc<dyn Folder>,
    life: u64,
    blocks: Mutex<Blocks>,
}

#[derive(Default)]
struct Blocks {
    /// Opened with the first block.
    file: Option<Arc<dyn StoredFile>>,
    next: u64,
    free: Vec<u64>,
    /// Those whose end could not be written.
    ended: Vec<u64>,
}

impl AtWorkFile {
    pub(crate) fn new(folder: Arc<dyn Folder>, life: u64) -> Self {
        Self { folder, life, blocks: Mutex::default() }
    }

    /// Writes down what a session has; hands back the blocks that say so.
    pub(crate) fn begin(&self, entries: &[Entry], is_alone: bool) -> Result<Vec<u64>> {
        let mut blocks = self.blocks.lock();
        let ended = std::mem::take(&mut blocks.ended);
        blocks.end(&ended)?;
        let file = blocks.open(&*self.folder)?;
        let mut taken = Vec::new();
        for part in entries.chunks(ENTRIES_MAX) {
            let block = blocks.free.pop().unwrap_or_else(|| {
                blocks.next += 1;
                blocks.next - 1
            });
            taken.push(block);
            if let Err(error) = self.write(&*file, block, part, is_alone) {
                // What was written of it is as if it had ended.
                blocks.ended.append(&mut taken);
                return Err(error);
            }
        }
        Ok(taken)
    }

    /// What was alone is not any more.
    pub(crate) fn let_others_in(&self, taken: &[u64], entries: &[Entry]) -> Result<()> {
        let mut blocks = self.blocks.lock();
        let file = blocks.open(&*self.folder)?;
        for (block, part) in taken.iter().zip(entries.chunks(ENTRIES_MAX)) {
            self.write(&*file, *block, part, false)?;
        }
        Ok(())
    }

    fn write(&self, file: &dyn StoredFile, block: u64, part: &[Entry], alone: bool) -> Result<()> {
        let block_of = Block { life: self.life, is_alone: alone, entries: part.to_vec() };
        file.write_at(&encode(&block_of), block * BLOCK_BYTES)
    }

    /// A session has ended. What cannot be written is written with the next that begins.
    pub(crate) fn end(&self, taken: &[u64]) -> Result<()> {
        self.blocks.lock().end(taken)
    }
}

impl Blocks {
    fn open(&mut self, folder: &dyn Folder) -> Result<Arc<dyn StoredFile>> {
        if let Some(file) = &self.file {
            return Ok(Arc::clone(file));
        }
        let file = match folder.open(FILE) {
            Err(StoreError::NotFound { .. }) => folder.create(FILE)?,
            opened => opened?,
        };
        Ok(Arc::clone(self.file.insert(file)))
    }

    fn end(&mut self, taken: &[u64]) -> Result<()> {
        let Some(file) = self.file.clone() else { return Ok(()) };
        for (index, block) in taken.iter().enumerate() {
            if let Err(error) = file.write_at(&[0; LENGTH_BYTES], block * BLOCK_BYTES) {
                self.ended.extend_from_slice(&taken[index..]);
                return Err(error);
            }
            self.free.push(*block);
        }
        Ok(())
    }
}

fn encode(block: &Block) -> Vec<u8> {
    let record = record::encode(block);
    let length = u16::try_from(record.len()).unwrap_or_default();
    [&length.to_le_bytes()[..], &record].concat()
}

/// What a block says; `None` of one that says nothing.
fn decode(bytes: &[u8]) -> Result<Option<Block>, String> {
    let Some((length, rest)) = bytes.split_first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
    let length = usize::from(u16::from_le_bytes(*length));
    if length == 0 {
        return Ok(None);
    }
    let record = rest.get(..length).ok_or_else(|| {
        format!("it is to have {length} bytes, and there are {} of it", rest.len())
    })?;
    record::decode(record).map(Some)
}

/// What the life with this number had at work in the end, and what of that cannot be told.
pub(crate) fn read(folder: &dyn Folder, life: u64) -> Result<(Vec<Block>, Option<StoreError>)> {
    let file = match folder.open(FILE) {
        Err(StoreError::NotFound { .. }) => return Ok((Vec::new(), None)),
        opened => opened?,
    };
    let (mut blocks, mut damaged, mut first) = (Vec::new(), 0_u64, None);
    let mut bytes = [0; BLOCK_BYTES as usize];
    for number in 0..file.length()?.div_ceil(BLOCK_BYTES).min(BLOCKS_MAX) {
        let count = file.read_at(&mut bytes, number * BLOCK_BYTES)?;
        match decode(bytes.get(..count).unwrap_or_default()) {
            Ok(block) => blocks.extend(block.filter(|block| block.life == life)),
            Err(reason) => {
                damaged += 1;
                first.get_or_insert((number, reason));
            }
        }
    }
    let damage = first.map(|(number, reason)| {
        let what = format!("what was at work ({damaged} blocks, the first is number {number})");
        StoreError::corrupt(what, folder.describe(FILE), reason)
    });
    Ok((blocks, damage))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fault::Faults;
    use crate::folder::MemoryFolder;

    fn entry(sequence: u64) -> Entry {
        Entry { queue: QueueId(u32::MAX), sequence, flowfile: FlowFileId(u64::MAX - sequence) }
    }

    fn entries(range: std::ops::Range<u64>) -> Vec<Entry> {
        range.map(|sequence| entry(u64::MAX / 2 + sequence)).collect()
    }

    fn at_work(folder: &MemoryFolder, life: u64) -> Vec<Entry> {
        let (blocks, damage) = read(folder, life).unwrap();
        assert!(damage.is_none(), "{damage:?}");
        let mut all: Vec<Entry> = blocks.into_iter().flat_map(|block| block.entries).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn what_has_begun_and_not_ended_is_there_however_much_it_is() {
        let folder = MemoryFolder::default();
        let file = AtWorkFile::new(Arc::new(folder.clone()), u64::MAX);
        let first = file.begin(&entries(0..1_000), false).unwrap();
        let second = file.begin(&entries(1_000..1_001), false).unwrap();
        assert_eq!(at_work(&folder, u64::MAX), entries(0..1_001));
        file.end(&first).unwrap();
        assert_eq!(at_work(&folder, u64::MAX), entries(1_000..1_001));
        let third = file.begin(&entries(0..300), false).unwrap();
        assert_eq!(folder.open(FILE).unwrap().length().unwrap().div_ceil(BLOCK_BYTES), 8);
        assert_eq!(at_work(&folder, u64::MAX).len(), 301);
        file.end(&second).unwrap();
        file.end(&third).unwrap();
        assert_eq!(at_work(&folder, u64::MAX), []);
    }

    #[test]
    fn what_other_lives_left_has_no_meaning() {
        let folder = MemoryFolder::default();
        let before = AtWorkFile::new(Arc::new(folder.clone()), 1);
        before.begin(&entries(0..2), true).unwrap();
        let file = AtWorkFile::new(Arc::new(folder.clone()), 2);
        assert_eq!(at_work(&folder, 2), []);
        file.begin(&entries(5..6), true).unwrap();
        assert_eq!(at_work(&folder, 2), entries(5..6));
        assert_eq!(at_work(&folder, 1), [], "its block was taken");
    }

    #[test]
    fn who_was_alone_can_be_in_company_later() {
        let folder = MemoryFolder::default();
        let file = AtWorkFile::new(Arc::new(folder.clone()), 1);
        let blocks = file.begin(&entries(0..1), true).unwrap();
        assert!(read(&folder, 1).unwrap().0[0].is_alone);
        file.let_others_in(&blocks, &entries(0..1)).unwrap();
        assert!(!read(&folder, 1).unwrap().0[0].is_alone);
    }

    #[test]
    fn an_end_that_could_not_be_written_is_written_with_the_next_beginning() {
        let faults = Faults::default();
        let folder = MemoryFolder::new(faults.clone());
        let file = AtWorkFile::new(Arc::new(folder.clone()), 1);
        let blocks = file.begin(&entries(0..2), false).unwrap();
        faults.fail_nth(1);
        assert!(file.end(&blocks).is_err());
        faults.fail_nth(1);
        assert!(file.begin(&entries(2..3), false).is_err());
        faults.fail_nth(0);
        file.begin(&entries(3..4), false).unwrap();
        assert_eq!(at_work(&folder, 1), entries(3..4));
    }

    #[test]
    fn damage_is_told_and_the_rest_is_read() {
        let folder = MemoryFolder::default();
        let file = AtWorkFile::new(Arc::new(folder.clone()), 1);
        file.begin(&entries(0..1), false).unwrap();
        file.begin(&entries(1..2), false).unwrap();
        folder.damage(FILE, |bytes| bytes[9] ^= 1);
        let (blocks, damage) = read(&folder, 1).unwrap();
        assert_eq!(blocks.len(), 1);
        let told = damage.unwrap().to_string();
        assert!(told.contains("1 blocks, the first is number 0"), "{told}");
        assert!(told.contains("checksum"), "{told}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_what_goes_in_comes_out(
            bytes: Vec<u8>,
            life: u64,
            is_alone: bool,
            count in 0..ENTRIES_MAX as u64,
            bit: prop::sample::Index,
        ) {
            let _ = decode(&bytes);
            let block = Block { life, is_alone, entries: entries(0..count) };
            let mut encoded = encode(&block);
            prop_assert!(encoded.len() as u64 <= BLOCK_BYTES);
            prop_assert_eq!(decode(&encoded), Ok(Some(block.clone())));
            let bit = bit.index(encoded.len() * 8);
            encoded[bit / 8] ^= 1 << (bit % 8);
            prop_assert_ne!(decode(&encoded), Ok(Some(block)));
        }
    }
}
