//! Knows, beside the key-value store, which epoch was durable last.
//!
//! The key-value store takes a log that was cut or damaged for one that a crash ended, and goes
//! back to an earlier epoch without a word. The witness is written only after the store's flush:
//! a crash leaves it at the store's epoch or one before, never beyond. Two slots take turns, so
//! that a torn write leaves the other. It never moves by itself: what it tells stays told.

use std::sync::Arc;

use crate::error::{Result, StoreError};
use crate::folder::{Folder, StoredFile};

/// The file's name.
pub(crate) const FILE: &str = "epoch";
/// The first bytes of a slot: what it is, and its version.
const MAGIC: &[u8; 8] = b"TUTTIEP1";
/// Magic, epoch and checksum.
const SLOT_BYTES: usize = 20;
/// Each slot has a sector for itself, however large sectors are.
const SLOT_STRIDE_BYTES: u64 = 4096;

/// The last durable epoch, in a file of its own.
#[derive(Clone)]
pub(crate) struct Witness {
    file: Arc<dyn StoredFile>,
}

impl Witness {
    /// Looks for the witness of `folder`, whose records end at `epoch`. An error says that they
    /// should not. Nothing is written.
    pub(crate) fn find(folder: &dyn Folder, epoch: u64) -> Result<Found> {
        let place = folder.describe(FILE);
        let file = match folder.open(FILE) {
            Ok(file) => file,
            Err(StoreError::NotFound { .. }) => {
                return Ok(Found { witness: None, is_missing: true, epoch });
            }
            Err(error) => return Err(error),
        };
        let witness = Self { file };
        let durable = (witness.read(0)?).max(witness.read(1)?);
        let found =
            |durable| Ok(Found { witness: Some((witness, durable)), is_missing: false, epoch });
        match durable {
            Some(durable) if durable > epoch => Err(StoreError::RolledBack {
                place: folder.describe("records"),
                epoch,
                durable,
                witness: place,
            }),
            Some(durable) => found(Some(durable)),
            // Its first write was interrupted.
            None if epoch == 0 => found(None),
            None => {
                let reason = "neither of its two slots has a valid checksum";
                Err(StoreError::corrupt("the witness of epochs", place, reason))
            }
        }
    }

    /// Says that `epoch` is durable in the store, durably.
    pub(crate) fn advance(&self, epoch: u64) -> Result<()> {
        self.file.write_at(&encode(epoch), (epoch % 2) * SLOT_STRIDE_BYTES)?;
        self.file.sync()
    }

    /// Writes both slots, so that one that is damaged later is not the only one.
    fn fill(&self, epoch: u64) -> Result<()> {
        for slot in 0..2 {
            self.file.write_at(&encode(epoch), slot * SLOT_STRIDE_BYTES)?;
        }
        self.file.sync()
    }

    fn read(&self, slot: u64) -> Result<Option<u64>> {
        let mut bytes = [0; SLOT_BYTES];
        let count = self.file.read_at(&mut bytes, slot * SLOT_STRIDE_BYTES)?;
        Ok(bytes.get(..count).and_then(decode))
    }
}

/// What there is of a witness, before anything is written.
pub(crate) struct Found {
    /// The file, and what it says.
    witness: Option<(Witness, Option<u64>)>,
    is_missing: bool,
    epoch: u64,
}

impl Found {
    /// Makes the witness say durably what it is to say. Hands back what was wrong. What failed may
    /// be tried again.
    pub(crate) fn settle(&mut self, folder: &dyn Folder) -> Result<(Witness, Option<StoreError>)> {
        let (witness, durable) = match &self.witness {
            Some(found) => found.clone(),
            None => (Witness { file: folder.create(FILE)? }, None),
        };
        self.witness = Some((witness.clone(), durable));
        match durable {
            // A sync that failed may have left it in the system's memory alone.
            Some(durable) => witness.advance(durable)?,
            None => witness.fill(self.epoch)?,
        }
        folder.sync()?;
        let missing = || {
            let place = folder.describe(FILE);
            StoreError::not_found(format!("witness of epochs \"{place}\""))
        };
        Ok((witness, (self.is_missing && self.epoch > 0).then(missing)))
    }
}

fn encode(epoch: u64) -> Vec<u8> {
    let mut slot = [&MAGIC[..], &epoch.to_le_bytes()].concat();
    slot.extend_from_slice(&crc32c::crc32c(&slot).to_le_bytes());
    slot
}

fn decode(slot: &[u8]) -> Option<u64> {
    let (bytes, checksum) = slot.split_last_chunk::<4>()?;
    let epoch = bytes.strip_prefix(MAGIC)?.try_into().ok()?;
    (crc32c::crc32c(bytes) == u32::from_le_bytes(*checksum)).then(|| u64::from_le_bytes(epoch))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fault::Faults;
    use crate::folder::MemoryFolder;

    fn open(folder: &MemoryFolder, epoch: u64) -> Result<(Witness, Option<StoreError>)> {
        Witness::find(folder, epoch)?.settle(folder)
    }

    fn at(epoch: u64) -> MemoryFolder {
        let folder = MemoryFolder::default();
        let (witness, damage) = open(&folder, 0).unwrap();
        assert!(damage.is_none());
        (1..=epoch).for_each(|epoch| witness.advance(epoch).unwrap());
        folder
    }

    #[test]
    fn records_may_be_ahead_of_the_witness_and_never_behind() {
        for epoch in 1..4 {
            let folder = at(epoch);
            assert!(open(&folder, epoch + 1).is_ok());
            assert!(open(&folder, epoch).is_ok());
            for rolled_back in 0..epoch {
                let Err(error) = open(&folder, rolled_back) else { panic!("silence") };
                let expected = (rolled_back, epoch);
                assert!(matches!(error, StoreError::RolledBack { epoch, durable, .. }
                    if (epoch, durable) == expected));
            }
        }
    }

    #[test]
    fn an_epoch_that_it_was_told_of_is_durable_at_once() {
        for epoch in 1..4 {
            let folder = at(epoch);
            folder.crash();
            assert!(open(&folder, epoch - 1).is_err());
        }
    }

    #[test]
    fn a_crash_while_it_is_written_is_no_damage() {
        let folder = at(6);
        folder.damage(FILE, |bytes| bytes[4096..4116].fill(0));
        assert!(open(&folder, 6).is_ok());
        let new = MemoryFolder::default();
        new.create(FILE).unwrap();
        assert!(matches!(open(&new, 0), Ok((_, None))));
    }

    #[test]
    fn whatever_fails_while_it_is_made_or_opened_it_is_durable_once_it_is_open() {
        for calls in (1..=8).flat_map(|first| (1..=8).map(move |second| [first, second])) {
            let faults = Faults::default();
            let folder = MemoryFolder::new(faults.clone());
            for call in calls {
                faults.fail_nth(call);
                let _ = open(&folder, 0);
            }
            faults.fail_nth(0);
            open(&folder, 0).unwrap();
            folder.crash();
            let (_, damage) = open(&folder, 1).unwrap();
            assert!(damage.is_none(), "calls {calls:?} failed: {damage:?}");
        }
    }

    #[test]
    fn without_it_there_is_a_word_and_with_it_wholly_damaged_an_error() {
        let folder = at(3);
        folder.remove(FILE).unwrap();
        let (_, damage) = open(&folder, 3).unwrap();
        assert!(matches!(damage, Some(StoreError::NotFound { .. })));
        assert!(open(&folder, 2).is_err(), "it is there again");
        folder.damage(FILE, Vec::clear);
        assert!(matches!(open(&folder, 3), Err(StoreError::Corrupt { .. })));
    }

    proptest! {
        #[test]
        fn no_bytes_pass_for_another_epoch(bytes: Vec<u8>, epoch: u64, bit in 0..SLOT_BYTES * 8) {
            prop_assert_eq!(decode(&encode(epoch)), Some(epoch));
            prop_assert_eq!(decode(&bytes), None);
            let mut flipped = encode(epoch);
            flipped[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(decode(&flipped), None);
        }
    }
}
