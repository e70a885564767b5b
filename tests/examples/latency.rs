//! How long a flowfile takes from its source to its end at a hundred a second, as its provenance
//! says: made, given attributes, routed and ended.
//! `cargo run --release -p tutti-tests --example latency`, with the binary built

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::collections::HashMap;
use std::error::Error;
use std::process::{Command, Stdio};

use serde_json::Value;
use tutti_tests::cost::measure;
use tutti_tests::{binary, flows};

/// How long flowfiles are made, in seconds.
const SECONDS: &str = "30";
/// More than there will be.
const EVENTS_MAX: &str = "100000";

fn main() -> Result<(), Box<dyn Error>> {
    let desk = tempfile::tempdir()?;
    let flow = flows::write(desk.path(), "made", &flows::made("1", "10 ms"))?;
    let data = desk.path().join("data");
    // Interrupted, it lets what is in the flow come to its end, and ends well.
    let mut command = Command::new("timeout");
    command.args(["--preserve-status", "--signal", "INT", SECONDS]).arg(binary::path());
    command.arg("run").arg(flow).arg("--data").arg(&data).stdout(Stdio::null());
    let cost = measure(command.stderr(Stdio::null()))?;
    let told = Command::new(binary::path())
        .args(["provenance", "--json", "--limit", EVENTS_MAX, "--data"])
        .arg(&data)
        .output()?;
    let mut made = HashMap::new();
    let mut ended = Vec::new();
    for line in String::from_utf8(told.stdout)?.lines() {
        let event: Value = serde_json::from_str(line)?;
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let time_ms = time_ms(&text("time")).ok_or("an event without a time")?;
        match text("type").as_str() {
            "CREATE" => drop(made.insert(text("uuid"), time_ms)),
            "DROP" => ended.push((text("uuid"), time_ms)),
            _ => {}
        }
    }
    let mut taken_ms: Vec<u32> = ended
        .iter()
        .filter_map(|(uuid, end)| Some((end + DAY_MS - made.get(uuid)?) % DAY_MS))
        .collect();
    taken_ms.sort_unstable();
    let at = |part: f64| taken_ms[((taken_ms.len() - 1) as f64 * part) as usize];
    // A clock of milliseconds: half of those that take a tenth of one are seen to take none, and so
    // on, so that the mean is right, and a part is no more than one too high.
    println!(
        "{} flowfiles: mean {:.2} ms, p50 {} ms, p90 {} ms, p99 {} ms, max {} ms, {:.0} ms of \
         processor time a second",
        taken_ms.len(),
        f64::from(taken_ms.iter().sum::<u32>()) / taken_ms.len() as f64,
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0),
        cost.cpu_s / cost.wall_s * 1_000.0
    );
    Ok(())
}

const DAY_MS: u32 = 24 * 60 * 60 * 1_000;

/// The time of a day, as in `2026-01-31T18:30:00.250Z`, in milliseconds.
fn time_ms(text: &str) -> Option<u32> {
    let time = text.split_once('T')?.1.strip_suffix('Z')?;
    let (seconds, milliseconds) = time.split_once('.')?;
    let mut numbers = seconds.split(':').map(str::parse::<u32>);
    let seconds = numbers.try_fold(0, |sum, number| Some(sum * 60 + number.ok()?))?;
    Some(seconds * 1_000 + milliseconds.parse::<u32>().ok()?)
}
