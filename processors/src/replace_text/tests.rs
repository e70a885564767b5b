use tutti_sdk::bulletin::Level;
use tutti_sdk::testkit::{Output, TestRunner};

use super::*;
use crate::bounded::assert_waits;

const STRATEGY: &str = "Replacement Strategy";
const WHOLE: (&str, &str) = ("Evaluation Mode", "Entire text");
const LITERAL: (&str, &str) = (STRATEGY, "Literal Replace");
const ATTRIBUTES: [(&str, &str); 3] = [("name", "$1.*"), ("dash", "-"), ("none", "")];

async fn run(properties: &[(&str, &str)], content: &[u8]) -> TestRunner {
    let mut runner = TestRunner::new::<ReplaceText>(properties);
    runner.enqueue(content, &ATTRIBUTES);
    runner.run().await.unwrap();
    runner
}

async fn replaced(properties: &[(&str, &str)], content: &str) -> String {
    let runner = run(properties, content.as_bytes()).await;
    runner.assert_all_transferred(SUCCESS, 1);
    runner.only(SUCCESS).text()
}

async fn failed(properties: &[(&str, &str)], content: &[u8], told: &str) -> Output {
    let runner = run(properties, content).await;
    runner.assert_all_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, told);
    let output = runner.only(FAILURE);
    assert_eq!(output.bytes(), content);
    output
}

#[tokio::test]
async fn every_strategy_works_on_lines_and_on_all() {
    let surround = &[("Text to Prepend", "<"), ("Text to Append", "${dash}>")][..];
    let value = &[("Replacement Value", "${dash}+")][..];
    let search = &[("Search Value", "b"), ("Replacement Value", "${dash}+")][..];
    let text = "ab\r\nb b\n\nc";
    for (strategy, properties, lines, whole) in [
        ("Prepend", value, "-+ab\r\n-+b b\n-+\n-+c", "-+ab\r\nb b\n\nc"),
        ("Append", value, "ab-+\r\nb b-+\n-+\nc-+", "ab\r\nb b\n\nc-+"),
        ("Surround", surround, "<ab->\r\n<b b->\n<->\n<c->", "<ab\r\nb b\n\nc->"),
        ("Always Replace", value, "-+\r\n-+\n-+\n-+", "-+"),
        ("Literal Replace", search, "a-+\r\n-+ -+\n\nc", "a-+\r\n-+ -+\n\nc"),
        ("Regex Replace", search, "a-+\r\n-+ -+\n\nc", "a-+\r\n-+ -+\n\nc"),
        ("Regex Replace", &[("Search Value", ".*"), value[0]], "-+\r\n-+\n-+\n-+", "-+"),
        ("Substitute Variables", &[], text, text),
    ] {
        let properties = [&[(STRATEGY, strategy)], properties].concat();
        assert_eq!(replaced(&properties, text).await, lines, "{strategy}");
        let whole_of = [&[WHOLE], &properties[..]].concat();
        assert_eq!(replaced(&whole_of, text).await, whole, "{strategy}");
    }
    let variables = [(STRATEGY, "Substitute Variables")];
    assert_eq!(replaced(&variables, "a${dash}b${x:-y}").await, "a-by");
}

#[tokio::test]
async fn lines_are_chosen() {
    for (mode, expected, of_one) in [
        ("All", "+a\n+b\n+c\n", "+a"),
        ("First-Line", "+a\nb\nc\n", "+a"),
        ("Last-Line", "a\nb\n+c\n", "+a"),
        ("Except-First-Line", "a\n+b\n+c\n", "a"),
        ("Except-Last-Line", "+a\n+b\nc\n", "a"),
    ] {
        let properties = [
            (STRATEGY, "Prepend"),
            ("Replacement Value", "+"),
            ("Line-by-Line Evaluation Mode", mode),
        ];
        assert_eq!(replaced(&properties, "a\nb\nc\n").await, expected, "{mode}");
        assert_eq!(replaced(&properties, "a").await, of_one, "{mode}");
        assert_eq!(replaced(&properties, "").await, "", "an empty content has no lines");
    }
    let whole = [WHOLE, (STRATEGY, "Prepend"), ("Replacement Value", "+")];
    assert_eq!(replaced(&whole, "").await, "+");
}

#[tokio::test]
async fn groups_and_expressions_over_them_are_put_in() {
    let regex = |search, value| [("Search Value", search), ("Replacement Value", value)];
    let text = "WOLF and LION\n";
    assert_eq!(replaced(&[], text).await, text, "the defaults change nothing");
    assert_eq!(replaced(&regex("(W)(.)", "$2$1"), text).await, "OWLF and LION\n");
    let lower = regex("([A-Z]+)", "${'$1':toLower()}");
    assert_eq!(replaced(&lower, text).await, "wolf and lion\n");
    let whole = [&[WHOLE][..], &lower].concat();
    assert_eq!(replaced(&whole, text).await, "wolf and lion\n");
    assert_eq!(replaced(&regex("^.*$", "x"), text).await, "x\n", "$ is in front of the end");
    // What expressions give stands for itself, in both.
    assert_eq!(replaced(&regex("(and)", "${name}$1"), text).await, "WOLF $1.*and LION\n");
    assert_eq!(replaced(&regex("${name}", "x"), "$1.* $1ab").await, "x $1ab");
}

#[tokio::test]
async fn what_is_not_changed_keeps_its_content() {
    let mut runner = TestRunner::new::<ReplaceText>(&[LITERAL, ("Search Value", "x")]);
    runner.enqueue(b"a\nb", &[]);
    runner.run().await.unwrap();
    assert!(runner.events().is_empty(), "{:?}", runner.events());
    runner.assert_all_transferred(SUCCESS, 1);
    let mut appended =
        TestRunner::new::<ReplaceText>(&[WHOLE, (STRATEGY, "Append"), ("Replacement Value", "!")]);
    appended.enqueue(b"c\xff", &[]);
    appended.run().await.unwrap();
    assert_eq!(appended.only(SUCCESS).bytes(), b"c\xff!", "no text, and not read as one");
}

#[tokio::test]
async fn a_literal_is_replaced_over_any_length() {
    let properties = [
        WHOLE,
        LITERAL,
        ("Search Value", "é\nb"),
        ("Replacement Value", ""),
        ("Maximum Buffer Size", "1 B"),
    ];
    for before in 65_520..65_545 {
        let text = format!("{}é\nb{}é\n", "a".repeat(before), "é\nb".repeat(3));
        let expected = format!("{}é\n", "a".repeat(before));
        assert_eq!(replaced(&properties, &text).await, expected);
    }
}

#[tokio::test]
async fn what_is_too_large_fails() {
    let max = |size| ("Maximum Buffer Size", size);
    let search = ("Search Value", "a");
    assert_eq!(
        replaced(&[max("4 B"), search, ("Replacement Value", "bb")], "aaa\n").await.len(),
        7
    );
    failed(&[max("3 B"), search], b"aaa\n", "line 1 is longer than").await;
    failed(&[max("4 B"), search], b"a\naaaa\n", "line 2 is longer than").await;
    let whole = [WHOLE, search, max("4 B")];
    assert_eq!(replaced(&whole, "baa\n").await, "b$1$1\n");
    failed(&whole, b"baaa\n", "larger than \"Maximum Buffer Size\" allows, which is 4 B").await;
    let variables = [WHOLE, (STRATEGY, "Substitute Variables"), max("4 B")];
    failed(&variables, b"12345", "larger than").await;
}

#[tokio::test]
async fn what_is_no_text_or_cannot_be_written_fails() {
    let search = ("Search Value", "a");
    let output = failed(&[search], b"a\n\xff", "no text in UTF-8, at byte 2").await;
    assert!(output.attribute("failure.reason").contains("no text"));
    let latin = ("Character Set", "ISO-8859-1");
    let runner = run(&[latin, search, ("Replacement Value", "ö")], b"a\n\xff").await;
    assert_eq!(runner.only(SUCCESS).bytes(), b"\xf6\n\xff");
    failed(&[latin, search, ("Replacement Value", "ā")], b"a", "cannot be written in").await;
    let utf16 = ("Character Set", "UTF-16");
    for mode in ["Line-by-Line", "Entire text"] {
        let properties =
            [utf16, (STRATEGY, "Prepend"), ("Replacement Value", "b"), ("Evaluation Mode", mode)];
        let runner = run(&properties, b"\xff\xfea\0").await;
        assert_eq!(runner.only(SUCCESS).bytes(), b"\xfe\xff\0b\0a", "{mode}");
    }
}

#[tokio::test]
async fn what_cannot_be_evaluated_or_matched_fails() {
    let bomb = [("Search Value", "(a|b|ab)*(?=c)d")];
    failed(&bomb, format!("{}cd", "ab".repeat(60)).as_bytes(), "was given up").await;
    let value = [("Search Value", "1"), ("Replacement Value", "${'$0':toNumber():divide(0)}")];
    failed(&value, b"1a", "cannot evaluate").await;
    failed(&[LITERAL, ("Search Value", "${none}")], b"a", "came to nothing").await;
    let circle = [(STRATEGY, "Substitute Variables")];
    let mut runner = TestRunner::new::<ReplaceText>(&circle);
    runner.enqueue(b"${a}", &[("a", "${a}")]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, "leads back to itself");
}

#[tokio::test]
async fn a_full_disk_is_tried_again() {
    let properties = [(STRATEGY, "Append"), ("Replacement Value", "!")];
    let mut runner = TestRunner::new::<ReplaceText>(&properties);
    runner.enqueue(b"a\n", &[]);
    runner.fail_writes_after(Some(1));
    assert_waits(&mut runner, "cannot store the content").await;
    runner.fail_writes_after(None);
    runner.fail_reads_after(Some(0));
    runner.clock().advance_ms(60_000);
    assert_waits(&mut runner, "cannot read the content").await;
    runner.fail_reads_after(None);
    runner.clock().advance_ms(120_000);
    runner.run().await.unwrap();
    assert_eq!(runner.only(SUCCESS).text(), "a!\n");
}

#[test]
fn properties_that_do_not_fit_are_told() {
    for (properties, told) in [
        (&[("Search Value", "(")][..], "\"Search Value\""),
        (&[("Search Value", "${a:x()}")], "\"Search Value\""),
        (&[LITERAL, ("Search Value", "")], "nothing to search for"),
        (&[(STRATEGY, "Surround")], "nothing to surround the text with"),
        (&[(STRATEGY, "Nothing")], "is not one of the choices"),
        (&[("Line-by-Line Evaluation Mode", "Some")], "is not one of the choices"),
        (&[("Replacement Value", "${'$1'")], ""),
    ] {
        let refused = TestRunner::try_new::<ReplaceText>(properties).err();
        let error = refused.map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(told) && error.is_empty() == told.is_empty(), "{error}");
    }
    assert!(TestRunner::try_new::<ReplaceText>(&[LITERAL, ("Search Value", "(")]).is_ok());
}
