//! What stands at multiples of frequencies and tempos, neighbours of frames, cepstra, and parts.

use tutti_audio::Matrix;
use tutti_audio::convert::{fft_frequencies, tempo_frequencies};
use tutti_audio::decompose::{Decompose, Neighbours, decompose, nn_filter};
use tutti_audio::features::{
    DctType, METRE_FACTORS, METRIC_FACTORS, Mfcc, Salience, f0_harmonics, hybrid_tempogram,
    interp_harmonics, melspectrogram, metrogram, mfcc, mfcc_to_mel, salience, tempogram,
    tempogram_ratio,
};
use tutti_audio::filters::{Mel, Window};
use tutti_audio::onset::{OnsetStrength, onset_strength};
use tutti_audio::segment::{Bandwidth, Recurrence, Similarity, recurrence_matrix};
use tutti_audio::spectrum::{Decibels, Stft, power_to_db, spectrogram};
use tutti_audio::util::Aggregate;

use crate::golden::{Case, Output};

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    frequencies(case).or_else(|| tempos(case)).or_else(|| bands(case))
}

fn numbers(case: &Case, name: &str) -> Option<Vec<f64>> {
    let values = case.get(name)?.as_array().unwrap();
    Some(values.iter().map(|value| value.as_f64().unwrap()).collect())
}

/// As `numpy.linspace`.
fn ramp(from: f64, to: f64, count: usize) -> Vec<f64> {
    let step = (to - from) / (count - 1) as f64;
    (0..count).map(|at| if at + 1 == count { to } else { at as f64 * step + from }).collect()
}

fn frequencies(case: &Case) -> Option<Output> {
    if !["interp_harmonics", "f0_harmonics", "salience"].contains(&case.function.as_str()) {
        return None;
    }
    let s = spectrogram(&case.y(), &case.stft(None), 1.0).unwrap();
    let freqs = fft_frequencies(case.sr(), case.count("n_fft", 2048));
    let harmonics = numbers(case, "harmonics").unwrap();
    Some(match case.function.as_str() {
        "interp_harmonics" => {
            let found = interp_harmonics(&s, &freqs, &harmonics, 0.0).unwrap();
            let all = |row: usize, column: usize| found[row / s.rows()][(row % s.rows(), column)];
            Matrix::from_fn(found.len() * s.rows(), s.columns(), all).into()
        }
        "f0_harmonics" => {
            let f0 = ramp(100.0, 900.0, s.columns());
            f0_harmonics(&s, &f0, &freqs, &harmonics, 0.0).unwrap().into()
        }
        _ => {
            let options = Salience {
                weights: numbers(case, "weights").unwrap_or_default(),
                filter_peaks: case.flag("filter_peaks", true),
                fill_value: case.number("fill_value", f64::NAN),
            };
            salience(&s, &freqs, &harmonics, &options).unwrap().into()
        }
    })
}

/// The onset envelope with librosa's defaults.
fn envelope(case: &Case) -> Vec<f32> {
    let options = OnsetStrength::default();
    let decibels = power_to_db(&mel(case, 128), &Decibels::default()).unwrap();
    onset_strength(&decibels, &options).unwrap()
}

fn tempos(case: &Case) -> Option<Output> {
    let name = case.function.strip_prefix("feature.")?;
    if !["hybrid_tempogram", "tempogram_ratio", "metrogram"].contains(&name) {
        return None;
    }
    let window = if case.text("window").is_some() { Window::Hamming } else { Window::Hann };
    let (win_length, envelope, sr) = (case.count("win_length", 384), envelope(case), case.sr());
    let tg = || tempogram(&envelope, win_length, true, &window, Some(f64::INFINITY)).unwrap();
    Some(match name {
        "hybrid_tempogram" => {
            hybrid_tempogram(&envelope, (sr, 512), win_length, true, &window).unwrap().into()
        }
        "tempogram_ratio" => {
            let (tg, factors) = (tg(), numbers(case, "factors"));
            let bpm = ramp(60.0, 190.0, tg.columns());
            let factors = factors.unwrap_or(METRIC_FACTORS.to_vec());
            tempogram_ratio(&tg, sr, 512, &bpm, &factors).unwrap().into()
        }
        _ => {
            // Without the lag that no tempo belongs to.
            let tg = tg();
            let finite = |row: usize, column: usize| tg[(row + 1, column)];
            let tg = Matrix::from_fn(tg.rows() - 1, tg.columns(), finite);
            let freqs = tempo_frequencies(tg.rows() + 1, 512, sr).split_off(1);
            metrogram(&tg, &freqs, &METRE_FACTORS).unwrap().into()
        }
    })
}

fn mel(case: &Case, n_mels: usize) -> Matrix<f32> {
    let stft = Stft { hop_length: Some(512), ..Stft::default() };
    melspectrogram(&case.y(), case.sr(), &stft, &Mel { n_mels, ..Mel::default() }).unwrap()
}

fn bands(case: &Case) -> Option<Output> {
    Some(match case.function.as_str() {
        "feature.inverse.mfcc_to_mel" => {
            let options = Mfcc {
                dct_type: if case.count("dct_type", 2) == 3 {
                    DctType::Three
                } else {
                    DctType::Two
                },
                ortho: !case.has("norm"),
                lifter: case.number("lifter", 0.0),
                ..Mfcc::default()
            };
            let decibels = power_to_db(&mel(case, 128), &Decibels::default()).unwrap();
            let coefficients = mfcc(&decibels, &options).unwrap();
            let (count, reference) = (case.count("n_mels", 128), case.number("ref", 1.0));
            mfcc_to_mel(&coefficients, count, &options, reference).unwrap().into()
        }
        "decompose.nn_filter" => {
            let s = mel(case, 20);
            let mode = Similarity::Affinity(Bandwidth::MedKScalar);
            let options = Recurrence { k: Some(4), mode, ..Recurrence::default() };
            let rec = recurrence_matrix(&s, &options).unwrap();
            let aggregate = match case.text("aggregate") {
                None => Neighbours::Equal(Aggregate::Mean),
                Some("median") => Neighbours::Equal(Aggregate::Median),
                Some(_) => Neighbours::Weighted,
            };
            nn_filter(&s, &rec, aggregate).unwrap().into()
        }
        "decompose.decompose.components" | "decompose.decompose.activations" => {
            let stft = Stft { n_fft: 512, ..Stft::default() };
            let s = spectrogram(&case.y(), &stft, 1.0).unwrap();
            let n_components = Some(case.count("n_components", 1));
            let sort = case.flag("sort", false);
            let options = Decompose { n_components, sort, ..Decompose::default() };
            let (components, activations) = decompose(&s, &options).unwrap();
            if case.function.ends_with("components") { components } else { activations }.into()
        }
        _ => return None,
    })
}
