//! Whatever the shape of a flow and whoever fails in it: no flowfile is lost, none comes twice.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::collections::HashSet;
use std::sync::Arc;

use common::{Bench, OTHER, Script, make, n, script, soon};
use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::json;
use tutti_sdk::{ProcessError, SUCCESS};

#[derive(Debug, Clone)]
struct Shape {
    /// For each processor but the last: where each of two relationships leads, further on.
    edges: Vec<[Vec<usize>; 2]>,
    concurrent: Vec<u64>,
    batch: Vec<usize>,
    count: u64,
    limit: u64,
    /// One in so many flowfiles makes a processor fail, once.
    fails: u64,
}

fn shapes() -> impl Strategy<Value = Shape> {
    (2_usize..7).prop_flat_map(|nodes| {
        let edges: Vec<_> = (0..nodes)
            .map(|node| {
                let further = proptest::collection::hash_set(node + 1..nodes + 1, 0..3);
                let further = further.prop_map(|set| set.into_iter().collect::<Vec<_>>());
                [further.clone(), further]
            })
            .collect();
        let each = |range: std::ops::Range<u64>| proptest::collection::vec(range, nodes + 1);
        let batch = proptest::collection::vec(1_usize..5, nodes + 1);
        (edges, each(1..4), batch, 1_u64..30, 1_u64..20, 2_u64..6).prop_map(
            |(edges, concurrent, batch, count, limit, fails)| Shape {
                edges,
                concurrent,
                batch,
                count,
                limit,
                fails,
            },
        )
    })
}

fn relationship(node: usize, number: u64) -> usize {
    usize::from((number + node as u64).is_multiple_of(3))
}

/// How many flowfiles come to an end of one that comes to `node`.
fn ends(shape: &Shape, node: usize, number: u64) -> u64 {
    let Some(edges) = shape.edges.get(node) else { return 1 };
    let to = &edges[relationship(node, number)];
    if to.is_empty() { 1 } else { to.iter().map(|next| ends(shape, *next, number)).sum() }
}

fn work(node: usize, batch: usize, fails: u64) -> Script {
    let failed: Arc<Mutex<HashSet<String>>> = Arc::default();
    script(move |session| {
        let failed = Arc::clone(&failed);
        Box::pin(async move {
            for flowfile in session.get_batch(batch)? {
                let number: u64 = n(&flowfile).parse().unwrap();
                let is_chosen = (number + node as u64).is_multiple_of(fails);
                if is_chosen && failed.lock().insert(flowfile.uuid().to_owned()) {
                    return Err(ProcessError::external("on purpose"));
                }
                tokio::task::yield_now().await;
                session.transfer(flowfile, [SUCCESS, OTHER][relationship(node, number)]);
            }
            Ok(())
        })
    })
}

async fn run(shape: &Shape) -> u64 {
    let mut bench = Bench::new();
    bench.source("Make", make(shape.count, 3));
    let limit = json!({ "backPressure": { "count": shape.limit } });
    bench.connect_with("Make", SUCCESS, "0", &limit);
    let mut reached = HashSet::from([0]);
    for node in 0..=shape.edges.len() {
        if !reached.contains(&node) {
            continue;
        }
        let settings = json!({
            "concurrentTasks": shape.concurrent[node],
            "penaltyDuration": "0 sec",
            "yieldDuration": "0 sec",
        });
        bench.work_with(&node.to_string(), &settings, work(node, shape.batch[node], shape.fails));
        for (name, to) in
            [SUCCESS, OTHER].into_iter().zip(shape.edges.get(node).into_iter().flatten())
        {
            for next in to {
                bench.connect_with(&node.to_string(), name, &next.to_string(), &limit);
                reached.insert(*next);
            }
        }
    }
    let flow = bench.start();
    let time_passes = async {
        loop {
            bench.clock.advance_ms(10);
            tokio::task::yield_now().await;
        }
    };
    let stuck = tokio::select! {
        stuck = soon(flow.until_idle()) => stuck.unwrap(),
        () = time_passes => unreachable!(),
    };
    assert!(stuck.is_empty(), "{stuck:?}");
    let status = flow.status();
    assert!(status.connections.iter().all(|each| each.queued == 0 && each.in_flight == 0));
    for each in &status.connections {
        assert_eq!(each.flowfiles_in, each.flowfiles_out, "{}", each.path);
    }
    soon(flow.stop()).await;
    status.processors.iter().map(|each| each.totals.flowfiles_ended).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_flowfile_comes_to_all_its_ends_once(shape in shapes(), threads in 1_usize..4) {
        let expected: u64 = (0..shape.count).map(|number| ends(&shape, 0, number)).sum();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build()
            .unwrap();
        prop_assert_eq!(runtime.block_on(run(&shape)), expected);
    }
}
