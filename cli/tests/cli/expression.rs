//! `tutti expression`.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use super::{finish, tutti};

#[test]
fn one_expression_is_evaluated() {
    let arguments =
        ["expression", "${name:toUpper()}-#{place}", "--attribute", "name=a=b", "--param"];
    let mut command = tutti(&arguments);
    command.arg("place=here");
    assert_eq!(finish(command), (0, "A=B-here\n".to_owned(), String::new()));
}

#[test]
fn a_malformed_expression_is_told_with_its_place() {
    let (code, stdout, stderr) = finish(tutti(&["expression", "${name:toUper()}"]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("toUpper") && stderr.contains("character"), "{stderr}");
}

#[test]
fn an_expression_without_its_end_is_text_and_a_warning() {
    let (code, stdout, stderr) = finish(tutti(&["expression", "a ${b"]));
    assert_eq!((code, stdout.as_str()), (0, "a ${b\n"));
    assert!(stderr.starts_with("warning: an expression without its end"), "{stderr}");
    assert!(stderr.contains("character 2"), "{stderr}");
}

#[test]
fn lines_are_answered_one_by_one_and_a_bad_one_stops_nothing() {
    let mut child = tutti(&["expression", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut ask = |question: &[u8]| -> Value {
        questions.write_all(question).unwrap();
        questions.write_all(b"\n").unwrap();
        // An answer comes before the next question is asked, or this waits for ever.
        serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap()
    };
    let first = json!({ "expr": "${a}", "attributes": { "a": "1" }, "id": 7, "group": "any" });
    assert_eq!(ask(first.to_string().as_bytes()), json!({ "result": "1" }));
    for bad in [&b"{"[..], b"", b"[]", b"\xff", br#"{"expr":"${a:nothing()}","attributes":{}}"#] {
        assert!(ask(bad)["error"].is_string(), "{bad:?}");
    }
    let last = json!({ "expr": "#{p}${getStateValue('s')}", "attributes": {},
        "parameters": { "p": "2" }, "state": { "s": "3" } });
    assert_eq!(ask(last.to_string().as_bytes()), json!({ "result": "23" }));
    drop(questions);
    assert!(answers.next().is_none());
    assert!(child.wait().unwrap().success());
}

#[test]
fn it_knows_the_machine() {
    let (code, stdout, stderr) = finish(tutti(&["expression", "${hostname()} ${ip()}"]));
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let (told, address) = stdout.trim_end().split_once(' ').unwrap();
    assert_eq!((code, told), (0, name.trim_end()), "{stderr}");
    assert!(address.parse::<std::net::IpAddr>().is_ok(), "{stdout}");
}
