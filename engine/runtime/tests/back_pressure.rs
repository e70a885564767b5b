//! What keeps queues bounded: full connections hold up what fills them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use common::{
    Bench, Log, Memory, Script, connection, make, messages, processor, script, settle, soon, take,
};
use serde_json::json;
use tutti_runtime::Flow;
use tutti_sdk::{FAILURE, SUCCESS};
use tutti_store::Options;

#[tokio::test]
async fn a_source_waits_while_what_comes_after_it_is_full() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(70, 7)).work("Take", take(&log));
    let limit = json!({ "backPressure": { "count": 10 } });
    bench.connect_with("Make", SUCCESS, "Take", &limit);
    let flow = bench.compile();
    flow.start_processor("Make").unwrap();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.waiting, [("Make [success] -> Take".to_owned(), 14)], "one batch too many");
    assert!(connection(&flow, "Make").back_pressure);
    assert_eq!(processor(&flow, "Make").totals.tasks, 2);
    flow.start_processor("Take").unwrap();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(log.len(), 70);
    assert!(!connection(&flow, "Make").back_pressure);
}

#[tokio::test]
async fn bytes_fill_a_connection_as_well() {
    let mut bench = Bench::new();
    bench.source("Make", make_bytes(u64::MAX, 400)).work("Take", take(&Log::new()));
    let limit = json!({ "backPressure": { "size": "1000 B" } });
    bench.connect_with("Make", SUCCESS, "Take", &limit);
    let flow = bench.compile();
    flow.start_processor("Make").unwrap();
    soon(flow.until_idle()).await.unwrap();
    let full = connection(&flow, "Make");
    assert_eq!((full.queued, full.queued_bytes, full.bytes_in), (3, 1_200, 1_200));
}

/// Makes `count` flowfiles of so many bytes, one a trigger.
fn make_bytes(count: u64, bytes: usize) -> Script {
    let left = AtomicU64::new(count);
    script(move |session| {
        let is_over = left.load(Ordering::SeqCst) == 0;
        if !is_over {
            left.fetch_sub(1, Ordering::SeqCst);
        }
        Box::pin(async move {
            if is_over {
                return Ok(());
            }
            let mut flowfile = session.create();
            let mut writer = session.write()?;
            std::io::Write::write_all(&mut writer, &vec![7; bytes]).unwrap();
            session.set_content(&mut flowfile, writer.finish().unwrap());
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    })
}

/// Takes up to `batch`, and sends it on when it is well, else penalised to `failure`.
fn sink(batch: usize, is_well: &Arc<AtomicBool>, arrived: &Arc<AtomicU64>) -> Script {
    let (is_well, arrived) = (Arc::clone(is_well), Arc::clone(arrived));
    script(move |session| {
        let is_well = is_well.load(Ordering::SeqCst);
        let arrived = Arc::clone(&arrived);
        Box::pin(async move {
            for mut flowfile in session.get_batch(batch)? {
                if is_well {
                    arrived.fetch_add(1, Ordering::SeqCst);
                    session.transfer(flowfile, SUCCESS);
                } else {
                    session.penalize(&mut flowfile);
                    session.transfer(flowfile, FAILURE);
                }
            }
            Ok(())
        })
    })
}

#[tokio::test]
async fn a_full_way_back_makes_the_source_wait_and_empties_when_it_goes_well_again() {
    let (is_well, arrived) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let limit = json!({ "backPressure": { "count": 5 } });
    let settings = json!({ "penaltyDuration": "1 sec", "concurrentTasks": 1 });
    let mut bench = Bench::new();
    bench.source("Make", make(u64::MAX, 2));
    bench.work_with("Put", &settings, sink(3, &is_well, &arrived));
    bench.connect_with("Make", SUCCESS, "Put", &limit);
    bench.connect_with("Put", FAILURE, "Put", &limit);
    let flow = bench.start();
    let full = |flow: &Flow| (connection(flow, "Put").queued, connection(flow, "Make").queued);
    let mut tries = 0;
    for _ in 0..20 {
        bench.advance(1_000, 500).await;
        let (again, input) = full(&flow);
        assert!((5..5 + 3).contains(&again) && (5..5 + 2).contains(&input), "{again}, {input}");
        let now = processor(&flow, "Put").transferred[FAILURE];
        assert!(now > tries, "what was sent back is tried again");
        tries = now;
    }
    let made = processor(&flow, "Make").transferred[SUCCESS];
    assert!(made <= 5 + 3 + 5 + 2, "{made} were made");
    is_well.store(true, Ordering::SeqCst);
    bench.advance(2_000, 500).await;
    assert!(arrived.load(Ordering::SeqCst) > made, "it goes on with what it had and with more");
    assert_eq!(connection(&flow, "Put").queued, 0);
    soon(flow.stop()).await;
}

#[tokio::test]
async fn a_full_way_back_of_a_source_holds_it_up_and_is_no_reason_to_wait_for_ever() {
    let made = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&made);
    let asks = script(move |session| {
        let made = Arc::clone(&counted);
        Box::pin(async move {
            let taken = session.get()?;
            let mut flowfile = taken.unwrap_or_else(|| {
                made.fetch_add(1, Ordering::SeqCst);
                session.create()
            });
            session.penalize(&mut flowfile);
            session.transfer(flowfile, FAILURE);
            Ok(())
        })
    });
    let mut bench = Bench::new();
    bench.either("Ask", asks);
    bench.connect_with("Ask", FAILURE, "Ask", &json!({ "backPressure": { "count": 3 } }));
    let flow = bench.start();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.waiting, [("Ask [failure] -> Ask".to_owned(), 3)]);
    bench.advance(120_000, 1_000).await;
    assert_eq!((made.load(Ordering::SeqCst), connection(&flow, "Ask").queued), (3, 3));
}

#[tokio::test]
async fn a_funnel_takes_what_comes_after_it_has_room_for() {
    for (limit, held) in [
        (json!({ "count": 5 }), 5),
        (json!({ "count": 0, "size": "0 B" }), 50),
        (json!({ "count": 0, "size": "1000 B" }), 3),
    ] {
        let log = Log::new();
        let mut bench = Bench::new();
        bench.source("Make", make_bytes(50, 400)).work("Take", take(&log));
        bench.member("funnels", json!(["Join"]));
        bench.connect("Make", SUCCESS, "Join");
        bench.connect_with("Join", "", "Take", &json!({ "backPressure": limit }));
        let flow = bench.compile();
        flow.start_processor("Make").unwrap();
        flow.start_processor("Join").unwrap();
        soon(flow.until_idle()).await.unwrap();
        let connections = flow.status().connections;
        let queued: Vec<u64> = connections.iter().map(|each| each.queued).collect();
        assert_eq!(queued, [held, 50 - held], "{limit}");
        flow.start_processor("Take").unwrap();
        assert!(soon(flow.until_idle()).await.unwrap().is_empty());
        assert_eq!(log.len(), 50);
    }
}

/// A disk of which so much is to be kept free.
const FREE_BYTES_MIN: u64 = 1_000_000;

fn watched_disk() -> (Memory, Bench) {
    let memory = Memory::default();
    let options = Options {
        disk_free_bytes_min: Some(FREE_BYTES_MIN),
        has_flusher: false,
        ..Options::default()
    };
    let bench = Bench::on(memory.open(options));
    (memory, bench)
}

#[tokio::test]
async fn sources_wait_while_the_disk_lacks_room_and_what_is_in_the_flow_goes_on() {
    let (disk, mut bench) = watched_disk();
    let log = Log::new();
    bench.source("Make", make(u64::MAX, 1)).work("Take", take(&log));
    let limit = json!({ "backPressure": { "count": 3 } });
    bench.connect_with("Make", SUCCESS, "Take", &limit);
    let flow = bench.compile();
    flow.start_processor("Make").unwrap();
    settle().await;
    assert_eq!(connection(&flow, "Make").queued, 3, "until then there was room");
    disk.set_free_bytes(FREE_BYTES_MIN - 1);
    bench.repository.flush().unwrap();
    flow.start_processor("Take").unwrap();
    bench.advance(10_000, 500).await;
    assert_eq!((log.len(), connection(&flow, "Make").queued), (3, 0));
    let told = flow.status().health.unwrap();
    assert!(told.contains("sources wait; what is in the flow is worked on"), "{told}");
    assert_eq!(messages(&flow).len(), 1, "it is told once: {:?}", messages(&flow));
    // Whoever waits for the end hears what it lacks.
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.shortage.unwrap().free_bytes, FREE_BYTES_MIN - 1);
    disk.set_free_bytes(u64::MAX);
    bench.repository.flush().unwrap();
    assert_eq!(log.len(), 3);
    bench.advance(1_000, 500).await;
    assert!(log.len() > 3, "it goes on by itself");
    assert_eq!(flow.status().health, None);
    soon(flow.stop()).await;
}

#[tokio::test]
async fn a_flow_that_takes_nothing_in_lacks_no_room() {
    let (disk, mut bench) = watched_disk();
    bench.source("Make", make(5, 5)).work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Take");
    let flow = bench.compile();
    flow.start_processor("Take").unwrap();
    disk.set_free_bytes(0);
    bench.repository.flush().unwrap();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
}
