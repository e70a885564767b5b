//! `librosa.core.convert` and `librosa.core.intervals`, for as many values as there are.

use tutti_audio::Matrix;
use tutti_audio::convert;

use crate::arguments::Numbers;
use crate::limits::fits;
use crate::options::{IntervalsArgument, weighting};
use crate::problem::Answer;
use crate::table::{Function, table};

/// What `of` makes of each of `values`.
fn each(values: &Numbers<'_>, of: impl Fn(f64) -> f64) -> Vec<f64> {
    values.iter().map(|value| of(*value)).collect()
}

/// The mel scale.
fn hz_to_mel(frequencies: Numbers<'_>, htk: bool) -> Vec<f64> {
    each(&frequencies, |hz| convert::hz_to_mel(hz, htk))
}

/// From the mel scale.
fn mel_to_hz(mels: Numbers<'_>, htk: bool) -> Vec<f64> {
    each(&mels, |mel| convert::mel_to_hz(mel, htk))
}

/// The frequencies of notes.
fn midi_to_hz(notes: Numbers<'_>) -> Vec<f64> {
    each(&notes, convert::midi_to_hz)
}

/// The notes of frequencies.
fn hz_to_midi(frequencies: Numbers<'_>) -> Vec<f64> {
    each(&frequencies, convert::hz_to_midi)
}

/// Octaves above the lowest A.
fn hz_to_octs(frequencies: Numbers<'_>, tuning: f64, bins_per_octave: usize) -> Vec<f64> {
    each(&frequencies, |hz| convert::hz_to_octs(hz, tuning, bins_per_octave))
}

/// From octaves above the lowest A.
fn octs_to_hz(octs: Numbers<'_>, tuning: f64, bins_per_octave: usize) -> Vec<f64> {
    each(&octs, |octs| convert::octs_to_hz(octs, tuning, bins_per_octave))
}

/// How far an A lies from 440 Hz.
fn a4_to_tuning(a4: Numbers<'_>, bins_per_octave: usize) -> Vec<f64> {
    each(&a4, |a4| convert::a4_to_tuning(a4, bins_per_octave))
}

/// The A of a tuning.
fn tuning_to_a4(tuning: Numbers<'_>, bins_per_octave: usize) -> Vec<f64> {
    each(&tuning, |tuning| convert::tuning_to_a4(tuning, bins_per_octave))
}

/// By how many dB tones seem louder.
fn frequency_weighting(
    frequencies: Numbers<'_>,
    kind: String,
    min_db: Option<f64>,
) -> Answer<Vec<f64>> {
    let kind = weighting(&kind)?;
    Ok(each(&frequencies, |hz| convert::frequency_weighting(hz, kind, min_db)))
}

/// The same for several curves.
fn multi_frequency_weighting(
    frequencies: Numbers<'_>,
    kinds: Vec<String>,
    min_db: Option<f64>,
) -> Answer<Matrix<f64>> {
    let kinds = kinds.iter().map(|kind| weighting(kind)).collect::<Answer<Vec<_>>>()?;
    fits("the curves", kinds.len(), frequencies.len())?;
    Ok(convert::multi_frequency_weighting(&frequencies, &kinds, min_db))
}

/// The frequencies of the bins of a transform.
fn fft_frequencies(sr: f64, n_fft: usize) -> Vec<f64> {
    convert::fft_frequencies(sr, n_fft)
}

/// The frequencies of the bins of a constant-Q transform.
fn cqt_frequencies(n_bins: usize, fmin: f64, bins_per_octave: usize, tuning: f64) -> Vec<f64> {
    convert::cqt_frequencies(n_bins, fmin, bins_per_octave, tuning)
}

/// The frequencies of mel bands.
fn mel_frequencies(n_mels: usize, fmin: f64, fmax: f64, htk: bool) -> Vec<f64> {
    convert::mel_frequencies(n_mels, fmin, fmax, htk)
}

/// The tempos of lags.
fn tempo_frequencies(n_bins: usize, hop_length: usize, sr: f64) -> Vec<f64> {
    convert::tempo_frequencies(n_bins, hop_length, sr)
}

/// The tempos of the bins of a Fourier tempogram.
fn fourier_tempo_frequencies(sr: f64, win_length: usize, hop_length: usize) -> Vec<f64> {
    convert::fourier_tempo_frequencies(sr, win_length, hop_length)
}

/// Frequencies at intervals.
fn interval_frequencies(
    n_bins: usize,
    fmin: f64,
    intervals: IntervalsArgument,
    bins_per_octave: usize,
) -> Answer<Vec<f64>> {
    let intervals = intervals.intervals()?;
    Ok(convert::interval_frequencies(n_bins, fmin, &intervals, bins_per_octave)?)
}

/// Stacked fifths.
fn pythagorean_intervals(bins_per_octave: usize) -> Vec<f64> {
    convert::pythagorean_intervals(bins_per_octave)
}

/// Intervals of some prime factors.
fn plimit_intervals(primes: Vec<f64>, bins_per_octave: usize) -> Vec<f64> {
    convert::plimit_intervals(&primes, bins_per_octave)
}

pub(crate) const FUNCTIONS: &[Function] = table![
    hz_to_mel,
    mel_to_hz,
    midi_to_hz,
    hz_to_midi,
    hz_to_octs,
    octs_to_hz,
    a4_to_tuning,
    tuning_to_a4,
    frequency_weighting,
    multi_frequency_weighting,
    fft_frequencies,
    cqt_frequencies,
    mel_frequencies,
    tempo_frequencies,
    fourier_tempo_frequencies,
    interval_frequencies,
    pythagorean_intervals,
    plimit_intervals
];
