//! The clock that stops scripts: it ticks while one runs, and rests when none does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

/// How often a running script is asked whether it may go on.
const TICK: Duration = Duration::from_millis(5);

#[derive(Default)]
struct Running {
    scripts: AtomicUsize,
    begun: (Mutex<()>, Condvar),
}

/// Ticks while there is something to stop.
pub(crate) struct Ticker {
    running: Arc<Running>,
}

/// As long as it lives, the clock ticks.
pub(crate) struct Ticking(Arc<Running>);

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.scripts.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Ticker {
    pub(crate) fn of(engine: &Engine) -> Self {
        let running = Arc::<Running>::default();
        let (weak, shared) = (engine.weak(), Arc::clone(&running));
        // Without it no script can be stopped: then none begins, see `begin`.
        let started = thread::Builder::new()
            .name("script-clock".to_owned())
            .spawn(move || tick(&weak, &shared));
        if started.is_err() {
            running.scripts.store(usize::MAX / 2, Ordering::SeqCst);
        }
        Self { running }
    }

    /// Ticks from now on; none where the system gave no thread for it.
    pub(crate) fn begin(&self) -> Option<Ticking> {
        let before = self.running.scripts.fetch_add(1, Ordering::SeqCst);
        let ticking = Ticking(Arc::clone(&self.running));
        if before >= usize::MAX / 2 {
            return None;
        }
        if before == 0 {
            let (lock, begun) = &self.running.begun;
            drop(lock.lock().unwrap_or_else(PoisonError::into_inner));
            begun.notify_one();
        }
        Some(ticking)
    }
}

fn tick(engine: &EngineWeak, running: &Running) {
    let (lock, begun) = &running.begun;
    loop {
        let mut guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
        while running.scripts.load(Ordering::SeqCst) == 0 {
            // Wakes now and then to see whether the engine is there still.
            let waited = begun.wait_timeout(guard, Duration::from_secs(1));
            guard = waited.unwrap_or_else(PoisonError::into_inner).0;
            if engine.upgrade().is_none() {
                return;
            }
        }
        drop(guard);
        thread::sleep(TICK);
        let Some(engine) = engine.upgrade() else { return };
        engine.increment_epoch();
    }
}
