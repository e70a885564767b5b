//! The score of whole recordings.

mod common;

use std::f64::consts::TAU;

use tutti_audio::score::{AnalyzeError, ChordSpan, DigitalScore, SCHEMA, analyze};
use tutti_audio::wav::{SampleFormat, header};

use common::{fixture, source};

const SR: u32 = 44_100;

/// A stereo WAV of notes by MIDI number, from when to when, each with eight harmonics.
fn wav(notes: &[(u8, f64, f64)], seconds: f64) -> Vec<u8> {
    let mut y = vec![0.0_f32; (seconds * f64::from(SR)) as usize];
    for &(midi, from, to) in notes {
        let hz = 440.0 * ((f64::from(midi) - 69.0) / 12.0).exp2();
        let at = |seconds: f64| (seconds * f64::from(SR)) as usize;
        let last = at(to).min(y.len());
        for (sample, value) in y.iter_mut().enumerate().take(last).skip(at(from)) {
            let t = sample as f64 / f64::from(SR);
            let (since, left) = (t - from, to - t);
            let swell = (since / 0.01).min(left / 0.01).min(1.0) * (-0.7 * since).exp();
            let harmonic = |k: i32| 0.6_f64.powi(k) * (TAU * f64::from(k) * hz * since).sin();
            *value += (0.1 * swell * (1..=8).map(harmonic).sum::<f64>()) as f32;
        }
    }
    let mut bytes = header(SampleFormat::Int16, y.len() as u64, SR, 2);
    let both: Vec<f32> = y.iter().flat_map(|&sample| [sample, sample]).collect();
    SampleFormat::Int16.append(&both, &mut bytes);
    bytes
}

/// Twelve bars of 4/4 at 100 beats a minute in D major: a bass and a chord each bar, a melody in
/// quarters, the same chord with it.
fn piece() -> (Vec<u8>, Vec<u8>) {
    const BEAT: f64 = 0.6;
    let chords = [[50, 54, 57], [55, 59, 62], [57, 61, 64], [50, 54, 57]];
    let (mut notes, mut melody) = (Vec::new(), Vec::new());
    for beat in 0..48_usize {
        let (chord, start) = (chords[beat / 4 % 4], 0.3 + BEAT * beat as f64);
        if beat.is_multiple_of(4) {
            notes.push((chord[0] - 12, start, start + 3.9 * BEAT));
            notes.extend(chord.map(|note| (note, start, start + 3.9 * BEAT)));
        } else {
            notes.extend(chord.map(|note| (note, start, start + 0.5 * BEAT)));
        }
        let high = chord[beat % 3] + 24;
        notes.push((high, start, start + 0.95 * BEAT));
        melody.push(high);
    }
    (wav(&notes, 0.3 + 48.0 * BEAT + 0.5), melody)
}

#[test]
fn a_piece_has_its_score() {
    let (bytes, melody) = piece();
    let score = analyze(source(&bytes)).unwrap();
    assert_eq!(score.schema, SCHEMA);
    assert_eq!((score.sample_rate, score.channels), (SR, 2));
    assert!((score.duration - 29.6).abs() < 1e-3 && score.tuning.abs() < 0.05, "{}", score.tuning);
    let tempo = score.tempo_bpm.unwrap();
    assert!((tempo - 100.0).abs() < 4.0, "{tempo}");
    assert!(score.tempo.iter().all(|tempo| (tempo.bpm - 100.0).abs() < 15.0), "{:?}", score.tempo);
    assert_eq!(score.time_signature.as_deref(), Some("4/4"));
    assert!((46..=50).contains(&score.beats.len()), "{:?}", score.beats);
    assert_eq!(score.beats.len(), score.beat_confidence.len());
    assert!(score.downbeats.iter().all(|downbeat| score.beats.contains(downbeat)));
    let is_begun = |beat: &usize| {
        let start = 0.3 + 0.6 * *beat as f64;
        score.onsets.iter().any(|onset| (onset - start).abs() < 0.05)
    };
    assert!((0..48).filter(is_begun).count() >= 45, "{:?}", score.onsets);
    assert_eq!(score.onsets.len(), score.onset_events.len());
    assert_eq!(score.key.as_deref(), Some("D major"));
    assert!(score.keys.iter().any(|part| part.key == "D major"), "{:?}", score.keys);
    let right = (0..12).filter(|&bar| {
        let middle = 0.3 + 0.6 * (4.0 * bar as f64 + 1.0);
        let here = score.chords.iter().find(|it| it.start <= middle && middle < it.end);
        here.is_some_and(|it| it.chord.starts_with(["D:", "G:", "A:", "D:"][bar % 4]))
    });
    assert!(right.count() >= 10, "{:?}", score.chords);
    let right = (0..48_usize).filter(|&beat| {
        let middle = 0.3 + 0.6 * (beat as f64 + 0.5);
        let here = score.melody.iter().find(|it| it.start <= middle && middle < it.end);
        here.is_some_and(|it| it.midi == melody[beat])
    });
    assert!(right.count() >= 40, "{:?}", score.melody);
    assert!(score.notes.len() > 100, "{}", score.notes.len());
    assert_eq!(score.sections[0].label, "A");
    let integrated = score.loudness.integrated_lufs.unwrap();
    assert!((-40.0..-10.0).contains(&integrated), "{integrated}");
    assert!(score.loudness.true_peak_dbtp >= score.loudness.sample_peak_dbfs);
    assert_eq!((score.timbre.mfcc_mean.len(), score.timbre.mfcc_std.len()), (13, 13));
}

#[test]
fn a_score_comes_back_from_its_json() {
    let score = analyze(source(&wav(&[(60, 0.1, 0.9), (64, 0.1, 0.9)], 1.5))).unwrap();
    let json = serde_json::to_value(&score).unwrap();
    for name in ["tempo_bpm", "beats", "downbeats", "time_signature", "key", "chords", "melody"] {
        assert!(json.get(name).is_some(), "{name}");
    }
    assert!(!score.notes.is_empty());
    assert_eq!(serde_json::from_value::<DigitalScore>(json).unwrap(), score);
}

#[test]
fn real_recordings_have_scores_with_times_in_order_and_within_them() {
    for name in ["mountain.flac", "march.mp3", "palace.ogg", "tom.wav"] {
        let score = analyze(source(&fixture(name))).unwrap();
        let within = |time: f64| (-1e-9..score.duration + 0.3).contains(&time);
        for times in [&score.beats, &score.downbeats, &score.onsets] {
            assert!(times.windows(2).all(|two| two[0] < two[1]), "{name}: {times:?}");
            assert!(times.iter().all(|&time| within(time)), "{name}: {times:?}");
        }
        for note in score.notes.iter().chain(&score.melody) {
            assert!(note.start < note.end && within(note.end), "{name}: {note:?}");
            assert!((0.0..=1.0).contains(&note.confidence), "{name}: {note:?}");
        }
        let gap = |two: &[ChordSpan]| (two[0].end - two[1].start).abs();
        assert!(score.chords.windows(2).all(|two| gap(two) < 1e-9), "{name}");
    }
}

#[test]
fn silence_has_a_score_that_says_so() {
    let score = analyze(source(&wav(&[], 4.0))).unwrap();
    assert_eq!((score.tempo_bpm, score.key, score.time_signature), (None, None, None));
    assert!(score.beats.is_empty() && score.onsets.is_empty() && score.notes.is_empty());
    assert!(score.melody.is_empty() && score.tempo.is_empty() && score.keys.is_empty());
    assert!(score.chords.iter().all(|chord| chord.chord == "N"), "{:?}", score.chords);
    assert_eq!(score.loudness.integrated_lufs, None);
    assert_eq!(score.sections.len(), 1);
}

#[test]
fn what_is_no_recording_is_refused() {
    assert!(matches!(analyze(source(b"no music")), Err(AnalyzeError::Decode(_))));
    let empty = analyze(source(&wav(&[], 0.0))).unwrap_err();
    assert!(!empty.to_string().is_empty());
    assert!(analyze(source(&wav(&[(69, 0.0, 0.01)], 0.01))).is_ok());
    let mut bytes = header(SampleFormat::Float32, 3, SR, 1);
    SampleFormat::Float32.append(&[0.0, f32::NAN, 0.0], &mut bytes);
    assert!(matches!(analyze(source(&bytes)), Err(AnalyzeError::Signal(_))));
}
