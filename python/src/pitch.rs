//! `librosa.core.pitch`: fundamental frequencies, peaks of spectra, tuning.

use pyo3::prelude::*;
use tutti_audio::pitch::{self, Piptrack, Pyin, Yin};

use crate::arrays::{In, Rows, Samples, Vector, rows, vector};
use crate::errors::work;
use crate::options::pad_mode;

/// `fmin, fmax, frame_length, hop_length, pad_mode`; not centred without the latter.
#[derive(FromPyObject)]
pub(crate) struct YinArgument(f64, f64, usize, Option<usize>, Option<String>);

impl YinArgument {
    fn yin(self) -> PyResult<Yin> {
        let Self(fmin, fmax, frame_length, hop_length, mode) = self;
        let pad_mode = mode.as_deref().map(pad_mode).transpose()?;
        Ok(Yin { fmin, fmax, frame_length, hop_length, pad_mode })
    }
}

/// The fundamental frequency of each frame.
#[pyfunction]
pub(crate) fn yin<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    options: YinArgument,
    trough_threshold: f64,
) -> PyResult<Vector<'py, f64>> {
    let (y, options) = (y.as_slice()?, options.yin()?);
    Ok(vector(py, work(py, || pitch::yin(y, sr, &options, trough_threshold))?))
}

/// `n_thresholds, beta_parameters, boltzmann_parameter, resolution, max_transition_rate,
/// switch_prob, no_trough_prob, fill_na, transition_min_prob`.
#[derive(FromPyObject)]
pub(crate) struct PyinArgument(usize, (f64, f64), f64, f64, f64, f64, f64, Option<f64>, f64);

/// The frequency, whether there is a voice, and its probability.
type Voiced<'py> = (Vector<'py, f64>, Vector<'py, bool>, Vector<'py, f64>);

/// The fundamental frequency of each frame, where one goes on from frame to frame.
#[pyfunction]
pub(crate) fn pyin<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    options: YinArgument,
    prior: PyinArgument,
) -> PyResult<Voiced<'py>> {
    let PyinArgument(n_thresholds, beta_parameters, boltzmann_parameter, ..) = prior;
    let PyinArgument(.., resolution, max_transition_rate, switch_prob, no_trough_prob, _, _) =
        prior;
    let PyinArgument(.., fill_na, transition_min_prob) = prior;
    let prior = Pyin {
        n_thresholds,
        beta_parameters,
        boltzmann_parameter,
        resolution,
        max_transition_rate,
        switch_prob,
        no_trough_prob,
        fill_na,
        transition_min_prob,
    };
    let (y, options) = (y.as_slice()?, options.yin()?);
    let voice = work(py, || pitch::pyin(y, sr, &options, &prior))?;
    Ok((vector(py, voice.f0), vector(py, voice.voiced_flag), vector(py, voice.voiced_prob)))
}

/// Pitches and magnitudes of peaks.
#[pyfunction]
pub(crate) fn piptrack(
    py: Python<'_>,
    s: In<f32>,
    sr: f64,
    fmin: f64,
    fmax: f64,
    threshold: f64,
) -> PyResult<(Rows<'_, f32>, Rows<'_, f32>)> {
    let options = Piptrack { fmin, fmax, threshold };
    let (pitches, magnitudes) = work(py, || pitch::piptrack(&s.0, sr, &options))?;
    Ok((rows(py, pitches)?, rows(py, magnitudes)?))
}

/// How far frequencies lie from the bins of an octave.
#[pyfunction]
pub(crate) fn pitch_tuning<'py>(
    py: Python<'py>,
    frequencies: Samples<'py>,
    resolution: f64,
    bins_per_octave: usize,
) -> PyResult<f64> {
    let frequencies = frequencies.as_slice()?;
    work(py, || pitch::pitch_tuning(frequencies, resolution, bins_per_octave))
}

/// How far the pitches of magnitudes lie from the bins of an octave.
#[pyfunction]
pub(crate) fn estimate_tuning(
    py: Python<'_>,
    s: In<f32>,
    sr: f64,
    resolution: f64,
    bins_per_octave: usize,
) -> PyResult<f64> {
    work(py, || pitch::estimate_tuning(&s.0, sr, resolution, bins_per_octave))
}
