//! What a flow takes from the world: time, randomness, threads. All that makes two runs differ.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use rand::rngs::{StdRng, SysRng};
use rand::{Rng, SeedableRng};
use tutti_model::flowfile::{FlowFile, Timestamp};
use tutti_sdk::host::{BoxFuture, Clock, Random};

use crate::executor::{Executor, Threads};
use crate::machine::Machine;
use crate::watch::Gate;

/// What all flows of a process share.
#[derive(Clone)]
pub struct Environment {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) executor: Arc<dyn Executor>,
    pub(crate) machine: Arc<Machine>,
    pub(crate) gate: Gate,
    pub(crate) observer: Option<Arc<dyn Observer>>,
}

/// Who is told what flows do, for tests of flows.
pub trait Observer: Send + Sync {
    /// The processor `path` has sent `flowfile` to `relationship`, and that counts. Content that
    /// ends with it can still be opened while this runs. Called on the thread of the session, which
    /// waits.
    fn sent(&self, path: &str, relationship: &str, flowfile: &FlowFile);
}

impl Environment {
    /// The machine's clock and randomness, and as many computing threads as it has cores.
    pub fn system() -> io::Result<Self> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (clock, random) = (Arc::new(SystemClock::default()), Arc::new(SystemRandom::new()?));
        let executor = Arc::new(Threads::start(threads)?);
        Ok(Self { machine: Arc::new(Machine::this()), ..Self::new(clock, random, executor) })
    }

    /// With a clock, randomness and threads of the caller's and on a machine without a network,
    /// for tests and simulation.
    pub fn new(
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        executor: Arc<dyn Executor>,
    ) -> Self {
        let gate = Gate::default();
        Self { clock, random, executor, machine: Arc::default(), gate, observer: None }
    }

    /// The same, whose flows tell `observer` what they do.
    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }
}

/// A duration in milliseconds, as clocks count.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
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
        milliseconds(self.start.elapsed())
    }

    fn monotonic_ns(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn sleep_ms(&self, milliseconds: u64) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(milliseconds)))
    }
}

/// Random bits that nobody can foretell, from a generator that the operating system seeds.
pub struct SystemRandom(Mutex<StdRng>);

impl SystemRandom {
    /// A generator with a seed of its own.
    pub fn new() -> io::Result<Self> {
        let generator = StdRng::try_from_rng(&mut SysRng).map_err(io::Error::other)?;
        Ok(Self(Mutex::new(generator)))
    }
}

impl Random for SystemRandom {
    fn next_u64(&self) -> u64 {
        self.0.lock().next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_generators_are_not_seeded_alike() {
        let (first, second) = (SystemRandom::new().unwrap(), SystemRandom::new().unwrap());
        assert_ne!(first.next_u64(), second.next_u64());
    }
}
