//! Features against librosa's own, from `golden/features.py`.
//!
//! Tolerances are at most ten times the noise that librosa itself shows when its input is moved by
//! one unit in the last place; what is a count or a bin must be the very same.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::fs;

use serde_json::Value;
use tutti_audio::features::{Config, Extractor, Feature, Statistic, Summary};

/// librosa's name, the feature, and how many frames lie between two that were written down.
const FEATURES: [(&str, Feature, usize); 9] = [
    ("mfcc", Feature::Mfcc, 8),
    ("melspectrogram", Feature::Melspectrogram, 64),
    ("stft", Feature::Stft, 64),
    ("spectral_centroid", Feature::SpectralCentroid, 1),
    ("spectral_bandwidth", Feature::SpectralBandwidth, 1),
    ("spectral_rolloff", Feature::SpectralRolloff, 1),
    ("spectral_flatness", Feature::SpectralFlatness, 1),
    ("rms", Feature::Rms, 1),
    ("zero_crossing_rate", Feature::ZeroCrossingRate, 1),
];

fn cases() -> Vec<Value> {
    let text = fs::read_to_string("tests/golden/features.json").unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    golden["cases"].as_array().unwrap().clone()
}

fn samples(case: &Value) -> Vec<f32> {
    let (first, count) = (case["first"].as_u64().unwrap(), case["count"].as_u64().unwrap());
    common::clip(case["recording"].as_str().unwrap(), first as usize, count as usize)
}

fn config(case: &Value) -> Config {
    let parameters = &case["parameters"];
    let whole = |name: &str| parameters[name].as_u64().map(|value| value as usize);
    let default = Config::default();
    Config {
        n_fft: whole("n_fft").unwrap_or(default.n_fft),
        hop_length: whole("hop_length").unwrap_or(default.hop_length),
        win_length: whole("win_length"),
        n_mels: whole("n_mels").unwrap_or(default.n_mels),
        fmin: parameters["fmin"].as_f64().unwrap_or(default.fmin),
        fmax: parameters["fmax"].as_f64(),
        n_mfcc: whole("n_mfcc").unwrap_or(default.n_mfcc),
        lifter: parameters["lifter"].as_f64().unwrap_or(default.lifter),
        roll_percent: parameters["roll_percent"].as_f64().unwrap_or(default.roll_percent),
        ..default
    }
}

fn extractor(case: &Value, features: Vec<Feature>) -> Extractor {
    let rate = case["sampleRate"].as_u64().unwrap() as u32;
    Extractor::new(&Config { features, ..config(case) }, rate).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|each| each.as_f64().unwrap()).collect()
}

/// How far from librosa's `expected` a value may be; `scale` is the greatest of the frame.
fn tolerance(feature: Feature, expected: f64, scale: f64) -> f64 {
    match feature {
        Feature::Mfcc => 9e-4,
        Feature::Melspectrogram => 1.6e-6 * scale,
        Feature::Stft => 1e-6 * scale,
        Feature::SpectralCentroid => 0.084,
        Feature::SpectralBandwidth => 1e-5 * expected,
        Feature::SpectralFlatness => 8e-5,
        Feature::Rms => 1e-6 * expected,
        // Rolloff and zero crossings: printed with nine digits, so that exactly equal is within
        // half of the last.
        _ => 1e-7 * expected,
    }
}

#[test]
fn every_feature_is_librosas() {
    let mut compared = 0;
    for (number, case) in cases().iter().enumerate() {
        for (name, feature, step) in FEATURES {
            let mut extractor = extractor(case, vec![feature]);
            // Blocks as a decoder gives them.
            for block in samples(case).chunks(1_152) {
                extractor.push(block).unwrap();
            }
            let mut features = extractor.finish().unwrap();
            assert_eq!(features.frames_left(), case["frames"].as_u64().unwrap());
            let mut expected = case["values"][name].as_array().unwrap().iter();
            let (mut frame, mut index, mut worst) = (Vec::new(), 0, 0.0_f64);
            while features.next_frame(&mut frame).unwrap() {
                if index % step == 0 {
                    let expected = numbers(expected.next().expect("a frame of librosa"));
                    let scale = expected.iter().fold(0.0, |most: f64, each| most.max(each.abs()));
                    assert_eq!(frame.len(), expected.len());
                    for (&value, &expected) in frame.iter().zip(&expected) {
                        let off = (f64::from(value) - expected).abs();
                        let allowed = tolerance(feature, expected, scale);
                        assert!(
                            off <= allowed,
                            "case {number}, {name}, frame {index}: {value}, not {expected}"
                        );
                        worst = worst.max(off / allowed.max(f64::MIN_POSITIVE));
                        compared += 1;
                    }
                }
                index += 1;
            }
            assert!(expected.next().is_none(), "librosa has more frames of {name}");
            println!("case {number}, {name}: {worst:.3} of what is allowed");
        }
    }
    assert!(compared > 10_000, "{compared} numbers compared");
}

#[test]
fn statistics_are_numpys() {
    let statistics = [
        ("mean", Statistic::Mean),
        ("std", Statistic::Std),
        ("min", Statistic::Min),
        ("max", Statistic::Max),
    ];
    for (number, case) in cases().iter().enumerate() {
        let mut extractor = extractor(case, vec![Feature::Mfcc]);
        extractor.push(&samples(case)).unwrap();
        let summary = Summary::of(&mut extractor.finish().unwrap()).unwrap();
        for (name, statistic) in statistics {
            let expected = numbers(&case["mfccSummary"][name]);
            let made = summary.get(statistic);
            assert_eq!(made.len(), expected.len());
            for (made, expected) in made.iter().zip(expected) {
                let off = (f64::from(*made) - expected).abs();
                assert!(off <= 9e-4, "case {number}, {name}: {made}, not {expected}");
            }
        }
    }
}
