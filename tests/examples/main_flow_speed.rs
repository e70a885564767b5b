//! The main flow over an hour of audio, against decoding and extracting without an engine, in
//! turns.
//! `cargo run --release -p tutti-tests --example main_flow_speed` after
//! `cargo build --release -p tutti-cli -p tutti-audio --examples`

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tutti_tests::cost::{measure, median};
use tutti_tests::{binary, recordings};

/// All examples are 61.4 s long: together an hour.
const COPIES: usize = 59;
const ROUNDS: usize = 5;
fn hour(folder: &Path) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(recordings::examples())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension != "json") {
            let bytes = fs::read(&path)?;
            for copy in 0..COPIES {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                recordings::place(folder, format!("{copy:02}-{name}"), &bytes)?;
            }
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let desk = tempfile::tempdir()?;
    let input = desk.path().join("in");
    fs::create_dir(&input)?;
    hour(&input)?;
    let flow = binary::repository().join("flows/audio-features.json");
    let plain = binary::path().with_file_name("examples").join("features");
    let (mut ratios, mut busy) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let without = measure(Command::new(&plain).arg(&input).stdout(Stdio::null()))?;
        let output = desk.path().join(format!("out{round}"));
        let run = binary::Run::flow(&flow, &desk.path().join(format!("data{round}")))
            .parameter("input", &input)
            .parameter("output", format!("file://{}", output.display()));
        let with = measure(run.into_command().stdout(Stdio::null()))?;
        let ratio = with.cpu_s / without.cpu_s;
        println!(
            "round {round}: without an engine {:.2} CPU-s in {:.2} s; the main flow {:.2} CPU-s in \
             {:.2} s: {ratio:.2} times",
            without.cpu_s, without.wall_s, with.cpu_s, with.wall_s
        );
        ratios.push(ratio);
        busy.push(with.cpu_s / with.wall_s);
    }
    println!(
        "median of {ROUNDS}: {:.2} times the processor time, {:.2} cores busy",
        median(ratios),
        median(busy)
    );
    Ok(())
}
