use tutti_sdk::testkit::{TestRunner, TestService};

use super::*;
use crate::map_cache::MapCacheService;

fn cache(properties: &[(&str, &str)]) -> TestService {
    TestService::new::<MapCacheService>("Signals", properties)
}

fn runner(cache: &TestService, properties: &[(&str, &str)]) -> TestRunner {
    let mut all =
        vec![("Release Signal Identifier", "${id}"), ("Distributed Cache Service", "Signals")];
    all.extend(properties);
    TestRunner::new::<Notify>(&all).with_service(cache)
}

/// The signal of an identifier as the cache has it.
fn signal(cache: &TestService, identifier: &str) -> Option<Signal> {
    let state = cache.state();
    let text = state.get(&format!("e{identifier}"))?.splitn(5, ' ').nth(4)?;
    serde_json::from_str(text).unwrap()
}

fn counts(cache: &TestService, identifier: &str) -> Vec<(String, i64)> {
    signal(cache, identifier).map(|signal| signal.counts.into_iter().collect()).unwrap_or_default()
}

fn pairs(counts: &[(&str, i64)]) -> Vec<(String, i64)> {
    counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

#[tokio::test]
async fn each_flowfile_adds_to_its_counter() {
    let cache = cache(&[]);
    let mut runner = runner(
        &cache,
        &[
            ("Signal Counter Name", "${counter}"),
            ("Signal Counter Delta", "${delta:replaceEmpty('1')}"),
        ],
    );
    for (id, counter, delta) in [
        ("a", "good", ""),
        ("a", "bad", "3"),
        ("a", "good", "-5"),
        ("b", "", "2"),
        ("a", "good", "1"),
    ] {
        runner.enqueue(b"", &[("id", id), ("counter", counter), ("delta", delta)]);
    }
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 5);
    assert!(runner.transferred(SUCCESS).iter().all(|each| each.attribute(NOTIFIED) == "true"));
    assert_eq!(counts(&cache, "a"), pairs(&[("bad", 3), ("good", -3)]));
    assert_eq!(counts(&cache, "b"), pairs(&[("default", 2)]));
    runner.enqueue(b"", &[("id", "a"), ("counter", "bad"), ("delta", "0")]);
    runner.run().await.unwrap();
    assert_eq!(counts(&cache, "a"), pairs(&[("bad", 0), ("good", -3)]), "0 sets it back");
    runner.enqueue(b"", &[("id", "b"), ("counter", ""), ("delta", "0")]);
    runner.enqueue(b"", &[("id", "c"), ("counter", ""), ("delta", "0")]);
    runner.run().await.unwrap();
    assert_eq!((signal(&cache, "b"), signal(&cache, "c")), (None, None), "and leaves nothing");
}

#[tokio::test]
async fn without_properties_a_flowfile_is_one_signal() {
    let cache = cache(&[]);
    let mut runner = runner(&cache, &[]);
    runner.enqueue(b"", &[("id", "a"), ("x", "1")]);
    runner.run().await.unwrap();
    let given = signal(&cache, "a").unwrap();
    assert_eq!((given.count(None), given.attributes.len()), (1, 0));
}

#[tokio::test]
async fn attributes_that_are_wanted_go_with_the_signal() {
    let cache = cache(&[]);
    let mut runner = runner(&cache, &[("Attribute Cache Regular Expression", "uuid|au.*")]);
    runner.enqueue(b"", &[("id", "a"), ("audio.key", "C"), ("b", "1")]);
    runner.enqueue(b"", &[("id", "a"), ("audio.key", "D"), ("audio.mode", "minor")]);
    runner.run().await.unwrap();
    let attributes: Vec<_> = signal(&cache, "a").unwrap().attributes.into_iter().collect();
    let expected = [("audio.key", "D"), ("audio.mode", "minor")];
    assert_eq!(attributes, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn one_session_takes_no_more_than_it_may() {
    let mut runner = runner(&cache(&[]), &[("Signal Buffer Count", "2")]);
    (0..3).for_each(|_| drop(runner.enqueue(b"", &[("id", "a")])));
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 2);
    assert_eq!(runner.queued(), 1);
}

#[tokio::test]
async fn what_gives_no_signal_fails_alone() {
    let cache = cache(&[("Maximum Cache Size", "60 B")]);
    let delta = ("Signal Counter Delta", "${delta:replaceEmpty('1')}");
    let mut runner = runner(&cache, &[delta]);
    let long = "x".repeat(60);
    for (id, delta) in [("a", ""), (" ", ""), ("a", "many"), (&long, "")] {
        runner.enqueue(b"", &[("id", id), ("delta", delta)]);
    }
    runner.run().await.unwrap();
    runner.assert_transferred(SUCCESS, 1);
    let failed = runner.transferred(FAILURE);
    assert!(failed.iter().all(|each| each.attribute(NOTIFIED) == "false"));
    let reasons: Vec<_> = failed.iter().map(|each| each.attribute("failure.reason")).collect();
    assert_eq!(reasons[0], "\"Release Signal Identifier\" gave nothing");
    assert!(reasons[1].contains("\"many\" is not a whole number"), "{reasons:?}");
    assert!(reasons[2].contains("is larger than the map cache"), "{reasons:?}");
    assert_eq!(counts(&cache, "a"), pairs(&[("default", 1)]));
}

#[tokio::test]
async fn entries_of_others_are_told_and_left_alone() {
    let cache = cache(&[]);
    let mut runner = runner(&cache, &[]);
    cache.set([("ea".to_owned(), "1 1 0 1 no signal".to_owned())]);
    runner.enqueue(b"", &[("id", "a")]);
    runner.run().await.unwrap();
    let failed = runner.only(FAILURE);
    let reason = failed.attribute("failure.reason");
    assert!(reason.starts_with("the entry \"a\" of the cache is no signal"), "{reason}");
}

#[tokio::test]
async fn a_signal_counts_once_over_a_crash_and_an_error() {
    let cache = cache(&[]);
    let mut runner = runner(&cache, &[]);
    runner.enqueue(b"", &[("id", "a")]);
    runner.crash_before_durable().await.unwrap();
    runner.fail_commits(1);
    assert!(runner.run().await.is_err());
    assert_eq!(signal(&cache, "a"), None);
    runner.clock().advance_ms(60_000);
    runner.run().await.unwrap();
    assert_eq!(counts(&cache, "a"), pairs(&[("default", 1)]));
}
