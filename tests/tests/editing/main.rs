//! A flow that runs is edited over HTTP: nothing that was confirmed is lost, nobody overwrites
//! another unseen, and what is applied runs and is in its file.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to fail")]

mod crashes;
mod deploy;
mod drafts;
mod flows;
mod harm;
mod queues;
mod running;
mod trash;
mod tries;
mod verify;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tutti_tests::seed::Random;
use tutti_tests::served::Served;

const PATIENCE: Duration = Duration::from_mins(1);

/// A flow in a folder: files go from "in" to "out".
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self::within(tempfile::tempdir().unwrap())
    }

    fn within(folder: tempfile::TempDir) -> Self {
        let bench = Self { folder };
        let flow = json!({
            "format": 1,
            "name": "copy",
            "processors": {
                "Get": { "type": "GetFile", "properties": { "Directory": bench.path("in") } },
                "Put": {
                    "type": "PutFile",
                    "properties": { "Directory": bench.path("out") },
                    "autoTerminate": ["failure", "success"],
                },
            },
            "connections": [{ "from": "Get", "relationships": ["success"], "to": "Put" }],
        });
        fs::create_dir(bench.path("in")).unwrap();
        fs::write(bench.path("copy.json"), flow.to_string()).unwrap();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn serve(&self) -> Served {
        self.try_serve().unwrap()
    }

    fn try_serve(&self) -> std::io::Result<Served> {
        Served::start::<&str>(&self.path("copy.json"), &self.path("data"), &[])
    }

    fn serve_with(&self, arguments: &[&str]) -> Served {
        Served::start(&self.path("copy.json"), &self.path("data"), arguments).unwrap()
    }

    /// Everything in its folder.
    fn serve_all(&self) -> Served {
        Served::start::<&str>(self.folder.path(), &self.path("data"), &[]).unwrap()
    }

    /// How many files were put, in whole.
    fn put(&self) -> usize {
        let Ok(files) = fs::read_dir(self.path("out")) else { return 0 };
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| !name.starts_with('.')).count()
    }

    fn file(&self) -> String {
        fs::read_to_string(self.path("copy.json")).unwrap()
    }
}

const FLOW: &str = "/api/v1/flows/copy";

fn draft(served: &Served) -> Value {
    served.get(&format!("{FLOW}/draft")).unwrap().expect(200).json()
}

/// An operation with one change.
fn change(path: &[&str], before: &Value, after: &Value) -> Value {
    let document = if path[0] == "positions" { "layout" } else { "flow" };
    let mut change = json!({ "document": document, "path": path });
    for (name, value) in [("before", before), ("after", after)] {
        if !value.is_null() {
            change[name] = value.clone();
        }
    }
    json!({ "label": format!("Set {}", path.join(" ")), "changes": [change] })
}

fn edit(served: &Served, path: &[&str], before: &Value, after: &Value) -> Value {
    let operations = format!("{FLOW}/operations");
    served.post(&operations, &change(path, before, after)).unwrap().expect(200).json()
}

fn apply(served: &Served) -> Value {
    let revision = draft(served)["revision"].clone();
    let body = json!({ "revision": revision });
    served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(200).json()
}

/// How many flowfiles wait in a connection; none when there is no such connection.
fn waiting(served: &Served, connection: &str) -> Option<u64> {
    let connection = connection.replace(' ', "%20").replace('[', "%5B").replace(']', "%5D");
    let queue = format!("{FLOW}/queue?connection={}", connection.replace('>', "%3E"));
    served.get(&queue).unwrap().json()["count"].as_u64()
}

/// Waits until `is_so`.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

const FILTER: [&str; 4] = ["processors", "Get", "properties", "File Filter"];
