//! Signals that are no music: every function says what is wrong or gives a documented value, and
//! none panics.

use tutti_audio::beat::{BeatTrack, Plp, beat_track, plp};
use tutti_audio::constantq::{ConstantQ, cqt, griffinlim_cqt, hybrid_cqt, icqt, pseudo_cqt};
use tutti_audio::convert::fft_frequencies;
use tutti_audio::decompose::{Decompose, Hpss, decompose};
use tutti_audio::effects::{
    PitchShift, Silence, deemphasis, hpss, pitch_shift, preemphasis, remix, split, time_stretch,
    trim,
};
use tutti_audio::features::{
    Cens, ChromaCqt, Contrast, DeltaMode, MelInverse, Mfcc, Pcen, chroma_cens, chroma_cqt,
    chroma_stft, delta, mel_to_stft, melspectrogram, mfcc, pcen, poly_features, rms,
    spectral_bandwidth, spectral_centroid, spectral_contrast, spectral_flatness, spectral_rolloff,
    stack_memory, tonnetz, zero_crossing_rate, zero_crossings,
};
use tutti_audio::filters::{Chroma, Mel};
use tutti_audio::onset::{OnsetDetect, OnsetStrength, onset_detect, onset_strength};
use tutti_audio::pitch::{Pyin, Yin, pyin, yin};
use tutti_audio::segment::{
    CrossSimilarity, Metric, Recurrence, Similarity, agglomerative, cdist, cross_similarity,
    recurrence_matrix, subsegment,
};
use tutti_audio::sequence::{Dtw, Rqa, dtw, rqa};
use tutti_audio::signal::{autocorrelate, lpc, resample};
use tutti_audio::spectrum::{
    Decibels, GriffinLim, Mellin, PadMode, Reassign, Stft, fmt, istft, magphase, phase_vocoder,
    power_to_db, reassigned_spectrogram, spectrogram, stft,
};

const SR: f64 = 22_050.0;

/// Signals that must work, and how a message would call them.
fn odd() -> Vec<(&'static str, Vec<f32>)> {
    let nyquist = (0..4096).map(|n| if n % 2 == 0 { 1.0 } else { -1.0 });
    let clipped = (0..4096).map(|n| (20.0 * (n as f32 * 0.01).sin()).clamp(-1.0, 1.0));
    let impulse = (0..4096).map(|n| if n == 2000 { 1.0 } else { 0.0 });
    vec![
        ("one sample", vec![0.5]),
        ("two samples", vec![0.5, -0.5]),
        ("shorter than a window", vec![0.25; 700]),
        ("silence", vec![0.0; 9000]),
        ("direct current", vec![1.0; 9000]),
        ("half the sample rate", nyquist.collect()),
        ("clipped", clipped.collect()),
        ("impulse", impulse.collect()),
        ("next to nothing", vec![1e-38; 5000]),
        ("far too loud", vec![1e15; 5000]),
    ]
}

fn finite(name: &str, what: &str, values: &[f32]) {
    let wrong = values.iter().position(|value| !value.is_finite());
    assert!(wrong.is_none(), "{what} of {name}: value {wrong:?}");
}

#[test]
fn odd_signals_have_finite_features() {
    let hz = fft_frequencies(SR, 2048);
    let options = Stft { hop_length: Some(512), ..Stft::default() };
    for (name, y) in odd() {
        let bins = stft(&y, &options).unwrap();
        assert_eq!(bins.columns(), 1 + y.len() / 512, "{name}");
        let back = istft(&bins, &options, Some(y.len())).unwrap();
        finite(name, "the inverse", &back);
        let (s, _) = magphase(&bins, 1.0).unwrap();
        assert_eq!(phase_vocoder(&bins, 1.5).unwrap().rows(), 1025);
        let bands = melspectrogram(&y, SR, &options, &Mel::default()).unwrap();
        finite(name, "mel", bands.as_slice());
        let decibels = power_to_db(&bands, &Decibels::default()).unwrap();
        finite(name, "mfcc", mfcc(&decibels, &Mfcc::default()).unwrap().as_slice());
        finite(name, "delta", delta(&decibels, 9, 1, DeltaMode::Mirror).unwrap().as_slice());
        let stacked = stack_memory(&decibels, 3, 2, PadMode::Constant).unwrap();
        finite(name, "memory", stacked.as_slice());
        finite(name, "centroid", &spectral_centroid(&s, &hz).unwrap());
        finite(name, "bandwidth", &spectral_bandwidth(&s, &hz, 2.0).unwrap());
        finite(name, "rolloff", &spectral_rolloff(&s, &hz, 0.85).unwrap());
        finite(name, "flatness", &spectral_flatness(&s, 1e-10, 2.0).unwrap());
        let contrast = spectral_contrast(&s, SR, &hz, &Contrast::default()).unwrap();
        finite(name, "contrast", contrast.as_slice());
        finite(name, "poly", poly_features(&s, &hz, 1).unwrap().as_slice());
        finite(name, "rms", &rms(&y, 2048, 512, Some(PadMode::Reflect)).unwrap());
        finite(name, "zcr", &zero_crossing_rate(&y, 2048, 512, true).unwrap());
        finite(name, "lags", &autocorrelate(&y, None).unwrap());
        if y.len() > 2 {
            finite(name, "lpc", &lpc(&y, 2).unwrap());
        }
        let all = trim(&y, &Silence::default()).unwrap();
        assert!(all.end <= y.len() && split(&y, &Silence::default()).is_ok(), "{name}");
        if y.len() > 1 {
            let raised = preemphasis(&y, 0.97, None).unwrap();
            finite(name, "deemphasis", &deemphasis(&raised, 0.97, None).unwrap());
        }
    }
}

#[test]
fn what_is_no_signal_is_refused() {
    let options = Stft::default();
    for y in [vec![], vec![0.0, f32::NAN, 0.0], vec![f32::INFINITY; 3000]] {
        let errors = [
            stft(&y, &options).unwrap_err(),
            spectrogram(&y, &options, 2.0).unwrap_err(),
            melspectrogram(&y, SR, &options, &Mel::default()).unwrap_err(),
            rms(&y, 2048, 512, None).unwrap_err(),
            zero_crossing_rate(&y, 2048, 512, true).unwrap_err(),
            autocorrelate(&y, None).unwrap_err(),
            lpc(&y, 2).unwrap_err(),
            preemphasis(&y, 0.97, None).unwrap_err(),
            deemphasis(&y, 0.97, None).unwrap_err(),
            trim(&y, &Silence::default()).unwrap_err(),
            split(&y, &Silence::default()).unwrap_err(),
        ];
        for error in errors {
            let said = error.to_string();
            let known = said == "the signal is empty" || said.ends_with("not a finite number");
            assert!(known, "{said}");
        }
    }
    assert!(zero_crossings(&[], 1e-10, true).is_empty());
}

#[test]
fn odd_signals_have_pitch_onsets_and_beats() {
    let options = Stft { hop_length: Some(512), ..Stft::default() };
    for (name, y) in odd() {
        let powers = spectrogram(&y, &options, 2.0).unwrap();
        let powers = if name == "far too loud" { powers.map(f32::sqrt) } else { powers };
        let bank = Chroma::default();
        let classes = chroma_stft(&powers, SR, None, &bank, Some(f64::INFINITY)).unwrap();
        finite(name, "chroma", classes.as_slice());
        finite(name, "tonnetz", tonnetz(&classes).unwrap().as_slice());
        finite(name, "pcen", pcen(&powers, SR, 512, &Pcen::default()).unwrap().as_slice());
        let (harmonic, percussive) = hpss(&y, &options, &Hpss::default()).unwrap();
        assert_eq!((harmonic.len(), percussive.len()), (y.len(), y.len()), "{name}");
        let bands = melspectrogram(&y, SR, &options, &Mel::default()).unwrap();
        let decibels = power_to_db(&bands, &Decibels::default()).unwrap();
        let envelope = onset_strength(&decibels, &OnsetStrength::default()).unwrap();
        finite(name, "onset strength", &envelope);
        let onsets = onset_detect(&envelope, SR, 512, &OnsetDetect::default()).unwrap();
        assert!(onsets.iter().all(|&onset| onset < envelope.len()), "{name}");
        let (bpm, beats) = beat_track(&envelope, SR, 512, &BeatTrack::default()).unwrap();
        assert!(bpm.is_finite() && beats.iter().all(|&beat| beat < envelope.len()), "{name}");
        finite(name, "plp", &plp(&envelope, SR, 512, &Plp::default()).unwrap());
    }
}

#[test]
fn odd_signals_have_voices_and_can_be_stretched() {
    let range = Yin::new(60.0, 2_000.0);
    for (name, y) in odd() {
        let found = yin(&y, SR, &range, 0.1).unwrap();
        assert_eq!(found.len(), 1 + y.len() / 512, "{name}");
        assert!(found.iter().all(|hz| *hz > 0.0), "{name}: {found:?}");
        let voice = pyin(&y, SR, &range, &Pyin { fill_na: None, ..Pyin::default() }).unwrap();
        assert!(voice.f0.iter().all(|hz| (60.0..2_001.0).contains(hz)), "{name}");
        assert!(voice.voiced_prob.iter().all(|prob| (0.0..=1.0).contains(prob)), "{name}");
        let slow = time_stretch(&y, 0.7, &Stft::default()).unwrap();
        assert_eq!(slow.len(), (y.len() as f64 / 0.7).round() as usize, "{name}");
        finite(name, "a slower signal", &slow);
        assert!(remix(&y, &[0..y.len(), 0..1], true).is_ok(), "{name}");
    }
}

#[test]
fn odd_signals_have_segments() {
    let options = Stft { hop_length: Some(64), ..Stft::default() };
    for (name, y) in odd() {
        let bands = melspectrogram(&y, SR, &options, &Mel { n_mels: 8, ..Mel::default() }).unwrap();
        let decibels = power_to_db(&bands, &Decibels::default()).unwrap();
        let frames = decibels.columns();
        assert_eq!(agglomerative(&decibels, 1).unwrap(), [0], "{name}");
        assert!(subsegment(&decibels, &[1], 3).unwrap().len() <= 6, "{name}");
        let linked = recurrence_matrix(&decibels, &Recurrence::default());
        assert_eq!(linked.is_ok(), frames > 4, "{name}: {frames} frames");
        let cross = CrossSimilarity { mode: Similarity::Distance, ..CrossSimilarity::default() };
        let near = cross_similarity(&decibels, &decibels, &cross).unwrap();
        assert_eq!(rqa(&near, &Rqa::default()).unwrap().score.columns(), frames, "{name}");
        let costs = cdist(&decibels, &decibels, Metric::Cosine).unwrap();
        let warped = dtw(&costs, &Dtw::default()).unwrap();
        assert!(warped.path.len() >= frames, "{name}");
    }
}

#[test]
fn odd_signals_have_places_parts_and_a_way_back() {
    let options = Stft { n_fft: 512, ..Stft::default() };
    let mel = Mel { n_mels: 20, ..Mel::default() };
    let higher = PitchShift { n_steps: 3.5, ..PitchShift::default() };
    for (name, y) in odd() {
        let shifted = pitch_shift(&y, SR, &higher, &Stft::default()).unwrap();
        assert_eq!(shifted.len(), y.len(), "{name}");
        finite(name, "a higher signal", &shifted);
        let filled = Reassign { fill_nan: true, ..Reassign::default() };
        let found = reassigned_spectrogram(&y, SR, &options, &filled).unwrap();
        let places = found.frequencies.as_slice().iter().chain(found.times.as_slice());
        assert!(places.copied().all(f64::is_finite), "{name}");
        if y.len() > 3 {
            let bins = fmt(&y, &Mellin { n_fmt: Some(2_000), ..Mellin::default() }).unwrap();
            assert!(bins.iter().all(|bin| bin.norm().is_finite()), "{name}");
        }
        let s = spectrogram(&y, &options, 1.0).unwrap();
        let few = Decompose { n_components: Some(1), max_iter: 5, ..Decompose::default() };
        let (spectra, activations) = decompose(&s, &few).unwrap();
        finite(name, "spectra", spectra.as_slice());
        finite(name, "activations", activations.as_slice());
        let bands = melspectrogram(&y, SR, &options, &mel).unwrap();
        let inverse =
            MelInverse { stft: options.clone(), mel: mel.clone(), ..MelInverse::default() };
        finite(name, "a spectrum", mel_to_stft(&bands, &inverse).unwrap().as_slice());
    }
}

#[test]
fn odd_signals_have_constant_q_transforms() {
    let options = ConstantQ { n_bins: Some(48), ..ConstantQ::default() };
    let search = GriffinLim { n_iter: 1, ..GriffinLim::default() };
    for (name, y) in odd() {
        for (orig_sr, target_sr) in [
            (4.0, 1.0),
            (1.0, 16.0),
            (44_100.0, 16_000.0),
            (44_100.0, 48_000.0),
            (44_100.0, 24_000.0),
        ] {
            finite(name, "rate", &resample(&y, orig_sr, target_sr, true).unwrap());
        }
        finite(name, "magnitudes", pseudo_cqt(&y, SR, &options).unwrap().as_slice());
        if y.len() < 8 {
            // Its lower octaves have no sample.
            let said = cqt(&y, SR, &options).unwrap_err().to_string();
            assert!(said.starts_with("the signal of so many octaves has a length of"), "{said}");
            continue;
        }
        finite(name, "magnitudes", hybrid_cqt(&y, SR, &options).unwrap().as_slice());
        let bins = cqt(&y, SR, &options).unwrap();
        assert_eq!((bins.rows(), bins.columns()), (48, 1 + y.len() / 512), "{name}");
        finite(name, "inverse", &icqt(&bins, SR, &options, Some(y.len())).unwrap());
        let (magnitudes, _) = magphase(&bins, 1.0).unwrap();
        if let Ok(found) = griffinlim_cqt(&magnitudes, SR, &options, &search, None) {
            finite(name, "phases", &found);
        }
        let classes = chroma_cqt(&y, SR, &ChromaCqt::default()).unwrap();
        finite(name, "classes", classes.as_slice());
        let classes = chroma_cens(&y, SR, &ChromaCqt::default(), &Cens::default()).unwrap();
        finite(name, "smoothed classes", classes.as_slice());
    }
}

#[test]
fn what_has_no_constant_q_transform_is_refused() {
    let y = vec![0.5; 5000];
    let default = ConstantQ::default;
    let wrong = [
        (ConstantQ { hop_length: 0, ..default() }, "hop_length is 0"),
        (ConstantQ { bins_per_octave: 0, ..default() }, "bins_per_octave is 0"),
        (ConstantQ { n_bins: Some(0), ..default() }, "n_bins is 0"),
        (ConstantQ { n_bins: Some(200), ..default() }, "n_bins is 200"),
        (ConstantQ { fmin: Some(-1.0), ..default() }, "fmin is -1"),
        (ConstantQ { fmin: Some(20_000.0), ..default() }, "fmin is 20000"),
        (ConstantQ { fmin: Some(1e-12), ..default() }, "length of a wavelet"),
        (ConstantQ { tuning: Some(f64::NAN), ..default() }, "tuning is NaN"),
        (ConstantQ { filter_scale: 0.0, ..default() }, "filter_scale is 0"),
        (ConstantQ { sparsity: 1.0, ..default() }, "sparsity is 1"),
        (ConstantQ { norm: Some(-1.0), ..default() }, "norm is -1"),
    ];
    for (options, expected) in wrong {
        let said = pseudo_cqt(&y, SR, &options).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
        // The octaves of a low note are taken at a low rate, where its wavelet is short.
        if !expected.contains("wavelet") {
            assert!(cqt(&y, SR, &options).is_err(), "{expected}");
        }
    }
    for y in [vec![], vec![f32::NAN; 9]] {
        assert!(cqt(&y, SR, &default()).is_err() && hybrid_cqt(&y, SR, &default()).is_err());
        assert!(chroma_cqt(&y, SR, &ChromaCqt::default()).is_err());
    }
    let uneven = ChromaCqt { bins_per_octave: 35, ..ChromaCqt::default() };
    assert!(chroma_cqt(&y, SR, &uneven).is_err());
}
