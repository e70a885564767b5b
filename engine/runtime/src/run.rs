//! One run of a processor, from a start to the end of its last task.
//!
//! A run that was terminated never counts again: what its sessions still do is refused.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::{Mutex, RwLock, RwLockReadGuard};
use tokio_util::sync::CancellationToken;
use tutti_model::flowfile::Timestamp;
use tutti_sdk::Runnable;

use crate::host::TriggerHost;
use crate::node::{Node, Shared};
use crate::scheduler::Timetable;

/// The first pause of a processor that finds nothing to do where something may be; it doubles.
const BORED_MIN: Duration = Duration::from_millis(10);
/// The longest such pause.
const BORED_MAX: Duration = Duration::from_millis(160);

/// How long a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Until it is stopped.
    Continuous,
    /// For one trigger at most.
    Once,
    /// For one trigger, for which it waits.
    OnceFed,
}

impl Mode {
    /// Whether a run ends after somebody looked whether there is something to do, and a task was
    /// started or not.
    pub(crate) fn ends(self, has_started: bool) -> bool {
        match self {
            Self::Continuous => false,
            Self::Once => true,
            Self::OnceFed => has_started,
        }
    }
}

/// Where a processor is: in which version of its flow, and which of the nodes there is its.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) shared: Arc<Shared>,
    pub(crate) index: usize,
}

impl Seat {
    pub(crate) fn node(&self) -> &Node {
        &self.shared.nodes[self.index]
    }
}

pub(crate) struct Run {
    pub(crate) mode: Mode,
    /// It changes when the flow does and the processor does not. Holds the flow as long as the run
    /// goes on.
    seat: Mutex<Seat>,
    pub(crate) processor: Arc<dyn Runnable>,
    /// As a source: its last trigger made nothing.
    pub(crate) found_nothing: AtomicBool,
    /// When triggers come by the clock; none of a run that is for one trigger.
    pub(crate) timetable: Option<Timetable>,
    is_prepared: AtomicBool,
    has_begun: AtomicBool,
    stopping: CancellationToken,
    is_draining: AtomicBool,
    is_terminated: RwLock<bool>,
    active: AtomicUsize,
    triggers: AtomicUsize,
    pace: Mutex<Pace>,
    hosts: Mutex<Vec<Weak<TriggerHost>>>,
}

struct Pace {
    /// By the monotonic clock.
    not_before_ms: u64,
    bored: Duration,
    rest: Option<Resting>,
}

/// A processor that has nothing to do with what waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resting {
    /// Until then, if nothing comes before.
    pub(crate) until: Option<Timestamp>,
    /// How many flowfiles had come to the processor when it looked.
    pub(crate) arrived: u64,
}

impl Run {
    pub(crate) fn new(
        mode: Mode,
        seat: Seat,
        processor: Arc<dyn Runnable>,
        timetable: Option<Timetable>,
    ) -> Self {
        Self {
            mode,
            seat: Mutex::new(seat),
            processor,
            found_nothing: AtomicBool::new(false),
            timetable,
            is_prepared: AtomicBool::new(false),
            has_begun: AtomicBool::new(false),
            stopping: CancellationToken::new(),
            is_draining: AtomicBool::new(false),
            is_terminated: RwLock::new(false),
            active: AtomicUsize::new(0),
            triggers: AtomicUsize::new(0),
            pace: Mutex::new(Pace { not_before_ms: 0, bored: BORED_MIN, rest: None }),
            hosts: Mutex::default(),
        }
    }

    /// Where its processor is now.
    pub(crate) fn seat(&self) -> Seat {
        self.seat.lock().clone()
    }

    /// From its next trigger on its processor is in another version of the flow.
    pub(crate) fn move_to(&self, seat: Seat) {
        *self.seat.lock() = seat;
    }

    /// Whether there may be one more trigger.
    pub(crate) fn goes_on(&self) -> bool {
        !self.is_stopping() && !self.is_terminated()
    }

    pub(crate) fn is_prepared(&self) -> bool {
        self.is_prepared.load(Ordering::SeqCst)
    }

    pub(crate) fn set_prepared(&self) {
        self.is_prepared.store(true, Ordering::SeqCst);
    }

    /// Whether, as a source, it waits for nothing any more that is to start before it.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }

    pub(crate) fn begin(&self) {
        self.has_begun.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    pub(crate) fn stop(&self) {
        self.stopping.cancel();
    }

    /// Ends when it is to stop.
    pub(crate) fn stopping(&self) -> impl Future<Output = ()> + Send + use<> {
        self.stopping.clone().cancelled_owned()
    }

    /// From now on what fails and may be tried again is left for the next start.
    pub(crate) fn drain(&self) {
        self.is_draining.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::SeqCst)
    }

    pub(crate) fn is_terminated(&self) -> bool {
        *self.is_terminated.read()
    }

    /// Holds off a termination as long as the guard lives; `None` when it has come already.
    pub(crate) fn keep_alive(&self) -> Option<RwLockReadGuard<'_, bool>> {
        let guard = self.is_terminated.read();
        if *guard { None } else { Some(guard) }
    }

    /// Ends the run: when this returns no commit of it can be applied any more, and everything
    /// that its sessions had taken is back in the queues.
    pub(crate) fn terminate(&self) {
        self.stop();
        *self.is_terminated.write() = true;
        let hosts = std::mem::take(&mut *self.hosts.lock());
        for host in hosts.iter().filter_map(Weak::upgrade) {
            host.give_all_back();
        }
    }

    /// Tasks at work at this moment.
    pub(crate) fn active(&self) -> usize {
        self.active.load(Ordering::SeqCst)
    }

    /// Whether it was triggered at all.
    pub(crate) fn was_triggered(&self) -> bool {
        self.triggers.load(Ordering::SeqCst) > 0
    }

    /// Counts a trigger as active until the guard is dropped.
    pub(crate) fn activate(run: &Arc<Self>) -> Active {
        run.active.fetch_add(1, Ordering::SeqCst);
        run.triggers.fetch_add(1, Ordering::SeqCst);
        Active(Arc::clone(run))
    }

    /// Remembers a session's host for a termination.
    pub(crate) fn register(&self, host: &Arc<TriggerHost>) {
        let mut hosts = self.hosts.lock();
        hosts.retain(|known| known.strong_count() > 0);
        hosts.push(Arc::downgrade(host));
    }

    /// Before this moment of the monotonic clock there is no trigger.
    pub(crate) fn not_before_ms(&self) -> u64 {
        self.pace.lock().not_before_ms
    }

    /// No trigger for so long from `now_ms`, the moment of the monotonic clock, on.
    pub(crate) fn pause(&self, now_ms: u64, pause: Duration) {
        let until = now_ms.saturating_add(crate::environment::milliseconds(pause));
        let mut pace = self.pace.lock();
        pace.not_before_ms = pace.not_before_ms.max(until);
    }

    /// A trigger found nothing to do: each time in a row the pause is longer.
    pub(crate) fn pause_bored(&self, now_ms: u64) {
        let pause = {
            let mut pace = self.pace.lock();
            let pause = pace.bored;
            pace.bored = (pause * 2).min(BORED_MAX);
            pause
        };
        self.pause(now_ms, pause);
    }

    /// Notes whether the processor rests.
    pub(crate) fn set_rest(&self, rest: Option<Resting>) {
        self.pace.lock().rest = rest;
    }

    /// Whether it rested when it was triggered last.
    pub(crate) fn rest(&self) -> Option<Resting> {
        self.pace.lock().rest
    }

    /// A trigger did something.
    pub(crate) fn not_bored(&self) {
        self.pace.lock().bored = BORED_MIN;
    }
}

/// A trigger at work.
pub(crate) struct Active(Arc<Run>);

impl Drop for Active {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Ordering::SeqCst);
    }
}
