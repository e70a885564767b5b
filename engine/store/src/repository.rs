//! The repository: queues, content, provenance, state and bulletins of one data folder.

mod archive;
mod backend;
mod provenance;
mod queues;
mod state;
mod trash;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use tutti_model::bulletin::{Bulletin, Level};
use tutti_model::flowfile::{ContentSlice, FlowFileId};

pub use self::backend::Backend;
pub use self::trash::{Moved, Trashed};
pub use self::watch::AtWork;
use crate::alike::fingerprint;
use crate::bulletin::{BulletinRepository, BulletinRing};
use crate::content::{ContentReader, ContentRepository, ContentWriter};
use crate::core::{Core, Damage};
use crate::epoch;
use crate::error::{Result, StoreError};
use crate::flusher;
use crate::health::Health;
use crate::key;
use crate::key_value::KeyValue;
use crate::lock::{self, FolderLock};
use crate::options::Options;
use crate::provenance::ProvenanceRepository;
use crate::queue::Commit;
use crate::recovery::{self, RecoveryReport};
use crate::reserve;
use crate::swap::Swap;
use crate::tail::Shelves;
use crate::ticket::{Completion, Durability, Ticket};
use crate::watch::{LIFE, Watching, recover};
use crate::watermark::Watermark;
use crate::witness::Witness;

/// How long dropping a repository may wait for its last flush.
const DROP_WAIT: Duration = Duration::from_secs(5);
/// Who the repository's own bulletins are from.
const COMPONENT: &str = "repository";

pub(crate) struct Shared {
    pub(crate) core: Mutex<Core>,
    /// The open epoch has room again, or the repository is closed.
    pub(crate) room: Condvar,
    /// The flusher has something to do.
    pub(crate) wake: Condvar,
    /// Held while flushing: one flush at a time.
    pub(crate) flushing: Mutex<()>,
    pub(crate) store: Arc<dyn KeyValue>,
    pub(crate) content: Arc<ContentRepository>,
    pub(crate) provenance: ProvenanceRepository,
    pub(crate) swap: Swap,
    pub(crate) witness: Witness,
    pub(crate) watermark: Watermark,
    pub(crate) watching: Watching,
    pub(crate) bulletins: Arc<dyn BulletinRepository>,
    pub(crate) options: Options,
    next_id: AtomicU64,
    /// The flusher has ended.
    ended: Completion,
    _lock: Option<FolderLock>,
    path: Option<PathBuf>,
}

impl Shared {
    pub(crate) fn shelves(&self) -> Shelves<'_> {
        Shelves { store: &*self.store, swap: &self.swap }
    }

    /// Does `write`, and once more with the room that is set aside for the next opening when it
    /// finds none and nothing is archived: then the opening would find nothing to give way either.
    pub(crate) fn with_reserve<T>(&self, mut write: impl FnMut() -> Result<T>) -> Result<T> {
        match &self.path {
            Some(path) if self.content.archive_usage().1 == 0 => reserve::with_room(path, write),
            _ => write(),
        }
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.next_id.load(Ordering::Relaxed)
    }

    pub(crate) fn bulletin(&self, message: String, fingerprint: &str, help: &str) {
        let now = (self.options.clock)();
        let mut bulletin = Bulletin::new(Level::Error, now, COMPONENT, message);
        bulletin.help = Some(help.to_owned());
        self.bulletins.report(bulletin, fingerprint);
    }

    pub(crate) fn report_failure(&self, error: &StoreError, attempts: u32) {
        let message = format!("{} (attempt {attempts})", error.chain());
        tracing::error!(attempts, "cannot bring commits to disk: {}", error.chain());
        self.bulletin(message, &error.to_string(), error.help());
    }

    /// Tells what cannot be worked on any more.
    pub(crate) fn report_damage(&self) {
        let (put_aside, vanished) = {
            let mut core = self.core.lock();
            (std::mem::take(&mut core.put_aside), std::mem::take(&mut core.vanished))
        };
        for message in vanished {
            tracing::error!("{message}");
            let help = "check the disk; a backup of the data folder may still have them";
            self.bulletin(message.clone(), &message, help);
        }
        for damaged in put_aside {
            let message = format!("put aside {}: {}", damaged.what, damaged.reason);
            tracing::error!("{message}");
            self.bulletin(
                message.clone(),
                &message,
                "see \"tutti quarantine list\"; the rest works on",
            );
        }
    }
}

/// Why a commit was not taken.
#[derive(Debug)]
pub enum TryCommitError {
    /// The epoch is full: wait for [`Repository::room`] and try again with the same commit.
    Full(Commit),
    /// It cannot be done; nothing was applied.
    Failed(StoreError),
}

/// Queues, content, provenance, state and bulletins, consistent with each other over any crash.
///
/// Everything may be called from any thread. Nothing waits for a disk but [`Repository::flush`],
/// [`Repository::close`], reading and writing content, searching provenance, a poll or list that
/// reads a long queue's tail back, and [`Repository::commit`] while the epoch is full.
pub struct Repository {
    pub(crate) shared: Arc<Shared>,
    /// The flusher's thread. It holds the folder too, so whoever closes waits for its very end.
    flusher: Option<JoinHandle<()>>,
    report: RecoveryReport,
}

impl Repository {
    /// Whether `path` is a data folder already.
    pub fn is_there(path: &Path) -> bool {
        path.join(lock::RECORDS).is_dir()
    }

    /// Opens the data folder `path`, and makes it if it is not there.
    pub fn open(path: &Path, options: Options) -> Result<Self> {
        let (lock, format, backend) = reserve::with_room(path, || {
            let lock = FolderLock::take(path)?;
            Ok((lock, lock::check_format(path)?, Backend::disk(path)?))
        })?;
        let repository = Self::start(&backend, options, Some((lock, path.to_path_buf())))?;
        if let Some(message) = format.settle(path)? {
            tracing::warn!("{message}");
            let help =
                "see what empties or removes files of the data folder, and what else it took";
            repository.shared.bulletin(message.clone(), &message, help);
        }
        reserve::set_aside(path);
        Ok(repository)
    }

    /// As [`Repository::open`], of a data folder that must be there: for whoever only looks.
    pub fn open_existing(path: &Path, options: Options) -> Result<Self> {
        Self::check_is_there(path)?;
        Self::open(path, options)
    }

    pub(crate) fn check_is_there(path: &Path) -> Result<()> {
        let missing = || StoreError::not_found(format!("data folder \"{}\"", path.display()));
        Self::is_there(path).then_some(()).ok_or_else(missing)
    }

    /// Opens a repository over `backend`; for tests and simulation.
    pub fn open_with(backend: &Backend, options: Options) -> Result<Self> {
        Self::start(backend, options, None)
    }

    fn start(
        backend: &Backend,
        options: Options,
        place: Option<(FolderLock, PathBuf)>,
    ) -> Result<Self> {
        let archive = archive::limits(&*backend.content, &options);
        let content = Arc::new(ContentRepository::open(Arc::clone(&backend.content), archive)?);
        let swap = Swap::new(Arc::clone(&backend.swap));
        let shelves = Shelves { store: &*backend.records, swap: &swap };
        let mut recovered = recovery::recover(shelves, &content, &options)?;
        let watched = recover(&mut recovered, shelves, &*backend.witness, &options)?;
        // Before anything is written or deleted: what is missing now may come back with a backup.
        let mut witness = Witness::find(&*backend.witness, recovered.report.epoch)?;
        recovery::check_is_new(&recovered, &content, backend)?;
        if let Some(missing) = recovered.missing {
            return Err(missing);
        }
        content.reserve_numbers(recovered.numbers_from);
        let mut report = recovered.report;
        // Before anything needs room, as what nothing refers to may have to make some.
        content.offer_unreferenced();
        report.segments_deleted = content.reclaim((options.clock)())?;
        let settled = content.with_room(|| witness.settle(&*backend.witness));
        let (witness, damage) = settled?;
        report.witness_damage = damage;
        content.with_room(|| backend.records.apply(&recovered.batch))?;
        content.with_room(|| backend.records.flush())?;
        content.with_room(|| witness.advance(report.epoch + 1))?;
        let (provenance, opened) = ProvenanceRepository::open(
            Arc::clone(&backend.provenance),
            options.provenance_bytes_max,
            recovered.log_end,
        )?;
        report.provenance_bytes_cut = opened.bytes_cut;
        report.provenance_damage = opened.damage;
        for (queue, run) in recovered.nobodys_runs {
            swap.remove(queue, run)?;
        }
        let has_flusher = options.has_flusher;
        let (lock, path) = place.unzip();
        let mut core = recovered.core;
        core.put_aside.clone_from(&report.quarantined);
        let (disk, others) = (Arc::clone(&backend.content), vec![Arc::clone(&backend.witness)]);
        let watermark = Watermark::new(disk, others, options.disk_free_bytes_min);
        let shared = Arc::new(Shared {
            core: Mutex::new(core),
            room: Condvar::new(),
            wake: Condvar::new(),
            flushing: Mutex::new(()),
            store: Arc::clone(&backend.records),
            content,
            provenance,
            swap,
            witness,
            watermark,
            watching: Watching::new(watched, Arc::clone(&backend.witness), options.deaths_max),
            bulletins: Arc::new(BulletinRing::new(options.bulletins_max)),
            options,
            next_id: AtomicU64::new(recovered.numbers_from),
            ended: Completion::default(),
            _lock: lock,
            path,
        });
        shared.report_damage();
        shared.look_for_room();
        let damaged = report.witness_damage.iter().chain(&report.watch_damage);
        for damage in damaged.chain(&report.provenance_damage) {
            tracing::error!("{}", damage.chain());
            shared.bulletin(damage.chain(), &damage.to_string(), damage.help());
        }
        let mut repository = Self { shared, flusher: None, report };
        if has_flusher {
            repository.flusher = Some(repository.start_flusher()?);
        } else {
            repository.shared.ended.complete(Durability::Durable);
        }
        Ok(repository)
    }

    fn start_flusher(&self) -> Result<JoinHandle<()>> {
        let shared = Arc::clone(&self.shared);
        let flusher = std::thread::Builder::new().name("store-flusher".into());
        let started = flusher.spawn(move || {
            flusher::run(&shared);
            shared.ended.complete(Durability::Durable);
        });
        started.map_err(|error| StoreError::io("start the flusher of", "", error))
    }

    /// What was found at opening.
    pub fn recovery(&self) -> &RecoveryReport {
        &self.report
    }

    /// What was found to be damaged since then.
    pub fn damage(&self) -> Damage {
        self.shared.core.lock().damage
    }

    /// Whether commits become durable.
    pub fn health(&self) -> Health {
        self.shared.core.lock().health.clone()
    }

    /// A number that no other flowfile of this data folder has, ever had or will have.
    pub fn next_id(&self) -> FlowFileId {
        FlowFileId(self.shared.next_id.fetch_add(1, Ordering::Relaxed))
    }

    /// Applies `commit`, all or nothing; visible at once. Waits while the epoch is full.
    pub fn commit(&self, commit: Commit) -> Result<Ticket> {
        let mut commit = commit;
        loop {
            match self.try_commit(commit) {
                Ok(ticket) => return Ok(ticket),
                Err(TryCommitError::Failed(error)) => return Err(error),
                Err(TryCommitError::Full(back)) => commit = back,
            }
            let mut core = self.shared.core.lock();
            while !core.has_room() && !core.is_closed {
                self.shared.room.wait(&mut core);
            }
        }
    }

    /// As [`Repository::commit`], but never waits.
    pub fn try_commit(&self, commit: Commit) -> Result<Ticket, TryCommitError> {
        // Before the lock, which everybody waits for.
        let events_bytes = epoch::events_bytes(&commit.events);
        let mut core = self.shared.core.lock();
        if core.is_closed {
            return Err(TryCommitError::Failed(StoreError::Closed));
        }
        if !core.has_room() {
            drop(core);
            return Err(TryCommitError::Full(commit));
        }
        core.check(&commit, &self.shared.content).map_err(TryCommitError::Failed)?;
        let was_empty = core.open.is_empty();
        core.apply(commit, events_bytes, &self.shared.content);
        let ticket = Ticket(Arc::clone(&core.open.completion));
        drop(core);
        if was_empty {
            self.shared.wake.notify_one();
        }
        Ok(ticket)
    }

    /// Ends when the epoch has room for a commit, or the repository is closed.
    pub fn room(&self) -> impl Future<Output = ()> + Send + use<> {
        let shared = Arc::clone(&self.shared);
        std::future::poll_fn(move |context| {
            let mut core = shared.core.lock();
            if core.has_room() || core.is_closed {
                return Poll::Ready(());
            }
            if !core.room_wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                core.room_wakers.push(context.waker().clone());
            }
            Poll::Pending
        })
    }

    /// Makes everything that was committed durable before it returns.
    pub fn flush(&self) -> Result<(), Arc<StoreError>> {
        flusher::flush(&self.shared)
    }

    /// Begins new content.
    pub fn create_content(&self) -> ContentWriter {
        self.shared.content.create()
    }

    /// A reader of stored content, at its beginning.
    pub fn open_content(&self, slice: &ContentSlice) -> Result<ContentReader> {
        self.shared.content.open_slice(slice)
    }

    /// Bytes of all content files, archived ones included, and how many files there are.
    pub fn content_usage(&self) -> (u64, usize) {
        self.shared.content.usage()
    }

    /// Shows a message to the operator, counted with those that say the same.
    pub fn report(&self, bulletin: Bulletin) {
        let is_grouped = self.shared.options.groups_bulletins;
        let fingerprint =
            if is_grouped { fingerprint(&bulletin) } else { bulletin.message.clone() };
        self.shared.bulletins.report(bulletin, &fingerprint);
    }

    /// Messages to the operator.
    pub fn bulletins(&self) -> &Arc<dyn BulletinRepository> {
        &self.shared.bulletins
    }

    /// Flushes and ends, and notes in the folder that this is no death. When the last flush fails,
    /// what could not be made durable is lost with the process: its tickets say so, and so does
    /// the error.
    pub fn close(mut self) -> Result<(), Arc<StoreError>> {
        self.stop();
        self.shared.ended.wait();
        self.join_flusher();
        // The flusher may have ended on a failure that is over by now.
        self.shared.content.retire_pool();
        let flushed = self.leave();
        self.lose();
        flushed
    }

    /// As [`Repository::close`] for whoever cannot close it, as others still hold it: what they do
    /// from now on does not count.
    pub fn leave(&self) -> Result<(), Arc<StoreError>> {
        {
            let mut core = self.shared.core.lock();
            let life = self.shared.watching.closed(core.watch.as_deref());
            core.open.set(key::meta(LIFE), Some(life));
        }
        flusher::flush(&self.shared)
    }

    fn stop(&self) {
        let mut core = self.shared.core.lock();
        core.is_closed = true;
        let wakers = std::mem::take(&mut core.room_wakers);
        drop(core);
        self.shared.wake.notify_all();
        self.shared.room.notify_all();
        wakers.into_iter().for_each(std::task::Waker::wake);
    }

    /// Waits for the last steps of a flusher that has ended.
    fn join_flusher(&mut self) {
        // It cannot hand back anything but that it panicked, and then nobody waits for it.
        let _ = self.flusher.take().map(JoinHandle::join);
    }

    /// Tells all who still wait that their commit is lost.
    fn lose(&self) {
        let core = self.shared.core.lock();
        let open = Arc::clone(&core.open.completion);
        let flushing = core.flushing.as_ref().map(|epoch| Arc::clone(&epoch.completion));
        drop(core);
        open.complete(Durability::Lost);
        if let Some(flushing) = flushing {
            flushing.complete(Durability::Lost);
        }
    }
}

impl Drop for Repository {
    /// Flushes once more, and waits a few seconds at most; [`Repository::close`] says how it went.
    fn drop(&mut self) {
        self.stop();
        if self.shared.ended.wait_for(DROP_WAIT) {
            self.join_flusher();
            self.lose();
        }
    }
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Repository")
            .field("path", &self.shared.path)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::NUMBERS_RESERVED;

    #[test]
    fn no_number_comes_again_however_many_were_handed_out() {
        let backend = Backend::memory();
        let open = || {
            let options = Options { has_flusher: false, ..Options::default() };
            Repository::open_with(&backend, options).unwrap()
        };
        let repository = open();
        for name in ["a", "b", "c"] {
            repository.shared.next_id.fetch_add(NUMBERS_RESERVED / 3 * 2, Ordering::Relaxed);
            repository.open_queue(name).unwrap();
            repository.flush().unwrap();
        }
        let highest = repository.next_id();
        drop(repository);
        assert!(open().next_id() > highest);
    }
}
