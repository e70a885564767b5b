//! The engine as one of the hosts that must do alike.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;

use common::{Bench, Log, Memory, n, script, soon, take};
use parking_lot::Mutex;
use serde_json::json;
use tutti_model::provenance::ProvenanceEvent;
use tutti_runtime::Flow;
use tutti_sdk::testkit::contract::{self, PENALTY_MS, Work};
use tutti_sdk::{FAILURE, SUCCESS, async_trait};
use tutti_store::{Listed, Options, Search};

/// A flow whose processor does what it is told, and whose source makes what it is told.
struct EngineBench {
    bench: Bench,
    flow: Flow,
    made: Arc<Mutex<Vec<String>>>,
    work: Arc<Mutex<Option<Work>>>,
}

impl EngineBench {
    fn new() -> Self {
        let made = Arc::new(Mutex::new(Vec::<String>::new()));
        let work = Arc::new(Mutex::new(None::<Work>));
        let options = Options { has_flusher: false, ..Options::default() };
        let mut bench = Bench::on(Memory::default().open(options));
        let to_make = Arc::clone(&made);
        bench.source(
            "Make",
            script(move |session| {
                let names = std::mem::take(&mut *to_make.lock());
                Box::pin(async move {
                    for name in names {
                        let mut flowfile = session.create();
                        flowfile.set_attribute("n", name);
                        session.transfer(flowfile, SUCCESS);
                    }
                    Ok(())
                })
            }),
        );
        let to_do = Arc::clone(&work);
        let does = script(move |session| {
            let work = to_do.lock().take();
            work.map_or_else(|| Box::pin(async { Ok(()) }) as _, |work| work(session))
        });
        let penalty = format!("{PENALTY_MS} ms");
        bench.work_with("Work", &json!({ "penaltyDuration": penalty }), does);
        bench.connect("Make", SUCCESS, "Work");
        for relationship in [SUCCESS, FAILURE] {
            bench.work(relationship, take(&Log::new()));
            bench.connect("Work", relationship, relationship);
        }
        let flow = bench.compile();
        Self { bench, flow, made, work }
    }

    fn list(&self, connection: &str) -> Vec<Listed> {
        let queue = self.bench.repository.queues()[&format!("bench/{connection}")];
        self.bench.repository.list(queue, 0, usize::MAX).unwrap()
    }
}

#[async_trait]
impl contract::Bench for EngineBench {
    async fn enqueue(&mut self, names: &[&str]) {
        *self.made.lock() = names.iter().map(|name| (*name).to_owned()).collect();
        assert!(soon(self.flow.run_once("Make")).await.unwrap());
    }

    async fn trigger(&mut self, work: Work) {
        *self.work.lock() = Some(work);
        soon(self.flow.run_once("Work")).await.unwrap();
        *self.work.lock() = None;
    }

    fn waiting(&self) -> Vec<(String, u32)> {
        let listed = self.list("Make [success] -> Work");
        listed.iter().map(|each| (n(&each.flowfile), each.flowfile.attempts())).collect()
    }

    fn left(&self, relationship: &str) -> Vec<String> {
        let listed = self.list(&format!("Work [{relationship}] -> {relationship}"));
        listed.iter().map(|each| n(&each.flowfile)).collect()
    }

    fn advance_ms(&self, milliseconds: u64) {
        self.bench.clock.advance_ms(milliseconds);
    }

    fn events(&self) -> Vec<ProvenanceEvent> {
        let found = self.bench.repository.search(&Search::newest(usize::MAX)).unwrap().events;
        found.into_iter().rev().map(|logged| logged.event).collect()
    }

    fn state(&self, key: &str) -> Option<String> {
        self.bench.repository.state_value("bench/Work", key).map(Into::into)
    }

    async fn make_durable(&mut self) {
        soon(self.flow.until_idle()).await.unwrap();
    }
}

#[tokio::test]
async fn the_engine_does_what_every_host_does() {
    contract::check(EngineBench::new).await;
}
