//! Breaks the flows of the repository on purpose, one way after the other, and looks whether their
//! tests notice: `cargo run --release -p tutti-tests --example flow_mutants`.
//!
//! Prints Markdown: for each sort of change how many were noticed, then those that were not. What
//! makes a flow invalid is no change that could run, and is not counted.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what cannot go on ends")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};
use tutti_tests::binary::{self, repository};

/// A flow with one change.
struct Mutant {
    sort: &'static str,
    what: String,
    flow: Value,
}

/// What became of one that can run.
struct Tried {
    sort: &'static str,
    what: String,
    is_noticed: bool,
}

fn main() {
    let schema = fs::read_to_string(repository().join("docs/flow.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut names: Vec<String> = fs::read_dir(repository().join("flows"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".tests.json"))
        .map(|name| name.replace(".tests.json", ""))
        .collect();
    names.sort();
    let next = AtomicUsize::new(0);
    let tried = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, std::num::NonZero::get) {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::SeqCst)) {
                    tried.lock().unwrap().extend(one(name, &schema));
                }
            });
        }
    });
    tell(tried.into_inner().unwrap());
}

/// Tries every mutant of one flow.
fn one(name: &str, schema: &Value) -> Vec<Tried> {
    let folder = tempfile::tempdir().unwrap();
    copy(&repository().join("flows"), folder.path());
    let path = folder.path().join(format!("{name}.json"));
    let flow: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(test(&path), 0, "the tests of {name} must pass by themselves");
    let mut tried = Vec::new();
    for Mutant { sort, what, flow } in mutants(&flow, schema) {
        fs::write(&path, flow.to_string()).unwrap();
        let code = test(&path);
        // What is refused before anything runs is no mutant.
        if code < 2 {
            tried.push(Tried { sort, what: format!("{name}: {what}"), is_noticed: code == 1 });
        }
    }
    tried
}

fn tell(mut tried: Vec<Tried>) {
    tried.sort_by(|left, right| left.what.cmp(&right.what));
    let mut sums: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for Tried { sort, is_noticed, .. } in &tried {
        let sum = sums.entry(sort).or_default();
        *sum = (sum.0 + usize::from(*is_noticed), sum.1 + 1);
    }
    println!("| what is changed | noticed | of |\n| --- | --- | --- |");
    for (sort, (noticed, of)) in &sums {
        println!("| {sort} | {noticed} | {of} |");
    }
    let noticed = tried.iter().filter(|one| one.is_noticed).count();
    println!("| all | {noticed} | {} |\n", tried.len());
    println!("{} %; not noticed:\n", noticed * 100 / tried.len().max(1));
    for one in tried.iter().filter(|one| !one.is_noticed) {
        println!("- {}", one.what);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

/// How `tutti test` ends.
fn test(flow: &Path) -> i32 {
    let arguments = ["test", "--json", "--patience", "30"];
    let mut command = Command::new(binary::path());
    // A flow that is let out and broken writes wherever it is.
    command.args(arguments).arg(flow).current_dir(flow.parent().unwrap());
    let output = command.output().unwrap();
    output.status.code().expect("it ends by itself")
}

/// Every way to break `flow`.
fn mutants(flow: &Value, schema: &Value) -> Vec<Mutant> {
    let mut all = Vec::new();
    for (name, processor) in flow["processors"].as_object().unwrap() {
        properties(flow, schema, name, processor, &mut all);
        settings(flow, name, processor, &mut all);
        ends(flow, name, processor, &mut all);
    }
    connections(flow, &mut all);
    swaps(flow, &mut all);
    all
}

fn add(
    all: &mut Vec<Mutant>,
    flow: &Value,
    sort: &'static str,
    what: String,
    change: impl FnOnce(&mut Value),
) {
    let mut flow = flow.clone();
    change(&mut flow);
    all.push(Mutant { sort, what, flow });
}

fn properties(flow: &Value, schema: &Value, name: &str, processor: &Value, all: &mut Vec<Mutant>) {
    let kind = processor["type"].as_str().unwrap();
    for (property, value) in processor["properties"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap();
        let what = format!("`{name}`: without **{property}**");
        add(all, flow, "a property is left out", what, |flow| {
            flow["processors"][name]["properties"].as_object_mut().unwrap().remove(property);
        });
        let other = changed(value, &choices(schema, kind, property));
        let what = format!("`{name}`: **{property}** is `{}`", other.replace('\n', "\\n"));
        add(all, flow, "a property has another value", what, |flow| {
            flow["processors"][name]["properties"][property] = json!(other);
        });
    }
}

/// The values that a property can have, where the schema lists them.
fn choices(schema: &Value, kind: &str, property: &str) -> Vec<String> {
    fn find<'v>(value: &'v Value, kind: &str) -> Option<&'v Value> {
        let all = value["$defs"]["processor"]["allOf"].as_array()?;
        all.iter().find(|one| {
            let text = one["if"]["properties"]["type"].to_string();
            text.contains(&format!("\"{kind}\""))
        })
    }
    let listed = find(schema, kind)
        .map(|one| &one["then"]["properties"]["properties"]["properties"][property])
        .map(Value::to_string)
        .unwrap_or_default();
    // However the schema nests them: every constant, or every element of an enumeration.
    let value: Value = serde_json::from_str(&listed).unwrap_or_default();
    let mut found = Vec::new();
    gather(&value, &mut found);
    found
}

fn gather(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("const", Value::String(text)) => found.push(text.clone()),
                    ("enum", Value::Array(all)) => {
                        found.extend(all.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => gather(value, found),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|value| gather(value, found)),
        _ => {}
    }
}

/// Another value than `value`: another choice, the other truth, a number more, or another text.
fn changed(value: &str, choices: &[String]) -> String {
    if let Some(other) = choices.iter().find(|choice| *choice != value) {
        return other.clone();
    }
    match value {
        "true" => return "false".to_owned(),
        "false" => return "true".to_owned(),
        _ => {}
    }
    let start = value.find(|letter: char| letter.is_ascii_digit());
    if let Some(start) = start {
        let digits = value[start..].bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = value[start..start + digits].parse().unwrap_or(0);
        return format!("{}{}{}", &value[..start], number + 1, &value[start + digits..]);
    }
    format!("x{value}")
}

fn settings(flow: &Value, name: &str, processor: &Value, all: &mut Vec<Mutant>) {
    let processor_of = |flow: &mut Value| flow["processors"][name].clone();
    if let Some(period) = processor["schedule"]["period"].as_str() {
        let other = changed(period, &[]);
        let what = format!("`{name}`: every {other}");
        add(all, flow, "a schedule is another", what, |flow| {
            flow["processors"][name]["schedule"]["period"] = json!(other);
        });
    }
    if processor["retry"].is_object() {
        let what = format!("`{name}`: nothing is tried again");
        add(all, flow, "what is tried again is another", what, |flow| {
            let mut one = processor_of(flow);
            one.as_object_mut().unwrap().remove("retry");
            flow["processors"][name] = one;
        });
        let attempts = processor["retry"]["attempts"].as_u64().unwrap_or(10);
        let what = format!("`{name}`: tried {} times", attempts - 1);
        add(all, flow, "what is tried again is another", what, |flow| {
            flow["processors"][name]["retry"]["attempts"] = json!(attempts - 1);
        });
        let what = format!("`{name}`: after a yield instead of a penalty");
        add(all, flow, "what is tried again is another", what, |flow| {
            flow["processors"][name]["retry"]["backoff"] = json!("yield");
        });
    }
    let what = format!("`{name}` is disabled");
    add(all, flow, "a processor is disabled", what, |flow| {
        flow["processors"][name]["state"] = json!("disabled");
    });
}

/// What ends goes on instead, to another processor that takes input.
fn ends(flow: &Value, name: &str, processor: &Value, all: &mut Vec<Mutant>) {
    for ended in processor["autoTerminate"].as_array().into_iter().flatten() {
        let Some(to) = takers(flow).into_iter().find(|taker| taker != name) else { continue };
        let way = ended.as_str().unwrap();
        let what = format!("`{name}` [{way}] goes to `{to}` instead of ending");
        add(all, flow, "what ended goes on", what, |flow| {
            let left = flow["processors"][name]["autoTerminate"].as_array_mut().unwrap();
            left.retain(|one| one != ended);
            let connection = json!({ "from": name, "relationships": [ended], "to": to });
            flow["connections"].as_array_mut().unwrap().push(connection);
        });
    }
}

/// Processors that something leads to.
fn takers(flow: &Value) -> Vec<String> {
    let all = flow["connections"].as_array().unwrap();
    let mut takers: Vec<String> =
        all.iter().map(|one| one["to"].as_str().unwrap().to_owned()).collect();
    takers.sort();
    takers.dedup();
    takers
}

fn connections(flow: &Value, all: &mut Vec<Mutant>) {
    for (index, connection) in flow["connections"].as_array().unwrap().iter().enumerate() {
        let (from, to) = (connection["from"].as_str().unwrap(), connection["to"].as_str().unwrap());
        for relationship in connection["relationships"].as_array().unwrap() {
            let what = format!("`{from}` [{}] ends there", relationship.as_str().unwrap());
            add(all, flow, "what went on ends", what, |flow| {
                let one = flow["connections"][index]["relationships"].as_array_mut().unwrap();
                one.retain(|each| each != relationship);
                if one.is_empty() {
                    flow["connections"].as_array_mut().unwrap().remove(index);
                }
                let processor = &mut flow["processors"][from];
                if !processor["autoTerminate"].is_array() {
                    processor["autoTerminate"] = json!([]);
                }
                processor["autoTerminate"].as_array_mut().unwrap().push(relationship.clone());
            });
        }
        if let Some(other) = takers(flow).into_iter().find(|taker| taker != to && taker != from) {
            let what = format!("`{from}` goes to `{other}` instead of `{to}`");
            add(all, flow, "a connection leads elsewhere", what, |flow| {
                flow["connections"][index]["to"] = json!(other);
            });
        }
    }
}

/// Two connections of one processor change places.
fn swaps(flow: &Value, all: &mut Vec<Mutant>) {
    let connections = flow["connections"].as_array().unwrap();
    for (first, one) in connections.iter().enumerate() {
        for (second, other) in connections.iter().enumerate().skip(first + 1) {
            if one["from"] != other["from"] {
                continue;
            }
            let what = format!(
                "`{}`: {} and {} change places",
                one["from"].as_str().unwrap(),
                one["relationships"],
                other["relationships"]
            );
            add(all, flow, "two connections change places", what, |flow| {
                flow["connections"][first]["to"] = other["to"].clone();
                flow["connections"][second]["to"] = one["to"].clone();
            });
        }
    }
}
