//! A plan gives what the functions of whole signals give, whatever blocks samples come in.

use std::f64::consts::TAU;

use proptest::prelude::*;

use super::*;
use crate::beat::{BeatTrack, beat_track};
use crate::constantq::{ConstantQ, cqt};
use crate::features as whole;
use crate::filters::{Chroma, Window};
use crate::loudness::Meter;
use crate::matrix::Matrix;
use crate::onset::{OnsetDetect, OnsetStrength, onset_detect, onset_strength};
use crate::spectrum::{Decibels, PadMode, magnitudes, power_to_db, spectrogram};
use crate::util::Aggregate;

const SR: u32 = 22_050;

fn extracted(config: &Config, samples: &[f32], block: usize) -> Features {
    let mut extractor = Extractor::new(config, SR).unwrap();
    for block in samples.chunks(block) {
        extractor.push(block).unwrap();
    }
    extractor.finish().unwrap()
}

fn frames(config: &Config, samples: &[f32], block: usize) -> Vec<Vec<f32>> {
    all(&mut extracted(config, samples, block))
}

fn all(features: &mut Features) -> Vec<Vec<f32>> {
    let (mut frame, mut all) = (Vec::new(), Vec::new());
    while features.next_frame(&mut frame).unwrap() {
        all.push(frame.clone());
    }
    all
}

fn noise(count: u32) -> Vec<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / f64::from(u32::MAX) - 0.5
    };
    (0..count).map(|_| next() as f32).collect()
}

/// Three seconds of a tone that begins anew each half second, a little sharp, with noise.
fn music() -> Vec<f32> {
    let noise = noise(3 * SR);
    let sample = |(index, noise): (usize, &f32)| {
        let at = index as f64 / f64::from(SR);
        let since = at % 0.5;
        let hz = [262.0, 330.0, 394.0][(at / 0.5) as usize % 3];
        let tone = (TAU * hz * at).sin() + 0.5 * (TAU * 2.0 * hz * at).sin();
        (0.3 * tone * (-6.0 * since).exp()) as f32 + 0.002 * noise
    };
    noise.iter().enumerate().map(sample).collect()
}

/// What the functions of whole signals give: a row for each value.
fn plainly(feature: Feature, y: &[f32], config: &Config) -> Matrix<f32> {
    let (sr, stft) = (f64::from(SR), config.stft());
    let row = |values: Vec<f32>| Matrix::from_columns(1, values.len(), values).unwrap();
    let hz = crate::convert::fft_frequencies(sr, config.n_fft);
    let s = || spectrogram(y, &stft, 1.0).unwrap();
    let bands = || whole::melspectrogram(y, sr, &stft, &config.mel()).unwrap();
    let decibels = || power_to_db(&bands(), &Decibels::default()).unwrap();
    let (n_fft, hop) = (config.n_fft, config.hop_length);
    let mode = config.center.then_some(config.pad_mode);
    let onset = || {
        let (center, default) = (config.center, OnsetStrength::default());
        let options = OnsetStrength { center, n_fft, hop_length: hop, ..default };
        onset_strength(&decibels(), &options).unwrap()
    };
    let chroma_cqt = || whole::chroma_cqt(y, sr, &config.chroma_cqt()).unwrap();
    let infinity = Some(f64::INFINITY);
    match feature {
        Feature::Mfcc => whole::mfcc(&decibels(), &config.mfcc()).unwrap(),
        Feature::Melspectrogram => bands(),
        Feature::Stft => s(),
        Feature::Cqt => {
            let options = ConstantQ { hop_length: hop, ..ConstantQ::default() };
            magnitudes(&cqt(y, sr, &options).unwrap())
        }
        Feature::ChromaStft => {
            let (power, bank) = (spectrogram(y, &stft, 2.0).unwrap(), Chroma::default());
            whole::chroma_stft(&power, sr, config.tuning, &bank, infinity).unwrap()
        }
        Feature::ChromaCqt => chroma_cqt(),
        Feature::ChromaCens => {
            whole::chroma_cens(y, sr, &config.chroma_cqt(), &whole::Cens::default()).unwrap()
        }
        Feature::Tonnetz => whole::tonnetz(&chroma_cqt()).unwrap(),
        Feature::SpectralCentroid => row(whole::spectral_centroid(&s(), &hz).unwrap()),
        Feature::SpectralBandwidth => row(whole::spectral_bandwidth(&s(), &hz, 2.0).unwrap()),
        Feature::SpectralContrast => {
            whole::spectral_contrast(&s(), sr, &hz, &config.contrast()).unwrap()
        }
        Feature::SpectralFlatness => row(whole::spectral_flatness(&s(), 1e-10, 2.0).unwrap()),
        Feature::SpectralRolloff => row(whole::spectral_rolloff(&s(), &hz, 0.85).unwrap()),
        Feature::PolyFeatures => whole::poly_features(&s(), &hz, config.order).unwrap(),
        Feature::Rms => row(whole::rms(y, n_fft, hop, mode).unwrap()),
        Feature::ZeroCrossingRate => {
            row(whole::zero_crossing_rate(y, n_fft, hop, config.center).unwrap())
        }
        Feature::OnsetStrength => row(onset()),
        Feature::Tempogram => {
            whole::tempogram(&onset(), 384, true, &Window::Hann, infinity).unwrap()
        }
        other => panic!("{other:?} is of the recording"),
    }
}

/// What asks for double precision in others changes what is made in single precision alone.
fn tolerance(feature: Feature) -> f32 {
    match feature {
        Feature::Mfcc | Feature::OnsetStrength => 9e-4,
        Feature::Melspectrogram | Feature::Stft | Feature::Tempogram => 2e-5,
        _ => 0.0,
    }
}

fn same(found: &[Vec<f32>], expected: &Matrix<f32>, from: usize, tolerance: f32, what: Feature) {
    assert_eq!(found.len(), expected.columns(), "{what:?}");
    for (frame, expected) in found.iter().zip(expected.iter_columns()) {
        for (found, expected) in frame[from..].iter().zip(expected) {
            let off = (found - expected).abs();
            let is_near = off <= tolerance * expected.abs().max(1.0);
            assert!(is_near, "{what:?}: {found}, but should be {expected}");
        }
    }
}

fn of_frames() -> Vec<Feature> {
    Feature::ALL.into_iter().filter(|feature| !feature.is_of_recording()).collect()
}

#[test]
fn alone_a_feature_is_bit_for_bit_that_of_the_whole_signal() {
    let y = music();
    for feature in of_frames() {
        let config = Config { features: vec![feature], ..Config::default() };
        let found = frames(&config, &y, 777);
        assert_eq!(found[0].len(), config.width(feature), "{feature:?}");
        // The stream takes single precision for it where the function takes double.
        let tolerance = if feature == Feature::Stft { 2e-5 } else { 0.0 };
        same(&found, &plainly(feature, &y, &config), 0, tolerance, feature);
    }
}

#[test]
fn among_all_others_a_feature_is_the_same() {
    let y = music();
    let config = Config { features: of_frames(), ..Config::default() };
    let found = frames(&config, &y, 50_000);
    let mut from = 0;
    for feature in of_frames() {
        same(&found, &plainly(feature, &y, &config), from, tolerance(feature), feature);
        from += config.width(feature);
    }
}

#[test]
fn every_parameter_of_frames_is_that_of_the_whole_signal() {
    let y = music();
    let default = || Config {
        features: of_frames().into_iter().filter(|each| !each.needs_all_samples()).collect(),
        ..Config::default()
    };
    let cases = [
        Config { center: false, ..default() },
        Config { pad_mode: PadMode::Reflect, ..default() },
        Config { pad_mode: PadMode::Edge, hop_length: 700, n_fft: 512, ..default() },
        Config { window: Window::Hamming, win_length: Some(1000), tuning: Some(0.2), ..default() },
        Config { htk: true, n_mels: 40, fmin: 50.0, fmax: Some(8_000.0), ..default() },
        Config { dct_type: whole::DctType::Three, n_bands: 4, order: 3, ..default() },
    ];
    for config in cases {
        let found = frames(&config, &y, 10_000);
        let mut from = 0;
        for &feature in &config.features {
            same(&found, &plainly(feature, &y, &config), from, tolerance(feature), feature);
            from += config.width(feature);
        }
    }
}

#[test]
fn what_is_told_of_a_recording_is_that_of_the_whole_signal() {
    let (y, sr) = (music(), f64::from(SR));
    let features =
        vec![Feature::Tempo, Feature::BeatTrack, Feature::OnsetDetect, Feature::Loudness];
    let config = Config { features, ..Config::default() };
    let mut made = extracted(&config, &y, 1_000);
    assert!(made.columns().next().is_none() && all(&mut made).iter().all(Vec::is_empty));
    let found = made.of_recording();
    let bands = whole::melspectrogram(&y, sr, &config.stft(), &config.mel()).unwrap();
    let decibels = power_to_db(&bands, &Decibels::default()).unwrap();
    let mean = onset_strength(&decibels, &OnsetStrength::default()).unwrap();
    let tg = whole::tempogram(&mean, 344, true, &Window::Hann, Some(f64::INFINITY)).unwrap();
    let tempo = whole::tempo(&tg, sr, 512, &whole::Tempo::default()).unwrap();
    assert_eq!(found.tempo, Some(tempo));
    let options = OnsetStrength { aggregate: Aggregate::Median, ..OnsetStrength::default() };
    let median = onset_strength(&decibels, &options).unwrap();
    let (tempo, beats) = beat_track(&median, sr, 512, &BeatTrack::default()).unwrap();
    let seconds = |frames: Vec<usize>| -> Vec<f64> {
        frames.into_iter().map(|frame| (frame * 512) as f64 / sr).collect()
    };
    assert_eq!(found.beat_track, Some(Beats { tempo, beats: seconds(beats) }));
    let onsets = onset_detect(&mean, sr, 512, &OnsetDetect::default()).unwrap();
    assert!(onsets.len() >= 5, "{onsets:?}");
    assert_eq!(found.onset_detect, Some(seconds(onsets)));
    let mut meter = Meter::new(sr, 1).unwrap();
    meter.push(&y).unwrap();
    assert_eq!(found.loudness, Some(meter.finish()));
}

#[test]
fn percentiles_are_those_of_sorted_frames() {
    let features = vec![Feature::Rms, Feature::Mfcc];
    let config = Config { features, n_mfcc: 3, ..Config::default() };
    let mut made = extracted(&config, &music(), 4_000);
    let found = percentiles(&mut made, &[0.0, 10.0, 50.0, 100.0]).unwrap();
    let rows = all(&mut made);
    assert_eq!(rows.len(), 130, "it is wound back");
    for column in 0..4 {
        let mut values: Vec<f32> = rows.iter().map(|row| row[column]).collect();
        values.sort_unstable_by(f32::total_cmp);
        assert_eq!((found[0][column], found[3][column]), (values[0], values[129]));
        // 0.1 * 129 = 12.9, and the middle of 64 and 65.
        let tenth = values[12] + 0.9 * (values[13] - values[12]);
        assert!((found[1][column] - tenth).abs() <= 1e-6 * tenth.abs(), "{tenth}");
        let middle = f32::midpoint(values[64], values[65]);
        assert!((found[2][column] - middle).abs() <= 1e-6 * middle.abs(), "{middle}");
    }
}

#[test]
fn channels_are_averaged_and_loudness_is_that_of_each() {
    let y = music();
    let features = vec![Feature::Rms, Feature::Loudness];
    let config = Config { features, ..Config::default() };
    let mut extractor = Extractor::with_channels(&config, SR, 2).unwrap();
    let stereo: Vec<f32> = y.iter().flat_map(|&sample| [sample, sample]).collect();
    extractor.push(&stereo).unwrap();
    let mut made = extractor.finish().unwrap();
    let mono = extracted(&config, &y, 9_000);
    let integrated =
        |made: &Features| made.of_recording().loudness.as_ref().unwrap().integrated_lufs.unwrap();
    let louder = integrated(&made) - integrated(&mono);
    assert!((louder - 10.0 * 2_f64.log10()).abs() < 1e-6, "{louder}");
    let only_rms = Config { features: vec![Feature::Rms], ..Config::default() };
    assert_eq!(all(&mut made), frames(&only_rms, &y, 9_000));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn blocks_of_any_size_make_no_difference(count in 1_u32..6_000, block in 1_usize..3_000) {
        let features = vec![
            Feature::Mfcc, Feature::ChromaStft, Feature::SpectralContrast, Feature::OnsetStrength,
            Feature::Rms, Feature::ZeroCrossingRate, Feature::Tempo, Feature::Loudness,
        ];
        let y = noise(count);
        let config = Config { features, pad_mode: PadMode::Reflect, ..Config::default() };
        let mut once = extracted(&config, &y, usize::MAX);
        let mut in_blocks = extracted(&config, &y, block);
        prop_assert_eq!(once.of_recording(), in_blocks.of_recording());
        prop_assert_eq!(all(&mut once), all(&mut in_blocks));
    }
}

#[test]
fn the_quiet_is_cut_relative_to_the_loudest_of_all() {
    let mut samples = vec![0.0; 20_000];
    samples.extend(noise(4_000));
    let config = Config { n_mfcc: 1, ..Config::default() };
    let silent = frames(&config, &samples, 9_999)[0][0];
    // Silence alone is at -100 dB in every band, and sqrt(128) of that in the coefficient.
    assert!(silent > -100.0 * 128_f32.sqrt() + 1.0, "{silent}");
    let silence = frames(&config, &[0.0; 4_000], 4_000)[0][0];
    assert!((silence + 100.0 * 128_f32.sqrt()).abs() < 1e-3);
}

#[test]
fn what_is_no_number_is_refused_with_its_place() {
    let mut extractor = Extractor::new(&Config::default(), 8_000).unwrap();
    extractor.push(&[0.0; 4_000]).unwrap();
    let error = extractor.push(&[0.0, f32::NAN]).unwrap_err();
    assert_eq!(error.to_string(), "sample 4001, at 0.500 s, is not a finite number");
    let extractor = Extractor::new(&Config::default(), 8_000).unwrap();
    assert!(matches!(extractor.finish().err().unwrap(), ExtractError::Empty));
}

#[test]
fn samples_that_are_too_large_are_refused() {
    for feature in [Feature::Mfcc, Feature::ChromaStft, Feature::SpectralCentroid] {
        let config = Config { features: vec![feature], tuning: Some(0.0), ..Config::default() };
        let mut extractor = Extractor::new(&config, SR).unwrap();
        let huge: Vec<f32> = noise(9_000).iter().map(|sample| sample * 2e37).collect();
        let done = extractor.push(&huge).and_then(|()| {
            let mut features = extractor.finish()?;
            while features.next_frame(&mut Vec::new())? {}
            Ok(())
        });
        match done {
            Err(ExtractError::Overflow { .. } | ExtractError::Signal(_)) => {}
            Ok(()) if feature == Feature::SpectralCentroid => {}
            other => panic!("{feature:?}: {other:?}"),
        }
    }
}

#[test]
fn a_frame_that_is_not_centred_needs_its_samples() {
    let config = Config { center: false, ..Config::default() };
    let extract = |count| {
        let mut extractor = Extractor::new(&config, SR).unwrap();
        extractor.push(&noise(count)).unwrap();
        extractor.finish().map(|features| features.frames())
    };
    assert_eq!(extract(2_048).unwrap(), 1);
    let error = extract(2_047).unwrap_err().to_string();
    assert!(
        error.contains("has 2047 samples, but a frame that is not centred has 2048"),
        "{error}"
    );
}

#[test]
fn one_sample_silence_and_a_constant_have_every_feature() {
    for y in [vec![0.5], vec![0.0; 9_000], vec![0.25; 9_000]] {
        let features = Feature::ALL.to_vec();
        let config = Config { features, ..Config::default() };
        let mut made = extracted(&config, &y, 5_000);
        let frames = all(&mut made);
        assert_eq!(frames.len(), 1 + y.len() / 512);
        let width: usize = made.columns().map(|(_, width)| width).sum();
        assert!(frames.iter().flatten().all(|value| value.is_finite()));
        assert!(frames.iter().all(|frame| frame.len() == width));
        let found = made.of_recording();
        assert!(found.beat_track.is_some() && found.loudness.is_some());
        if y[0] == 0.0 {
            assert_eq!((found.tempo, found.onset_detect.as_deref()), (None, Some(&[][..])));
        }
    }
}
