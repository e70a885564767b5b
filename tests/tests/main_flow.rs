//! The main flow, as a user runs it: recordings in, librosa's numbers out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::path::Path;

use serde_json::Value;
use tutti_tests::binary::{Finished, repository};
use tutti_tests::desk::Desk;
use tutti_tests::recordings;

fn run(desk: &Desk, input: &Path, parameters: &[(&str, &str)]) -> Finished {
    let flow = repository().join("flows/audio-features.json");
    let mut run = desk.flow(&flow, input, &desk.store());
    for (name, value) in parameters {
        run = run.parameter(name, value);
    }
    run.finish()
}

/// The names of the features in the store.
fn made(desk: &Desk) -> Vec<String> {
    desk.names("audio-features").unwrap()
}

#[test]
fn every_recording_becomes_librosas_numbers() {
    let desk = Desk::new().unwrap();
    let finished = run(&desk, &recordings::examples(), &[]);
    finished.expect_code(0);
    let manifest = fs::read(recordings::examples().join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let files = manifest["files"].as_array().unwrap();
    assert_eq!(made(&desk).len(), files.len());
    for file in files {
        let name = format!("{}.json", file["file"].as_str().unwrap());
        let made = fs::read(desk.path("store/audio-features").join(&name)).unwrap();
        let made: Value = serde_json::from_slice(&made).unwrap();
        assert_eq!(made.as_object().unwrap().len(), 1, "{name}");
        let (made, expected) =
            (made["mfccs"].as_array().unwrap(), file["mfccs"].as_array().unwrap());
        assert_eq!(made.len(), expected.len(), "{name}");
        for (made, expected) in made.iter().zip(expected) {
            let off = (made.as_f64().unwrap() - expected.as_f64().unwrap()).abs();
            assert!(off < 9e-4, "{name}: {made}, not {expected}");
        }
    }
    let summary = finished.summary();
    assert_eq!((&summary["ok"], &summary["failed"]), (&true.into(), &0.into()), "{finished}");
}

#[test]
fn the_sources_stay_and_are_picked_up_once() {
    let desk = Desk::new().unwrap();
    let input = desk.path("in");
    recordings::place(&input, "a.wav", &recordings::tone(1, 100)).unwrap();
    run(&desk, &input, &[]).expect_code(0);
    assert!(input.join("a.wav").is_file());
    fs::remove_file(desk.path("store/audio-features/a.wav.json")).unwrap();
    recordings::place(&input, "b.wav", &recordings::tone(2, 100)).unwrap();
    run(&desk, &input, &[]).expect_code(0);
    assert_eq!(made(&desk), ["b.wav.json"]);
}

#[test]
fn the_filter_narrows_to_what_the_article_took() {
    let desk = Desk::new().unwrap();
    run(&desk, &recordings::examples(), &[("filter", r".*\.wav")]).expect_code(0);
    assert_eq!(made(&desk), ["icyland.wav.json", "mountain.wav.json", "tom.wav.json"]);
}

#[test]
fn another_sample_rate_is_a_parameter() {
    let desk = Desk::new().unwrap();
    let parameters = [("filter", r"mountain\.wav"), ("sample-rate", "22050")];
    run(&desk, &recordings::examples(), &parameters).expect_code(0);
    let made = fs::read(desk.path("store/audio-features/mountain.wav.json")).unwrap();
    let made: Value = serde_json::from_slice(&made).unwrap();
    // librosa.feature.mfcc(*librosa.load("mountain.wav"), n_mfcc=13), its mean, librosa 1.0.0.
    assert!((made["mfccs"][0].as_f64().unwrap() + 203.636_52).abs() < 0.1, "{made}");
}
