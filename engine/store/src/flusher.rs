//! Brings epochs to disk, one after the other, and tries again until it can.
//!
//! The order is what keeps a crash harmless: content, provenance and runs, then one batch of
//! records that names them, then the flush that makes it count, then the witness that it did, then
//! those who wait (docs/adr/0002).

use std::sync::Arc;
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use parking_lot::MutexGuard;

use crate::content::SEGMENT_BYTES_MAX;
use crate::core::Core;
use crate::epoch::Epoch;
use crate::error::{Result, StoreError};
use crate::health::Health;
use crate::key;
use crate::key_value::Batch;
use crate::provenance;
use crate::record;
use crate::repository::Shared;
use crate::tail::{self, Filed};
use crate::ticket::Durability;

/// How long to wait before a disk that lacks room is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The first wait after a failure, and the longest.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// Flushes until the repository is closed and nothing is left, or cannot be brought to disk.
pub(crate) fn run(shared: &Shared) {
    let mut backoff = BACKOFF.0;
    let mut last = Instant::now().checked_sub(shared.options.flush_interval);
    loop {
        {
            let mut core = shared.core.lock();
            while !core.is_closed && core.open.is_empty() && core.flushing.is_none() {
                let Some(limit) = rest(shared) else {
                    shared.wake.wait(&mut core);
                    continue;
                };
                shared.wake.wait_for(&mut core, limit);
                MutexGuard::unlocked(&mut core, || {
                    shared.look_for_room();
                    shared.tidy();
                });
            }
            let since = last.map_or(Duration::MAX, |last| last.elapsed());
            if let Some(rest) = shared.options.flush_interval.checked_sub(since)
                && !core.is_closed
                && core.has_room()
            {
                shared.wake.wait_for(&mut core, rest);
            }
        }
        last = Some(Instant::now());
        let flushed = flush(shared);
        let mut core = shared.core.lock();
        if core.is_closed && (flushed.is_err() || core.open.is_empty()) {
            return;
        }
        if flushed.is_ok() {
            backoff = BACKOFF.0;
        } else {
            shared.wake.wait_for(&mut core, backoff);
            backoff = (backoff * 2).min(BACKOFF.1);
        }
    }
}

/// How long there is nothing to do, if nothing is committed; `None` for ever.
fn rest(shared: &Shared) -> Option<Duration> {
    if shared.watermark.is_short() {
        return Some(LOOK_AGAIN);
    }
    let now = (shared.options.clock)();
    let due_ms = shared.content.next_due()?.since_ms(now);
    Some(Duration::from_millis(due_ms).max(LOOK_AGAIN))
}

/// Makes everything durable that was committed before.
pub(crate) fn flush(shared: &Shared) -> Result<(), Arc<StoreError>> {
    let _one_at_a_time = shared.flushing.lock();
    shared.look_for_room();
    let target = shared.core.lock().open.number;
    loop {
        let epoch = {
            let mut core = shared.core.lock();
            let core = &mut *core;
            if let Some(epoch) = &core.flushing {
                Arc::clone(epoch)
            } else if core.open.is_empty() || core.open.number > target {
                break;
            } else {
                reserve_numbers(shared, core);
                core.settle_runs();
                let next = Epoch::new(core.open.number + 1);
                let mut epoch = std::mem::replace(&mut core.open, next);
                epoch.sequences_below = core.next_sequence;
                let epoch = Arc::new(epoch);
                core.flushing = Some(Arc::clone(&epoch));
                epoch
            }
        };
        wake_waiting(shared);
        let persisted = shared.with_reserve(|| persist(shared, &epoch));
        {
            let mut core = shared.core.lock();
            let filed = match persisted {
                Ok(filed) => filed,
                Err(error) => return Err(report(shared, core, error)),
            };
            shared.provenance.confirm();
            core.flushing = None;
            core.health = Health::Working;
            core.durable_below = epoch.sequences_below;
            core.note_filed(filed);
        }
        for (&segment, &count) in &epoch.released {
            shared.content.references().release(segment, count);
        }
        epoch.completion.complete(Durability::Durable);
        for (queue, run) in &epoch.ended_runs {
            // What is left of it costs room until the next opening.
            if let Err(error) = shared.swap.remove(*queue, *run) {
                shared.report_failure(&error, 1);
            }
        }
        forget(epoch);
    }
    shared.report_damage();
    shared.tidy();
    Ok(())
}

impl Shared {
    /// Gives up what is not to be kept any longer. What cannot be deleted costs room, not data: it
    /// is tried again with the next flush.
    fn tidy(&self) {
        let now = (self.options.clock)();
        let reclaimed = self.content.reclaim(now).map(drop);
        for tidied in [reclaimed, self.provenance.enforce_cap()] {
            if let Err(error) = tidied {
                self.report_failure(&error, 1);
            }
        }
    }
}

/// Numbers that are handed out must be above all that were, even after a crash.
fn reserve_numbers(shared: &Shared, core: &mut Core) {
    let used = core.next_sequence.max(shared.next_id());
    if core.sequences_reserved - used.min(core.sequences_reserved)
        < crate::core::NUMBERS_RESERVED / 2
    {
        core.sequences_reserved = used + crate::core::NUMBERS_RESERVED;
        let reserved = record::encode(&core.sequences_reserved);
        core.open.set(key::meta("numbers"), Some(reserved));
    }
}

fn persist(shared: &Shared, epoch: &Epoch) -> Result<Vec<Filed>> {
    let first = shared.provenance.next_number();
    let events = || epoch.provenance.iter().flat_map(|events| &**events);
    let encode = || provenance::encode(events(), first);
    let (events, mut batch) = thread::scope(|scope| {
        // While this thread waits for the disk.
        let encoding = epoch.is_heavy().then(|| start("store-encoder", scope, encode)).flatten();
        shared.content.sync(&epoch.segments())?;
        let batch: Batch = epoch.batch();
        // Whatever hindered it is met here, too.
        let encoded = encoding.and_then(|encoding| encoding.join().ok());
        Ok::<_, StoreError>((encoded.unwrap_or_else(encode), batch))
    })?;
    let end = shared.provenance.append(&events)?;
    let filed = tail::file(shared.shelves(), epoch, &mut batch)?;
    batch.insert(key::meta("provenance"), Some(record::encode(&end)));
    batch.insert(key::meta("epoch"), Some(record::encode(&epoch.number)));
    shared.store.apply(&batch)?;
    shared.store.flush()?;
    shared.witness.advance(epoch.number)?;
    Ok(filed)
}

/// Starts `work` on a thread of its own, if the system gives one.
fn start<'s, T: Send + 's>(
    name: &str,
    scope: &'s Scope<'s, '_>,
    work: impl FnOnce() -> T + Send + 's,
) -> Option<ScopedJoinHandle<'s, T>> {
    thread::Builder::new().name(name.into()).spawn_scoped(scope, work).ok()
}

/// Forgets an epoch that is durable; of a heavy one the next flush does not wait for that.
fn forget(epoch: Arc<Epoch>) {
    if epoch.is_heavy() {
        // A system that gives no thread drops it here.
        drop(thread::Builder::new().name("store-cleaner".into()).spawn(move || drop(epoch)));
    }
}

/// Notes that an epoch is not durable, and tells so.
fn report(shared: &Shared, mut core: MutexGuard<'_, Core>, error: StoreError) -> Arc<StoreError> {
    let attempts = match &core.health {
        Health::Working => 1,
        Health::Waiting { attempts, .. } => attempts.saturating_add(1),
    };
    let cause = Arc::new(error);
    core.health = Health::Waiting { cause: Arc::clone(&cause), attempts };
    drop(core);
    if matches!(*cause, StoreError::DiskFull { .. }) {
        // The next attempt may have room. What cannot be deleted is told when that succeeds.
        drop(shared.content.give_way(SEGMENT_BYTES_MAX));
    }
    shared.report_failure(&cause, attempts);
    cause
}

fn wake_waiting(shared: &Shared) {
    shared.room.notify_all();
    let wakers = std::mem::take(&mut shared.core.lock().room_wakers);
    for waker in wakers {
        waker.wake();
    }
}
