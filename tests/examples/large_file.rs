//! One file of 4 GB from GetFile to PutFile: time and memory, against `cp` and `sync` twice, as
//! the engine keeps a copy of its own in between.
//! `cargo run --release -p tutti-tests --example large_file`, with the binary built

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read};
use std::process::{Command, Stdio};

use tutti_tests::cost::measure;
use tutti_tests::{binary, flows, recordings};

const BYTES: u64 = 4 << 30;

fn main() -> Result<(), Box<dyn Error>> {
    let desk = tempfile::tempdir()?;
    let (input, output) = (desk.path().join("in"), desk.path().join("out"));
    fs::create_dir(&input)?;
    let path = input.join("large");
    io::copy(&mut File::open("/dev/urandom")?.take(BYTES), &mut File::create(&path)?)?;
    recordings::age(&path)?;
    let commands = "cp large copy1 && sync copy1 && cp copy1 copy2 && sync copy2 && rm copy1 copy2";
    let plain = measure(Command::new("sh").args(["-c", commands]).current_dir(&input))?;
    let flow = flows::write(desk.path(), "copy", &flows::copy_with_unique_names(true))?;
    let run = binary::Run::flow(&flow, &desk.path().join("data"))
        .parameter("input", &input)
        .parameter("output", &output);
    let cost = measure(run.into_command().stdout(Stdio::null()))?;
    let copied: u64 = fs::read_dir(&output)?
        .map(|entry| Ok(entry?.metadata()?.len()))
        .sum::<io::Result<u64>>()?;
    if copied != BYTES {
        return Err(format!("{copied} bytes came out").into());
    }
    println!(
        "4 GB: {:.1} s, {:.1} CPU-s, {:.0} MB of memory at most; copied twice by cp: {:.1} s, \
         {:.1} CPU-s",
        cost.wall_s, cost.cpu_s, cost.memory_mb, plain.wall_s, plain.cpu_s
    );
    Ok(())
}
