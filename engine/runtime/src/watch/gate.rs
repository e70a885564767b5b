//! The gate that every trigger of a process passes while something is watched: many at a time, or
//! a suspect alone.
//!
//! Nobody waits here for ever. A source may wait inside of its trigger for what comes from outside,
//! and does nothing meanwhile: a suspect does not wait long for it, and is not alone any more when
//! it begins to act.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};
use tutti_sdk::host::Clock;
use tutti_store::{AtWork, StoreError};

use crate::environment::milliseconds;

/// How long a suspect waits for all others to end what they are at; then it works beside them, and
/// a death is not held against it alone.
const EMPTY_WAIT: Duration = Duration::from_secs(10);
/// How long it waits for sources.
const SOURCES_WAIT: Duration = Duration::from_secs(1);
/// After a wait in vain nobody waits so for so long: all others wait meanwhile.
const VAIN_PAUSE: Duration = Duration::from_secs(100);

/// What every trigger passes.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<Doors>);

#[derive(Default)]
struct Doors {
    all: Door,
    sources: Door,
    /// Suspects wait here for each other, and so only one of them for all others.
    suspects: Arc<Mutex<()>>,
    alone: parking_lot::Mutex<Option<Arc<Alone>>>,
}

/// What many may hold, or one.
#[derive(Default)]
struct Door {
    lock: Arc<RwLock<()>>,
    /// Until then, by the monotonic clock, nobody waits for all to leave.
    in_vain_until_ms: AtomicU64,
}

impl Door {
    async fn share(&self) -> OwnedRwLockReadGuard<()> {
        Arc::clone(&self.lock).read_owned().await
    }

    /// Waits until nobody else is there, for so long.
    async fn close(&self, clock: &dyn Clock, wait: Duration) -> Option<OwnedRwLockWriteGuard<()>> {
        if let Ok(guard) = Arc::clone(&self.lock).try_write_owned() {
            return Some(guard);
        }
        if clock.monotonic_ms() < self.in_vain_until_ms.load(Ordering::SeqCst) {
            return None;
        }
        let patience = clock.sleep_ms(milliseconds(wait));
        tokio::select! {
            biased;
            guard = Arc::clone(&self.lock).write_owned() => Some(guard),
            () = patience => {
                let until = clock.monotonic_ms().saturating_add(milliseconds(VAIN_PAUSE));
                self.in_vain_until_ms.store(until, Ordering::SeqCst);
                None
            }
        }
    }
}

/// A trigger that has passed the gate: as long as it is held, nobody else is alone.
pub(super) enum Pass {
    Alone(Exclusive),
    Company {
        _all: OwnedRwLockReadGuard<()>,
    },
    /// Others may be alone until it acts.
    Source {
        _sources: OwnedRwLockReadGuard<()>,
    },
}

/// What keeps all others out. Dropped in this order: nobody comes in before nobody is alone.
pub(super) struct Exclusive {
    _standing: Standing,
    pub(super) alone: Arc<Alone>,
    all: OwnedRwLockWriteGuard<()>,
    _sources: Option<OwnedRwLockWriteGuard<()>>,
    _turn: OwnedMutexGuard<()>,
}

impl Exclusive {
    /// Lets all others in.
    fn open(self) -> Pass {
        Pass::Company { _all: self.all.downgrade() }
    }
}

/// A suspect that is alone, and what it has at work.
#[derive(Default)]
pub(super) struct Alone {
    is_over: AtomicBool,
    pub(super) at_work: parking_lot::Mutex<Vec<AtWork>>,
}

impl Alone {
    /// To be asked under the lock on what is at work.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    /// Others are at work too from now on.
    pub(super) fn end(&self) -> Result<(), StoreError> {
        let at_work = self.at_work.lock();
        if self.is_over.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        at_work.iter().try_for_each(AtWork::let_others_in)
    }
}

/// Somebody is known to be alone.
struct Standing(Gate);

impl Drop for Standing {
    fn drop(&mut self) {
        *self.0.0.alone.lock() = None;
    }
}

impl Pass {
    /// Lets all others in.
    pub(super) fn open(self) -> Self {
        match self {
            Self::Alone(exclusive) => exclusive.open(),
            shared => shared,
        }
    }
}

impl Gate {
    pub(super) async fn company(&self) -> Pass {
        Pass::Company { _all: self.0.all.share().await }
    }

    /// For a source: it does not begin while somebody is alone.
    pub(super) async fn source(&self) -> Pass {
        let all = self.0.all.share().await;
        let sources = self.0.sources.share().await;
        drop(all);
        Pass::Source { _sources: sources }
    }

    /// For a suspect: alone, or in company where others do not end.
    pub(super) async fn alone(&self, clock: &dyn Clock) -> Pass {
        let turn = Arc::clone(&self.0.suspects).lock_owned().await;
        let Some(all) = self.0.all.close(clock, EMPTY_WAIT).await else {
            drop(turn);
            return self.company().await;
        };
        let sources = self.0.sources.close(clock, SOURCES_WAIT).await;
        let alone = Arc::<Alone>::default();
        *self.0.alone.lock() = Some(Arc::clone(&alone));
        let standing = Standing(self.clone());
        Pass::Alone(Exclusive { all, _sources: sources, _turn: turn, _standing: standing, alone })
    }

    /// A source acts: who is alone is so no more.
    pub(super) fn intrude(&self) -> Result<(), StoreError> {
        let alone = self.0.alone.lock().clone();
        alone.map_or(Ok(()), |alone| alone.end())
    }
}
