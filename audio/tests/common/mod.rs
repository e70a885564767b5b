//! Recordings, and everything that a decoder makes of one.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it, and may fail")]

use std::fs;
use std::io::Cursor;
use std::path::Path;

use tutti_audio::decode::{Damage, DecodeError, Decoder, Options, Source, StreamInfo};

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new("../tests/fixtures/audio").join(name)).unwrap()
}

pub(crate) fn source(bytes: &[u8]) -> Box<dyn Source> {
    Box::new(Cursor::new(bytes.to_vec()))
}

/// What a decoder gave.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) info: StreamInfo,
    pub(crate) samples: Vec<f32>,
    pub(crate) sample_rate: u32,
    pub(crate) damage: Damage,
}

/// Decodes all of `bytes`.
pub(crate) fn decode(bytes: &[u8], options: &Options) -> Result<Decoded, DecodeError> {
    let mut decoder = Decoder::open(source(bytes), options)?;
    let (mut block, mut samples) = (Vec::new(), Vec::new());
    while decoder.read(&mut block)? {
        samples.extend_from_slice(&block);
    }
    Ok(Decoded {
        info: decoder.info().clone(),
        samples,
        sample_rate: decoder.sample_rate(),
        damage: decoder.damage().clone(),
    })
}

/// The same where nothing may be broken.
pub(crate) fn whole(bytes: &[u8], options: &Options) -> Decoded {
    let decoded = decode(bytes, options).unwrap();
    assert!(decoded.damage.is_none(), "{}", decoded.damage);
    decoded
}

/// Samples from `first` on of the mean of the channels of a 16-bit WAV file, as
/// `librosa.load(sr=None)`. Not through the decoder, so that a test judges nothing else.
pub(crate) fn clip(name: &str, first: usize, count: usize) -> Vec<f32> {
    let bytes = fixture(name);
    let channels = usize::from(u16::from_le_bytes([bytes[22], bytes[23]]));
    let data = bytes.windows(4).position(|four| four == b"data").unwrap() + 8;
    let all: Vec<f32> = bytes[data..]
        .chunks_exact(2)
        .map(|two| f32::from(i16::from_le_bytes([two[0], two[1]])) / 32_768.0)
        .collect();
    let mono = all.chunks_exact(channels).map(|each| each.iter().sum::<f32>() / channels as f32);
    mono.skip(first).take(count).collect()
}
