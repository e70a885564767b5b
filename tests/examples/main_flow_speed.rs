//! The main flow over an hour of audio, against decoding and extracting without an engine, in turns.
//! `cargo run --release -p tutti-tests --example main_flow_speed` after
//! `cargo build --release -p tutti-cli -p tutti-audio --examples`

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use tutti_tests::{binary, recordings};

/// All examples are 61.4 s long: together an hour.
const COPIES: usize = 59;
const ROUNDS: usize = 5;
/// In which `/proc` counts processor time.
const TICKS_A_SECOND: f64 = 100.0;

struct Cost {
    cpu_s: f64,
    wall_s: f64,
}

/// Processor time of all children that have ended.
fn children_cpu_s() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(')').ok_or("an odd /proc/self/stat")?.1.split_whitespace();
    // Of the fields after the name: user and system time of children.
    let ticks: Result<Vec<f64>, _> = fields.skip(13).take(2).map(str::parse).collect();
    Ok(ticks?.iter().sum::<f64>() / TICKS_A_SECOND)
}

fn measure(command: &mut Command) -> Result<Cost, Box<dyn Error>> {
    let (before, started) = (children_cpu_s()?, Instant::now());
    let status = command.stdout(Stdio::null()).status()?;
    if !status.success() {
        return Err(format!("{command:?} ended with {status}").into());
    }
    Ok(Cost { cpu_s: children_cpu_s()? - before, wall_s: started.elapsed().as_secs_f64() })
}

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

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
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
        let without = measure(Command::new(&plain).arg(&input))?;
        let output = desk.path().join(format!("out{round}"));
        let run = binary::Run::flow(&flow, &desk.path().join(format!("data{round}")))
            .parameter("input", &input)
            .parameter("output", format!("file://{}", output.display()));
        let with = measure(&mut run.into_command())?;
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
