//! Flows into a real object store: Apache Ozone, through its S3 gateway.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::process::{Child, ExitCode, Stdio};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::thread;
use std::time::{Duration, Instant};

use tutti_tests::binary::{Finished, Run};
use tutti_tests::desk::Desk;
use tutti_tests::ledger::files;
use tutti_tests::seed::Random;
use tutti_tests::services::gate::Gate;
use tutti_tests::services::harness;
use tutti_tests::services::ozone::Ozone;
use tutti_tests::{flows, recordings};

/// The size of the parts of what is too large for one request.
const PART_BYTES: usize = 8 * 1024 * 1024;
const LARGE_BYTES: usize = 60 * 1024 * 1024 + 7;
/// Where what cannot be put waits.
const WAITING: &str = "Get [success] -> Put";
/// How long a run may take until it has sent half of that.
const PATIENCE: Duration = Duration::from_mins(2);

fn main() -> ExitCode {
    harness::main(
        "Apache Ozone",
        Ozone::start,
        &[
            ("recordings_become_the_same_objects_as_in_a_folder", same_as_in_a_folder),
            ("large_content_goes_in_parts_and_comes_back_whole", large),
            ("a_kill_in_the_middle_leaves_no_torn_object", killed_in_the_middle),
            ("an_object_that_is_there_is_treated_as_the_flow_says", conflicts),
            ("a_bucket_that_is_missing_and_a_key_that_is_missing_are_told", refused),
            ("what_a_stopped_gateway_cannot_take_waits_for_it", stopped),
            ("over_kills_everything_comes_there_and_back_and_nothing_is_gone", there_and_back),
        ],
    )
}

/// The store, together with other tests.
fn together(ozone: &RwLock<Ozone>) -> RwLockReadGuard<'_, Ozone> {
    // Another test that failed has not harmed it.
    ozone.read().unwrap_or_else(PoisonError::into_inner)
}

/// With a key, whatever it is: the gateway does not answer those who have none.
fn with_key(run: Run) -> Run {
    run.environment("AWS_ACCESS_KEY_ID", "test")
        .environment("AWS_SECRET_ACCESS_KEY", "test")
        .environment("NO_PROXY", "127.0.0.1")
}

/// The flow that moves files into the bucket.
fn store(desk: &Desk, url: &str, bucket: &str) -> Run {
    let path = flows::write(&desk.path(""), "store", flows::STORE).unwrap();
    with_key(desk.flow(&path, &desk.path("in"), url)).parameter("bucket", bucket)
}

fn give(desk: &Desk, name: &str, bytes: &[u8]) {
    recordings::place(&desk.path("in"), name, bytes).unwrap();
}

fn random(name: &str, bytes: usize) -> Vec<u8> {
    let mut random = Random::from_environment(name, 11);
    let mut content: Vec<u8> =
        (0..bytes.div_ceil(8)).flat_map(|_| random.next_u64().to_le_bytes()).collect();
    content.truncate(bytes);
    content
}

fn bytes(ozone: &Ozone, bucket: &str, key: &str) -> Vec<u8> {
    ozone.object(bucket, key).unwrap().unwrap().bytes
}

fn expect_all_well(finished: &Finished) {
    finished.expect_code(0);
    assert_eq!(finished.summary()["ok"], true, "{finished}");
}

fn same_as_in_a_folder(ozone: &RwLock<Ozone>) {
    let ozone = together(ozone);
    let desk = Desk::new().unwrap();
    for name in ["mountain.flac", "mountain.ogg", "palace.ogg", "tom.wav"] {
        give(&desk, name, &fs::read(recordings::examples().join(name)).unwrap());
    }
    give(&desk, "broken (ö).wav", b"no recording at all");
    for bucket in ["audio-features", "failures"] {
        ozone.make_bucket(bucket).unwrap();
    }
    let main = |url: &str, data: &str| {
        let run = Run::flow(&flows::main_flow(), &desk.path(data));
        with_key(run.parameter("input", desk.path("in")).parameter("output", url)).finish()
    };
    // One recording is broken, which is told, and kept.
    main(&desk.store(), "data-folder").expect_code(1);
    let finished = main(&ozone.url(), "data-ozone");
    finished.expect_code(1);
    assert_eq!(finished.summary()["failed"], 1, "{finished}");
    for (bucket, count) in [("audio-features", 4), ("failures", 1)] {
        let names = desk.names(bucket).unwrap();
        assert_eq!(names.len(), count);
        assert_eq!(ozone.keys(bucket).unwrap(), names);
        for name in names {
            let expected = fs::read(desk.path("store").join(bucket).join(&name)).unwrap();
            assert!(bytes(&ozone, bucket, &name) == expected, "{bucket}/{name}");
        }
    }
}

fn large(ozone: &RwLock<Ozone>) {
    let ozone = together(ozone);
    ozone.make_bucket("large").unwrap();
    let desk = Desk::new().unwrap();
    let content = random("large", LARGE_BYTES);
    give(&desk, "large.bin", &content);
    expect_all_well(&store(&desk, &ozone.url(), "large").finish());
    let object = ozone.object("large", "large.bin").unwrap().unwrap();
    assert!(object.bytes == content, "{} bytes came back", object.bytes.len());
    let parts = LARGE_BYTES.div_ceil(PART_BYTES);
    assert!(object.etag.ends_with(&format!("-{parts}")), "{}", object.etag);
    let metadata = ozone.metadata("large", "large.bin").unwrap();
    assert_eq!(metadata.get("origin").map(String::as_str), Some("large.bin"));
    assert_eq!(files(&desk.path("in")).unwrap().len(), 0);
}

fn killed_in_the_middle(ozone: &RwLock<Ozone>) {
    let ozone = together(ozone);
    ozone.make_bucket("killed").unwrap();
    for (key, size) in [("in-one-request", PART_BYTES - 1), ("in-parts", LARGE_BYTES)] {
        let desk = Desk::new().unwrap();
        for round in 0..2 {
            // At first there is no object yet, and then there is one to be replaced.
            let before = ozone.object("killed", key).unwrap().map(|object| object.bytes);
            assert_eq!(before.is_some(), round == 1);
            let content = random(&format!("{key} {round}"), size);
            give(&desk, key, &content);
            kill_at(&desk, &ozone, size as u64 / 2);
            let after = ozone.object("killed", key).unwrap().map(|object| object.bytes);
            assert!(after == before, "{key} {round}: the object changed");
            expect_all_well(&store(&desk, &ozone.url(), "killed").finish());
            assert!(bytes(&ozone, "killed", key) == content, "{key} {round}");
        }
    }
    assert_eq!(ozone.keys("killed").unwrap(), ["in-one-request", "in-parts"]);
}

/// Runs the flow until so many bytes are on their way, and kills it.
fn kill_at(desk: &Desk, ozone: &Ozone, bytes: u64) {
    let gate = Gate::new(ozone.address(), bytes).unwrap();
    let mut command = store(desk, &gate.url(), "killed").into_command();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let is_in_the_middle = gate.is_closed_within(PATIENCE);
    // It must still be there.
    let ended = child.try_wait().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_in_the_middle && ended.is_none(), "{is_in_the_middle} {ended:?}");
}

fn conflicts(ozone: &RwLock<Ozone>) {
    let ozone = together(ozone);
    for (strategy, small, code) in [("replace", "new", 0), ("ignore", "old", 0), ("fail", "old", 1)]
    {
        ozone.make_bucket(strategy).unwrap();
        let desk = Desk::new().unwrap();
        for content in ["old", "new"] {
            give(&desk, "small", content.as_bytes());
            give(&desk, "large", &content.as_bytes().repeat(PART_BYTES / 2));
            let finished =
                store(&desk, &ozone.url(), strategy).parameter("strategy", strategy).finish();
            finished.expect_code(if content == "old" { 0 } else { code });
            let is_refused = content == "new" && strategy == "fail";
            for key in ["small", "large"] {
                let told = format!("there is an object \\\"{key}\\\" already");
                assert_eq!(finished.stdout.contains(&told), is_refused, "{finished}");
            }
            let expected = is_refused.then(|| ("Put [failure] -> Put".to_owned(), 2));
            assert_eq!(finished.waiting(), Vec::from_iter(expected), "{finished}");
        }
        assert_eq!(bytes(&ozone, strategy, "small"), small.as_bytes());
        let large = small.as_bytes().repeat(PART_BYTES / 2);
        assert!(bytes(&ozone, strategy, "large") == large, "{strategy}");
    }
}

fn refused(ozone: &RwLock<Ozone>) {
    let ozone = together(ozone);
    ozone.make_bucket("refused").unwrap();
    let desk = Desk::new().unwrap();
    give(&desk, "a", b"refused at first");
    let finished = store(&desk, &ozone.url(), "not-there").finish();
    expect_waiting(&finished, "The specified bucket does not exist", "check that the bucket");
    // As without a key in the environment.
    let without = store(&desk, &ozone.url(), "refused").environment("AWS_SKIP_SIGNATURE", "true");
    let finished = without.finish();
    expect_waiting(&finished, "403", "without one requests are not signed");
    expect_all_well(&store(&desk, &ozone.url(), "refused").finish());
    assert_eq!(bytes(&ozone, "refused", "a"), b"refused at first");
    let metadata = ozone.metadata("refused", "a").unwrap();
    assert_eq!(metadata.get("origin").map(String::as_str), Some("a"));
}

fn stopped(ozone: &RwLock<Ozone>) {
    let mut ozone = ozone.write().unwrap_or_else(PoisonError::into_inner);
    ozone.make_bucket("stopped").unwrap();
    ozone.kill().unwrap();
    let desk = Desk::new().unwrap();
    give(&desk, "a", b"patience");
    let finished = store(&desk, &ozone.url(), "stopped").finish();
    expect_waiting(&finished, "Connection refused", "check that the store runs");
    ozone.start_again().unwrap();
    assert_eq!(ozone.keys("stopped").unwrap(), Vec::<String>::new());
    expect_all_well(&store(&desk, &ozone.url(), "stopped").finish());
    assert_eq!(bytes(&ozone, "stopped", "a"), b"patience");
}

/// How many objects go there and back, and the size of each.
const OBJECTS: usize = 80;
const OBJECT_BYTES: usize = 400_000;

/// Puts, lists, fetches and deletes, while the gateway is killed in the middle of each of the two
/// runs, and Tutti in the middle of a third.
fn there_and_back(ozone: &RwLock<Ozone>) {
    let mut ozone = ozone.write().unwrap_or_else(PoisonError::into_inner);
    ozone.make_bucket("back").unwrap();
    let desk = Desk::new().unwrap();
    let all = random("back", OBJECT_BYTES + 2 * OBJECTS);
    let content = |index: usize| all[index..OBJECT_BYTES + 2 * index].to_vec();
    let name = |index: usize| format!("song {index} (ö).bin");
    for index in 0..OBJECTS {
        give(&desk, &name(index), &content(index));
    }
    let put = store(&desk, &ozone.url(), "back");
    let child = begin(put);
    until(|| ozone.keys("back").unwrap().len() >= OBJECTS / 4);
    restart_under(&mut ozone, child);
    expect_all_well(&store(&desk, &ozone.url(), "back").finish());
    assert_eq!(ozone.keys("back").unwrap().len(), OBJECTS);

    let path = flows::write(&desk.path(""), "back", flows::BACK).unwrap();
    let out = desk.path("out");
    let back = |url: &str| {
        let run = Run::flow(&path, &desk.path("data-back"));
        let run = run.parameter("input", url).parameter("bucket", "back");
        with_key(run.parameter("output", &out))
    };
    let fetched = || files(&out).unwrap().len();
    // What is neither here nor there is lost.
    let is_whole = |ozone: &Ozone| {
        for index in 0..OBJECTS {
            let there = ozone.object("back", &name(index)).unwrap().map(|object| object.bytes);
            let here = fs::read(out.join(name(index))).ok();
            let found = here.or(there);
            assert!(found == Some(content(index)), "{} is lost or torn", name(index));
        }
    };
    let mut child = begin(back(&ozone.url()));
    until(|| fetched() >= OBJECTS / 4);
    assert!(child.try_wait().unwrap().is_none(), "it is to be in the middle");
    child.kill().unwrap();
    child.wait().unwrap();
    is_whole(&ozone);
    let child = begin(back(&ozone.url()));
    until(|| fetched() >= OBJECTS / 2);
    restart_under(&mut ozone, child);
    is_whole(&ozone);
    let finished = back(&ozone.url()).finish();
    expect_all_well(&finished);
    assert_eq!(finished.summary()["failed"], 0, "{finished}");
    assert_eq!(ozone.keys("back").unwrap(), Vec::<String>::new());
    assert_eq!(fetched(), OBJECTS);
    is_whole(&ozone);
}

fn begin(run: Run) -> Child {
    let mut command = run.into_command();
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn until(is_reached: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_reached() {
        assert!(started.elapsed() < PATIENCE, "nothing goes on");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Kills the gateway while `child` uses it, starts it again, and waits for the end of the run,
/// which keeps whatever it could not do.
fn restart_under(ozone: &mut Ozone, mut child: Child) {
    assert!(child.try_wait().unwrap().is_none(), "it is to be in the middle");
    ozone.kill().unwrap();
    ozone.start_again().unwrap();
    assert!(child.wait().unwrap().code().is_some_and(|code| code <= 1));
}

/// The run told why and what to do, and kept the one flowfile.
fn expect_waiting(finished: &Finished, why: &str, help: &str) {
    finished.expect_code(1);
    let summary = finished.summary();
    assert_eq!(finished.waiting(), [(WAITING.to_owned(), 1)], "{finished}");
    let bulletin = &summary["bulletins"][0];
    assert_eq!(bulletin["filename"], "a", "{finished}");
    for (part, expected) in [("message", why), ("help", help)] {
        let told = bulletin[part].as_str().unwrap_or_default();
        assert!(told.contains(expected), "{part}: {finished}");
    }
}
