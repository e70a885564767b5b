//! What a flowfile of a long queue costs: memory, and the time to put and to take one.
//!
//! `cargo run --release -p tutti-store --example queue_length [FLOWFILES]`

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use std::fs;
use std::time::Instant;

use tutti_model::flowfile::{Attributes, FlowFile, Timestamp};
use tutti_store::{Commit, Options, Pick, QueueId, Repository};

const BATCH: usize = 100;

/// A line of what the system says of this process, in MB.
fn memory_mb(line: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find_map(|each| each.strip_prefix(line)).unwrap();
    found.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1_024
}

fn flowfile(repository: &Repository) -> FlowFile {
    let id = repository.next_id();
    let number = id.0;
    let attributes = Attributes::from_iter([
        ("uuid", format!("00000000-0000-4000-8000-{number:012x}")),
        ("filename", format!("recording-{number}.flac")),
        ("path", "symphonies/romantic/".to_owned()),
        ("absolute.path", "/srv/archive/symphonies/romantic/".to_owned()),
        ("mime.type", "audio/flac".to_owned()),
    ]);
    FlowFile::new(id, Timestamp(0)).with_attributes(attributes)
}

fn put(repository: &Repository, queue: QueueId, flowfiles: usize) {
    for _ in 0..flowfiles / BATCH {
        let put = (0..BATCH).map(|_| (queue, flowfile(repository))).collect();
        repository.commit(Commit { put, ..Commit::default() }).unwrap();
    }
    repository.flush().unwrap();
}

fn take(repository: &Repository, queue: QueueId) -> usize {
    let mut count = 0;
    loop {
        let polled = repository.poll(queue, BATCH, Timestamp(0), &mut |_| Pick::Take).unwrap();
        if polled.is_empty() {
            repository.flush().unwrap();
            return count;
        }
        count += polled.len();
        let taken = polled.iter().map(|taken| taken.receipt).collect();
        repository.commit(Commit { taken, ..Commit::default() }).unwrap();
    }
}

fn main() {
    let flowfiles: usize =
        std::env::args().nth(1).map_or(1_000_000, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let repository = Repository::open(folder.path(), Options::default()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    let each = |begin: Instant| begin.elapsed().as_secs_f64() * 1e6 / flowfiles as f64;
    let begin = Instant::now();
    put(&repository, queue, flowfiles);
    println!(
        "{flowfiles} put: {:.2} us each, {} MB, at most {} MB",
        each(begin),
        memory_mb("VmRSS:"),
        memory_mb("VmHWM:")
    );
    repository.close().unwrap();
    let begin = Instant::now();
    let repository = Repository::open(folder.path(), Options::default()).unwrap();
    println!("opened again: {:.0} ms", begin.elapsed().as_secs_f64() * 1e3);
    let begin = Instant::now();
    assert_eq!(take(&repository, queue), flowfiles);
    println!("taken: {:.2} us each, at most {} MB", each(begin), memory_mb("VmHWM:"));
}
