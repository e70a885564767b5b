//! Prints the key and the chords of recordings, a line of JSON for each.
//! `cargo run --release -p tutti-audio --example harmony FILE...`

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::io::Cursor;

use serde_json::{Value, json};
use tutti_audio::decode::{Decoder, Options};
use tutti_audio::harmony::{Chords, PitchOptions, chords, key, pitches};

fn harmony(path: &str) -> Result<Value, Box<dyn Error>> {
    let options = Options { mono: true, sample_rate: Some(22_050) };
    let mut decoder = Decoder::open(Box::new(Cursor::new(std::fs::read(path)?)), &options)?;
    let (mut block, mut samples) = (Vec::new(), Vec::new());
    while decoder.read(&mut block)? {
        samples.extend_from_slice(&block);
    }
    let pitches = pitches(&samples, 22_050.0, &PitchOptions::default())?;
    let key = key(&pitches);
    let chords = chords(&pitches, &Chords::default())?;
    let chord = |chord: &tutti_audio::harmony::Chord| {
        json!([chord.start_s, chord.end_s, chord.to_string(), chord.confidence])
    };
    Ok(json!({
        "file": path,
        "tuning": pitches.tuning,
        "key": key.map(|key| key.to_string()),
        "key_strength": key.map(|key| key.strength),
        "key_confidence": key.map(|key| key.confidence),
        "chords": chords.iter().map(chord).collect::<Vec<Value>>(),
    }))
}

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        println!("{}", harmony(&path)?);
    }
    Ok(())
}
