//! Prints the digital scores of recordings, a line of JSON for each.
//! `cargo run --release -p tutti-audio --example score FILE...`

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::io::Cursor;

use tutti_audio::score::analyze;

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        let score = analyze(Box::new(Cursor::new(std::fs::read(&path)?)))
            .map_err(|error| format!("{path}: {error}"))?;
        println!("{}", serde_json::to_string(&score)?);
    }
    Ok(())
}
