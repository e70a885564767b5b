//! What holds for any bytes, for tests and for the fuzz target alike: they are refused, or decoded
//! to no more than they can hold, and what is decoded has features.

use std::io::Cursor;

use tutti_audio::decode::{Decoder, Options, Source, scan};
use tutti_audio::features::{Config, Extractor};

/// Samples of each channel for which a byte can stand: in a packet that is silent.
const FRAMES_PER_BYTE_MAX: u64 = 1 << 13;
/// Samples of each channel that are analysed; more take long, and tell nothing more.
const FRAMES_MAX: u64 = 100_000;

fn source(bytes: &[u8]) -> Box<dyn Source> {
    Box::new(Cursor::new(bytes.to_vec()))
}

/// Looks at `bytes`, decodes and analyses them.
pub(crate) fn survives(bytes: &[u8]) {
    let most = FRAMES_PER_BYTE_MAX * bytes.len() as u64;
    if let Ok(scanned) = scan(source(bytes)) {
        assert!(!scanned.damage.to_string().is_empty());
        for frames in [scanned.decodable, scanned.info.frames].into_iter().flatten() {
            assert!(frames <= most, "{scanned:?}");
        }
    }
    let options = Options { mono: true, sample_rate: None };
    let Ok(mut decoder) = Decoder::open(source(bytes), &options) else { return };
    let config = Config { n_fft: 512, hop_length: 256, n_mels: 20, n_mfcc: 5, ..Config::default() };
    let Ok(mut extractor) = Extractor::new(&config, decoder.sample_rate()) else { return };
    let mut block = Vec::new();
    while decoder.frames() <= FRAMES_MAX && decoder.read(&mut block).unwrap_or(false) {
        assert!(decoder.frames() <= most, "{} samples", decoder.frames());
        if extractor.push(&block).is_err() {
            return;
        }
    }
    let Ok(mut features) = extractor.finish() else { return };
    let mut frame = Vec::new();
    while features.next_frame(&mut frame).unwrap_or(false) {}
}
