//! `librosa.core.spectrum`: transforms, decibels, phases.

use pyo3::prelude::*;
use tutti_audio::features::{Pcen, pcen as compressed};
use tutti_audio::spectrum::{self, GriffinLim, Interpolation, Mellin, Moved, Reassign};

use crate::arrays::{Bin, In, Numbers, Rows, Samples, Vector, rows, vector};
use crate::errors::work;
use crate::options::{DecibelsArgument, Frames, one_of, weighting};

/// Complex bins of each frame.
#[pyfunction]
pub(crate) fn stft<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    frames: Frames,
) -> PyResult<Rows<'py, Bin>> {
    let (y, frames) = (y.as_slice()?, frames.stft()?);
    rows(py, work(py, || spectrum::stft(y, &frames))?)
}

/// Magnitudes of each frame to some power.
#[pyfunction]
pub(crate) fn spectrogram<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    frames: Frames,
    power: f64,
) -> PyResult<Rows<'py, f32>> {
    let (y, frames) = (y.as_slice()?, frames.stft()?);
    rows(py, work(py, || spectrum::spectrogram(y, &frames, power))?)
}

/// The signal of some bins.
#[pyfunction]
pub(crate) fn istft(
    py: Python<'_>,
    bins: In<Bin>,
    frames: Frames,
    length: Option<usize>,
) -> PyResult<Vector<'_, f32>> {
    let frames = frames.stft()?;
    Ok(vector(py, work(py, || spectrum::istft(&bins.0, &frames, length))?))
}

/// Bins at another speed.
#[pyfunction]
pub(crate) fn phase_vocoder(py: Python<'_>, bins: In<Bin>, rate: f64) -> PyResult<Rows<'_, Bin>> {
    rows(py, work(py, || spectrum::phase_vocoder(&bins.0, rate))?)
}

/// What hands out given numbers, one after the other.
pub(crate) fn random(numbers: &[f64]) -> impl FnMut() -> f64 + Send + '_ {
    let mut numbers = numbers.iter();
    move || numbers.next().copied().unwrap_or_default()
}

/// The search for phases: `n_iter, momentum, length`.
#[derive(FromPyObject)]
pub(crate) struct SearchArgument(usize, f64, Option<usize>);

impl SearchArgument {
    pub(crate) fn search(self) -> GriffinLim {
        GriffinLim { n_iter: self.0, momentum: self.1, length: self.2 }
    }
}

/// A signal of magnitudes; `turns` are its first phases, row by row, in turns.
#[pyfunction]
pub(crate) fn griffinlim<'py>(
    py: Python<'py>,
    s: In<f32>,
    frames: Frames,
    search: SearchArgument,
    turns: Option<Numbers<'py>>,
) -> PyResult<Vector<'py, f32>> {
    let (frames, search) = (frames.stft()?, search.search());
    let turns = turns.as_ref().map(Numbers::as_slice).transpose()?;
    let y = work(py, || match turns {
        Some(turns) => spectrum::griffinlim(&s.0, &frames, &search, Some(&mut random(turns))),
        None => spectrum::griffinlim(&s.0, &frames, &search, None),
    })?;
    Ok(vector(py, y))
}

/// `moved, ref_power, fill_nan, clip`; moved are `"both"`, `"frequencies"` or `"times"`.
#[derive(FromPyObject)]
pub(crate) struct ReassignArgument(String, f64, bool, bool);

/// Frequencies, times and magnitudes of bins.
#[pyfunction]
pub(crate) fn reassigned_spectrogram<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    frames: Frames,
    options: ReassignArgument,
) -> PyResult<(Rows<'py, f64>, Rows<'py, f64>, Rows<'py, f32>)> {
    let ReassignArgument(moved, ref_power, fill_nan, clip) = options;
    let moved = one_of(
        "moved",
        &moved,
        &[("both", Moved::Both), ("frequencies", Moved::Frequencies), ("times", Moved::Times)],
    )?;
    let options = Reassign { moved, ref_power, fill_nan, clip };
    let (y, frames) = (y.as_slice()?, frames.stft()?);
    let found = work(py, || spectrum::reassigned_spectrogram(y, sr, &frames, &options))?;
    Ok((rows(py, found.frequencies)?, rows(py, found.times)?, rows(py, found.magnitudes)?))
}

/// `t_min, n_fmt, kind, beta, over_sample`.
#[derive(FromPyObject)]
pub(crate) struct MellinArgument(f64, Option<usize>, String, f64, f64);

/// The Mellin transform of one row.
#[pyfunction]
pub(crate) fn fmt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    options: MellinArgument,
) -> PyResult<Vector<'py, Bin>> {
    let MellinArgument(t_min, n_fmt, kind, beta, over_sample) = options;
    let kinds = [("linear", Interpolation::Linear), ("cubic", Interpolation::Cubic)];
    let kind = one_of("kind", &kind, &kinds)?;
    let (y, options) = (y.as_slice()?, Mellin { t_min, n_fmt, kind, beta, over_sample });
    Ok(vector(py, work(py, || spectrum::fmt(y, &options))?))
}

/// Decibels of powers.
#[pyfunction]
pub(crate) fn power_to_db(
    py: Python<'_>,
    s: In<f32>,
    decibels: DecibelsArgument,
) -> PyResult<Rows<'_, f32>> {
    let (mut s, decibels) = (s.0, decibels.decibels());
    work(py, || spectrum::power_to_db_in_place(s.as_mut_slice(), &decibels))?;
    rows(py, s)
}

/// Decibels of amplitudes.
#[pyfunction]
pub(crate) fn amplitude_to_db(
    py: Python<'_>,
    s: In<f32>,
    decibels: DecibelsArgument,
) -> PyResult<Rows<'_, f32>> {
    let (mut s, decibels) = (s.0, decibels.decibels());
    work(py, || spectrum::amplitude_to_db_in_place(s.as_mut_slice(), &decibels))?;
    rows(py, s)
}

/// Powers of decibels.
#[pyfunction]
pub(crate) fn db_to_power(py: Python<'_>, s: In<f32>, reference: f64) -> PyResult<Rows<'_, f32>> {
    rows(py, work(py, || Ok(spectrum::db_to_power(&s.0, reference)))?)
}

/// Amplitudes of decibels.
#[pyfunction]
pub(crate) fn db_to_amplitude(
    py: Python<'_>,
    s: In<f32>,
    reference: f64,
) -> PyResult<Rows<'_, f32>> {
    rows(py, work(py, || Ok(spectrum::db_to_amplitude(&s.0, reference)))?)
}

/// Decibels as loud as they seem.
#[pyfunction]
pub(crate) fn perceptual_weighting<'py>(
    py: Python<'py>,
    s: In<f32>,
    frequencies: Numbers<'py>,
    kind: &str,
    decibels: DecibelsArgument,
) -> PyResult<Rows<'py, f32>> {
    let (frequencies, kind) = (frequencies.as_slice()?, weighting(kind)?);
    let decibels = decibels.decibels();
    rows(py, work(py, || spectrum::perceptual_weighting(&s.0, frequencies, kind, &decibels))?)
}

/// `gain, bias, power, time_constant, eps, b, max_size`.
#[derive(FromPyObject)]
pub(crate) struct PcenArgument(f64, f64, f64, f64, f64, Option<f64>, usize);

/// Bands divided by their past.
#[pyfunction]
pub(crate) fn pcen(
    py: Python<'_>,
    s: In<f32>,
    sr: f64,
    hop_length: usize,
    options: PcenArgument,
) -> PyResult<Rows<'_, f32>> {
    let PcenArgument(gain, bias, power, time_constant, eps, b, max_size) = options;
    let options = Pcen { gain, bias, power, time_constant, eps, b, max_size };
    rows(py, work(py, || compressed(&s.0, sr, hop_length, &options))?)
}
