use tutti_sdk::bulletin::Level;
use tutti_sdk::testkit::{TestRunner, TestService};

use super::*;
use crate::map_cache::MapCacheService;

fn cache() -> TestService {
    TestService::new::<MapCacheService>("Seen", &[])
}

fn with(cache: &TestService, properties: &[(&str, &str)]) -> TestRunner {
    let mut all = vec![
        ("Cache Entry Identifier", "${id}"),
        ("FlowFile Description", "${filename}"),
        ("Distributed Cache Service", "Seen"),
    ];
    all.extend(properties);
    TestRunner::new::<DetectDuplicate>(&all).with_service(cache)
}

/// Names of what left by a relationship, in order, for what comes now.
async fn sorted(runner: &mut TestRunner, flowfiles: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    runner.clear();
    for (name, id) in flowfiles {
        runner.enqueue(b"", &[("filename", name), ("id", id)]);
    }
    runner.run().await.unwrap();
    let names = |relationship| {
        let left = runner.transferred(relationship);
        left.iter().map(|each| each.attribute("filename").to_owned()).collect()
    };
    (names(NON_DUPLICATE), names(DUPLICATE))
}

fn names(firsts: &[&str], others: &[&str]) -> (Vec<String>, Vec<String>) {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    (owned(firsts), owned(others))
}

#[tokio::test]
async fn the_first_of_an_identifier_is_none_and_those_that_follow_tell_of_it() {
    let cache = cache();
    let runner = &mut with(&cache, &[]);
    let found = sorted(runner, &[("a", "1"), ("b", "2"), ("c", "1")]).await;
    assert_eq!(found, names(&["a", "b"], &["c"]), "also within one session");
    assert_eq!(runner.only(DUPLICATE).attribute(ORIGINAL), "a");
    let event =
        runner.events().into_iter().find(|event| event.relationship.as_deref() == Some(DUPLICATE));
    assert_eq!(event.unwrap().details.as_deref(), Some("a duplicate of \"a\""));
    assert_eq!(sorted(runner, &[("d", "2"), ("e", "3")]).await, names(&["e"], &["d"]));
    assert_eq!(runner.only(DUPLICATE).attribute(ORIGINAL), "b");
    assert_eq!(runner.only(NON_DUPLICATE).attribute(ORIGINAL), "");
    let other = &mut with(&cache, &[("FlowFile Description", "other ones")]);
    assert_eq!(sorted(other, &[("f", "3")]).await, names(&[], &["f"]), "the cache is shared");
}

#[tokio::test]
async fn without_properties_the_digest_identifies() {
    let runner = TestRunner::new::<DetectDuplicate>(&[("Distributed Cache Service", "Seen")]);
    let mut runner = runner.with_service(&cache());
    for digest in ["1", "1"] {
        runner.enqueue(b"", &[("hash.value", digest)]);
    }
    runner.run().await.unwrap();
    runner.assert_transferred(NON_DUPLICATE, 1);
    assert_eq!(runner.only(DUPLICATE).attribute(ORIGINAL), "", "nothing describes it");
}

#[tokio::test]
async fn what_is_too_old_counts_no_longer_and_the_next_begins_anew() {
    let runner = &mut with(&cache(), &[("Age Off Duration", "10 sec")]);
    sorted(runner, &[("a", "1")]).await;
    runner.clock().advance_ms(9_999);
    assert_eq!(sorted(runner, &[("b", "1")]).await, names(&[], &["b"]));
    runner.clock().advance_ms(1);
    assert_eq!(sorted(runner, &[("c", "1"), ("d", "1")]).await, names(&["c"], &["d"]));
    assert_eq!(runner.only(DUPLICATE).attribute(ORIGINAL), "c");
}

#[tokio::test]
async fn where_nothing_is_cached_others_make_it_known() {
    let cache = cache();
    let looking = &mut with(&cache, &[("Cache The Entry Identifier", "false")]);
    assert_eq!(sorted(looking, &[("a", "1"), ("b", "1")]).await, names(&["a", "b"], &[]));
    assert!(cache.state().is_empty());
    let telling = &mut with(&cache, &[]);
    sorted(telling, &[("c", "1")]).await;
    assert_eq!(sorted(looking, &[("d", "1")]).await, names(&[], &["d"]));
    let aged = &mut with(
        &cache,
        &[("Cache The Entry Identifier", "false"), ("Age Off Duration", "10 sec")],
    );
    aged.clock().advance_ms(10_000);
    assert_eq!(sorted(aged, &[("e", "1"), ("f", "1")]).await, names(&["e", "f"], &[]));
    assert_eq!(sorted(telling, &[("g", "1")]).await, names(&["g"], &[]), "it was removed");
}

#[tokio::test]
async fn a_flowfile_that_was_not_sent_on_is_no_duplicate_of_itself() {
    let cache = cache();
    let runner = &mut with(&cache, &[]);
    runner.enqueue(b"", &[("filename", "a"), ("id", "1")]);
    runner.crash_before_durable().await.unwrap();
    assert!(cache.state().is_empty(), "the crash took both");
    runner.fail_commits(1);
    assert!(runner.run().await.is_err());
    assert!(cache.state().is_empty(), "so does an error");
    runner.clock().advance_ms(60_000);
    runner.run().await.unwrap();
    runner.assert_all_transferred(NON_DUPLICATE, 1);
    let first = runner.only(NON_DUPLICATE);
    runner.clear();
    runner.enqueue_content(
        first.flowfile.content().clone(),
        &[("uuid", first.attribute("uuid")), ("filename", "a"), ("id", "1")],
    );
    runner.run().await.unwrap();
    runner.assert_all_transferred(NON_DUPLICATE, 1);
    assert_eq!(sorted(runner, &[("b", "1")]).await, names(&[], &["b"]));
}

#[tokio::test]
async fn what_has_no_identifier_or_cannot_become_known_fails_alone() {
    let cache = TestService::new::<MapCacheService>("Seen", &[("Maximum Cache Size", "100 B")]);
    let runner = &mut with(&cache, &[("Cache Entry Identifier", "${id:trim()}")]);
    let long = "x".repeat(100);
    runner.enqueue(b"", &[("filename", "a"), ("id", "1")]);
    runner.enqueue(b"", &[("filename", "b"), ("id", "  ")]);
    runner.enqueue(b"", &[("filename", "c"), ("id", &long)]);
    runner.run().await.unwrap();
    assert_eq!(runner.only(NON_DUPLICATE).attribute("filename"), "a");
    let failed = runner.transferred(FAILURE);
    let reasons: Vec<_> = failed.iter().map(|each| each.attribute("failure.reason")).collect();
    assert_eq!(reasons[0], "\"Cache Entry Identifier\" gave nothing");
    assert!(reasons[1].ends_with("is larger than the map cache, which has 100 B"), "{reasons:?}");
    assert!(failed.iter().all(|each| each.flowfile.penalized_until().is_some()));
    assert!(runner.bulletins().iter().all(|each| each.level == Level::Error));
}

#[tokio::test]
async fn entries_of_others_are_told_and_left_alone() {
    let cache = cache();
    let runner = &mut with(&cache, &[]);
    sorted(runner, &[("a", "1")]).await;
    let mut state: Vec<(String, String)> = Vec::new();
    for (name, value) in cache.state().iter() {
        let value = if name == "e1" { "1 1 0 1 signal" } else { value };
        state.push((name.to_owned(), value.to_owned()));
    }
    cache.set(state);
    runner.clear();
    runner.enqueue(b"", &[("id", "1")]);
    runner.run().await.unwrap();
    let reason = runner.only(FAILURE).attribute("failure.reason").to_owned();
    assert_eq!(reason, "the entry \"1\" of the cache is of others");
}

#[test]
fn it_needs_a_cache() {
    assert!(TestRunner::try_new::<DetectDuplicate>(&[]).is_err());
    let empty = TestRunner::try_new::<DetectDuplicate>(&[("Distributed Cache Service", "")]).err();
    assert!(empty.unwrap().to_string().contains("the name of the service is empty"));
}
