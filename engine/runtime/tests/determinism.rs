//! All that makes two runs differ comes from outside: with the same seed a flow does the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::{Bench, Log, Memory, OTHER, START, Script, n, script, soon};
use serde_json::json;
use tutti_runtime::{Environment, Inline};
use tutti_sdk::host::Clock;
use tutti_sdk::testkit::SeededRandom;
use tutti_sdk::{ProcessError, SUCCESS};
use tutti_store::{LoggedEvent, Options, Search};

const COUNT: u64 = 60;

/// Everything that a run left behind.
#[derive(Debug, PartialEq)]
struct Trace {
    /// What happened to flowfiles, newest first, with identities, times and content.
    events: Vec<LoggedEvent>,
    /// What processors did, in their order, and when.
    steps: Vec<(String, i64)>,
    /// Counts, bulletins and states in the end.
    status: String,
}

impl Trace {
    /// What was done, without the identities that every seed has of its own.
    fn actions(&self) -> Vec<&str> {
        self.steps.iter().map(|(what, _)| what.as_str()).collect()
    }

    fn did(&self, what: &str) -> bool {
        self.steps.iter().any(|(step, _)| step.starts_with(what))
    }
}

/// Makes up to three flowfiles a trigger, with chance for content.
fn make() -> Script {
    let made = Arc::new(AtomicU64::new(0));
    script(move |session| {
        let made = Arc::clone(&made);
        Box::pin(async move {
            for _ in 0..=session.random().next_u64() % 3 {
                let number = made.fetch_add(1, Ordering::SeqCst);
                if number >= COUNT {
                    return Ok(());
                }
                let mut flowfile = session.create();
                let bytes = session.random().next_u64().to_le_bytes();
                let mut writer = session.write()?;
                let written = session.blocking(move || {
                    writer.write_all(&bytes).unwrap();
                    writer.finish().unwrap()
                });
                let content = written.await?;
                session.set_content(&mut flowfile, content);
                flowfile.set_attribute("n", number.to_string());
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    })
}

/// Routes by the content, and fails by chance.
fn route(steps: &Log<(String, i64)>) -> Script {
    let steps = steps.clone();
    script(move |session| {
        let steps = steps.clone();
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            let mut reader = session.read(&flowfile)?;
            let sum = session.compute(move || {
                let mut bytes = Vec::new();
                reader.read_to_end(&mut bytes).unwrap();
                bytes.into_iter().map(u64::from).sum::<u64>()
            });
            let sum = sum.await?;
            let now = session.clock().now().0;
            if session.random().next_u64().is_multiple_of(6) {
                steps.note((format!("fail {}", n(&flowfile)), now));
                return Err(ProcessError::external("by chance"));
            }
            // Others have their turn while this one waits.
            session.clock().sleep_ms(sum % 40).await;
            let to = if sum.is_multiple_of(2) { SUCCESS } else { OTHER };
            steps.note((format!("route {} to {to}", n(&flowfile)), session.clock().now().0));
            session.transfer(flowfile, to);
            Ok(())
        })
    })
}

/// Ends what comes, and notes it once that is durable.
fn end(name: &'static str, steps: &Log<(String, i64)>) -> Script {
    let steps = steps.clone();
    script(move |session| {
        let steps = steps.clone();
        Box::pin(async move {
            for flowfile in session.get_batch(4)? {
                let step = (format!("{name} {}", n(&flowfile)), session.clock().now().0);
                let steps = steps.clone();
                session.on_durable(&flowfile, move || {
                    steps.note(step);
                    Ok(())
                });
                session.remove(flowfile, "seen");
            }
            Ok(())
        })
    })
}

async fn run(seed: u64) -> Trace {
    let steps = Log::new();
    let options = Options { has_flusher: false, clock: Arc::new(|| START), ..Options::default() };
    let mut bench = Bench::on(Memory::default().open(options));
    let clock = Arc::clone(&bench.clock) as Arc<dyn Clock>;
    bench.environment =
        Environment::new(clock, Arc::new(SeededRandom::new(seed)), Arc::new(Inline));
    let failing =
        json!({ "concurrentTasks": 3, "penaltyDuration": "70 ms", "yieldDuration": "20 ms" });
    bench
        .source_with("Make", &json!({ "schedule": { "period": "15 ms" } }), make())
        .work_with("Route", &failing, route(&steps))
        .work("Even", end("even", &steps))
        .work_with("Odd", &json!({ "concurrentTasks": 2 }), end("odd", &steps))
        .connect_with("Make", SUCCESS, "Route", &json!({ "backPressure": { "count": 5 } }))
        .connect("Route", SUCCESS, "Even")
        .connect("Route", OTHER, "Odd");
    let flow = bench.start();
    let time_passes = async {
        loop {
            tokio::task::yield_now().await;
            bench.clock.advance_ms(1);
        }
    };
    let stuck = tokio::select! {
        biased;
        stuck = soon(flow.until_idle()) => stuck.unwrap(),
        () = time_passes => unreachable!(),
    };
    assert!(stuck.is_empty(), "{stuck:?}");
    soon(flow.stop()).await;
    let found = bench.repository.search(&Search::newest(10_000)).unwrap();
    assert!(found.damaged.is_empty());
    let status = serde_json::to_string(&flow.status()).unwrap();
    Trace { events: found.events, steps: steps.all(), status }
}

fn trace(seed: u64) -> Trace {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(run(seed))
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_gives_another() {
    let first = trace(1);
    for what in ["fail", "route", "even", "odd"] {
        assert!(first.did(what), "{what} is missing, so that nothing is shown of it");
    }
    let ended = first.actions().into_iter().filter(|step| !step.contains("fail")).count() as u64;
    assert_eq!(ended, 2 * COUNT, "each is routed once and ends once");
    assert_eq!(trace(1), first);
    assert_eq!(trace(1), first, "nor does a process remember");
    let other = trace(2);
    assert_ne!(other.actions(), first.actions());
    assert_eq!(trace(2), other);
}
