//! Recordings: some made for a test, cheap by the hundred, and the real ones of the repository.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

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

/// A WAV file whose samples are those of `wav`, so many times; `None` when it has none, or would
/// have more than 4 GB.
pub fn repeat_wav(wav: &[u8], times: usize) -> Option<Vec<u8>> {
    let name = wav.windows(4).position(|four| four == b"data")?;
    let begin = name + 8;
    let samples = wav[begin..].repeat(times);
    let mut longer = wav[..begin].to_vec();
    let bytes = |length: usize| u32::try_from(length).ok().map(u32::to_le_bytes);
    longer[4..8].copy_from_slice(&bytes(begin + samples.len() - 8)?);
    longer[name + 4..begin].copy_from_slice(&bytes(samples.len())?);
    longer.extend(samples);
    Some(longer)
}

/// Puts a file where it appears whole: written elsewhere on the same disk, then renamed. It looks
/// a minute old, so that it is not taken for one that is still being written.
///
/// # Errors
/// Whatever the disk says.
pub fn place(folder: &Path, name: impl AsRef<OsStr>, bytes: &[u8]) -> io::Result<()> {
    let mut hidden = OsString::from(".");
    hidden.push(name.as_ref());
    hidden.push(".part");
    let hidden = folder.join(hidden);
    fs::write(&hidden, bytes)?;
    age(&hidden)?;
    fs::rename(hidden, folder.join(name.as_ref()))
}

/// Makes a file look a minute old.
///
/// # Errors
/// Whatever the disk says.
pub fn age(path: &Path) -> io::Result<()> {
    let minute_ago = SystemTime::now() - Duration::from_mins(1);
    File::options().append(true).open(path)?.set_modified(minute_ago)
}

/// The folder of real recordings, with their manifest.
pub fn examples() -> PathBuf {
    crate::binary::repository().join("tests/fixtures/audio")
}

/// What the manifest says of each real recording.
///
/// # Errors
/// When it cannot be read.
pub fn manifest() -> io::Result<Vec<Value>> {
    let text = fs::read_to_string(examples().join("manifest.json"))?;
    let manifest: Value = serde_json::from_str(&text)?;
    Ok(manifest["files"].as_array().cloned().unwrap_or_default())
}
