//! Recordings in every format against what is known of them.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::fs;

use serde_json::Value;
use tutti_audio::decode::{Options, StreamInfo, scan};
use tutti_audio::features::{Config, Extractor, Statistic, Summary};

use common::{fixture, source};

fn recordings() -> Vec<Value> {
    let manifest: Value = serde_json::from_slice(&fixture("manifest.json")).unwrap();
    manifest["files"].as_array().unwrap().clone()
}

fn decode(name: &str, mono: bool) -> (StreamInfo, Vec<f32>) {
    let decoded = common::whole(&fixture(name), &Options { mono, ..Options::default() });
    (decoded.info, decoded.samples)
}

fn mfccs(samples: &[f32], sample_rate: u32) -> Vec<f32> {
    let config = Config { n_mfcc: 13, ..Config::default() };
    let mut extractor = Extractor::new(&config, sample_rate).unwrap();
    extractor.push(samples).unwrap();
    Summary::of(&mut extractor.finish().unwrap()).unwrap().get(Statistic::Mean)
}

fn worst(made: &[f32], expected: &Value) -> f64 {
    let expected = expected.as_array().unwrap();
    assert_eq!(made.len(), expected.len());
    let pairs = made.iter().zip(expected);
    pairs.map(|(a, b)| (f64::from(*a) - b.as_f64().unwrap()).abs()).fold(0.0, f64::max)
}

#[test]
fn every_recording_is_what_its_manifest_says() {
    for recording in recordings() {
        let name = recording["file"].as_str().unwrap();
        let (info, samples) = decode(name, true);
        assert_eq!(Some(u64::from(info.sample_rate)), recording["sampleRate"].as_u64(), "{name}");
        assert_eq!(Some(u64::from(info.channels)), recording["channels"].as_u64(), "{name}");
        let (codec, container, mime_type) = match name.rsplit_once('.').unwrap().1 {
            "wav" => ("pcm_s16le", "wave", "audio/wav"),
            "mp3" => ("mp3", "mp3", "audio/mpeg"),
            "flac" => ("flac", "flac", "audio/flac"),
            _ => ("vorbis", "ogg", "audio/ogg"),
        };
        assert_eq!((info.codec, info.container, info.mime_type), (codec, container, mime_type));
        // To the very sample, as libsndfile: what an encoder adds at the ends is gone.
        assert_eq!(info.frames, Some(samples.len() as u64), "{name}");
        let seconds = samples.len() as f64 / f64::from(info.sample_rate);
        assert!((seconds - recording["seconds"].as_f64().unwrap()).abs() < 1e-3, "{name}");
        let scanned = scan(source(&fixture(name))).unwrap();
        assert_eq!(scanned.info, info, "{name}");
        assert_eq!(scanned.decodable, info.frames, "{name}");
        assert!(scanned.damage.is_none(), "{name}: {}", scanned.damage);
    }
}

#[test]
fn mfcc_of_every_recording_are_librosas() {
    for recording in recordings() {
        let name = recording["file"].as_str().unwrap();
        let (info, samples) = decode(name, true);
        let off = worst(&mfccs(&samples, info.sample_rate), &recording["mfccs"]);
        // Ten times the noise that librosa itself shows.
        assert!(off < 9e-4, "{name}: {off}");
    }
}

#[test]
fn mfcc_at_another_rate_are_close_to_those_of_soxr() {
    let text = fs::read("tests/golden/features.json").unwrap();
    let golden: Value = serde_json::from_slice(&text).unwrap();
    for recording in golden["resampled"].as_array().unwrap() {
        let name = recording["recording"].as_str().unwrap();
        let rate = recording["sampleRate"].as_u64().unwrap() as u32;
        let options = Options { mono: true, sample_rate: Some(rate) };
        let decoded = common::whole(&fixture(name), &options);
        assert_eq!(decoded.sample_rate, rate);
        let all = decoded.samples;
        assert_eq!(all.len() as u64, recording["count"].as_u64().unwrap(), "{name}");
        let off = worst(&mfccs(&all, rate), &recording["mfccs"]);
        println!("{name} at {rate} Hz: {off}");
        // Between soxr's own HQ and VHQ lies 0.1 on average.
        assert!(off < 0.1, "{name} at {rate} Hz: {off}");
    }
}

#[test]
fn the_same_music_is_the_same_in_every_format() {
    let (_, wav) = decode("mountain.wav", false);
    assert_eq!(decode("mountain.flac", false).1, wav);
    for name in ["mountain.ogg", "mountain.mp3"] {
        let (_, lossy) = decode(name, false);
        assert_eq!(lossy.len(), wav.len());
        let energy = |samples: &[f32]| samples.iter().map(|x| f64::from(x * x)).sum::<f64>();
        let apart: Vec<f32> = wav.iter().zip(&lossy).map(|(a, b)| a - b).collect();
        let share = energy(&apart) / energy(&wav);
        println!("{name}: {share}");
        // A shift by one sample alone would be more than that.
        assert!(share < 0.01, "{name}: {share}");
    }
}
