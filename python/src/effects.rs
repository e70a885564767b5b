//! `librosa.effects`, `librosa.decompose`, and the signals of `librosa.core.audio`.

use pyo3::prelude::*;
use tutti_audio::decompose::{self, Decompose, Hpss, Neighbours};
use tutti_audio::effects::{self, PitchShift, Silence};
use tutti_audio::signal;

use crate::arrays::{In, Numbers, Rows, Samples, Vector, pairs, rows, vector};
use crate::errors::work;
use crate::options::{Frames, aggregate};

/// `kernel_size, power, margin`.
#[derive(FromPyObject)]
pub(crate) struct HpssArgument((usize, usize), f64, (f64, f64));

impl HpssArgument {
    fn hpss(self) -> Hpss {
        Hpss { kernel_size: self.0, power: self.1, margin: self.2 }
    }
}

/// The shares of magnitudes that are harmonic and percussive.
#[pyfunction]
pub(crate) fn hpss_masks(
    py: Python<'_>,
    s: In<f32>,
    options: HpssArgument,
) -> PyResult<(Rows<'_, f32>, Rows<'_, f32>)> {
    let options = options.hpss();
    let (harmonic, percussive) = work(py, || decompose::hpss_masks(&s.0, &options))?;
    Ok((rows(py, harmonic)?, rows(py, percussive)?))
}

/// The harmonic and the percussive part of a signal.
#[pyfunction]
pub(crate) fn hpss<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    frames: Frames,
    options: HpssArgument,
) -> PyResult<(Vector<'py, f32>, Vector<'py, f32>)> {
    let (y, frames, options) = (y.as_slice()?, frames.stft()?, options.hpss());
    let (harmonic, percussive) = work(py, || effects::hpss(y, &frames, &options))?;
    Ok((vector(py, harmonic), vector(py, percussive)))
}

/// The harmonic part of a signal.
#[pyfunction]
pub(crate) fn harmonic<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    frames: Frames,
    options: HpssArgument,
) -> PyResult<Vector<'py, f32>> {
    let (y, frames, options) = (y.as_slice()?, frames.stft()?, options.hpss());
    Ok(vector(py, work(py, || effects::harmonic(y, &frames, &options))?))
}

/// The percussive part of a signal.
#[pyfunction]
pub(crate) fn percussive<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    frames: Frames,
    options: HpssArgument,
) -> PyResult<Vector<'py, f32>> {
    let (y, frames, options) = (y.as_slice()?, frames.stft()?, options.hpss());
    Ok(vector(py, work(py, || effects::percussive(y, &frames, &options))?))
}

/// Which share of both each value of `x` is.
#[pyfunction]
pub(crate) fn softmask(
    py: Python<'_>,
    x: In<f32>,
    x_ref: In<f32>,
    power: f64,
    split_zeros: bool,
) -> PyResult<Rows<'_, f32>> {
    rows(py, work(py, || decompose::softmask(&x.0, &x_ref.0, power, split_zeros))?)
}

/// `n_components, sort, tol, max_iter`.
#[derive(FromPyObject)]
pub(crate) struct DecomposeArgument(Option<usize>, bool, f64, usize);

/// Spectra and their activations.
#[pyfunction(name = "decompose")]
pub(crate) fn parts(
    py: Python<'_>,
    s: In<f32>,
    options: DecomposeArgument,
) -> PyResult<(Rows<'_, f32>, Rows<'_, f32>)> {
    let DecomposeArgument(n_components, sort, tol, max_iter) = options;
    let options = Decompose { n_components, sort, tol, max_iter };
    let (components, activations) = work(py, || decompose::decompose(&s.0, &options))?;
    Ok((rows(py, components)?, rows(py, activations)?))
}

/// Frames replaced by those that are like them; weighted by `rec` where no aggregate is named.
#[pyfunction]
pub(crate) fn nn_filter<'py>(
    py: Python<'py>,
    s: In<f32>,
    rec: In<f32>,
    how: Option<&str>,
) -> PyResult<Rows<'py, f32>> {
    let how = match how {
        Some(how) => Neighbours::Equal(aggregate(how)?),
        None => Neighbours::Weighted,
    };
    rows(py, work(py, || decompose::nn_filter(&s.0, &rec.0, how))?)
}

/// A signal at another speed.
#[pyfunction]
pub(crate) fn time_stretch<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    rate: f64,
    frames: Frames,
) -> PyResult<Vector<'py, f32>> {
    let (y, frames) = (y.as_slice()?, frames.stft()?);
    Ok(vector(py, work(py, || effects::time_stretch(y, rate, &frames))?))
}

/// `n_steps, bins_per_octave, scale`.
#[derive(FromPyObject)]
pub(crate) struct ShiftArgument(f64, usize, bool);

/// A signal at another height.
#[pyfunction]
pub(crate) fn pitch_shift<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    shift: ShiftArgument,
    frames: Frames,
) -> PyResult<Vector<'py, f32>> {
    let ShiftArgument(n_steps, bins_per_octave, scale) = shift;
    let shift = PitchShift { n_steps, bins_per_octave, scale };
    let (y, frames) = (y.as_slice()?, frames.stft()?);
    Ok(vector(py, work(py, || effects::pitch_shift(y, sr, &shift, &frames))?))
}

/// `top_db, ref, frame_length, hop_length`.
#[derive(FromPyObject)]
pub(crate) struct SilenceArgument(f64, Option<f64>, usize, usize);

impl SilenceArgument {
    fn silence(self) -> Silence {
        let Self(top_db, reference, frame_length, hop_length) = self;
        Silence { top_db, reference, frame_length, hop_length }
    }
}

/// From and to which sample a signal is not silent.
#[pyfunction]
pub(crate) fn trim<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    silence: SilenceArgument,
) -> PyResult<(usize, usize)> {
    let (y, silence) = (y.as_slice()?, silence.silence());
    let range = work(py, || effects::trim(y, &silence))?;
    Ok((range.start, range.end))
}

/// The parts of a signal that are not silent.
#[pyfunction]
pub(crate) fn split<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    silence: SilenceArgument,
) -> PyResult<Rows<'py, i64>> {
    let (y, silence) = (y.as_slice()?, silence.silence());
    let parts = work(py, || effects::split(y, &silence))?;
    let parts: Vec<_> = parts.into_iter().map(|part| (part.start, part.end)).collect();
    pairs(py, &parts)
}

/// High frequencies raised.
#[pyfunction]
pub(crate) fn preemphasis<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    coef: f64,
    zi: Option<f32>,
) -> PyResult<Vector<'py, f32>> {
    let y = y.as_slice()?;
    Ok(vector(py, work(py, || effects::preemphasis(y, coef, zi))?))
}

/// High frequencies lowered.
#[pyfunction]
pub(crate) fn deemphasis<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    coef: f64,
    zi: Option<f32>,
) -> PyResult<Vector<'py, f32>> {
    let y = y.as_slice()?;
    Ok(vector(py, work(py, || effects::deemphasis(y, coef, zi))?))
}

/// Parts of a signal one after the other.
#[pyfunction]
pub(crate) fn remix<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    intervals: Vec<(usize, usize)>,
    align_zeros: bool,
) -> PyResult<Vector<'py, f32>> {
    let intervals: Vec<_> = intervals.into_iter().map(|(start, end)| start..end).collect();
    let y = y.as_slice()?;
    Ok(vector(py, work(py, || effects::remix(y, &intervals, align_zeros))?))
}

/// A signal at another rate.
#[pyfunction]
pub(crate) fn resample<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    orig_sr: f64,
    target_sr: f64,
    scale: bool,
) -> PyResult<Vector<'py, f32>> {
    let y = y.as_slice()?;
    Ok(vector(py, work(py, || signal::resample(y, orig_sr, target_sr, scale))?))
}

/// The products of a signal with itself.
#[pyfunction]
pub(crate) fn autocorrelate<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    max_size: Option<usize>,
) -> PyResult<Vector<'py, f32>> {
    let y = y.as_slice()?;
    Ok(vector(py, work(py, || signal::autocorrelate(y, max_size))?))
}

/// The coefficients that predict a signal.
#[pyfunction]
pub(crate) fn lpc<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    order: usize,
) -> PyResult<Vector<'py, f32>> {
    let y = y.as_slice()?;
    Ok(vector(py, work(py, || signal::lpc(y, order))?))
}

/// Quiet samples raised: real numbers.
#[pyfunction]
pub(crate) fn mu_compress<'py>(
    py: Python<'py>,
    x: Numbers<'py>,
    mu: f64,
) -> PyResult<Vector<'py, f64>> {
    let x = x.as_slice()?;
    Ok(vector(py, work(py, || signal::mu_compress(x, mu))?))
}

/// Quiet samples raised: whole numbers.
#[pyfunction]
pub(crate) fn mu_quantize<'py>(
    py: Python<'py>,
    x: Numbers<'py>,
    mu: f64,
) -> PyResult<Vector<'py, i64>> {
    let x = x.as_slice()?;
    Ok(vector(py, work(py, || signal::mu_quantize(x, mu))?))
}

/// What was raised lowered again, of real numbers.
#[pyfunction]
pub(crate) fn mu_expand<'py>(
    py: Python<'py>,
    x: Numbers<'py>,
    mu: f64,
) -> PyResult<Vector<'py, f64>> {
    let x = x.as_slice()?;
    Ok(vector(py, work(py, || signal::mu_expand(x, mu))?))
}

/// What was raised lowered again, of whole numbers.
#[pyfunction]
pub(crate) fn mu_dequantize(py: Python<'_>, x: Vec<i64>, mu: f64) -> PyResult<Vector<'_, f64>> {
    Ok(vector(py, work(py, || signal::mu_dequantize(&x, mu))?))
}

/// A tone.
#[pyfunction]
pub(crate) fn tone(
    py: Python<'_>,
    frequency: f64,
    sr: f64,
    length: usize,
    phi: Option<f64>,
) -> PyResult<Vector<'_, f64>> {
    Ok(vector(py, work(py, || signal::tone(frequency, sr, length, phi))?))
}

/// A tone that glides.
#[pyfunction]
pub(crate) fn chirp(
    py: Python<'_>,
    frequencies: (f64, f64),
    sr: f64,
    length: usize,
    linear: bool,
    phi: Option<f64>,
) -> PyResult<Vector<'_, f64>> {
    Ok(vector(py, work(py, || signal::chirp(frequencies, sr, length, linear, phi))?))
}

/// Clicks at some samples.
#[pyfunction]
pub(crate) fn clicks(
    py: Python<'_>,
    positions: Vec<usize>,
    sr: f64,
    click_freq: f64,
    click_duration: f64,
    length: Option<usize>,
) -> PyResult<Vector<'_, f32>> {
    let made = work(py, || signal::clicks(&positions, sr, click_freq, click_duration, length))?;
    Ok(vector(py, made))
}
