//! Decodes recordings and extracts 13 MFCC of each, on every core and without an engine: what the
//! main flow is measured against. `cargo run --release -p tutti-audio --example features FOLDER`

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tutti_audio::decode::{Decoder, Options, Source};
use tutti_audio::features::{Config, Extractor, Statistic, Summary};

struct Recording(File);

impl Read for Recording {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Seek for Recording {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl Source for Recording {
    fn byte_len(&self) -> Option<u64> {
        self.0.metadata().ok().map(|metadata| metadata.len())
    }
}

/// The means of the coefficients, and how many seconds the recording has.
fn features(path: &Path) -> Result<(Vec<f32>, f64), Box<dyn Error>> {
    let options = Options { mono: true, sample_rate: None };
    let mut decoder = Decoder::open(Box::new(Recording(File::open(path)?)), &options)?;
    let config = Config { n_mfcc: 13, ..Config::default() };
    let mut extractor = Extractor::new(&config, decoder.sample_rate())?;
    let (mut block, mut samples) = (Vec::new(), 0);
    while decoder.read(&mut block)? {
        extractor.push(&block)?;
        samples += block.len();
    }
    let summary = Summary::of(&mut extractor.finish()?)?;
    Ok((summary.get(Statistic::Mean), samples as f64 / f64::from(decoder.sample_rate())))
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("say which folder")?;
    let paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    let next = AtomicUsize::new(0);
    let work = || {
        let mut seconds = 0.0;
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            match features(path) {
                Ok((mfccs, length)) => {
                    seconds += length;
                    println!("{}: {mfccs:?}", path.display());
                }
                Err(error) => println!("{}: {error}", path.display()),
            }
        }
        seconds
    };
    let threads = thread::available_parallelism()?.get();
    let seconds: f64 = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter().filter_map(|thread| thread.join().ok()).sum()
    });
    println!("{seconds:.1} s of audio");
    Ok(())
}
