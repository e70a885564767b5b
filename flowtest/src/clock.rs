//! Time and chance of a test: nobody waits, and nothing differs from run to run.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tutti_model::flowfile::Timestamp;
use tutti_sdk::host::{BoxFuture, Clock, Random};

/// A clock that stands still until it is set. Who sleeps is woken in the order of the moments that
/// they wait for, and of their coming.
pub(crate) struct VirtualClock(Mutex<Time>);

struct Time {
    now_ms: i64,
    /// By the moment and the turn of each.
    sleepers: BTreeMap<(i64, u64), oneshot::Sender<()>>,
    turn: u64,
}

impl VirtualClock {
    /// A clock that shows `now`.
    pub(crate) fn new(now: Timestamp) -> Self {
        Self(Mutex::new(Time { now_ms: now.0, sleepers: BTreeMap::new(), turn: 0 }))
    }

    /// The first moment that somebody waits for.
    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        let mut time = self.0.lock();
        time.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        time.sleepers.first_key_value().map(|((moment, _), _)| Timestamp(*moment))
    }

    /// Sets the time, which never goes back; whoever sleeps until then awakes.
    pub(crate) fn set(&self, now: Timestamp) {
        let mut time = self.0.lock();
        time.now_ms = time.now_ms.max(now.0);
        let later = time.now_ms.saturating_add(1);
        let later = time.sleepers.split_off(&(later, 0));
        let due = std::mem::replace(&mut time.sleepers, later);
        drop(time);
        for sleeper in due.into_values() {
            // Nobody may wait for it any more.
            let _ = sleeper.send(());
        }
    }
}

impl Clock for VirtualClock {
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
pub(crate) struct Chance(AtomicU64);

impl Chance {
    /// The sequence of that seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for Chance {
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
    use futures::FutureExt;

    use super::*;

    #[test]
    fn the_first_sleeper_is_known_and_forgotten_when_nobody_waits() {
        let clock = VirtualClock::new(Timestamp(1_000));
        assert_eq!(clock.next_wake(), None);
        let late = clock.sleep_ms(50);
        let soon = clock.sleep_ms(20);
        assert_eq!(clock.next_wake(), Some(Timestamp(1_020)));
        drop(soon);
        assert_eq!(clock.next_wake(), Some(Timestamp(1_050)));
        clock.set(Timestamp(1_050));
        assert_eq!((clock.next_wake(), clock.now()), (None, Timestamp(1_050)));
        assert!(late.now_or_never().is_some());
        clock.set(Timestamp(1));
        assert_eq!(clock.now(), Timestamp(1_050), "it never goes back");
    }
}
