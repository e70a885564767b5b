//! Compares a look at recordings with decoding them, in seconds of one thread.
//! `cargo run --release -p tutti-audio --example scan FILE...`

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::time::Instant;

use tutti_audio::decode::{DecodeError, Decoder, Options, scan};

/// How often, of which the fastest counts.
const REPEATS: usize = 20;

/// Seconds that `work` takes.
fn fastest(mut work: impl FnMut() -> Result<(), DecodeError>) -> Result<f64, DecodeError> {
    let mut fastest = f64::INFINITY;
    for _ in 0..REPEATS {
        let start = Instant::now();
        work()?;
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    Ok(fastest)
}

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        let bytes: &'static [u8] = fs::read(&path)?.leak();
        let source = || Box::new(Cursor::new(bytes));
        let info = scan(source())?.info;
        let seconds = info.frames.unwrap_or(0) as f64 / f64::from(info.sample_rate);
        let scanned = fastest(|| scan(source()).map(drop))?;
        let decoded = fastest(|| {
            let mut decoder = Decoder::open(source(), &Options::default())?;
            let mut block = Vec::new();
            while decoder.read(&mut block)? {}
            Ok(())
        })?;
        println!(
            "{path}: {:.1} of {:.1} microseconds per second of audio, {:.1} %",
            scanned / seconds * 1e6,
            decoded / seconds * 1e6,
            scanned / decoded * 100.0
        );
    }
    Ok(())
}
