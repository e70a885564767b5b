//! What small contents cost: those that come and go within an epoch, and those that stay.
//!
//! `cargo run --release -p tutti-store --example content_speed`

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use std::fs;
use std::io::Write;
use std::time::Instant;

use tutti_model::flowfile::{Attributes, Content, ContentSlice, FlowFile, Timestamp};
use tutti_store::{Commit, Options, Pick, QueueId, Repository};

const FLOWFILES: u32 = 100_000;
/// Milliseconds of what the system counts processor time in.
const TICK_MS: f64 = 10.0;

/// Processor time of this process, in milliseconds.
fn processor_ms() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = text.rsplit_once(") ").unwrap().1;
    let ticks = after_name.split(' ').skip(11).take(2).map(|count| count.parse::<f64>().unwrap());
    ticks.sum::<f64>() * TICK_MS
}

fn put(repository: &Repository, queue: QueueId) {
    let mut writer = repository.create_content();
    writer.write_all(&[7; 1_000]).unwrap();
    let guard = writer.finish().unwrap();
    let flowfile = FlowFile::new(repository.next_id(), Timestamp(0))
        .with_attributes(Attributes::from_iter([("filename", "x")]))
        .with_content(Content::Stored(ContentSlice::whole(guard.claim())));
    repository.commit(Commit { put: vec![(queue, flowfile)], ..Commit::default() }).unwrap();
}

fn take(repository: &Repository, queue: QueueId) {
    let polled = repository.poll(queue, 1, Timestamp(0), &mut |_| Pick::Take).unwrap();
    let taken = polled.iter().map(|taken| taken.receipt).collect();
    repository.commit(Commit { taken, ..Commit::default() }).unwrap();
}

fn main() {
    println!("1,000 bytes each, processor time and time of one in us");
    for (name, goes) in [("comes and goes", true), ("stays", false)] {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::open(folder.path(), Options::default()).unwrap();
        let queue = repository.open_queue("q").unwrap();
        let (begin, begin_ms) = (Instant::now(), processor_ms());
        for _ in 0..FLOWFILES {
            put(&repository, queue);
            if goes {
                take(&repository, queue);
            }
        }
        repository.flush().unwrap();
        let each = |ms: f64| ms * 1_000.0 / f64::from(FLOWFILES);
        let processor = each(processor_ms() - begin_ms);
        let all = each(begin.elapsed().as_secs_f64() * 1_000.0);
        println!("{name}: {processor:.2}, {all:.2}");
    }
}
