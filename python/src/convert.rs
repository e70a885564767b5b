//! `librosa.core.convert` and `librosa.core.intervals`, for as many values as there are.

use pyo3::prelude::*;
use tutti_audio::convert;

use crate::arrays::{Numbers, Rows, Vector, rows, vector};
use crate::errors::work;
use crate::options::{IntervalsArgument, weighting};

/// What `of` makes of each of `values`.
fn each<'py>(
    py: Python<'py>,
    values: &Numbers<'py>,
    of: impl Fn(f64) -> f64 + Send + Sync,
) -> PyResult<Vector<'py, f64>> {
    let values = values.as_slice()?;
    let made = work(py, || Ok(values.iter().map(|value| of(*value)).collect()))?;
    Ok(vector(py, made))
}

/// The mel scale.
#[pyfunction]
pub(crate) fn hz_to_mel<'py>(
    py: Python<'py>,
    frequencies: Numbers<'py>,
    htk: bool,
) -> PyResult<Vector<'py, f64>> {
    each(py, &frequencies, |hz| convert::hz_to_mel(hz, htk))
}

/// From the mel scale.
#[pyfunction]
pub(crate) fn mel_to_hz<'py>(
    py: Python<'py>,
    mels: Numbers<'py>,
    htk: bool,
) -> PyResult<Vector<'py, f64>> {
    each(py, &mels, |mel| convert::mel_to_hz(mel, htk))
}

/// The frequencies of notes.
#[pyfunction]
pub(crate) fn midi_to_hz<'py>(py: Python<'py>, notes: Numbers<'py>) -> PyResult<Vector<'py, f64>> {
    each(py, &notes, convert::midi_to_hz)
}

/// The notes of frequencies.
#[pyfunction]
pub(crate) fn hz_to_midi<'py>(
    py: Python<'py>,
    frequencies: Numbers<'py>,
) -> PyResult<Vector<'py, f64>> {
    each(py, &frequencies, convert::hz_to_midi)
}

/// Octaves above the lowest A.
#[pyfunction]
pub(crate) fn hz_to_octs<'py>(
    py: Python<'py>,
    frequencies: Numbers<'py>,
    tuning: f64,
    bins_per_octave: usize,
) -> PyResult<Vector<'py, f64>> {
    each(py, &frequencies, |hz| convert::hz_to_octs(hz, tuning, bins_per_octave))
}

/// From octaves above the lowest A.
#[pyfunction]
pub(crate) fn octs_to_hz<'py>(
    py: Python<'py>,
    octs: Numbers<'py>,
    tuning: f64,
    bins_per_octave: usize,
) -> PyResult<Vector<'py, f64>> {
    each(py, &octs, |octs| convert::octs_to_hz(octs, tuning, bins_per_octave))
}

/// How far an A lies from 440 Hz.
#[pyfunction]
pub(crate) fn a4_to_tuning<'py>(
    py: Python<'py>,
    a4: Numbers<'py>,
    bins_per_octave: usize,
) -> PyResult<Vector<'py, f64>> {
    each(py, &a4, |a4| convert::a4_to_tuning(a4, bins_per_octave))
}

/// The A of a tuning.
#[pyfunction]
pub(crate) fn tuning_to_a4<'py>(
    py: Python<'py>,
    tuning: Numbers<'py>,
    bins_per_octave: usize,
) -> PyResult<Vector<'py, f64>> {
    each(py, &tuning, |tuning| convert::tuning_to_a4(tuning, bins_per_octave))
}

/// By how many dB tones seem louder.
#[pyfunction]
pub(crate) fn frequency_weighting<'py>(
    py: Python<'py>,
    frequencies: Numbers<'py>,
    kind: &str,
    min_db: Option<f64>,
) -> PyResult<Vector<'py, f64>> {
    let kind = weighting(kind)?;
    each(py, &frequencies, |hz| convert::frequency_weighting(hz, kind, min_db))
}

/// The same for several curves.
#[pyfunction]
pub(crate) fn multi_frequency_weighting<'py>(
    py: Python<'py>,
    frequencies: Numbers<'py>,
    kinds: Vec<String>,
    min_db: Option<f64>,
) -> PyResult<Rows<'py, f64>> {
    let kinds = kinds.iter().map(|kind| weighting(kind)).collect::<PyResult<Vec<_>>>()?;
    let frequencies = frequencies.as_slice()?;
    let curves = work(py, || Ok(convert::multi_frequency_weighting(frequencies, &kinds, min_db)))?;
    rows(py, curves)
}

/// The frequencies of the bins of a transform.
#[pyfunction]
pub(crate) fn fft_frequencies(py: Python<'_>, sr: f64, n_fft: usize) -> Vector<'_, f64> {
    vector(py, convert::fft_frequencies(sr, n_fft))
}

/// The frequencies of the bins of a constant-Q transform.
#[pyfunction]
pub(crate) fn cqt_frequencies(
    py: Python<'_>,
    n_bins: usize,
    fmin: f64,
    bins_per_octave: usize,
    tuning: f64,
) -> Vector<'_, f64> {
    vector(py, convert::cqt_frequencies(n_bins, fmin, bins_per_octave, tuning))
}

/// The frequencies of mel bands.
#[pyfunction]
pub(crate) fn mel_frequencies(
    py: Python<'_>,
    n_mels: usize,
    fmin: f64,
    fmax: f64,
    htk: bool,
) -> Vector<'_, f64> {
    vector(py, convert::mel_frequencies(n_mels, fmin, fmax, htk))
}

/// The tempos of lags.
#[pyfunction]
pub(crate) fn tempo_frequencies(
    py: Python<'_>,
    n_bins: usize,
    hop_length: usize,
    sr: f64,
) -> Vector<'_, f64> {
    vector(py, convert::tempo_frequencies(n_bins, hop_length, sr))
}

/// The tempos of the bins of a Fourier tempogram.
#[pyfunction]
pub(crate) fn fourier_tempo_frequencies(
    py: Python<'_>,
    sr: f64,
    win_length: usize,
    hop_length: usize,
) -> Vector<'_, f64> {
    vector(py, convert::fourier_tempo_frequencies(sr, win_length, hop_length))
}

/// Frequencies at intervals.
#[pyfunction]
pub(crate) fn interval_frequencies(
    py: Python<'_>,
    n_bins: usize,
    fmin: f64,
    intervals: IntervalsArgument,
    bins_per_octave: usize,
) -> PyResult<Vector<'_, f64>> {
    let intervals = intervals.intervals()?;
    let made =
        work(py, || convert::interval_frequencies(n_bins, fmin, &intervals, bins_per_octave))?;
    Ok(vector(py, made))
}

/// Stacked fifths.
#[pyfunction]
pub(crate) fn pythagorean_intervals(py: Python<'_>, bins_per_octave: usize) -> Vector<'_, f64> {
    vector(py, convert::pythagorean_intervals(bins_per_octave))
}

/// Intervals of some prime factors.
#[pyfunction]
pub(crate) fn plimit_intervals(
    py: Python<'_>,
    primes: Vec<f64>,
    bins_per_octave: usize,
) -> PyResult<Vector<'_, f64>> {
    let made = work(py, || Ok(convert::plimit_intervals(&primes, bins_per_octave)))?;
    Ok(vector(py, made))
}
