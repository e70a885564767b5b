use std::sync::Arc;

use tutti_sdk::SUCCESS;
use tutti_sdk::bulletin::Level;
use tutti_sdk::derive::{self, DerivedRead, Deriver};
use tutti_sdk::host::ReadSeek;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;

use super::*;
use crate::bounded::assert_waits;

async fn run(properties: &[(&str, &str)], content: &str) -> TestRunner {
    let mut runner = TestRunner::new::<SplitText>(properties);
    runner.enqueue(content.as_bytes(), &[("filename", "a.csv"), ("album", "b")]);
    runner.run().await.unwrap();
    runner
}

/// The parts with their counts of lines.
async fn parts(properties: &[(&str, &str)], content: &str) -> Vec<(String, String)> {
    let runner = run(properties, content).await;
    let outputs = runner.transferred(SPLITS);
    let count = outputs.len().to_string();
    let original = runner.only(ORIGINAL);
    assert_eq!(
        (original.text().as_str(), original.attribute(fragments::COUNT)),
        (content, &*count)
    );
    let identifier = original.attribute(fragments::IDENTIFIER);
    assert_eq!(identifier.len(), 36);
    let mut parts = Vec::new();
    for (index, output) in outputs.iter().enumerate() {
        let text = output.text();
        assert_eq!(output.attribute(fragments::INDEX), (index + 1).to_string());
        assert_eq!(output.attribute(fragments::COUNT), count);
        assert_eq!(output.attribute(fragments::IDENTIFIER), identifier);
        assert_eq!(output.attribute(fragments::ORIGINAL_FILENAME), "a.csv");
        assert_eq!(output.attribute(FRAGMENT_SIZE), text.len().to_string());
        assert_eq!(output.attribute("album"), "b");
        parts.push((text, output.attribute(LINE_COUNT).to_owned()));
    }
    let events = runner.events();
    let forks = events.iter().filter(|event| event.event_type == EventType::Fork);
    assert_eq!(forks.count(), parts.len());
    parts
}

fn expected(parts: &[(&str, &str)]) -> Vec<(String, String)> {
    parts.iter().map(|(text, lines)| ((*text).to_owned(), (*lines).to_owned())).collect()
}

const TWO: (&str, &str) = ("Line Split Count", "2");
const KEEP: (&str, &str) = ("Remove Trailing Newlines", "false");

#[tokio::test]
async fn parts_have_their_lines() {
    let text = "a\nb\r\nc\n\nd";
    assert_eq!(parts(&[TWO], text).await, expected(&[("a\nb", "2"), ("c", "1"), ("d", "1")]));
    let kept = parts(&[TWO, KEEP], text).await;
    assert_eq!(kept, expected(&[("a\nb\r\n", "2"), ("c\n\n", "1"), ("d", "1")]));
    assert_eq!(
        parts(&[TWO], "\n\r\n\na").await,
        expected(&[("\na", "2")]),
        "what is empty is left out"
    );
    assert_eq!(parts(&[TWO, KEEP], "\n\n").await, expected(&[("\n\n", "0")]));
    assert_eq!(parts(&[TWO], "").await, []);
}

#[tokio::test]
async fn a_header_is_in_front_of_every_part() {
    let header = ("Header Line Count", "1");
    let text = "h\r\na\nb\nc\n\n\n";
    let found = parts(&[TWO, header], text).await;
    assert_eq!(found, expected(&[("h\r\na\nb", "2"), ("h\r\nc", "1"), ("h", "0")]));
    let found = parts(&[TWO, header, KEEP], text).await;
    assert_eq!(found, expected(&[("h\r\na\nb\n", "2"), ("h\r\nc\n\n", "1"), ("h\r\n\n", "0")]));
    assert_eq!(parts(&[TWO, header], "h\n").await, expected(&[("h", "0")]));
    // A number of lines counts more than what they begin with.
    let marker = ("Header Line Marker Characters", "#");
    assert_eq!(parts(&[TWO, header, marker], "h\n#a\n").await, expected(&[("h\n#a", "1")]));
}

#[tokio::test]
async fn a_header_is_told_by_what_it_begins_with() {
    let marker = ("Header Line Marker Characters", "#x");
    let one = ("Line Split Count", "1");
    let found = parts(&[one, marker], "#x1\n#x2\na\n#x3\n").await;
    assert_eq!(found, expected(&[("#x1\n#x2\na", "1"), ("#x1\n#x2\n#x3", "1")]));
    assert_eq!(parts(&[one, marker], "#a\nb").await, expected(&[("#a", "1"), ("b", "1")]));
}

#[tokio::test]
async fn size_bounds_a_part() {
    let sized = |size| [("Line Split Count", "0"), ("Maximum Fragment Size", size)];
    let found = parts(&sized("4 B"), "a\nb\ncccccc\nd").await;
    assert_eq!(found, expected(&[("a\nb", "2"), ("cccccc", "1"), ("d", "1")]));
    let header = ("Header Line Count", "1");
    let found = parts(&[&sized("4 B")[..], &[header]].concat(), "h\na\nb\n").await;
    assert_eq!(found, expected(&[("h\na", "1"), ("h\nb", "1")]));
    let runner = run(&[&sized("1 B")[..], &[header]].concat(), "h\na\n").await;
    runner.assert_all_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, "the header has 2 bytes, more than");
}

#[tokio::test]
async fn what_cannot_be_split_fails_whole() {
    for (property, told) in [
        (("Header Line Count", "4"), "the content has 3 lines, and \"Header Line Count\" is 4"),
        (("Maximum Splits", "1"), "more parts than \"Maximum Splits\" allows, which is 1"),
    ] {
        let runner = run(&[TWO, property], "a\nb\nc").await;
        runner.assert_all_transferred(FAILURE, 1);
        runner.assert_bulletin(Level::Error, told);
        assert_eq!(runner.only(FAILURE).text(), "a\nb\nc");
    }
    assert_eq!(parts(&[TWO, ("Maximum Splits", "2")], "a\nb\nc").await.len(), 2);
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    let mut runner = TestRunner::new::<SplitText>(&[TWO, ("Header Line Count", "1")]);
    runner.enqueue(b"h\na\n", &[]);
    runner.fail_reads_after(Some(1));
    assert_waits(&mut runner, "cannot read the content").await;
    runner.fail_reads_after(None);
    runner.fail_writes_after(Some(2));
    runner.clock().advance_ms(60_000);
    assert_waits(&mut runner, "cannot store the content").await;
    runner.fail_writes_after(None);
    runner.clock().advance_ms(120_000);
    runner.run().await.unwrap();
    assert_eq!(runner.only(SPLITS).text(), "h\na");
}

/// Makes content that can only be read from its beginning to its end.
struct Shouting;

impl Deriver for Shouting {
    fn kind(&self) -> &'static str {
        "shouting"
    }

    fn open(
        &self,
        mut source: Box<dyn ReadSeek>,
        _: &str,
    ) -> Result<Box<dyn DerivedRead>, ProcessError> {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut source, &mut text).map_err(ProcessError::unreadable)?;
        Ok(Box::new(Shouted(std::io::Cursor::new(text.to_uppercase()))))
    }
}

struct Shouted(std::io::Cursor<String>);

impl std::io::Read for Shouted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer)
    }
}

impl DerivedRead for Shouted {
    fn remark(&self) -> Option<String> {
        None
    }
}

#[tokio::test]
async fn content_that_is_made_on_demand_is_split() {
    for properties in [&[TWO][..], &[TWO, ("Header Line Count", "1")]] {
        let runner = TestRunner::new::<SplitText>(properties);
        let content = derive::derived(&runner.store(b"h\na\nb"), "shouting", "").unwrap();
        runner.enqueue_content(content, &[]);
        let mut runner = runner.with_deriver(Arc::new(Shouting));
        runner.run().await.unwrap();
        assert!(runner.transferred(SPLITS)[0].text().starts_with("H\nA"));
        assert_eq!(runner.transferred(SUCCESS).len(), 0);
        assert_eq!(runner.only(ORIGINAL).text(), "H\nA\nB");
    }
}

#[test]
fn parts_need_an_end() {
    for (properties, told) in [
        (&[("Line Split Count", "0")][..], "parts have no end"),
        (&[], "a value is required"),
        (&[TWO, ("Maximum Splits", "0")], "out of range"),
    ] {
        let error = TestRunner::try_new::<SplitText>(properties).err().unwrap().to_string();
        assert!(error.contains(told), "{error}");
    }
}
