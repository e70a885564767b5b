//! What survives, what happens only then, and what a restart finds.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::{
    Bench, Log, Memory, connection, make, messages, processor, script, settle, soon, take, until,
};
use tutti_runtime::Flow;
use tutti_sdk::{ProcessError, SUCCESS};
use tutti_store::{Options, Repository};

fn by_hand() -> Options {
    Options { has_flusher: false, ..Options::default() }
}

/// Makes one flowfile a trigger, remembers how many in its state, and notes when it is durable.
fn counting(count: u64, durable: &Log<u64>) -> common::Script {
    let durable = durable.clone();
    script(move |session| {
        let durable = durable.clone();
        Box::pin(async move {
            let made = session.state("made")?.map_or(0, |text| text.parse().unwrap());
            if made == count {
                return Ok(());
            }
            let mut flowfile = session.create();
            flowfile.set_attribute("n", made.to_string());
            session.set_state("made", Some((made + 1).to_string()));
            session.on_durable(&flowfile, move || {
                durable.note(made);
                Ok(())
            });
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    })
}

#[tokio::test]
async fn effects_run_in_order_and_only_when_their_commit_is_durable() {
    let durable = Log::new();
    let mut bench = Bench::on(Memory::default().open(by_hand()));
    bench.source("Make", counting(3, &durable)).work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Take");
    let flow = bench.start();
    settle().await;
    assert_eq!(processor(&flow, "Take").totals.flowfiles_ended, 3, "visible at once");
    assert_eq!(durable.len(), 0, "but not durable");
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(durable.all(), [0, 1, 2], "idle means durable, with its effects");
}

#[tokio::test]
async fn an_effect_that_fails_or_panics_is_told_and_the_next_ones_run() {
    let ran = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&ran);
    let left = AtomicU64::new(1);
    let mut bench = Bench::new();
    let effects = script(move |session| {
        let is_first = left.swap(0, Ordering::SeqCst) == 1;
        let counted = Arc::clone(&counted);
        Box::pin(async move {
            if is_first {
                let flowfile = session.create();
                let error = || ProcessError::external("cannot delete \"a.wav\"");
                session.on_durable(&flowfile, move || Err(error()));
                session.on_durable(&flowfile, || panic!("on purpose"));
                session.on_durable(&flowfile, move || {
                    counted.fetch_add(1, Ordering::SeqCst);
                    Ok(())
                });
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    });
    bench.source("Make", effects);
    let flow = bench.start();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(ran.load(Ordering::SeqCst), 1);
    let told = messages(&flow);
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("panicked in its work after a commit"));
    assert_eq!(told[1], "cannot delete \"a.wav\"");
}

#[tokio::test]
async fn a_crash_takes_back_state_and_flowfiles_together() {
    let memory = Memory::default();
    let durable = Log::new();
    let state = |bench: &Bench| {
        bench.repository.state_value("bench/Make", "made").map(|value| value.to_string())
    };
    for (flushes, expected) in [(false, None), (true, Some("2".to_owned()))] {
        let mut bench = Bench::on(memory.open(by_hand()));
        bench.source("Make", counting(2, &durable)).work("Take", take(&Log::new()));
        bench.connect("Make", SUCCESS, "Take");
        let flow = bench.compile();
        flow.start_processor("Make").unwrap();
        settle().await;
        assert_eq!(connection(&flow, "Make").queued, 2);
        if flushes {
            bench.repository.flush().unwrap();
        }
        memory.crash();
        let bench_after = Bench::on(memory.open(by_hand()));
        let queued: u64 = bench_after
            .repository
            .queues()
            .values()
            .map(|queue| bench_after.repository.counts(*queue).unwrap().flowfiles)
            .sum();
        assert_eq!((state(&bench_after), queued), (expected, if flushes { 2 } else { 0 }));
    }
}

#[tokio::test]
async fn what_a_session_that_failed_had_kept_is_not_there() {
    let mut bench = Bench::new();
    let fail = script(|session| {
        Box::pin(async move {
            session.set_state("a", Some("1".into()));
            let flowfile = session.create();
            session.transfer(flowfile, SUCCESS);
            Err(ProcessError::user("on purpose"))
        })
    });
    bench.source("Make", fail).work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Take");
    let flow = bench.start();
    soon(flow.until_idle()).await.unwrap();
    assert!(bench.repository.state("bench/Make").values.is_empty());
    assert_eq!(connection(&flow, "Make").flowfiles_in, 0);
    assert_eq!(processor(&flow, "Make").totals.rollbacks, 1);
}

/// Ends all that holds the repository, and closes it.
async fn close(bench: Bench, flow: Flow) {
    soon(flow.stop()).await;
    drop(flow);
    let mut repository = Arc::clone(&bench.repository);
    drop(bench);
    soon(async {
        loop {
            match Arc::try_unwrap(repository) {
                Ok(repository) => return repository.close().unwrap(),
                Err(back) => repository = back,
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_restart_on_disk_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Arc::new(Repository::open(folder.path(), Options::default()).unwrap());
    let (log, durable) = (Log::new(), Log::new());
    let bench = |repository| {
        let mut bench = Bench::on(repository);
        bench.source("Make", counting(5, &durable)).work("Take", take(&log));
        bench.connect("Make", SUCCESS, "Take");
        bench
    };
    let first = bench(open());
    let flow = first.compile();
    flow.start_processor("Make").unwrap();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.waiting, [("Make [success] -> Take".to_owned(), 5)]);
    close(first, flow).await;

    let second = bench(open());
    let flow = second.start();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(log.all(), ["0", "1", "2", "3", "4"], "in order, none twice, none made again");
    close(second, flow).await;
}

#[tokio::test]
async fn flowfiles_of_a_connection_that_is_gone_are_told() {
    let repository = Memory::default().open(Options::default());
    let mut bench = Bench::on(Arc::clone(&repository));
    bench.source("Make", make(2, 2)).work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Take");
    let flow = bench.compile();
    flow.start_processor("Make").unwrap();
    soon(flow.until_idle()).await.unwrap();
    soon(flow.stop()).await;
    let mut changed = Bench::on(repository);
    changed.source("Make", make(0, 1));
    let told = messages(&changed.compile());
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("2 flowfiles wait in \"Make [success] -> Take\""), "{told:?}");
}

#[tokio::test]
async fn an_empty_queue_of_a_connection_that_is_gone_goes_with_the_next_start_of_its_flow() {
    let repository = Memory::default().open(Options::default());
    let names = || repository.queues().into_keys().collect::<Vec<_>>();
    let mut bench = Bench::on(Arc::clone(&repository));
    bench.source("Make", make(2, 2)).work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Take");
    let flow = bench.start();
    soon(flow.until_idle()).await.unwrap();
    soon(flow.stop()).await;
    repository.open_queue("another flow/Make [success] -> Take").unwrap();
    assert_eq!(names().len(), 2);
    let mut changed = Bench::on(Arc::clone(&repository));
    changed.source("Make", make(0, 1));
    assert_eq!(messages(&changed.compile()), [""; 0]);
    assert_eq!(names(), ["another flow/Make [success] -> Take"]);
}

#[tokio::test]
async fn commits_wait_for_room_in_the_epoch_and_lose_nothing() {
    let memory = Memory::default();
    let repository = memory.open(Options { epoch_bytes_max: 2_000, ..by_hand() });
    let log = Log::new();
    let mut bench = Bench::on(Arc::clone(&repository));
    bench.source("Make", make(60, 1)).work("Take", take(&log));
    bench.connect("Make", SUCCESS, "Take");
    let flow = bench.start();
    settle().await;
    assert!(log.len() < 60, "the epoch is full");
    until(|| {
        repository.flush().unwrap();
        log.len() == 60
    })
    .await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
}
