//! `librosa.core.constantq`, and the classes of pitch that are made of it.

use pyo3::prelude::*;
use tutti_audio::constantq::{self, Vqt};
use tutti_audio::features::{self, Cens};

use crate::arrays::{Bin, In, Numbers, Rows, Samples, Vector, rows, vector};
use crate::errors::work;
use crate::options::{ChromaCqtArgument, ConstantQArgument, IntervalsArgument, WindowArgument};
use crate::spectrum::{SearchArgument, random};

/// A bin for each note.
#[pyfunction]
pub(crate) fn cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    options: ConstantQArgument,
) -> PyResult<Rows<'py, Bin>> {
    let (y, options) = (y.as_slice()?, options.constant_q()?);
    rows(py, work(py, || constantq::cqt(y, sr, &options))?)
}

/// A bin at each interval.
#[pyfunction]
pub(crate) fn vqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    options: ConstantQArgument,
    intervals: IntervalsArgument,
    gamma: Option<f64>,
) -> PyResult<Rows<'py, Bin>> {
    let (constant_q, intervals) = (options.constant_q()?, intervals.intervals()?);
    let (y, options) = (y.as_slice()?, Vqt { constant_q, intervals, gamma });
    rows(py, work(py, || constantq::vqt(y, sr, &options))?)
}

/// Magnitudes for each note, from a Fourier transform.
#[pyfunction]
pub(crate) fn pseudo_cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    options: ConstantQArgument,
) -> PyResult<Rows<'py, f32>> {
    let (y, options) = (y.as_slice()?, options.constant_q()?);
    rows(py, work(py, || constantq::pseudo_cqt(y, sr, &options))?)
}

/// Magnitudes for each note, from whichever transform suits.
#[pyfunction]
pub(crate) fn hybrid_cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    options: ConstantQArgument,
) -> PyResult<Rows<'py, f32>> {
    let (y, options) = (y.as_slice()?, options.constant_q()?);
    rows(py, work(py, || constantq::hybrid_cqt(y, sr, &options))?)
}

/// The signal of bins.
#[pyfunction]
pub(crate) fn icqt(
    py: Python<'_>,
    bins: In<Bin>,
    sr: f64,
    options: ConstantQArgument,
    length: Option<usize>,
) -> PyResult<Vector<'_, f32>> {
    let options = options.constant_q()?;
    Ok(vector(py, work(py, || constantq::icqt(&bins.0, sr, &options, length))?))
}

/// A signal of magnitudes; `turns` are its first phases, row by row, in turns.
#[pyfunction]
pub(crate) fn griffinlim_cqt<'py>(
    py: Python<'py>,
    magnitudes: In<f32>,
    sr: f64,
    options: ConstantQArgument,
    search: SearchArgument,
    turns: Option<Numbers<'py>>,
) -> PyResult<Vector<'py, f32>> {
    let (options, search) = (options.constant_q()?, search.search());
    let turns = turns.as_ref().map(Numbers::as_slice).transpose()?;
    let found = |random: Option<tutti_audio::spectrum::Random<'_>>| {
        constantq::griffinlim_cqt(&magnitudes.0, sr, &options, &search, random)
    };
    let y = work(py, || match turns {
        Some(turns) => found(Some(&mut random(turns))),
        None => found(None),
    })?;
    Ok(vector(py, y))
}

/// Classes of pitch of a signal.
#[pyfunction]
pub(crate) fn chroma_cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    options: ChromaCqtArgument,
) -> PyResult<Rows<'py, f32>> {
    let (y, options) = (y.as_slice()?, options.chroma_cqt()?);
    rows(py, work(py, || features::chroma_cqt(y, sr, &options))?)
}

/// Classes of pitch of magnitudes.
#[pyfunction]
pub(crate) fn chroma_of_cqt(
    py: Python<'_>,
    c: In<f32>,
    options: ChromaCqtArgument,
) -> PyResult<Rows<'_, f32>> {
    let options = options.chroma_cqt()?;
    rows(py, work(py, || features::chroma_of_cqt(&c.0, &options))?)
}

/// Classes at intervals.
#[pyfunction]
pub(crate) fn chroma_vqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    options: ChromaCqtArgument,
    intervals: IntervalsArgument,
    gamma: Option<f64>,
) -> PyResult<Rows<'py, f32>> {
    let (y, options) = (y.as_slice()?, options.chroma_cqt()?);
    let (intervals, per) = (intervals.intervals()?, options.bins_per_octave);
    rows(py, work(py, || features::chroma_vqt(y, sr, &options, &intervals, per, gamma))?)
}

/// `win_len_smooth, smoothing_window, norm`.
#[derive(FromPyObject)]
pub(crate) struct CensArgument(Option<usize>, WindowArgument, Option<f64>);

/// Classes of pitch in steps of loudness, smoothed.
#[pyfunction]
pub(crate) fn chroma_cens<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    options: ChromaCqtArgument,
    cens: CensArgument,
) -> PyResult<Rows<'py, f32>> {
    let CensArgument(win_len_smooth, window, norm) = cens;
    let cens = Cens { win_len_smooth, smoothing_window: window.window()?, norm };
    let (y, options) = (y.as_slice()?, options.chroma_cqt()?);
    rows(py, work(py, || features::chroma_cens(y, sr, &options, &cens))?)
}
