//! How long pages of a queue of a million flowfiles take, from anywhere in it, and with a filter.
//! `cargo run --release -p tutti-tests --example queue_pages`, with the binary built

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tutti_tests::seed::Random;
use tutti_tests::served::Served;

const FLOWFILES: u64 = 1_000_000;
const PAGES: usize = 200;
const QUEUE: &str = "/api/v1/flows/long/queue?connection=Make%20%5Bsuccess%5D%20-%3E%20Log";
const PERIOD: Duration = Duration::from_millis(200);

fn main() -> Result<(), Box<dyn Error>> {
    let desk = tempfile::tempdir()?;
    let path = desk.path().join("long.json");
    let connection = json!({
        "from": "Make", "relationships": ["success"], "to": "Log",
        "backPressure": { "count": FLOWFILES },
    });
    let flow = json!({
        "format": 1, "name": "long",
        "processors": {
            "Make": {
                "type": "GenerateFlowFile",
                "properties": { "Batch Size": "1000" },
                "schedule": { "period": "0 sec" },
            },
            "Log": { "type": "LogAttribute", "state": "disabled", "autoTerminate": ["success"] },
        },
        "connections": [connection],
    });
    std::fs::write(&path, flow.to_string())?;
    let served = Served::start::<&str>(&path, &desk.path().join("data"), &[])?;
    while count(&served)? < FLOWFILES {
        thread::sleep(PERIOD);
    }
    let never = "&filter=%24%7Bfilename%3Aequals(%27nobody%27)%7D";
    let some = "&filter=%24%7Buuid%3AstartsWith(%27a%27)%7D";
    for (name, more) in [("as it is", ""), ("one of sixteen", some), ("none", never)] {
        let mut random = Random::from_environment("queue_pages", 7);
        let mut times = Vec::new();
        let mut looked = 0;
        for _ in 0..PAGES {
            let after = random.below(FLOWFILES);
            let begun = Instant::now();
            let page = ask(&served, &format!("&after={after}{more}"))?;
            times.push(begun.elapsed());
            looked += page["looked"].as_u64().unwrap_or_default();
        }
        times.sort_unstable();
        let at = |share: usize| times[PAGES * share / 100].as_secs_f64() * 1_000.0;
        let each = looked / PAGES as u64;
        println!("{name}: p50 {:.1} ms, p95 {:.1} ms; {each} looked at", at(50), at(95));
    }
    Ok(())
}

fn count(served: &Served) -> io::Result<u64> {
    Ok(ask(served, "&limit=1")?["count"].as_u64().unwrap_or_default())
}

fn ask(served: &Served, more: &str) -> io::Result<Value> {
    let answer = served.get(&format!("{QUEUE}{more}"))?.expect(200);
    Ok(answer.json())
}
