//! What one operation on a flow of a thousand processors costs, and of two thousand; and what it
//! costs to look at its draft.
//! `cargo run --release -p tutti-tests --example edit_speed`, with the binary built

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::fs;

use serde_json::{Map, Value, json};
use tutti_tests::cost::cpu_s;
use tutti_tests::served::Served;

/// Operations, and looks, that are measured together: processor time comes in hundredths of a
/// second.
const ROUNDS: usize = 100;
const FLOW: &str = "/api/v1/flows/large";

type Ended<T> = Result<T, Box<dyn Error>>;

fn main() -> Ended<()> {
    println!("ms of processor time: operation, first look after one, later look, bytes of a draft");
    for count in [1_000, 2_000] {
        let desk = tempfile::tempdir()?;
        let file = desk.path().join("large.json");
        fs::write(&file, flow(count).to_string())?;
        let served = Served::start::<&str>(&file, &desk.path().join("data"), &[])?;
        let mut number = 0;
        let operation = cost(&served, || edit(&served, &mut number))?;
        let both = cost(&served, || {
            edit(&served, &mut number)?;
            look(&served)
        })?;
        let later = cost(&served, || look(&served))?;
        let bytes = served.get(&format!("{FLOW}/draft"))?.body.len();
        let first = both - operation;
        println!("{count} processors: {operation:.1}, {first:.1}, {later:.1}, {bytes}");
    }
    Ok(())
}

/// Milliseconds of processor time that `once` takes of the server.
fn cost(served: &Served, mut once: impl FnMut() -> Ended<()>) -> Ended<f64> {
    once()?;
    let before = cpu_s(served.id())?;
    for _ in 0..ROUNDS {
        once()?;
    }
    Ok((cpu_s(served.id())? - before) * 1_000.0 / ROUNDS as f64)
}

fn look(served: &Served) -> Ended<()> {
    served.get(&format!("{FLOW}/draft"))?.expect(200);
    Ok(())
}

/// Sets a property of one of the processors.
fn edit(served: &Served, number: &mut usize) -> Ended<()> {
    let value = |number: usize| match number {
        0 => "${filename}-5".to_owned(),
        number => format!("${{filename}}-{number}"),
    };
    let (before, after) = (value(*number), value(*number + 1000));
    *number += 1000;
    let path = ["processors", "0-5", "properties", "step"];
    let change = json!({ "document": "flow", "path": path, "before": before, "after": after });
    let body = json!({ "label": "Set", "changes": [change] });
    served.post(&format!("{FLOW}/operations"), &body)?.expect(200);
    Ok(())
}

/// Lines of ten processors that nothing comes to, each with a description and properties.
fn flow(count: usize) -> Value {
    let (mut processors, mut connections) = (Map::new(), Vec::new());
    for line in 0..count / 10 {
        for index in 0..10 {
            let name = |index: usize| format!("{line}-{index}");
            let mut processor = json!({
                "type": "UpdateAttribute",
                "description": "Says which step of its line has worked on a flowfile last.",
                "properties": {
                    "step": format!("${{filename}}-{index}"),
                    "line": format!("line {line} of {count}"),
                    "path.of.the.line": format!("/music/lines/{line}/{index}"),
                },
            });
            if index == 9 {
                processor["autoTerminate"] = json!(["success"]);
            } else {
                connections.push(json!({
                    "from": name(index), "relationships": ["success"], "to": name(index + 1)
                }));
            }
            processors.insert(name(index), processor);
        }
    }
    // A source, as the first of each line needs something to come.
    processors.insert("In".to_owned(), json!({ "type": "GenerateFlowFile", "state": "disabled" }));
    for line in 0..count / 10 {
        connections.push(json!({
            "from": "In", "relationships": ["success"], "to": format!("{line}-0")
        }));
    }
    json!({
        "format": 1, "name": "large", "processors": processors, "connections": connections,
    })
}
