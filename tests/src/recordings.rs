//! Recordings made for a test: short, all different, and cheap to make by the hundred.

use std::fs;
use std::io;
use std::path::Path;

/// A WAV file: 16 bit, mono, 8 kHz, a tone whose pitch depends on `number`.
pub fn tone(number: u64, milliseconds: u32) -> Vec<u8> {
    const RATE_HZ: u32 = 8_000;
    let frames = RATE_HZ * milliseconds / 1_000;
    let frequency_hz = 100.0 + (number % 3_000) as f64;
    let data_bytes = frames * 2;
    let mut wav = Vec::with_capacity(44 + data_bytes as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + data_bytes).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16_u32.to_le_bytes());
    wav.extend_from_slice(&1_u16.to_le_bytes());
    wav.extend_from_slice(&1_u16.to_le_bytes());
    wav.extend_from_slice(&RATE_HZ.to_le_bytes());
    wav.extend_from_slice(&(RATE_HZ * 2).to_le_bytes());
    wav.extend_from_slice(&2_u16.to_le_bytes());
    wav.extend_from_slice(&16_u16.to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&data_bytes.to_le_bytes());
    for frame in 0..frames {
        let phase = std::f64::consts::TAU * frequency_hz * f64::from(frame) / f64::from(RATE_HZ);
        let sample = (phase.sin() * 12_000.0) as i16;
        wav.extend_from_slice(&sample.to_le_bytes());
    }
    wav
}

/// Puts a file where it appears whole: written elsewhere on the same disk, then renamed.
pub fn place(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let hidden = folder.join(format!(".{name}.part"));
    fs::write(&hidden, bytes)?;
    fs::rename(hidden, folder.join(name))
}
