//! What becomes one: bins, their bounds, their order, and what is left when the work is cut off.

mod formats;

use tutti_sdk::bulletin::Level;
use tutti_sdk::host::Rest;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::{Output, TestRunner};

use super::*;

const DEFRAGMENT: (&str, &str) = ("Merge Strategy", "Defragment");
const NAMES: [&str; 3] = ["a", "b", "c"];

fn runner(properties: &[(&str, &str)]) -> TestRunner {
    TestRunner::new::<MergeContent>(properties)
}

fn least(entries: &'static str) -> (&'static str, &'static str) {
    ("Minimum Number of Entries", entries)
}

fn texts(runner: &TestRunner) -> Vec<String> {
    runner.transferred(MERGED).iter().map(Output::text).collect()
}

fn reasons(runner: &TestRunner) -> Vec<String> {
    let merged = runner.transferred(MERGED);
    merged.iter().map(|each| each.attribute(REASON).to_owned()).collect()
}

/// Lets `texts` wait, each named like itself.
fn enqueue(runner: &TestRunner, texts: &[&str]) {
    for text in texts {
        runner.enqueue(text.as_bytes(), &[("filename", text), ("path", "./x/../y/")]);
    }
}

fn part(runner: &TestRunner, identifier: &str, index: &str, count: &str) {
    let mut attributes = vec![("fragment.index", index), ("segment.original.filename", "whole")];
    attributes.extend([("fragment.identifier", identifier), ("fragment.count", count)]);
    attributes.retain(|(_, value)| !value.is_empty());
    runner.enqueue(index.as_bytes(), &attributes);
}

/// What all of `texts` become.
async fn merged(properties: &[(&str, &str)], texts: &[&str]) -> Output {
    let mut runner = runner(properties);
    enqueue(&runner, texts);
    runner.run().await.unwrap();
    runner.assert_transferred(ORIGINAL, texts.len());
    runner.only(MERGED)
}

#[tokio::test]
async fn flowfiles_wait_in_their_queue_until_there_are_enough() {
    let mut runner = runner(&[least("3")]);
    enqueue(&runner, &["a", "b"]);
    runner.run().await.unwrap();
    assert_eq!((runner.queued(), runner.rests()), (2, Some(Rest { until: None })));
    assert!(runner.events().is_empty());
    enqueue(&runner, &["c"]);
    runner.crash_before_durable().await.unwrap();
    assert_eq!(runner.queued(), 3);
    runner.run().await.unwrap();
    assert_eq!((runner.queued(), runner.rests()), (0, None));
    runner.assert_transferred(ORIGINAL, 3);
    let whole = runner.only(MERGED);
    assert_eq!((whole.text().as_str(), whole.attribute(COUNT)), ("abc", "3"));
    assert_eq!(whole.attribute(REASON), "MIN_THRESHOLDS_REACHED");
    assert_eq!(whole.attribute(AGE), "0");
    assert_eq!(whole.attribute("filename"), whole.flowfile.uuid(), "none of those that it has");
    assert_eq!(whole.attribute("mime.type"), "application/octet-stream");
    assert_eq!(whole.attribute("path"), "./x/../y/", "what all have alike");
    let originals = runner.transferred(ORIGINAL);
    assert!(originals.iter().all(|each| each.attribute(MERGED_UUID) == whole.flowfile.uuid()));
    let events = runner.events();
    let join = events.iter().find(|event| event.event_type == EventType::Join).unwrap();
    let parents: Vec<&str> = originals.iter().map(|each| each.flowfile.uuid()).collect();
    assert_eq!(join.parents.iter().map(|parent| &**parent).collect::<Vec<_>>(), parents);
}

#[tokio::test]
async fn bins_have_bounds() {
    let most = ("Maximum Number of Entries", "2");
    for (properties, expected, why) in [
        (vec![most], vec!["aaabbb", "cd", "eeef"], vec!["MAX_ENTRIES"; 3]),
        (vec![("Maximum Group Size", "4 B")], vec!["aaac", "bbbd", "eeef"], vec!["MAX_BYTES"; 3]),
        (
            vec![("Maximum Group Size", "2 B")],
            vec!["aaa", "bbb", "cd", "eee", "f"],
            vec!["MAX_BYTES", "MAX_BYTES", "MAX_BYTES", "MAX_BYTES", "MIN_"],
        ),
    ] {
        let mut runner = runner(&properties);
        enqueue(&runner, &["aaa", "bbb", "c", "d", "eee", "f"]);
        runner.run().await.unwrap();
        assert_eq!(texts(&runner), expected);
        let reasons = reasons(&runner);
        assert!(reasons.iter().zip(&why).all(|(is, why)| is.starts_with(why)), "{reasons:?}");
    }
    let mut runner = runner(&[("Minimum Group Size", "4 B")]);
    enqueue(&runner, &["a", "bb"]);
    runner.run().await.unwrap();
    runner.assert_transferred(MERGED, 0);
    enqueue(&runner, &["c"]);
    runner.run().await.unwrap();
    assert_eq!(texts(&runner), ["abbc"]);
}

#[tokio::test]
async fn a_bin_is_old_some_day() {
    let mut runner = runner(&[least("5"), ("Max Bin Age", "10 sec")]);
    enqueue(&runner, &["a"]);
    runner.run().await.unwrap();
    let due = runner.clock();
    let due = tutti_sdk::host::Clock::now(&*due).plus_ms(10_000);
    assert_eq!(runner.rests(), Some(Rest { until: Some(due) }));
    runner.clock().advance_ms(9_999);
    enqueue(&runner, &["b"]);
    runner.run().await.unwrap();
    assert_eq!(runner.rests(), Some(Rest { until: Some(due) }), "as old as its first");
    runner.clock().advance_ms(1);
    runner.run().await.unwrap();
    let whole = runner.only(MERGED);
    assert_eq!((whole.text().as_str(), whole.attribute(REASON)), ("ab", "TIMEOUT"));
    assert_eq!(whole.attribute(AGE), "10000");
    // A stop forgets how long they have waited.
    enqueue(&runner, &["c"]);
    runner.run().await.unwrap();
    runner.clock().advance_ms(10_000);
    runner.stop().await;
    runner.run().await.unwrap();
    assert_eq!(texts(&runner).len(), 1);
}

#[tokio::test]
async fn like_comes_to_like_and_the_oldest_gives_way() {
    let correlation = ("Correlation Attribute Name", "album");
    let mut runner = runner(&[correlation, least("3"), ("Maximum number of Bins", "2")]);
    for (text, album) in [("a", "x"), ("b", "y"), ("c", "x"), ("d", ""), ("e", "y")] {
        let attributes = [("album", album), ("artist", "Joni")];
        runner.enqueue(text.as_bytes(), &attributes[usize::from(album.is_empty())..]);
        runner.clock().advance_ms(1_000);
        runner.run().await.unwrap();
    }
    // The fourth needed a third bin, so the first became one.
    assert_eq!(texts(&runner), ["ac"]);
    assert_eq!(reasons(&runner), ["BIN_MANAGER_FULL"]);
    let whole = runner.only(MERGED);
    assert_eq!((whole.attribute("album"), whole.attribute("artist")), ("x", "Joni"));
    assert_eq!(whole.attribute(AGE), "3000");
    runner.enqueue(b"g", &[("album", "y")]);
    runner.run_times(2).await.unwrap();
    assert_eq!(texts(&runner), ["ac", "beg"]);
    assert_eq!(runner.queued(), 1);
}

#[tokio::test]
async fn many_bins_take_some_triggers() {
    let mut runner = runner(&[least("10"), ("Maximum Number of Entries", "10")]);
    for number in 0..2_505 {
        runner.enqueue(number.to_string().as_bytes(), &[]);
    }
    runner.run().await.unwrap();
    runner.assert_transferred(MERGED, 100);
    runner.run_times(3).await.unwrap();
    runner.assert_transferred(MERGED, 250);
    assert_eq!(runner.queued(), 5);
    assert!(texts(&runner)[249].ends_with("2499"));
}

#[tokio::test]
async fn parts_are_put_together_in_their_order() {
    let mut runner = runner(&[DEFRAGMENT, least("9")]);
    for (identifier, index, count) in [("x", "2", ""), ("y", "1", "2"), ("x", "10", "3")] {
        part(&runner, identifier, index, count);
        runner.run().await.unwrap();
        runner.assert_transferred(MERGED, 0);
    }
    part(&runner, "x", "1", "");
    part(&runner, "y", "0", "2");
    runner.run().await.unwrap();
    assert_eq!(texts(&runner), ["1210", "01"]);
    let whole = &runner.transferred(MERGED)[0];
    assert_eq!(whole.attribute("filename"), "whole");
    assert_eq!(whole.attribute(REASON), "MAX_ENTRIES_THRESHOLD_REACHED");
    assert_eq!(whole.attribute("fragment.identifier"), "x");
}

#[tokio::test]
async fn what_is_no_part_fails() {
    for (parts, told) in [
        (vec![("", "1", "2")], "\"fragment.identifier\" is not there"),
        (vec![("x", "", "2")], "\"fragment.index\" is not there"),
        (vec![("x", "one", "2")], "\"fragment.index\" is \"one\", which is no whole number"),
        (vec![("x", "1", "-2")], "\"fragment.count\" is \"-2\""),
        (vec![("x", "1", "0")], "one of 0 parts, and from 1 to 10000"),
        (vec![("x", "1", "10001")], "one of 10001 parts"),
        (vec![("x", "1", "3"), ("x", "2", "2")], "differ in \"fragment.count\": 3 and 2"),
    ] {
        let mut runner = runner(&[DEFRAGMENT]);
        for (identifier, index, count) in &parts {
            part(&runner, identifier, index, count);
        }
        runner.run().await.unwrap();
        runner.assert_all_transferred(FAILURE, parts.len());
        let bulletins = runner.bulletins();
        assert!(bulletins.iter().all(|each| each.message.contains(told)), "{bulletins:?}");
        assert!(bulletins.iter().all(|each| each.level == Level::Error && each.help.is_some()));
    }
    let mut runner = runner(&[DEFRAGMENT]);
    for (index, count) in [("1", "3"), ("1", "3"), ("2", "3")] {
        part(&runner, "x", index, count);
    }
    runner.run().await.unwrap();
    runner.assert_all_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, "another part with the \"fragment.index\" 1");
    assert_eq!(runner.queued(), 2, "the others wait for the third");
}

#[tokio::test]
async fn parts_of_which_some_lack_fail_in_the_end() {
    let mut runner = runner(&[DEFRAGMENT, ("Max Bin Age", "1 min")]);
    part(&runner, "x", "1", "3");
    part(&runner, "x", "2", "");
    part(&runner, "y", "1", "");
    runner.run().await.unwrap();
    runner.clock().advance_ms(60_000);
    runner.run().await.unwrap();
    runner.assert_all_transferred(FAILURE, 3);
    let messages = runner.messages().join("\n");
    assert!(messages.contains("only 2 of 3 parts came before \"Max Bin Age\" had passed"));
    assert!(messages.contains("only 1 parts, none of which has a \"fragment.count\" came"));

    let mut runner = self::runner(&[DEFRAGMENT, ("Maximum number of Bins", "1")]);
    part(&runner, "x", "1", "3");
    part(&runner, "y", "1", "1");
    runner.run_times(2).await.unwrap();
    runner.assert_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, "when more than \"Maximum number of Bins\" allows");
    assert_eq!(texts(&runner), ["1"]);
}

#[tokio::test]
async fn something_may_stand_between() {
    let delimiters = [("Header", "${filename}["), ("Footer", "]\n"), ("Demarcator", ", ")];
    let folder = tempfile::tempdir().unwrap();
    let paths = delimiters.map(|(name, _)| folder.path().join(name).display().to_string());
    for ((_, text), path) in delimiters.iter().zip(&paths) {
        std::fs::write(path, text).unwrap();
    }
    let files = [("Header", &*paths[0]), ("Footer", &*paths[1]), ("Demarcator", &*paths[2])];
    for (strategy, values, expected) in [
        ("Do Not Use Delimiters", delimiters, "abc"),
        ("Text", delimiters, "a[a, b, c]\n"),
        ("Filename", files, "${filename}[a, b, c]\n"),
    ] {
        let properties = [&[("Delimiter Strategy", strategy)][..], &values].concat();
        assert_eq!(merged(&properties, &NAMES).await.text(), expected);
    }
    for (content, told) in [(None, "No such file"), (Some(1024 * 1024 + 1), "has more than")] {
        let path = folder.path().join("late");
        if let Some(length) = content {
            std::fs::write(&path, vec![b'x'; length]).unwrap();
        }
        let path_text = path.display().to_string();
        let mut runner =
            runner(&[("Delimiter Strategy", "Filename"), ("Footer", path_text.as_str())]);
        enqueue(&runner, &NAMES);
        let error = runner.run().await.unwrap_err();
        assert!(error.chain().contains(told) && error.help().is_some(), "{}", error.chain());
        std::fs::write(&path, "!").unwrap();
        runner.clock().advance_ms(30_000);
        runner.run().await.unwrap();
        assert_eq!(texts(&runner), ["abc!"]);
        std::fs::remove_file(&path).unwrap();
    }
}

#[tokio::test]
async fn attributes_come_by_the_strategy() {
    for (strategy, expected) in [
        ("Keep Only Common Attributes", ["1", "", "", ""]),
        ("Keep All Unique Attributes", ["1", "2", "", "5"]),
        ("Keep First Attributes", ["1", "2", "3", "5"]),
    ] {
        let mut runner = runner(&[("Attribute Strategy", strategy)]);
        let first = runner.enqueue(b"", &[("all", "1"), ("first", "2"), ("both", "3")]);
        let second = runner.enqueue(b"", &[("all", "1"), ("both", "4"), ("second", "5")]);
        runner.run().await.unwrap();
        let whole = runner.only(MERGED);
        let found = ["all", "first", "both", "second"].map(|name| whole.attribute(name));
        assert_eq!(found, expected, "{strategy}");
        assert!(![first, second].contains(&whole.flowfile.uuid().to_owned()));
        assert_eq!(whole.text(), "");
    }
}

#[tokio::test]
async fn the_type_is_kept_where_all_have_it() {
    for (second, expected) in [("text/plain", "text/plain"), ("x/y", "application/octet-stream")] {
        let mut runner = runner(&[]);
        runner.enqueue(b"a", &[("mime.type", "text/plain")]);
        runner.enqueue(b"b", &[("mime.type", second)]);
        runner.run().await.unwrap();
        assert_eq!(runner.only(MERGED).attribute("mime.type"), expected);
    }
    let single = merged(&[], &["a"]).await;
    assert_eq!(single.attribute("filename"), "a", "one alone keeps its name");
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    for format in ["Binary Concatenation", "TAR", "ZIP", "FlowFile Stream, v3"] {
        let mut runner = runner(&[("Merge Format", format)]);
        enqueue(&runner, &["aaaa", "bbbb"]);
        runner.fail_reads_after(Some(1));
        let error = runner.run().await.unwrap_err();
        assert!(error.chain().contains("cannot read the content"), "{}", error.chain());
        runner.fail_reads_after(None);
        runner.fail_writes_after(Some(1));
        runner.clock().advance_ms(30_000);
        let error = runner.run().await.unwrap_err();
        assert!(error.chain().contains("cannot store the content"), "{}", error.chain());
        runner.fail_writes_after(None);
        runner.clock().advance_ms(60_000);
        runner.run().await.unwrap();
        assert_eq!(runner.only(MERGED).attribute(COUNT), "2");
    }
}

#[test]
fn the_least_is_no_more_than_the_most() {
    for (least, most) in [
        (("Minimum Number of Entries", "3"), ("Maximum Number of Entries", "2")),
        (("Minimum Group Size", "3 B"), ("Maximum Group Size", "2 B")),
    ] {
        let refused = TestRunner::try_new::<MergeContent>(&[least, most]).err().unwrap();
        assert!(refused.to_string().contains(&format!("more than \"{}\"", most.0)), "{refused}");
        assert!(TestRunner::try_new::<MergeContent>(&[least, most, DEFRAGMENT]).is_ok());
    }
}
