//! What a flow takes from the world: time, randomness, threads.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use tutti_model::flowfile::Timestamp;
use tutti_sdk::host::{BoxFuture, Clock, Random};

use crate::pool::ComputePool;

/// What all flows of a process share.
#[derive(Clone)]
pub struct Environment {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) compute: ComputePool,
}

impl Environment {
    /// The machine's clock and randomness, and as many computing threads as it has cores.
    pub fn system() -> std::io::Result<Self> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(Arc::new(SystemClock::default()), Arc::new(SystemRandom::default()), threads)
    }

    /// With a clock and randomness of the caller's, for tests and simulation.
    pub fn new(
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        compute_threads: usize,
    ) -> std::io::Result<Self> {
        Ok(Self { clock, random, compute: ComputePool::start(compute_threads)? })
    }
}

/// The machine's clock.
pub struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn sleep_ms(&self, milliseconds: u64) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(milliseconds)))
    }
}

/// Random bits from the operating system.
#[derive(Default)]
pub struct SystemRandom {
    spare: Mutex<Option<u64>>,
}

impl Random for SystemRandom {
    fn next_u64(&self) -> u64 {
        let mut spare = self.spare.lock();
        if let Some(bits) = spare.take() {
            return bits;
        }
        let (high, low) = uuid::Uuid::new_v4().as_u64_pair();
        let (high_version, low_variant) = (0xF000_u64, 0xC000_0000_0000_0000_u64);
        // A version 4 UUID has six bits that are not random: fill them from a second one.
        let (more_high, more_low) = uuid::Uuid::new_v4().as_u64_pair();
        *spare = Some((low & !low_variant) | ((more_low << 32) & low_variant));
        (high & !high_version) | ((more_high >> 32) & high_version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_random_bit_is_sometimes_set_and_sometimes_not() {
        let random = SystemRandom::default();
        let (mut ones, mut zeros) = (0, 0);
        for _ in 0..400 {
            let bits = random.next_u64();
            ones |= bits;
            zeros |= !bits;
        }
        assert_eq!((ones, zeros), (u64::MAX, u64::MAX));
    }
}
