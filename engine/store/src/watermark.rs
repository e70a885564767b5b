//! Whether the disk has room for taking in more.
//!
//! What is in the flow already needs room to come to its end: new work is taken in only as long as
//! there is more than that. Nothing is held up here; whoever takes work in asks.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use tutti_model::flowfile::Timestamp;

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

/// How long a disk may take to show the room that a deleted file gave: Btrfs does so with its next
/// transaction, which by default comes every 30 s.
const SHOWN_AFTER_MS: u64 = 40_000;

/// Looks after the room on the disks of a data folder.
pub(crate) struct Watermark {
    /// Where what is archived gives way.
    content: Arc<dyn Folder>,
    /// The others, whose disks may be other ones.
    others: Vec<Arc<dyn Folder>>,
    /// Bytes to keep free; `None` leaves it to the size of the disk.
    free_bytes_min: Option<u64>,
    shortage: Mutex<Option<Shortage>>,
    given: Mutex<Given>,
}

/// What gave way, and is not seen as room yet.
#[derive(Default)]
struct Given {
    bytes: u64,
    /// Until then it is expected.
    until: Timestamp,
    /// How much room there was at the last look.
    free_bytes: u64,
}

impl Given {
    /// Takes note of how much room there is.
    fn see(&mut self, free_bytes: u64, now: Timestamp) {
        let more = free_bytes.saturating_sub(self.free_bytes);
        self.free_bytes = free_bytes;
        self.bytes = if now < self.until { self.bytes.saturating_sub(more) } else { 0 };
    }

    fn add(&mut self, bytes: u64, now: Timestamp) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.until = now.plus_ms(SHOWN_AFTER_MS);
    }
}

impl Watermark {
    pub(crate) fn new(
        content: Arc<dyn Folder>,
        others: Vec<Arc<dyn Folder>>,
        free_bytes_min: Option<u64>,
    ) -> Self {
        let (shortage, given) = (Mutex::default(), Mutex::default());
        Self { content, others, free_bytes_min, shortage, given }
    }

    pub(crate) fn shortage(&self) -> Option<Shortage> {
        self.shortage.lock().clone()
    }

    pub(crate) fn is_short(&self) -> bool {
        self.shortage.lock().is_some()
    }

    /// Asks the disks, and where that of the content lacks room lets `give_way` delete so many
    /// bytes, which hands back how many it did. Hands back the shortage that has just begun, if
    /// one has.
    pub(crate) fn look(
        &self,
        now: Timestamp,
        give_way: impl FnMut(u64) -> u64,
    ) -> Option<Shortage> {
        let was_short = self.is_short();
        let of_content = self.look_at_content(now, give_way, was_short);
        let shortage = of_content.or_else(|| {
            let lacking = |folder: &Arc<dyn Folder>| {
                let space = folder.space().ok()?;
                self.shortage_of(folder, space, 0, was_short)
            };
            self.others.iter().find_map(lacking)
        });
        (*self.shortage.lock()).clone_from(&shortage);
        shortage.filter(|_| !was_short)
    }

    /// What the disk of the content lacks although all that could gave way. What did and does not
    /// show yet counts as room: otherwise everything would go before the first of it shows.
    fn look_at_content(
        &self,
        now: Timestamp,
        mut give_way: impl FnMut(u64) -> u64,
        was_short: bool,
    ) -> Option<Shortage> {
        // A disk that cannot be asked lacks nothing.
        let mut space = self.content.space().ok()?;
        let mut given = self.given.lock();
        given.see(space.free_bytes, now);
        let lack = self.lack_bytes(space, given.bytes, was_short);
        let gone = if lack > 0 { give_way(lack) } else { 0 };
        if gone > 0 {
            given.add(gone, now);
            space = self.content.space().ok()?;
            given.see(space.free_bytes, now);
        }
        self.shortage_of(&self.content, space, given.bytes, was_short)
    }

    fn shortage_of(
        &self,
        folder: &Arc<dyn Folder>,
        space: Space,
        expected_bytes: u64,
        was_short: bool,
    ) -> Option<Shortage> {
        let (free_bytes, wanted_bytes) = (space.free_bytes, self.wanted_bytes(space));
        let shortage = || Shortage { place: folder.describe(""), free_bytes, wanted_bytes };
        (self.lack_bytes(space, expected_bytes, was_short) > 0).then(shortage)
    }

    /// What a disk with this room lacks, where so much more is expected.
    fn lack_bytes(&self, space: Space, expected_bytes: u64, was_short: bool) -> u64 {
        let wanted_bytes = self.wanted_bytes(space);
        let relief_bytes = if was_short { wanted_bytes / RELIEF_PART } else { 0 };
        let has_bytes = space.free_bytes.saturating_add(expected_bytes);
        wanted_bytes.saturating_add(relief_bytes).saturating_sub(has_bytes)
    }

    fn wanted_bytes(&self, space: Space) -> u64 {
        self.free_bytes_min.unwrap_or_else(|| part_bytes(space))
    }
}

impl Shared {
    /// Looks how much room the disk has. When that is too little what is archived goes, and when
    /// that does not help it tells so.
    pub(crate) fn look_for_room(&self) {
        let now = (self.options.clock)();
        let begun = self.watermark.look(now, |lack| self.content.give_way(lack).unwrap_or(0));
        if let Some(shortage) = begun {
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

    fn over(
        content: &MemoryFolder,
        other: &MemoryFolder,
        free_bytes_min: Option<u64>,
    ) -> Watermark {
        Watermark::new(Arc::new(content.clone()), vec![Arc::new(other.clone())], free_bytes_min)
    }

    /// Nothing is archived.
    fn look(watermark: &Watermark) -> Option<Shortage> {
        watermark.look(Timestamp(0), |_| 0)
    }

    #[test]
    fn a_shortage_begins_below_the_mark_and_ends_some_way_above() {
        for index in 0..2 {
            let folders = [MemoryFolder::default(), MemoryFolder::default()];
            let watermark = over(&folders[0], &folders[1], Some(80 * MB));
            let look = |free_mb| {
                folders[index].set_free_bytes(free_mb * MB);
                (look(&watermark).is_some(), watermark.is_short())
            };
            assert_eq!(look(80), (false, false), "all that is wanted is there");
            assert_eq!(look(79), (true, true));
            assert_eq!(look(10), (false, true), "it is told once");
            assert_eq!(look(89), (false, true), "it does not end at once");
            assert_eq!(look(90), (false, false));
            assert_eq!(look(85), (false, false), "nor begin again");
            assert_eq!(look(0), (true, true));
        }
    }

    #[test]
    fn any_disk_may_be_short_and_each_says_what_it_has() {
        let folders = [MemoryFolder::default(), MemoryFolder::default()];
        let watermark = over(&folders[0], &folders[1], None);
        folders[1].set_free_bytes(1023 * MB + 500 * 1024);
        let asked = |_| panic!("nothing is archived on that disk");
        let shortage = watermark.look(Timestamp(0), asked).unwrap();
        assert_eq!(shortage.wanted_bytes, 1024 * MB, "a disk without end");
        assert!(shortage.to_string().contains("has 1023 MB left, less than the 1024 MB"));
    }

    #[test]
    fn what_gave_way_counts_as_room_until_it_shows_or_ought_to() {
        let folder = MemoryFolder::default();
        let watermark = over(&folder, &MemoryFolder::default(), Some(100 * MB));
        // What is asked for at a look, of an archive of files of 16 MB.
        let look = |now: i64, free_mb: u64| {
            folder.set_free_bytes(free_mb * MB);
            let mut asked = 0;
            let give_way = |bytes: u64| {
                asked += bytes;
                bytes.div_ceil(16 * MB) * 16 * MB
            };
            watermark.look(Timestamp(now), give_way);
            (asked / MB, watermark.is_short())
        };
        assert_eq!(look(0, 90), (10, false));
        assert_eq!(look(25, 90), (0, false), "16 MB are on their way");
        assert_eq!(look(50, 83), (1, false), "and not enough any more");
        assert_eq!(look(75, 90), (0, false), "7 of 32 MB are there");
        assert_eq!(look(100, 115), (0, false), "all are there");
        assert_eq!(look(125, 99), (1, false), "and used");
        let late = SHOWN_AFTER_MS.cast_signed() + 125;
        assert_eq!(look(late - 1, 99), (0, false));
        assert_eq!(look(late, 99), (1, false), "nobody gave that room");
    }

    #[test]
    fn a_small_disk_keeps_a_twentieth() {
        let folder = MemoryFolder::default();
        let watermark = over(&folder, &folder, None);
        let wanted = |total_bytes| watermark.wanted_bytes(Space { free_bytes: 0, total_bytes });
        assert_eq!(wanted(8 * MB), 8 * MB / 20);
        assert_eq!(wanted(u64::MAX), PART_BYTES_MAX);
        assert_eq!(Megabytes(wanted(8 * MB)).to_string(), "0.4 MB");
    }
}
