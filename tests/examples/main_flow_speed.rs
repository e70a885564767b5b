//! The main flow over an hour of audio, against decoding and extracting without an engine, in
//! turns: once as pieces of some minutes, once as very many short recordings.
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
/// Of each kind: 15 together, an hour.
const PIECES: usize = 5;
const ROUNDS: usize = 5;

/// 472 recordings of 0.4 to 15 s.
fn short(folder: &Path) -> Result<(), Box<dyn Error>> {
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

/// 15 recordings of about 4 minutes: MP3 and Ogg Vorbis, one after the other, and WAV.
fn pieces(folder: &Path) -> Result<(), Box<dyn Error>> {
    let example = |name: &str| fs::read(recordings::examples().join(name));
    let (mp3, ogg) = (example("march.mp3")?.repeat(16), example("palace.ogg")?.repeat(24));
    let wav = recordings::repeat_wav(&example("mountain.wav")?, 40).ok_or("no samples")?;
    for copy in 0..PIECES {
        recordings::place(folder, format!("{copy}.mp3"), &mp3)?;
        recordings::place(folder, format!("{copy}.ogg"), &ogg)?;
        recordings::place(folder, format!("{copy}.wav"), &wav)?;
    }
    Ok(())
}

fn compare(desk: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let input = desk.join(name);
    let flow = binary::repository().join("flows/audio-features.json");
    let plain = binary::path().with_file_name("examples").join("features");
    let (mut ratios, mut busy) = (Vec::new(), Vec::new());
    let (mut least_without, mut least_with) = (f64::MAX, f64::MAX);
    for round in 1..=ROUNDS {
        let without = measure(Command::new(&plain).arg(&input).stdout(Stdio::null()))?;
        let output = desk.join(format!("{name}-out{round}"));
        let run = binary::Run::flow(&flow, &desk.join(format!("{name}-data{round}")))
            .parameter("input", &input)
            .parameter("output", format!("file://{}", output.display()));
        let with = measure(run.into_command().stdout(Stdio::null()))?;
        let ratio = with.cpu_s / without.cpu_s;
        println!(
            "{name}, round {round}: without an engine {:.2} CPU-s in {:.2} s; the main flow {:.2} \
             CPU-s in {:.2} s: {ratio:.2} times",
            without.cpu_s, without.wall_s, with.cpu_s, with.wall_s
        );
        ratios.push(ratio);
        busy.push(with.cpu_s / with.wall_s);
        least_without = least_without.min(without.cpu_s);
        least_with = least_with.min(with.cpu_s);
    }
    println!(
        "{name}, median of {ROUNDS}: {:.2} times the processor time, {:.2} cores busy; the least \
         against the least: {:.2} times",
        median(ratios),
        median(busy),
        least_with / least_without
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let desk = tempfile::tempdir()?;
    for (name, make) in [("pieces", pieces as fn(&Path) -> _), ("short", short)] {
        let input = desk.path().join(name);
        fs::create_dir(&input)?;
        make(&input)?;
        compare(desk.path(), name)?;
    }
    Ok(())
}
