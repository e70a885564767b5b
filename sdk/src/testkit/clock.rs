//! Time and randomness that a test controls.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tutti_model::flowfile::Timestamp;

use crate::host::{BoxFuture, Clock, Random};

/// A clock that stands still until it is moved. Whoever sleeps is woken in the order of the moments
/// that they wait for, and of their coming: a run on one thread goes the same way each time.
pub struct ManualClock(Mutex<Time>);

struct Time {
    now_ms: i64,
    /// By the moment and the turn of each.
    sleepers: BTreeMap<(i64, u64), oneshot::Sender<()>>,
    turn: u64,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self(Mutex::new(Time { now_ms: now.0, sleepers: BTreeMap::new(), turn: 0 }))
    }

    /// Moves time on; everything that sleeps until then awakes.
    pub fn advance_ms(&self, milliseconds: u64) {
        let now = self.0.lock().now_ms.saturating_add_unsigned(milliseconds);
        self.set(Timestamp(now));
    }

    /// Sets the time.
    pub fn set(&self, now: Timestamp) {
        let mut time = self.0.lock();
        time.now_ms = now.0;
        let later = time.sleepers.split_off(&(now.0.saturating_add(1), 0));
        let due = std::mem::replace(&mut time.sleepers, later);
        drop(time);
        for sleeper in due.into_values() {
            // Nobody may wait for it any more.
            let _ = sleeper.send(());
        }
    }

    /// Ends when somebody sleeps on this clock.
    pub async fn slept_on(&self) {
        while self.0.lock().sleepers.values().all(oneshot::Sender::is_closed) {
            tokio::task::yield_now().await;
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.lock().now_ms)
    }

    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.0.lock().now_ms).unwrap_or(0)
    }

    fn sleep_ms(&self, milliseconds: u64) -> BoxFuture<'static, ()> {
        if milliseconds == 0 {
            return Box::pin(std::future::ready(()));
        }
        let mut time = self.0.lock();
        time.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        let (sleeper, woken) = oneshot::channel();
        let place = (time.now_ms.saturating_add_unsigned(milliseconds), time.turn);
        time.turn += 1;
        time.sleepers.insert(place, sleeper);
        Box::pin(async move {
            // An error means that the clock is gone, and with it everybody who waits.
            if woken.await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}

/// A sequence that is the same for the same seed: `SplitMix64` (Steele, Lea, Flood 2014).
pub struct SeededRandom(AtomicU64);

impl SeededRandom {
    /// The sequence of that seed.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for SeededRandom {
    fn next_u64(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
