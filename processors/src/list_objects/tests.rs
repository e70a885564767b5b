//! Objects that are listed, once a version.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::time::SystemTime;

use tempfile::TempDir;
use tutti_sdk::testkit::TestRunner;
use url::Url;

use super::*;
use crate::objects::fake::{KEY, Lines, answer, page as listing, server};

/// The test kit's clock begins here, in seconds since 1970.
const START_S: u64 = 1_704_067_200;
const ENTITIES: (&str, &str) = ("Listing Strategy", "entities");
/// A time that lies some hours before the test kit's clock begins.
const OLD: &str = "2023-12-31T12:00:00.000Z";

/// An object that was modified so many seconds before the test kit's clock begins.
fn object(folder: &TempDir, key: impl AsRef<Path>, seconds_ago: i64) {
    let path = folder.path().join("recordings").join(key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "sound").unwrap();
    let seconds = START_S.saturating_add_signed(-seconds_ago);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
}

fn runner_at(url: &str, more: &[(&str, &str)]) -> TestRunner {
    let mut properties =
        vec![("Object Store URL", url), ("Bucket", "recordings"), ("Polling Interval", "10 sec")];
    properties.extend(more);
    TestRunner::new::<ListObjects>(&properties)
}

fn runner(folder: &TempDir, more: &[(&str, &str)]) -> TestRunner {
    runner_at(Url::from_directory_path(folder.path()).unwrap().as_str(), more)
}

/// The same state in a new process.
fn restarted(old: &TestRunner, new: TestRunner) -> TestRunner {
    old.state().iter().for_each(|(key, value)| new.set_state(key, value));
    new
}

/// The keys of what the next look lists.
async fn look(runner: &mut TestRunner) -> Vec<String> {
    runner.clock().advance_ms(10_000);
    runner.run().await.unwrap();
    let keys = keys(runner);
    runner.clear();
    keys
}

fn keys(runner: &TestRunner) -> Vec<String> {
    runner.transferred(SUCCESS).iter().map(|each| each.attribute("object.key").to_owned()).collect()
}

/// A store that speaks S3, with these keys and their times. Hands them out 700 at a time.
async fn store(objects: &Arc<Mutex<BTreeMap<String, &'static str>>>) -> (String, Lines) {
    let objects = Arc::clone(objects);
    server(move |request| {
        let line = request.lines().next().unwrap_or_default();
        let parameter = |name: &str| {
            let begin = line.find(&format!("{name}="))? + name.len() + 1;
            line.get(begin..)?.split(['&', ' ']).next().map(str::to_owned)
        };
        let after = parameter("continuation-token").or_else(|| parameter("start-after"));
        let objects = objects.lock();
        let rest: Vec<_> = objects
            .iter()
            .filter(|(key, _)| after.as_ref().is_none_or(|after| key.as_str() > after.as_str()))
            .map(|(key, time)| (key.as_str(), *time, 5))
            .collect();
        let now = rest.get(..700).unwrap_or(&rest);
        let next = (now.len() < rest.len()).then(|| now.last().map_or("", |last| last.0));
        Some(listing(now, next))
    })
    .await
}

#[tokio::test]
async fn an_object_becomes_a_flowfile_without_content_that_says_which_it_is() {
    let objects = Arc::new(Mutex::new(BTreeMap::from([
        ("songs/a b.wav".to_owned(), OLD),
        ("top.wav".to_owned(), OLD),
    ])));
    let (url, lines) = store(&objects).await;
    let mut runner = runner_at(&url, &KEY);
    runner.run().await.unwrap();
    let outputs = runner.transferred(SUCCESS);
    assert_eq!(outputs.len(), 2);
    for (name, value) in [
        ("filename", "a b.wav"),
        ("path", "songs/"),
        ("object.bucket", "recordings"),
        ("object.key", "songs/a b.wav"),
        ("object.size", "5"),
        ("object.etag", "\"tag-songs/a b.wav\""),
        ("object.lastModified", "1704024000000"),
    ] {
        assert_eq!(outputs[0].attribute(name), value, "{name}");
    }
    assert_eq!((outputs[1].attribute("filename"), outputs[1].attribute("path")), ("top.wav", "./"));
    assert!(outputs[0].bytes().is_empty());
    let asked = lines.lock().clone();
    assert!(asked[0].starts_with("GET /recordings?") && asked.len() == 1, "{asked:?}");
}

#[tokio::test]
async fn each_version_is_listed_once_even_over_restarts() {
    for more in [&[][..], &[ENTITIES]] {
        let folder = TempDir::new().unwrap();
        object(&folder, "a.wav", 7_200);
        object(&folder, "songs/b.wav", 3_600);
        let mut first = runner(&folder, more);
        assert_eq!(look(&mut first).await, ["a.wav", "songs/b.wav"]);
        assert!(look(&mut first).await.is_empty() && first.has_yielded());
        let mut second = restarted(&first, runner(&folder, more));
        assert!(look(&mut second).await.is_empty());
        object(&folder, "a.wav", 1_800);
        assert_eq!(look(&mut second).await, ["a.wav"], "{more:?}");
        let other = Url::from_directory_path(folder.path()).unwrap();
        let below = [("Object Store URL", other.as_str()), ("Bucket", "recordings/songs")];
        let mut other = restarted(&second, TestRunner::new::<ListObjects>(&below));
        assert_eq!(look(&mut other).await, ["b.wav"], "another bucket begins anew");
    }
}

#[tokio::test]
async fn what_was_not_durable_is_listed_again() {
    let folder = TempDir::new().unwrap();
    object(&folder, "a.wav", 3_600);
    let mut crashed = runner(&folder, &[]);
    crashed.crash_before_durable().await.unwrap();
    let mut second = restarted(&crashed, runner(&folder, &[]));
    assert_eq!(look(&mut second).await, ["a.wav"]);
    let mut failing = runner(&folder, &[]);
    failing.fail_commits(1);
    assert!(failing.run().await.is_err());
    failing.run().await.unwrap();
    assert_eq!(keys(&failing), ["a.wav"], "at once, and not after the interval");
}

#[tokio::test]
async fn a_large_bucket_is_listed_in_parts_by_one_scan_each_object_once() {
    let all: BTreeMap<_, _> = (0..2_500).map(|index| (format!("k{index:05}"), OLD)).collect();
    let objects = Arc::new(Mutex::new(all));
    let (url, _) = store(&objects).await;
    let mut first = runner_at(&url, &KEY);
    first.run().await.unwrap();
    let mut found = keys(&first);
    assert_eq!(found.len(), PAGE_MAX);
    // What comes up behind the place that the scan came to is the next one's.
    objects.lock().insert("k00000-late".to_owned(), "2023-12-31T23:59:30.000Z");
    objects.lock().insert("k02499-late".to_owned(), "2024-01-01T00:00:00.000Z");
    let mut second = restarted(&first, runner_at(&url, &KEY));
    for _ in 0..2 {
        second.run().await.unwrap();
    }
    found.extend(keys(&second));
    assert_eq!(found.len(), 2_501);
    second.clear();
    assert_eq!(look(&mut second).await, ["k00000-late"]);
    found.push("k00000-late".to_owned());
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 2_502);
    assert!(look(&mut second).await.is_empty());
}

#[tokio::test]
async fn a_prefix_chooses_and_only_its_folder_is_asked_for() {
    let folder = TempDir::new().unwrap();
    for key in ["2024/a.wav", "2024/b.wav", "2024-a.wav", "2023/a.wav"] {
        object(&folder, key, 3_600);
    }
    for (prefix, expected) in [
        ("2024/", &["2024/a.wav", "2024/b.wav"][..]),
        ("2024/b", &["2024/b.wav"]),
        ("2024", &["2024/a.wav", "2024/b.wav", "2024-a.wav"]),
    ] {
        let mut runner = runner(&folder, &[("Prefix", prefix)]);
        let (mut found, mut expected) = (look(&mut runner).await, expected.to_vec());
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{prefix}");
    }
    let objects = [("2024/a", OLD), ("2024/b", OLD)].map(|(key, time)| (key.to_owned(), time));
    let (url, lines) = store(&Arc::new(Mutex::new(objects.into()))).await;
    let mut runner = runner_at(&url, &[&KEY[..], &[("Prefix", "2024/b")]].concat());
    assert_eq!(look(&mut runner).await, ["2024/b"]);
    let asked = lines.lock()[0].clone();
    assert!(asked.contains("prefix=2024%2F&") || asked.contains("prefix=2024%2F "), "{asked}");
}

#[tokio::test]
async fn ages_choose() {
    let folder = TempDir::new().unwrap();
    object(&folder, "old", 3 * 3_600);
    object(&folder, "new", 1_800);
    for (property, expected) in [("Minimum Object Age", "old"), ("Maximum Object Age", "new")] {
        let mut runner = runner(&folder, &[(property, "2 hours")]);
        assert_eq!(look(&mut runner).await, [expected], "{property}");
    }
    let mut runner = runner(&folder, &[("Minimum Object Age", "2 hours")]);
    assert_eq!(look(&mut runner).await, ["old"]);
    runner.clock().advance_ms(2 * 3_600_000);
    assert_eq!(look(&mut runner).await, ["new"], "when it is old enough");
}

#[tokio::test]
async fn the_interval_is_kept() {
    let folder = TempDir::new().unwrap();
    object(&folder, "a.wav", 3_600);
    let mut runner = runner(&folder, &[]);
    runner.run().await.unwrap();
    object(&folder, "b.wav", 1_800);
    runner.run().await.unwrap();
    assert!(runner.has_yielded() && keys(&runner) == ["a.wav"]);
    runner.clear();
    assert_eq!(look(&mut runner).await, ["b.wav"]);
}

#[tokio::test]
async fn an_object_with_an_older_time_is_listed_as_the_strategy_says() {
    for (more, expected) in [(&[][..], &[][..]), (&[ENTITIES], &["old"])] {
        let folder = TempDir::new().unwrap();
        object(&folder, "new", 1_800);
        let mut runner = runner(&folder, more);
        assert_eq!(look(&mut runner).await, ["new"]);
        object(&folder, "old", 7_200);
        assert_eq!(look(&mut runner).await, expected, "{more:?}");
    }
    let folder = TempDir::new().unwrap();
    object(&folder, "old", 4 * 3_600);
    object(&folder, "new", 1_800);
    let target = ("Entity Tracking Initial Listing Target", "window");
    assert_eq!(look(&mut runner(&folder, &[ENTITIES, target])).await, ["new"]);
}

#[tokio::test]
async fn a_store_that_fails_is_told_once_and_nothing_is_lost() {
    let answers = Arc::new(Mutex::new(answer("500 Internal Server Error", "", "")));
    let given = Arc::clone(&answers);
    let (url, _) = server(move |_| Some(given.lock().clone())).await;
    let mut runner = runner_at(&url, &[&KEY[..], &[("Maximum Retries", "0")]].concat());
    runner.run_times(3).await.unwrap();
    runner.assert_bulletin(Level::Error, "cannot list the objects of");
    assert!(runner.has_yielded() && runner.state().is_empty());
    *answers.lock() = listing(&[("a", OLD, 5)], None);
    runner.run().await.unwrap();
    assert_eq!(keys(&runner), ["a"], "at once");
    *answers.lock() = answer("500 Internal Server Error", "", "");
    runner.clear();
    runner.clock().advance_ms(10_000);
    runner.run_times(2).await.unwrap();
    runner.assert_bulletin(Level::Error, "500");
}

#[tokio::test]
async fn what_is_wrong_is_told_with_what_to_do() {
    for (status, body, help) in [
        (
            "404 Not Found",
            "<Error><Code>NoSuchBucket</Code></Error>",
            "check that the bucket exists",
        ),
        ("403 Forbidden", "", "the right to list the bucket"),
        ("200 OK", "no listing", "check that the store runs"),
    ] {
        let (url, _) = server(move |_| Some(answer(status, "", body))).await;
        let mut runner = runner_at(&url, &[&KEY[..], &[("Maximum Retries", "0")]].concat());
        runner.run().await.unwrap();
        runner.assert_bulletin(Level::Error, "cannot list the objects of");
        let told = runner.bulletins()[0].help.clone().unwrap_or_default();
        assert!(told.contains(help), "{status}: {told}");
    }
    let folder = TempDir::new().unwrap();
    let mut missing = runner(&folder, &[]);
    missing.run_times(2).await.unwrap();
    missing.assert_bulletin(Level::Error, "there is no folder");
    object(&folder, "a", 3_600);
    missing.run().await.unwrap();
    assert_eq!(keys(&missing), ["a"]);
}

#[tokio::test]
async fn a_store_that_hangs_is_asked_again() {
    let (url, requests) = server(|_| None::<String>).await;
    let mut runner = runner_at(&url, &KEY);
    let clock = runner.clock();
    let (result, ()) = tokio::join!(runner.run(), async {
        while requests.lock().is_empty() {
            tokio::task::yield_now().await;
        }
        clock.advance_ms(30_000);
    });
    result.unwrap();
    runner.assert_bulletin(Level::Error, "did not answer for 30000 ms when it was to list");
}

#[tokio::test]
async fn in_a_folder_what_cannot_be_a_key_is_told_and_left_out() {
    let folder = TempDir::new().unwrap();
    object(&folder, ".hidden", 3_600);
    object(&folder, "sub/take#7.wav", 3_600);
    object(&folder, "line\nend", 3_600);
    object(&folder, ".tutti-1.part", 3_600);
    let mut runner = runner(&folder, &[]);
    runner.run().await.unwrap();
    assert_eq!(keys(&runner), [".hidden", "sub/take#7.wav"]);
    runner.assert_bulletin(Level::Warning, "its name is no key");
    runner.clock().advance_ms(10_000);
    runner.run().await.unwrap();
    assert_eq!(runner.bulletins().len(), 1, "told once");
}

#[test]
fn what_can_list_nothing_is_refused() {
    let refused = |more: &[(&str, &str)]| {
        let properties = [("Object Store URL", "memory://a"), ("Bucket", "b")];
        TestRunner::try_new::<ListObjects>(&[&properties, more].concat()).err().unwrap().to_string()
    };
    let ages = [("Minimum Object Age", "2 min"), ("Maximum Object Age", "1 min")];
    assert!(refused(&ages).contains("the least age is 120 s, the greatest 60 s"));
    for prefix in ["/2024", "a//b"] {
        assert!(refused(&[("Prefix", prefix)]).contains("cannot be the beginning of keys"));
    }
}
