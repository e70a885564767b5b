//! Runs a flow on one thread until there is nothing left to do, step by step: everything that is
//! ready has its turn, then the clock goes on to the first moment that somebody waits for.
//!
//! Nothing here waits for real time, but for what works outside of a flow that is let out.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::Notify;
use tutti_model::flowfile::Timestamp;
use tutti_runtime::{Flow, Stuck};
use tutti_sdk::deterministic::ManualClock;
use tutti_sdk::host::Clock;
use tutti_store::{Repository, StoreError};

use crate::seen::{SENT_MAX, Watch};

/// The most that the clock goes on when a test does not say how long it runs.
const TIME_MAX: Duration = Duration::from_hours(24 * 31);
/// The most moments at which somebody awakes.
const STEPS_MAX: usize = 200_000;
/// How long what works outside is waited for, in real time, each time that nothing else happens.
const OUTSIDE_PAUSE: Duration = Duration::from_millis(10);
/// How often, before the clock goes on: what waits for a moment that is near is no limit to what
/// works outside.
const OUTSIDE_PAUSES_NEAR: usize = 2;
/// How often, where a moment that is far may be such a limit.
const OUTSIDE_PAUSES_FAR: usize = 500;
/// What is near.
const NEAR_MS: u64 = 5_000;

/// What a flow is run with.
pub(crate) struct Play<'p> {
    pub(crate) flow: &'p Flow,
    pub(crate) repository: &'p Repository,
    pub(crate) clock: &'p ManualClock,
    pub(crate) watch: &'p Watch,
    /// Told whenever nothing is ready.
    pub(crate) parked: &'p Notify,
    /// Told when it is to stop.
    pub(crate) stop: &'p Notify,
    pub(crate) run_for: Option<Duration>,
    pub(crate) is_outside: bool,
}

type Idle<'p> = Pin<Box<dyn Future<Output = Result<Stuck, Arc<StoreError>>> + 'p>>;

impl Play<'_> {
    /// Runs; an error says why it could not come to an end.
    pub(crate) async fn run(&self) -> Result<(), String> {
        let start = self.clock.now();
        let limit = self.run_for.unwrap_or(TIME_MAX);
        let end = start.plus_ms(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
        let mut idle: Option<Idle<'_>> = Some(Box::pin(self.flow.until_idle()));
        let mut pauses = 0;
        for _ in 0..STEPS_MAX {
            if self.settle(&mut idle).await? {
                return Err(self.busy(&format!("it has sent {SENT_MAX} flowfiles")));
            }
            if idle.is_none() && self.run_for.is_none() {
                return Ok(());
            }
            if self.is_outside && pauses < self.pauses_max() && self.works() {
                // It may be anything: a file, a server, a thread of a library.
                pauses += 1;
                tokio::time::sleep(OUTSIDE_PAUSE).await;
                continue;
            }
            match self.clock.next_wake() {
                Some(next) if next <= end => {
                    pauses = 0;
                    self.clock.advance_to(next);
                }
                next if self.run_for.is_some() => {
                    self.clock.advance_to(end);
                    // What became due at the very end has its turn, and nothing later.
                    if next == Some(end) {
                        self.settle(&mut idle).await?;
                    }
                    return Ok(());
                }
                Some(_) => {
                    let days = TIME_MAX.as_secs() / 86_400;
                    return Err(self.busy(&format!("{days} days have passed on its clock")));
                }
                None => {
                    return Err(self.busy("nobody waits for a moment of its clock"));
                }
            }
        }
        Err(self.busy(&format!("its clock has gone on {STEPS_MAX} times")))
    }

    /// Lets everything run that can, and makes it durable, until nothing is left of either; whether
    /// it is to stop instead.
    async fn settle(&self, idle: &mut Option<Idle<'_>>) -> Result<bool, String> {
        let cannot = |error: Arc<StoreError>| format!("the store failed: {}", error.chain());
        // Twice: what became durable may have set off effects.
        for _ in 0..2 {
            self.parked.notified().now_or_never();
            loop {
                let ended = async {
                    match idle.as_mut() {
                        Some(idle) => idle.as_mut().await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    biased;
                    () = self.stop.notified() => return Ok(true),
                    ended = ended => {
                        ended.map_err(cannot)?;
                        *idle = None;
                    }
                    () = self.parked.notified() => break,
                }
            }
            self.repository.flush().map_err(cannot)?;
        }
        Ok(false)
    }

    /// How often what works outside is waited for before the clock goes on.
    fn pauses_max(&self) -> usize {
        let near = self.clock.now().plus_ms(NEAR_MS);
        match self.clock.next_wake() {
            Some(next) if next <= near => OUTSIDE_PAUSES_NEAR,
            _ => OUTSIDE_PAUSES_FAR,
        }
    }

    /// Whether a processor is at work.
    fn works(&self) -> bool {
        self.flow.status().processors.iter().any(|processor| processor.active_tasks > 0)
    }

    /// Why it does not end, and what it still does.
    fn busy(&self, why: &str) -> String {
        let status = self.flow.status();
        let passed = self.watch.after(self.clock.now());
        let active = status.processors.iter().filter(|processor| processor.active_tasks > 0);
        let active = active.map(|processor| format!("\"{}\" is at work", processor.path));
        let queued = status.connections.iter().filter(|connection| connection.queued > 0);
        let queued = queued.map(|each| format!("{} wait in \"{}\"", each.queued, each.path));
        let sources = status.processors.iter().filter(|each| each.is_source);
        let sources = sources.map(|each| {
            let made: u64 = each.transferred.values().sum();
            format!("the source \"{}\" has made {made}", each.path)
        });
        let busy: Vec<String> = active.chain(queued).chain(sources).collect();
        format!(
            "it is still busy {passed} after the beginning, and was ended: {why}; {}; a test of \
             what never ends says \"runFor\", or what its source makes in \"given\"",
            busy.join(", ")
        )
    }
}

impl Watch {
    /// The time from the beginning to `now`, in words.
    fn after(&self, now: Timestamp) -> String {
        let passed_ms = now.since_ms(self.start);
        if passed_ms.is_multiple_of(1_000) {
            format!("{} s", passed_ms / 1_000)
        } else {
            format!("{passed_ms} ms")
        }
    }
}
