//! Time and chance that are the same in each run: nobody waits, and a seed says what is drawn.
//!
//! For tests of processors, and for an engine that runs the tests of flows.

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

    /// Sets the time as [`set`](Self::set) does, but never back.
    pub fn advance_to(&self, moment: Timestamp) {
        self.set(moment.max(self.now()));
    }

    /// The first moment that somebody waits for.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let mut time = self.0.lock();
        time.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        time.sleepers.first_key_value().map(|((moment, _), _)| Timestamp(*moment))
    }

    /// Sets the time; whoever sleeps until then awakes.
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
        while self.next_wake().is_none() {
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

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn the_first_sleeper_is_known_and_forgotten_when_nobody_waits() {
        let clock = ManualClock::new(Timestamp(1_000));
        assert_eq!(clock.next_wake(), None);
        let mut late = clock.sleep_ms(50);
        let soon = clock.sleep_ms(20);
        assert_eq!(clock.next_wake(), Some(Timestamp(1_020)));
        drop(soon);
        assert_eq!(clock.next_wake(), Some(Timestamp(1_050)));
        clock.advance_to(Timestamp(1_050));
        assert_eq!((clock.next_wake(), clock.now()), (None, Timestamp(1_050)));
        let polled = late.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(polled, Poll::Ready(()));
        clock.advance_to(Timestamp(1));
        assert_eq!(clock.now(), Timestamp(1_050), "it never goes back");
    }
}
