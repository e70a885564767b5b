//! Whether the disk has room for taking in more.
//!
//! What is in the flow already needs room to come to its end: new work is taken in only as long as
//! there is more than that. Nothing is held up here; whoever takes work in asks.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::folder::{Folder, Space};
use crate::repository::{Repository, Shared};

/// How much of a disk when nobody says how much: this, or a twentieth of it where that is less.
pub(crate) const PART_BYTES_MAX: u64 = 1024 * 1024 * 1024;
const PART: u64 = 20;

/// How much of a disk is kept free, and how much may be archived, when nobody says how much.
pub(crate) fn part_bytes(space: Space) -> u64 {
    PART_BYTES_MAX.min(space.total_bytes / PART)
}
/// A shortage is over when so large a part more is free than it began with: it does not come and
/// go with every file.
const RELIEF_PART: u64 = 8;

/// The disk has less room than is to be kept free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// The folder on that disk.
    pub place: String,
    /// How much room there is, in bytes.
    pub free_bytes: u64,
    /// How much is to be kept free, in bytes.
    pub wanted_bytes: u64,
}

impl Shortage {
    /// What whoever runs the program can do about it.
    pub fn help(&self) -> &'static str {
        "what is in the flow is worked on; new work is taken in again by itself when there is \
         room: make some on the disk, or keep less free with --disk-free-min"
    }
}

impl fmt::Display for Shortage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the disk of \"{}\" has {} left, less than the {} that are kept free: sources wait",
            self.place,
            Megabytes(self.free_bytes),
            Megabytes(self.wanted_bytes),
        )
    }
}

/// Bytes in megabytes of 1,048,576 bytes.
struct Megabytes(u64);

impl fmt::Display for Megabytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0 / (1024 * 1024 / 10);
        match tenths {
            0..1_000 => write!(formatter, "{}.{} MB", tenths / 10, tenths % 10),
            _ => write!(formatter, "{} MB", tenths / 10),
        }
    }
}

/// Looks after the room on the disks of some folders.
pub(crate) struct Watermark {
    folders: Vec<Arc<dyn Folder>>,
    /// Bytes to keep free; `None` leaves it to the size of the disk.
    free_bytes_min: Option<u64>,
    shortage: Mutex<Option<Shortage>>,
}

impl Watermark {
    pub(crate) fn new(folders: Vec<Arc<dyn Folder>>, free_bytes_min: Option<u64>) -> Self {
        Self { folders, free_bytes_min, shortage: Mutex::default() }
    }

    pub(crate) fn shortage(&self) -> Option<Shortage> {
        self.shortage.lock().clone()
    }

    pub(crate) fn is_short(&self) -> bool {
        self.shortage.lock().is_some()
    }

    /// How many bytes a disk lacks, if one does.
    pub(crate) fn lacks(&self) -> Option<u64> {
        self.folders.iter().filter_map(|folder| self.lack_of(folder)).map(|(lack, _)| lack).max()
    }

    /// What the disk of `folder` lacks, in bytes. A disk that cannot be asked lacks nothing.
    fn lack_of(&self, folder: &Arc<dyn Folder>) -> Option<(u64, Shortage)> {
        let space = folder.space().ok()?;
        let wanted_bytes = self.wanted_bytes(space);
        let relief_bytes = if self.is_short() { wanted_bytes / RELIEF_PART } else { 0 };
        let Space { free_bytes, .. } = space;
        let lack = wanted_bytes.saturating_add(relief_bytes).checked_sub(free_bytes)?;
        let shortage = || Shortage { place: folder.describe(""), free_bytes, wanted_bytes };
        (lack > 0).then(|| (lack, shortage()))
    }

    /// Asks the disks; hands back the shortage that has just begun, if one has.
    pub(crate) fn look(&self) -> Option<Shortage> {
        let was_short = self.is_short();
        let shortage = self.folders.iter().find_map(|folder| self.lack_of(folder));
        let shortage = shortage.map(|(_, shortage)| shortage);
        (*self.shortage.lock()).clone_from(&shortage);
        shortage.filter(|_| !was_short)
    }

    fn wanted_bytes(&self, space: Space) -> u64 {
        self.free_bytes_min.unwrap_or_else(|| part_bytes(space))
    }
}

impl Shared {
    /// Looks how much room the disk has. When that is too little what is archived goes, and when
    /// that does not help it tells so.
    pub(crate) fn look_for_room(&self) {
        while let Some(lack) = self.watermark.lacks()
            && self.content.give_way(lack).is_ok_and(|given| given > 0)
        {}
        if let Some(shortage) = self.watermark.look() {
            let (message, help) = (shortage.to_string(), shortage.help());
            tracing::error!(help, "{message}");
            self.bulletin(message, "shortage", help);
        }
    }
}

impl Repository {
    /// What the disk lacks for taking in more than there is already. It is looked at with every
    /// flush, and every second while it lacks something.
    pub fn shortage(&self) -> Option<Shortage> {
        self.shared.watermark.shortage()
    }

    /// Whether there is a [`shortage`](Self::shortage).
    pub fn is_short(&self) -> bool {
        self.shared.watermark.is_short()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::MemoryFolder;

    const MB: u64 = 1024 * 1024;

    #[test]
    fn a_shortage_begins_below_the_mark_and_ends_some_way_above() {
        let folder = MemoryFolder::default();
        let watermark = Watermark::new(vec![Arc::new(folder.clone())], Some(80 * MB));
        let look = |free_mb| {
            folder.set_free_bytes(free_mb * MB);
            (watermark.look().is_some(), watermark.is_short())
        };
        assert_eq!(look(80), (false, false), "all that is wanted is there");
        assert_eq!(look(79), (true, true));
        assert_eq!(look(10), (false, true), "it is told once");
        assert_eq!(look(89), (false, true), "it does not end at once");
        assert_eq!(look(90), (false, false));
        assert_eq!(look(85), (false, false), "nor begin again");
        assert_eq!(look(0), (true, true));
    }

    #[test]
    fn any_disk_may_be_short_and_each_says_what_it_has() {
        let folders = [MemoryFolder::default(), MemoryFolder::default()];
        let watched = folders.iter().map(|folder| Arc::new(folder.clone()) as Arc<dyn Folder>);
        let watermark = Watermark::new(watched.collect(), None);
        folders[1].set_free_bytes(1023 * MB + 500 * 1024);
        let shortage = watermark.look().unwrap();
        assert_eq!(shortage.wanted_bytes, 1024 * MB, "a disk without end");
        assert!(shortage.to_string().contains("has 1023 MB left, less than the 1024 MB"));
    }

    #[test]
    fn a_small_disk_keeps_a_twentieth() {
        let watermark = Watermark::new(Vec::new(), None);
        let wanted = |total_bytes| watermark.wanted_bytes(Space { free_bytes: 0, total_bytes });
        assert_eq!(wanted(8 * MB), 8 * MB / 20);
        assert_eq!(wanted(u64::MAX), PART_BYTES_MAX);
        assert_eq!(Megabytes(wanted(8 * MB)).to_string(), "0.4 MB");
    }
}
