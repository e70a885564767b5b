//! Works on sessions with a script or a component: on how many flowfiles at a time, on which
//! threads, and what becomes of those that it fails with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tutti_sdk::bulletin::Level;
use tutti_sdk::host::{Unit, Usage, Work};
use tutti_sdk::{FAILURE, ProcessError, ProcessorContext, Session};

use crate::limits::Limits;
use crate::script::{Done, Ended, Script, error};

/// Flowfiles that a script may take in one session.
const BATCH_MAX: usize = 100;
/// How long a session of several flowfiles should take.
const SESSION_TIME: Duration = Duration::from_millis(100);

/// The sessions of one processor.
pub(crate) struct Tasks {
    /// There from start to stop.
    script: Mutex<Option<Arc<Script>>>,
    /// It had to be stopped the last time.
    is_suspect: AtomicBool,
    /// How many flowfiles are worked on one by one, because one of them made a session fail.
    alone: AtomicUsize,
    /// How long one flowfile took the last time, in microseconds.
    usual_us: AtomicUsize,
}

impl Default for Tasks {
    fn default() -> Self {
        Self {
            script: Mutex::default(),
            is_suspect: AtomicBool::new(false),
            alone: AtomicUsize::new(0),
            usual_us: AtomicUsize::new(SESSION_TIME.as_micros() as usize),
        }
    }
}

/// The same script, if it can be loaded.
pub(crate) async fn checked(
    script: Arc<Script>,
    context: &ProcessorContext,
) -> Result<Arc<Script>, ProcessError> {
    let (tried, seed) = (Arc::clone(&script), context.random().next_u64());
    let loaded = context.on_thread(Work::Script, move || tried.check(seed)).await?;
    loaded.map_err(|ended| error(ended, script.name()))?;
    Ok(script)
}

impl Tasks {
    /// From now on sessions are worked on with `script`.
    pub(crate) fn begin(&self, script: Arc<Script>) {
        *self.script.lock() = Some(script);
    }

    /// Lets go of it.
    pub(crate) fn end(&self) {
        *self.script.lock() = None;
    }

    /// Works on a session; `is_isolated` says that no instance is used for two flowfiles.
    pub(crate) async fn trigger(
        &self,
        session: &mut Session,
        limits: Limits,
        is_isolated: bool,
    ) -> Result<(), ProcessError> {
        let Some(script) = self.script.lock().clone() else {
            return Err(ProcessError::internal("the script was not loaded at the start"));
        };
        let working = Arc::clone(&script);
        let kind =
            if self.is_suspect.load(Ordering::Relaxed) { Work::Suspect } else { Work::Script };
        let batch_max = self.batch_max(is_isolated);
        let run = move |session| {
            let (mut session, done, ended) = working.run(session, batch_max);
            if ended.is_err() && done.taken > 1 {
                // Which of them it was is not known: each is worked on by itself.
                session.rollback(false);
            }
            (session, (done, ended))
        };
        let (done, ended) = session.lend(kind, run).await?;
        self.note(&done, &ended);
        tell_usage(&done, limits, session.context());
        match ended {
            Ok(()) => {
                if done.taken == 0 && session.context().is_source() {
                    session.yield_processor();
                }
                Ok(())
            }
            Err(ended) if done.taken > 1 => {
                let why = error(ended, script.name()).chain();
                let told =
                    format!("{why}; each of the {} flowfiles is worked on alone", done.taken);
                session.report(Level::Warning, None, told);
                Ok(())
            }
            Err(ended) => {
                let is_passing = ended.is_passing();
                let error = error(ended, script.name());
                if is_passing {
                    return Err(error);
                }
                // What it did with it, it would do again.
                let taken = session.undo();
                if taken.is_empty() {
                    return Err(error);
                }
                for flowfile in taken {
                    session.fail(flowfile, FAILURE, &error);
                }
                Ok(())
            }
        }
    }

    /// As many as usually take no longer than a session should.
    fn batch_max(&self, is_isolated: bool) -> usize {
        if is_isolated || self.alone.load(Ordering::Relaxed) > 0 {
            return 1;
        }
        let usual_us = self.usual_us.load(Ordering::Relaxed).max(1);
        (SESSION_TIME.as_micros() as usize / usual_us).clamp(1, BATCH_MAX)
    }

    fn note(&self, done: &Done, ended: &Result<(), Ended>) {
        let is_suspect = matches!(ended, Err(Ended::Broken { is_suspect: true, .. }));
        self.is_suspect.store(is_suspect, Ordering::Relaxed);
        if ended.is_err() && done.taken > 1 {
            self.alone.store(done.taken, Ordering::Relaxed);
        } else {
            let one_less = |left: usize| left.checked_sub(1);
            let _ = self.alone.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
        }
        if let Some(each) = (done.time.as_micros() as usize).checked_div(done.taken) {
            self.usual_us.store(each, Ordering::Relaxed);
        }
    }
}

fn tell_usage(done: &Done, limits: Limits, context: &ProcessorContext) {
    if done.memory_bytes == 0 {
        // It was not loaded.
        return;
    }
    context.meter(Usage {
        name: "memory",
        unit: Unit::Bytes,
        used: done.memory_bytes as u64,
        limit: limits.memory_bytes as u64,
    });
    context.meter(Usage {
        name: "time",
        unit: Unit::Milliseconds,
        used: milliseconds(done.time),
        limit: milliseconds(limits.time),
    });
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
