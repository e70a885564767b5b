use tutti_sdk::testkit::{Output, TestRunner, TestService};

use super::*;
use crate::map_cache::MapCacheService;
use crate::notify::Notify;

/// A Wait, a Notify, and the cache between them.
struct Bench {
    cache: TestService,
    wait: TestRunner,
    notify: TestRunner,
}

impl Bench {
    fn new(properties: &[(&str, &str)]) -> Self {
        let cache = TestService::new::<MapCacheService>("Signals", &[]);
        let common =
            [("Release Signal Identifier", "${id}"), ("Distributed Cache Service", "Signals")];
        let mut own = common.to_vec();
        own.extend(properties);
        let mut given = common.to_vec();
        given.extend([
            ("Signal Counter Name", "${counter}"),
            ("Signal Counter Delta", "${delta:replaceEmpty('1')}"),
            ("Attribute Cache Regular Expression", "brought.*"),
        ]);
        Self {
            wait: TestRunner::new::<Wait>(&own).with_service(&cache),
            notify: TestRunner::new::<Notify>(&given).with_service(&cache),
            cache,
        }
    }

    /// Gives signals.
    async fn signal(&mut self, id: &str, counter: &str, delta: &str) {
        self.notify.clear();
        self.notify.enqueue(b"", &[("id", id), ("counter", counter), ("delta", delta)]);
        self.notify.run().await.unwrap();
        self.notify.assert_all_transferred(SUCCESS, 1);
    }

    fn enqueue(&self, name: &str, id: &str) {
        self.wait.enqueue(b"", &[("filename", name), ("id", id)]);
    }

    /// Triggers, and lets what went to `wait` come back, as its connection does. Names of what left
    /// otherwise, with the relationship.
    async fn run(&mut self) -> String {
        self.wait.clear();
        self.wait.run().await.unwrap();
        let back = self.wait.transferred(WAIT);
        let mut left = Vec::new();
        for relationship in [SUCCESS, EXPIRED, FAILURE] {
            for output in self.wait.transferred(relationship) {
                left.push(format!("{relationship}:{}", output.attribute("filename")));
                assert_eq!(output.attribute(START), "", "it does not wait any more");
            }
        }
        for output in &back {
            self.wait.enqueue_output(output);
        }
        left.join(" ")
    }

    fn success(&self) -> Vec<Output> {
        self.wait.transferred(SUCCESS)
    }

    /// How many entries the cache has.
    fn entries(&self) -> usize {
        self.cache.state().iter().filter(|(name, _)| name.starts_with('e')).count()
    }
}

const MODES: [&str; 2] = ["wait", "keep"];

#[tokio::test]
async fn a_flowfile_waits_until_its_signal_is_there_which_is_used_up() {
    for mode in MODES {
        let mut bench = Bench::new(&[("Wait Mode", mode)]);
        for (name, id) in [("a", "1"), ("b", "2"), ("c", "1")] {
            bench.enqueue(name, id);
        }
        assert_eq!(bench.run().await, "");
        let waiting = bench.wait.transferred(WAIT);
        assert_eq!(waiting.len(), if mode == "wait" { 3 } else { 0 });
        let start = bench.wait.clock();
        let start = tutti_sdk::host::Clock::now(&*start).0.to_string();
        assert!(waiting.iter().all(|each| each.attribute(START) == start));
        assert_eq!(bench.run().await, "");
        bench.wait.assert_transferred(WAIT, 0);
        bench.signal("2", "", "").await;
        assert_eq!(bench.run().await, "success:b", "others do not hold it up");
        bench.signal("1", "", "").await;
        assert_eq!(bench.run().await, "success:a", "the first, and one for one signal");
        assert_eq!((bench.run().await.as_str(), bench.entries()), ("", 0));
        assert_eq!(bench.wait.queued(), 1);
    }
}

#[tokio::test]
async fn a_signal_may_come_before_its_flowfile() {
    for mode in MODES {
        let mut bench = Bench::new(&[("Wait Mode", mode)]);
        bench.signal("1", "", "2").await;
        bench.enqueue("a", "1");
        assert_eq!(bench.run().await, "success:a");
        assert_eq!(bench.success()[0].attribute("wait.counter.default"), "2");
        assert_eq!(bench.success()[0].attribute("wait.counter.total"), "2");
        bench.enqueue("b", "1");
        assert_eq!(bench.run().await, "success:b");
        assert_eq!(bench.success()[0].attribute("wait.counter.total"), "1");
        assert_eq!(bench.success()[0].attribute("wait.counter.consumed"), "-1");
        assert!(bench.wait.state().is_empty());
    }
}

#[tokio::test]
async fn it_waits_for_as_many_signals_as_the_flowfile_says() {
    let mut bench = Bench::new(&[("Target Signal Count", "${fragment.count}")]);
    bench.wait.enqueue(b"", &[("filename", "a"), ("id", "1"), ("fragment.count", "3")]);
    for _ in 0..2 {
        bench.signal("1", "", "").await;
        assert_eq!(bench.run().await, "");
    }
    bench.signal("1", "", "").await;
    assert_eq!(bench.run().await, "success:a");
    assert_eq!(bench.entries(), 0);
    bench.signal("1", "", "").await;
    bench.wait.enqueue(b"", &[("filename", "b"), ("id", "1"), ("fragment.count", "0")]);
    assert_eq!(bench.run().await, "success:b");
    assert_eq!(bench.entries(), 1, "0 signals were taken");
}

#[tokio::test]
async fn one_counter_of_several_counts_for_itself() {
    let mut bench =
        Bench::new(&[("Signal Counter Name", "${which}"), ("Target Signal Count", "2")]);
    for (name, which) in [("a", "good"), ("b", "bad"), ("c", "")] {
        bench.wait.enqueue(b"", &[("filename", name), ("id", "1"), ("which", which)]);
    }
    bench.signal("1", "bad", "1").await;
    assert_eq!(bench.run().await, "");
    bench.signal("1", "good", "2").await;
    assert_eq!(bench.run().await, "success:a", "three are not two more for all together");
    let counters = ["bad", "good", "total"];
    let told = counters
        .map(|name| bench.success()[0].attribute(&format!("wait.counter.{name}")).to_owned());
    assert_eq!(told, ["1", "2", "3"], "as they were");
    bench.signal("1", "bad", "1").await;
    assert_eq!(bench.run().await, "success:b");
    bench.signal("1", "other", "1").await;
    bench.signal("1", "good", "1").await;
    assert_eq!(bench.run().await, "success:c");
    assert_eq!(bench.entries(), 0);
}

#[tokio::test]
async fn several_pass_for_one_target_and_the_rest_is_kept_for_later() {
    let mut bench = Bench::new(&[("Releasable FlowFile Count", "3"), ("Target Signal Count", "2")]);
    bench.signal("1", "", "2").await;
    for name in ["a", "b"] {
        bench.enqueue(name, "1");
    }
    assert_eq!(bench.run().await, "success:a success:b");
    assert_eq!(bench.entries(), 1, "one more may pass");
    for name in ["c", "d"] {
        bench.enqueue(name, "1");
    }
    assert_eq!(bench.run().await, "success:c");
    assert_eq!(bench.entries(), 0);
}

#[tokio::test]
async fn a_gate_lets_any_number_pass_while_it_is_open() {
    let mut bench = Bench::new(&[("Releasable FlowFile Count", "0"), ("Wait Buffer Count", "2")]);
    bench.enqueue("a", "1");
    assert_eq!(bench.run().await, "");
    bench.signal("1", "", "1").await;
    for name in ["b", "c"] {
        bench.enqueue(name, "1");
    }
    let passed = [bench.run().await, bench.run().await].join(" ");
    let mut names: Vec<_> = passed.split(' ').collect();
    names.sort_unstable();
    assert_eq!(names, ["success:a", "success:b", "success:c"], "two in a session");
    bench.signal("1", "", "0").await;
    bench.enqueue("d", "1");
    assert_eq!(bench.run().await, "");
}

#[tokio::test]
async fn what_waits_too_long_expires() {
    for mode in MODES {
        let mut bench = Bench::new(&[
            ("Wait Mode", mode),
            ("Expiration Duration", "10 sec"),
            ("Target Signal Count", "2"),
        ]);
        bench.enqueue("a", "1");
        assert_eq!(bench.run().await, "");
        bench.wait.clock().advance_ms(5_000);
        bench.enqueue("b", "2");
        bench.signal("1", "", "1").await;
        assert_eq!(bench.run().await, "");
        bench.wait.clock().advance_ms(5_000);
        assert_eq!(bench.run().await, "", "not before");
        bench.wait.clock().advance_ms(1);
        assert_eq!(bench.run().await, "expired:a");
        assert_eq!(bench.wait.only(EXPIRED).attribute("wait.counter.total"), "1");
        bench.wait.clock().advance_ms(5_000);
        assert_eq!(bench.run().await, "expired:b");
        assert_eq!((bench.wait.queued(), bench.wait.state().len()), (0, 0));
    }
}

#[tokio::test]
async fn attributes_of_signals_replace_or_do_not() {
    for (mode, kept) in [("keeporiginal", "own"), ("replace", "2")] {
        let mut bench = Bench::new(&[("Attribute Copy Mode", mode), ("Target Signal Count", "2")]);
        for (name, value) in [("brought.a", "1"), ("brought.b", "2")] {
            bench.notify.enqueue(b"", &[("id", "1"), (name, value)]);
        }
        bench.notify.run().await.unwrap();
        bench.wait.enqueue(b"", &[("id", "1"), ("brought.b", "own")]);
        bench.run().await;
        let released = bench.wait.only(SUCCESS);
        assert_eq!(released.attribute("brought.a"), "1", "of all signals together");
        assert_eq!(released.attribute("brought.b"), kept);
        assert_eq!(released.attribute("wait.counter.default"), "2");
    }
}

#[tokio::test]
async fn what_cannot_be_judged_fails_alone() {
    let mut bench = Bench::new(&[("Target Signal Count", "${target:replaceEmpty('1')}")]);
    bench.signal("1", "", "5").await;
    for (name, id, target, start) in
        [("a", " ", "", ""), ("b", "1", "many", ""), ("c", "1", "-1", ""), ("d", "1", "", "soon")]
    {
        let mut attributes = vec![("filename", name), ("id", id), ("target", target)];
        if !start.is_empty() {
            attributes.push((START, start));
        }
        bench.wait.enqueue(b"", &attributes);
    }
    bench.enqueue("e", "1");
    assert_eq!(bench.run().await, "success:e failure:a failure:b failure:c failure:d");
    let failed = bench.wait.transferred(FAILURE);
    let reasons: Vec<_> = failed.iter().map(|each| each.attribute("failure.reason")).collect();
    for (reason, part) in reasons.iter().zip([
        "\"Release Signal Identifier\" gave nothing",
        "\"many\" is not a whole number",
        "-1 is out of range",
        "\"soon\" in \"wait.start.timestamp\" is no time",
    ]) {
        assert!(reason.contains(part), "{reason}");
    }
    assert!(failed.iter().all(|each| each.flowfile.penalized_until().is_some()));
}

#[tokio::test]
async fn no_signal_is_used_twice_or_lost_over_a_crash_or_an_error() {
    for mode in MODES {
        let mut bench = Bench::new(&[("Wait Mode", mode)]);
        bench.signal("1", "", "1").await;
        bench.enqueue("a", "1");
        bench.wait.crash_before_durable().await.unwrap();
        assert_eq!(bench.entries(), 1, "both are there again");
        bench.wait.fail_commits(1);
        assert!(bench.wait.run().await.is_err());
        assert_eq!(bench.entries(), 1);
        bench.wait.clock().advance_ms(60_000);
        assert_eq!(bench.run().await, "success:a");
        assert_eq!(bench.entries(), 0);
    }
}

#[tokio::test]
async fn times_of_flowfiles_that_went_another_way_are_forgotten() {
    let mut bench = Bench::new(&[("Wait Mode", "keep"), ("Expiration Duration", "10 sec")]);
    (0..=10_000).for_each(|number| bench.wait.set_state(&format!("gone {number}"), "0"));
    bench.enqueue("a", "1");
    bench.run().await;
    assert_eq!(bench.wait.state().len(), 1);
}
