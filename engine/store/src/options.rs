//! What can be set when a repository is opened.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tutti_model::flowfile::Timestamp;

use crate::watch;

/// Tells the time.
pub type ClockFunction = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Bounds and behaviour of a repository.
#[derive(Clone)]
pub struct Options {
    /// Flowfiles of one queue that are kept in memory; the rest waits on disk.
    pub window_flowfiles_max: usize,
    /// What the flowfiles of one queue may cost in memory, in bytes, without their content.
    pub window_bytes_max: usize,
    /// What the flowfiles of all queues may cost in memory, in bytes, without their content; each
    /// queue has a few there whatever others have.
    pub windows_bytes_max: usize,
    /// How many flowfiles that are not in memory go into a file of their own, a run.
    pub run_flowfiles_max: u64,
    /// What one epoch may cost in memory, in bytes; when it is full, commits wait for the flush.
    pub epoch_bytes_max: usize,
    /// Bytes of provenance on disk; above it the eldest file is deleted.
    pub provenance_bytes_max: u64,
    /// Bytes of the disk that are kept free: with less than that [`Repository::shortage`] tells
    /// so. `None` is 1 GB, or a twentieth of the disk where that is less.
    ///
    /// [`Repository::shortage`]: crate::Repository::shortage
    pub disk_free_bytes_min: Option<u64>,
    /// Bytes of content that nothing refers to any more and that is kept for a replay; above it
    /// the eldest is deleted. 0 keeps none; `None` is 1 GB, or a twentieth of the disk where that
    /// is less.
    pub archive_bytes_max: Option<u64>,
    /// How long it is kept, at most; longer by as long as nobody has the folder open.
    pub archive_period: Duration,
    /// How long lies in the trash what was thrown away.
    pub trash_period: Duration,
    /// How many bulletins are kept.
    pub bulletins_max: usize,
    /// Whether bulletins whose messages differ in their data alone are counted as one, as
    /// [`outline`] tells; otherwise only equal messages are.
    ///
    /// [`outline`]: crate::outline
    pub groups_bulletins: bool,
    /// Whether records whose content files are not there are put aside when the repository is
    /// opened. Without it opening fails, as the files may come back.
    pub puts_missing_content_aside: bool,
    /// A flowfile over which the process died so often is parked; 0 parks none, and writes down
    /// nothing of what is at work.
    pub deaths_max: u32,
    /// The boot of this machine, where the system tells: what died with the machine died over no
    /// flowfile.
    pub boot: Option<Box<str>>,
    /// Whether a thread of its own flushes. Without it only `flush` does: for simulation.
    pub has_flusher: bool,
    /// The least time from one flush to the next. Longer ones cost less disk; shorter ones
    /// confirm sooner.
    pub flush_interval: Duration,
    /// The time for bulletins that the repository itself reports.
    pub clock: ClockFunction,
}

impl Options {
    /// For whoever only looks into a folder: nothing of what it keeps is given up.
    pub fn looking() -> Self {
        Self {
            archive_bytes_max: Some(u64::MAX),
            archive_period: Duration::MAX,
            trash_period: Duration::MAX,
            disk_free_bytes_min: Some(0),
            ..Self::default()
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            window_flowfiles_max: 20_000,
            window_bytes_max: 32 * 1024 * 1024,
            windows_bytes_max: 64 * 1024 * 1024,
            run_flowfiles_max: 10_000,
            epoch_bytes_max: 16 * 1024 * 1024,
            provenance_bytes_max: 1024 * 1024 * 1024,
            disk_free_bytes_min: None,
            archive_bytes_max: Some(0),
            archive_period: Duration::from_hours(3),
            trash_period: Duration::from_hours(7 * 24),
            bulletins_max: 1_000,
            groups_bulletins: true,
            puts_missing_content_aside: false,
            deaths_max: 3,
            boot: watch::boot(),
            has_flusher: true,
            flush_interval: Duration::from_millis(25),
            clock: Arc::new(|| {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }),
        }
    }
}
