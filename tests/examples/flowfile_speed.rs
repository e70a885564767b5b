//! What a flowfile costs on its way through a flow: made, given attributes, routed and ended; and
//! files on their way from one folder to another, beside plain programs that write as many.
//! `cargo run --release -p tutti-tests --example flowfile_speed`, with the binary built

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use rustix::fs::syncfs;
use serde_json::{Value, json};
use tempfile::TempDir;
use tutti_tests::cost::{Cost, measure};
use tutti_tests::{binary, flows};

const ROUNDS: usize = 3;
/// How long flowfiles are made, in seconds.
const SECONDS: &str = "10";
const FILES: usize = 10_000;
const FILE_BYTES: usize = 10_240;

fn main() -> Result<(), Box<dyn Error>> {
    for _ in 0..ROUNDS {
        let desk = tempfile::tempdir()?;
        // Interrupted, it lets what is in the flow come to its end, and ends well.
        let mut command = Command::new("timeout");
        command.args(["--preserve-status", "--signal", "INT", SECONDS]).arg(binary::path());
        let (cost, ended) = run(command, &desk, &flows::made("100", "0 sec"))?;
        tell("made, updated, routed, ended", &cost, ended);
    }
    for _ in 0..ROUNDS {
        let desk = tempfile::tempdir()?;
        let folder = desk.path().join("in");
        fs::create_dir(&folder)?;
        for number in 0..FILES {
            fs::write(folder.join(number.to_string()), vec![b'x'; FILE_BYTES])?;
        }
        let mut command = Command::new(binary::path());
        command.env("RUST_BACKTRACE", "0");
        // Those who made them have brought them to the disk.
        syncfs(File::open(&folder)?)?;
        let (cost, ended) = run(command, &desk, &copied(desk.path()).to_string())?;
        tell("files of 10 KB from folder to folder", &cost, ended);
        for how in [Plain::EachSynced, Plain::AllWrittenThenEachSynced, Plain::AllWrittenThenAll] {
            let desk = tempfile::tempdir()?;
            let started = Instant::now();
            write_plainly(desk.path(), how)?;
            let each = FILES as f64 / started.elapsed().as_secs_f64();
            println!("  a plain program, {how:?}: {each:.0} a second");
        }
    }
    Ok(())
}

/// How a plain program brings its files to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plain {
    EachSynced,
    AllWrittenThenEachSynced,
    AllWrittenThenAll,
}

/// Writes as many files into `folder`, and syncs them and the folder.
fn write_plainly(folder: &Path, how: Plain) -> io::Result<()> {
    let mut files = Vec::new();
    let bytes = vec![b'x'; FILE_BYTES];
    let sync_them = |files: &mut Vec<File>| files.drain(..).try_for_each(|file| file.sync_data());
    for number in 0..FILES {
        let mut file = File::create(folder.join(number.to_string()))?;
        file.write_all(&bytes)?;
        files.push(file);
        // More of them may not be open at a time.
        let is_batch = how == Plain::EachSynced || files.len() == 500;
        if is_batch && how != Plain::AllWrittenThenAll {
            sync_them(&mut files)?;
        } else if is_batch {
            files.clear();
        }
    }
    sync_them(&mut files)?;
    let folder = File::open(folder)?;
    if how == Plain::AllWrittenThenAll {
        syncfs(&folder)?;
    }
    folder.sync_all()
}

fn copied(desk: &Path) -> Value {
    json!({
        "format": 1,
        "name": "copied",
        "processors": {
            "Get": {
                "type": "GetFile",
                "properties": {
                    "Directory": desk.join("in"), "Batch Size": "100",
                    "Keep Source File": "false", "Minimum File Age": "0 sec"
                }
            },
            "Update": {
                "type": "UpdateAttribute",
                "properties": { "upper": "${filename:toUpper()}" }
            },
            "Put": {
                "type": "PutFile",
                "properties": { "Directory": desk.join("out") },
                "autoTerminate": ["success", "failure"]
            }
        },
        "connections": [
            { "from": "Get", "relationships": ["success"], "to": "Update" },
            { "from": "Update", "relationships": ["success"], "to": "Put" }
        ]
    })
}

/// Runs a flow until it is idle or interrupted; how many flowfiles ended.
fn run(mut command: Command, desk: &TempDir, flow: &str) -> Result<(Cost, u64), Box<dyn Error>> {
    let path = flows::write(desk.path(), "flow", flow)?;
    let summary = desk.path().join("summary.json");
    command
        .arg("run")
        .arg(&path)
        .args(["--until-idle", "--json", "--data"])
        .arg(desk.path().join("data"))
        .stdout(File::create(&summary)?)
        .stderr(Stdio::null());
    let cost = measure(&mut command)?;
    let summary: Value = serde_json::from_slice(&fs::read(summary)?)?;
    let processors = summary["processors"].as_array().ok_or("a summary without processors")?;
    let ended = processors.iter().filter_map(|each| each["totals"]["flowfilesEnded"].as_u64());
    Ok((cost, ended.sum()))
}

fn tell(what: &str, cost: &Cost, ended: u64) {
    let each = |seconds: f64| seconds * 1e6 / ended as f64;
    println!(
        "{what}: {ended}, {:.0} a second, {:.1} us of processor time each, {:.0} MB",
        ended as f64 / cost.wall_s,
        each(cost.cpu_s),
        cost.memory_mb
    );
}
