//! `librosa.filters`: windows, banks and wavelets.

use pyo3::prelude::*;
use tutti_audio::filters::{self, MelBank, Wavelet};

use crate::arrays::{Bin, Numbers, Rows, Vector, rows, vector};
use crate::errors::work;
use crate::options::{ChromaArgument, MelArgument, WindowArgument};

/// A window of so many values.
#[pyfunction]
pub(crate) fn get_window(
    py: Python<'_>,
    window: WindowArgument,
    nx: usize,
    fftbins: bool,
) -> PyResult<Vector<'_, f64>> {
    let window = window.window()?;
    Ok(vector(py, work(py, || filters::get_window(&window, nx, fftbins))?))
}

/// How wide a window is, in bins.
#[pyfunction]
pub(crate) fn window_bandwidth(py: Python<'_>, window: WindowArgument, n: usize) -> PyResult<f64> {
    let window = window.window()?;
    work(py, || filters::window_bandwidth(&window, n))
}

/// What windows over frames sum up to.
#[pyfunction]
pub(crate) fn window_sumsquare(
    py: Python<'_>,
    window: WindowArgument,
    n_frames: usize,
    hop_length: usize,
    win_length: Option<usize>,
    n_fft: usize,
) -> PyResult<Vector<'_, f32>> {
    let window = window.window()?;
    let sum =
        work(py, || filters::window_sumsquare(&window, n_frames, hop_length, win_length, n_fft))?;
    Ok(vector(py, sum))
}

/// Bands of the mel scale.
#[pyfunction]
pub(crate) fn mel(
    py: Python<'_>,
    sr: f64,
    n_fft: usize,
    mel: MelArgument,
) -> PyResult<Rows<'_, f32>> {
    let mel = mel.mel()?;
    rows(py, work(py, || Ok(MelBank::new(sr, n_fft, &mel)?.weights()))?)
}

/// Classes of pitch of the bins of a transform.
#[pyfunction]
pub(crate) fn chroma(
    py: Python<'_>,
    sr: f64,
    n_fft: usize,
    chroma: ChromaArgument,
) -> PyResult<Rows<'_, f32>> {
    let chroma = chroma.chroma();
    rows(py, work(py, || filters::chroma(sr, n_fft, &chroma))?)
}

/// Classes of pitch of the bins of a constant-Q transform.
#[pyfunction]
pub(crate) fn cq_to_chroma(
    py: Python<'_>,
    n_input: usize,
    bins_per_octave: usize,
    n_chroma: usize,
    fmin: f64,
    base_c: bool,
) -> PyResult<Rows<'_, f32>> {
    let bank =
        work(py, || filters::cq_to_chroma(n_input, bins_per_octave, n_chroma, fmin, base_c))?;
    rows(py, bank)
}

/// A window along a diagonal.
#[pyfunction]
pub(crate) fn diagonal_filter(
    py: Python<'_>,
    window: WindowArgument,
    n: usize,
    slope: f64,
    zero_mean: bool,
) -> PyResult<Rows<'_, f64>> {
    let window = window.window()?;
    rows(py, work(py, || filters::diagonal_filter(&window, n, slope, zero_mean))?)
}

/// The frequencies and sample rates of the filters of semitones.
#[pyfunction]
pub(crate) fn mr_frequencies(
    py: Python<'_>,
    tuning: f64,
) -> PyResult<(Vector<'_, f64>, Vector<'_, f64>)> {
    let (frequencies, rates) = work(py, || filters::mr_frequencies(tuning))?;
    Ok((vector(py, frequencies), vector(py, rates)))
}

/// `window, filter_scale, pad_fft, norm, gamma`.
#[derive(FromPyObject)]
pub(crate) struct WaveletArgument(WindowArgument, f64, bool, Option<f64>, Option<f64>);

impl WaveletArgument {
    fn wavelet(self) -> PyResult<Wavelet> {
        let Self(window, filter_scale, pad_fft, norm, gamma) = self;
        Ok(Wavelet { window: window.window()?, filter_scale, pad_fft, norm, gamma })
    }
}

/// How wide filters are, as shares of their frequencies.
#[pyfunction]
pub(crate) fn relative_bandwidth<'py>(
    py: Python<'py>,
    freqs: Numbers<'py>,
) -> PyResult<Vector<'py, f64>> {
    let freqs = freqs.as_slice()?;
    Ok(vector(py, work(py, || filters::relative_bandwidth(freqs))?))
}

/// How long wavelets are, and above which frequency none lets anything through.
#[pyfunction]
pub(crate) fn wavelet_lengths<'py>(
    py: Python<'py>,
    freqs: Numbers<'py>,
    sr: f64,
    options: WaveletArgument,
    alpha: Option<Vec<f64>>,
) -> PyResult<(Vector<'py, f64>, f64)> {
    let (freqs, options) = (freqs.as_slice()?, options.wavelet()?);
    let (lengths, cutoff) =
        work(py, || filters::wavelet_lengths(freqs, sr, &options, alpha.as_deref()))?;
    Ok((vector(py, lengths), cutoff))
}

/// Wavelets and their lengths.
#[pyfunction]
pub(crate) fn wavelet<'py>(
    py: Python<'py>,
    freqs: Numbers<'py>,
    sr: f64,
    options: WaveletArgument,
    alpha: Option<Vec<f64>>,
) -> PyResult<(Rows<'py, Bin>, Vector<'py, f64>)> {
    let (freqs, options) = (freqs.as_slice()?, options.wavelet()?);
    let (wavelets, lengths) = work(py, || filters::wavelet(freqs, sr, &options, alpha.as_deref()))?;
    Ok((rows(py, wavelets)?, vector(py, lengths)))
}
