//! MFCC of a recording that lasts for hours and is never anywhere as a whole, and the memory that
//! took: `cargo run --release -p tutti-audio --example long HOURS [FEATURE...]`

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::time::Instant;

use tutti_audio::decode::{Decoder, Options, Source};
use tutti_audio::features::{Config, Extractor, Feature, Statistic, Summary, percentiles};
use tutti_audio::wav::{SampleFormat, header};

const SR: u32 = 44_100;

/// The bytes of a WAV file that are made when they are read.
struct Made {
    header: Vec<u8>,
    at: u64,
    bytes: u64,
}

impl Made {
    fn new(hours: f64) -> Self {
        let frames = (hours * 3_600.0 * f64::from(SR)) as u64;
        let header = header(SampleFormat::Int16, frames, SR, 1);
        Self { bytes: header.len() as u64 + 2 * frames, header, at: 0 }
    }

    /// A tone that begins anew each half second, with noise.
    fn byte(&self, at: u64) -> u8 {
        if let Some(byte) = usize::try_from(at).ok().and_then(|at| self.header.get(at)) {
            return *byte;
        }
        let at = at - self.header.len() as u64;
        let index = at / 2;
        let beat = u64::from(SR) / 2;
        let loud = 12_000_u64.saturating_sub(index % beat);
        let tone = (index * (220 + 55 * (index / beat % 4)) % u64::from(SR)) * loud / u64::from(SR);
        let noise = index.wrapping_mul(6_364_136_223_846_793_005) >> 55;
        ((tone + noise) as i16).to_le_bytes()[(at % 2) as usize]
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = (buffer.len() as u64).min(self.bytes.saturating_sub(self.at));
        for (offset, byte) in (0..count).zip(buffer) {
            *byte = self.byte(self.at + offset);
        }
        self.at += count;
        Ok(count as usize)
    }
}

impl Seek for Made {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl Source for Made {
    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}

/// The most memory that was used, as Linux counts it.
fn memory() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let hours: f64 = arguments.next().ok_or("say how many hours")?.parse()?;
    let named: Vec<String> = arguments.collect();
    let is_named = |feature: &Feature| named.iter().any(|name| name == feature.name());
    let mut features: Vec<Feature> = Feature::ALL.into_iter().filter(is_named).collect();
    if features.is_empty() {
        features.push(Feature::Mfcc);
    }
    let begun = Instant::now();
    let options = Options { mono: true, sample_rate: None };
    let mut decoder = Decoder::open(Box::new(Made::new(hours)), &options)?;
    let config = Config { features, n_mfcc: 13, ..Config::default() };
    let mut extractor = Extractor::new(&config, decoder.sample_rate())?;
    let mut block = Vec::new();
    while decoder.read(&mut block)? {
        extractor.push(&block)?;
    }
    let mut features = extractor.finish()?;
    let means = Summary::of(&mut features)?.get(Statistic::Mean);
    let medians = percentiles(&mut features, &[50.0])?;
    println!("{} frames, means {:?}", features.frames(), means.get(..3));
    println!("medians {:?}", medians.first().and_then(|medians| medians.get(..3)));
    println!("{:.1} s, at most {}", begun.elapsed().as_secs_f64(), memory().unwrap_or_default());
    Ok(())
}
