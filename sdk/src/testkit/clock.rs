//! Time and randomness that a test controls.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;
use tutti_model::flowfile::Timestamp;

use crate::host::{BoxFuture, Clock, Random};

/// A clock that stands still until it is moved.
pub struct ManualClock {
    now_ms: watch::Sender<i64>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self { now_ms: watch::Sender::new(now.0) }
    }

    /// Moves time on; everything that sleeps until then awakes.
    pub fn advance_ms(&self, milliseconds: u64) {
        self.now_ms.send_modify(|now| *now = now.saturating_add_unsigned(milliseconds));
    }

    /// Sets the time.
    pub fn set(&self, now: Timestamp) {
        self.now_ms.send_replace(now.0);
    }

    /// Ends when somebody sleeps on this clock.
    pub async fn slept_on(&self) {
        while self.now_ms.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(*self.now_ms.borrow())
    }

    fn monotonic_ms(&self) -> u64 {
        u64::try_from(*self.now_ms.borrow()).unwrap_or(0)
    }

    fn sleep_ms(&self, milliseconds: u64) -> BoxFuture<'static, ()> {
        let mut now = self.now_ms.subscribe();
        let until = now.borrow().saturating_add_unsigned(milliseconds);
        Box::pin(async move {
            // An error means that the clock is gone, and with it everybody who waits.
            if now.wait_for(|now| *now >= until).await.is_err() {
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
