use tutti_sdk::bulletin::Level;
use tutti_sdk::host::{Clock as _, Rest};
use tutti_sdk::testkit::{Output, TestRunner};

use super::*;

const COUNT: [(&str, &str); 2] =
    [("Rate Control Criteria", "flowfile count"), ("Time Duration", "10 sec")];
const ROUTE: (&str, &str) = ("Rate Exceeded Strategy", "Route to 'rate exceeded'");

fn runner(properties: &[(&str, &str)]) -> TestRunner {
    TestRunner::new::<ControlRate>(properties)
}

fn texts(runner: &TestRunner, relationship: &str) -> String {
    runner.transferred(relationship).iter().map(Output::text).collect()
}

fn rest(runner: &TestRunner, milliseconds: u64) -> Rest {
    Rest { until: Some(runner.clock().now().plus_ms(milliseconds)) }
}

#[tokio::test]
async fn what_comes_too_soon_waits_in_its_order() {
    let mut runner = runner(&[COUNT[0], COUNT[1], ("Maximum Rate", "2")]);
    for text in ["a", "b", "c", "d", "e"] {
        runner.enqueue(text.as_bytes(), &[]);
    }
    runner.run_times(2).await.unwrap();
    assert_eq!((texts(&runner, SUCCESS).as_str(), runner.queued()), ("ab", 3));
    assert_eq!(runner.rests(), Some(rest(&runner, 10_000)));
    runner.clock().advance_ms(9_999);
    runner.run().await.unwrap();
    assert_eq!(runner.rests(), Some(rest(&runner, 1)));
    runner.clock().advance_ms(1);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 4);
    assert_eq!(runner.rests(), None, "it has worked");
    // A stop forgets.
    runner.stop().await;
    runner.run().await.unwrap();
    assert_eq!(texts(&runner, SUCCESS), "abcde");
    runner.run().await.unwrap();
    assert_eq!(runner.rests(), None, "nothing waits");
}

#[tokio::test]
async fn bytes_are_counted_and_what_is_too_large_is_paid_for() {
    let mut runner = runner(&[("Maximum Rate", "10 B"), ("Time Duration", "1 sec")]);
    for bytes in [4, 5, 6, 1] {
        runner.enqueue(&vec![b'a'; bytes], &[]);
    }
    runner.run_times(2).await.unwrap();
    runner.assert_transferred(SUCCESS, 3);
    assert_eq!(runner.rests(), Some(rest(&runner, 1_500)));
    runner.clock().advance_ms(1_500);
    runner.run().await.unwrap();
    runner.assert_transferred(SUCCESS, 4);
}

#[tokio::test]
async fn each_group_has_the_rate_by_itself() {
    let grouped = ("Grouping Attribute", "album");
    let mut runner = runner(&[COUNT[0], COUNT[1], ("Maximum Rate", "1"), grouped]);
    for (text, album) in [("a", "x"), ("b", "x"), ("c", "y"), ("d", ""), ("e", ""), ("f", "y")] {
        let attributes = [("album", album)];
        runner.enqueue(text.as_bytes(), &attributes[usize::from(album.is_empty())..]);
    }
    runner.run_times(2).await.unwrap();
    assert_eq!(texts(&runner, SUCCESS), "acd");
    assert_eq!(runner.rests(), Some(rest(&runner, 10_000)));
    runner.clock().advance_ms(10_000);
    runner.run().await.unwrap();
    assert_eq!(texts(&runner, SUCCESS), "acdbef");
}

#[tokio::test]
async fn what_comes_too_soon_can_go_elsewhere() {
    let mut runner = runner(&[COUNT[0], COUNT[1], ("Maximum Rate", "2"), ROUTE]);
    for text in ["a", "b", "c", "d"] {
        runner.enqueue(text.as_bytes(), &[]);
    }
    runner.run().await.unwrap();
    assert_eq!(
        (texts(&runner, SUCCESS), texts(&runner, RATE_EXCEEDED)),
        ("ab".into(), "cd".into())
    );
    assert_eq!(runner.rests(), None);
    let routed = runner.events().into_iter().filter_map(|event| event.relationship);
    assert_eq!(routed.map(String::from).collect::<Vec<_>>(), [RATE_EXCEEDED; 2]);
}

#[tokio::test]
async fn an_attribute_says_how_much_one_is() {
    let attribute = ("Rate Controlled Attribute", "seconds");
    let criteria = ("Rate Control Criteria", "attribute value");
    let mut runner = runner(&[criteria, COUNT[1], attribute, ("Maximum Rate", "100")]);
    for (text, seconds) in
        [("a", "60"), ("b", "0"), ("c", "-1"), ("d", "x"), ("e", "60"), ("f", "1")]
    {
        runner.enqueue(text.as_bytes(), &[("seconds", seconds)]);
    }
    runner.run().await.unwrap();
    assert_eq!((texts(&runner, SUCCESS), texts(&runner, FAILURE)), ("ae".into(), "bcd".into()));
    assert!(runner.messages()[0].contains("\"seconds\" is \"0\", no whole number from 1 on"));
    assert!(
        runner.bulletins().iter().all(|each| each.level == Level::Error && each.help.is_some())
    );
    runner.clear();
    runner.stop().await;
    runner.enqueue(b"g", &[]);
    runner.run().await.unwrap();
    assert_eq!((texts(&runner, SUCCESS), texts(&runner, FAILURE)), ("f".into(), "g".into()));
    runner.assert_bulletin(Level::Error, "the attribute \"seconds\" is not there");
}

#[tokio::test]
async fn either_of_two_rates_makes_wait() {
    let criteria = ("Rate Control Criteria", "data rate or flowfile count");
    let rates = [("Maximum Data Rate", "10 B"), ("Maximum FlowFile Rate", "3")];
    for (sizes, passed) in [([1, 1, 1, 1], 3), ([5, 5, 1, 1], 2)] {
        let mut runner = runner(&[criteria, COUNT[1], rates[0], rates[1]]);
        for bytes in sizes {
            runner.enqueue(&vec![b'a'; bytes], &[]);
        }
        runner.run_times(2).await.unwrap();
        runner.assert_all_transferred(SUCCESS, passed);
        assert_eq!(runner.rests(), Some(rest(&runner, 10_000)));
    }
}

#[tokio::test]
async fn a_trigger_has_an_end() {
    let mut runner = runner(&[COUNT[0], ("Maximum Rate", "5000")]);
    for _ in 0..=FLOWFILES_A_TRIGGER {
        runner.enqueue(b"", &[]);
    }
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, FLOWFILES_A_TRIGGER);
}

#[test]
fn what_a_rate_needs_is_asked_for() {
    let criteria = |value| ("Rate Control Criteria", value);
    let rate = |value| ("Maximum Rate", value);
    for (properties, told) in [
        (vec![], "\"Maximum Rate\": a value is required"),
        (vec![rate("ten")], "\"Maximum Rate\": "),
        (vec![rate("0 B")], "\"Maximum Rate\": nothing would pass"),
        (vec![criteria("flowfile count"), rate("1 MB")], "\"1 MB\" is no whole number from 1 on"),
        (vec![criteria("attribute value"), rate("1")], "\"Rate Controlled Attribute\": a value is"),
        (
            vec![criteria("data rate or flowfile count"), ("Maximum Data Rate", "1 B")],
            "\"Maximum FlowFile Rate\": a value is required",
        ),
        (vec![rate("1 B"), ("Time Duration", "0 sec")], "\"Time Duration\": the time is too short"),
    ] {
        let refused = TestRunner::try_new::<ControlRate>(&properties).err().unwrap();
        assert!(refused.to_string().contains(told), "{refused}");
    }
}
