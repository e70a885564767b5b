//! `librosa.feature` of spectra, and `librosa.feature.inverse`.

use pyo3::prelude::*;
use tutti_audio::features::{self, Contrast, MelInverse};
use tutti_audio::filters::MelBank;

use crate::arrays::{In, Numbers, Rows, Samples, Vector, rows, vector};
use crate::errors::work;
use crate::options::{ChromaArgument, Frames, MelArgument, MfccArgument, delta_mode, pad_mode};
use crate::spectrum::{SearchArgument, random};

/// Mel bands of the powers of a signal.
#[pyfunction]
pub(crate) fn melspectrogram<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    sr: f64,
    frames: Frames,
    mel: MelArgument,
) -> PyResult<Rows<'py, f32>> {
    let (y, frames, mel) = (y.as_slice()?, frames.stft()?, mel.mel()?);
    rows(py, work(py, || features::melspectrogram(y, sr, &frames, &mel))?)
}

/// Mel bands of a spectrogram.
#[pyfunction]
pub(crate) fn mel_of_spectrogram(
    py: Python<'_>,
    s: In<f32>,
    sr: f64,
    n_fft: usize,
    mel: MelArgument,
) -> PyResult<Rows<'_, f32>> {
    let mel = mel.mel()?;
    rows(py, work(py, || features::mel_of_spectrogram(&s.0, &MelBank::new(sr, n_fft, &mel)?))?)
}

/// Coefficients of bands in decibels.
#[pyfunction]
pub(crate) fn mfcc(py: Python<'_>, s: In<f32>, options: MfccArgument) -> PyResult<Rows<'_, f32>> {
    let options = options.mfcc()?;
    rows(py, work(py, || features::mfcc(&s.0, &options))?)
}

/// Mel bands of coefficients.
#[pyfunction]
pub(crate) fn mfcc_to_mel(
    py: Python<'_>,
    coefficients: In<f32>,
    n_mels: usize,
    options: MfccArgument,
    reference: f64,
) -> PyResult<Rows<'_, f32>> {
    let options = options.mfcc()?;
    rows(py, work(py, || features::mfcc_to_mel(&coefficients.0, n_mels, &options, reference))?)
}

/// Magnitudes of mel bands.
#[pyfunction]
pub(crate) fn mel_to_stft(
    py: Python<'_>,
    m: In<f32>,
    sr: f64,
    frames: Frames,
    power: f64,
    mel: MelArgument,
) -> PyResult<Rows<'_, f32>> {
    let (stft, mel) = (frames.stft()?, mel.mel()?);
    let inverse = MelInverse { sr, stft, power, mel, ..MelInverse::default() };
    rows(py, work(py, || features::mel_to_stft(&m.0, &inverse))?)
}

/// A signal of mel bands; `turns` are its first phases, row by row, in turns.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as librosa's")]
pub(crate) fn mel_to_audio<'py>(
    py: Python<'py>,
    m: In<f32>,
    sr: f64,
    frames: Frames,
    power: f64,
    mel: MelArgument,
    search: SearchArgument,
    turns: Option<Numbers<'py>>,
) -> PyResult<Vector<'py, f32>> {
    let (stft, mel, search) = (frames.stft()?, mel.mel()?, search.search());
    let inverse = MelInverse { sr, stft, power, mel, search };
    let turns = turns.as_ref().map(Numbers::as_slice).transpose()?;
    let y = work(py, || match turns {
        Some(turns) => features::mel_to_audio(&m.0, &inverse, Some(&mut random(turns))),
        None => features::mel_to_audio(&m.0, &inverse, None),
    })?;
    Ok(vector(py, y))
}

/// Classes of pitch of powers.
#[pyfunction]
pub(crate) fn chroma_stft(
    py: Python<'_>,
    s: In<f32>,
    sr: f64,
    tuning: Option<f64>,
    bank: ChromaArgument,
    norm: Option<f64>,
) -> PyResult<Rows<'_, f32>> {
    let bank = bank.chroma();
    rows(py, work(py, || features::chroma_stft(&s.0, sr, tuning, &bank, norm))?)
}

/// Tonal centroids of classes.
#[pyfunction]
pub(crate) fn tonnetz(py: Python<'_>, chroma: In<f32>) -> PyResult<Rows<'_, f32>> {
    rows(py, work(py, || features::tonnetz(&chroma.0))?)
}

/// Derivatives of rows.
#[pyfunction]
pub(crate) fn delta<'py>(
    py: Python<'py>,
    data: In<f32>,
    width: usize,
    order: usize,
    mode: &str,
) -> PyResult<Rows<'py, f32>> {
    let mode = delta_mode(mode)?;
    rows(py, work(py, || features::delta(&data.0, width, order, mode))?)
}

/// Frames with those before them.
#[pyfunction]
pub(crate) fn stack_memory<'py>(
    py: Python<'py>,
    data: In<f32>,
    n_steps: usize,
    delay: isize,
    mode: &str,
) -> PyResult<Rows<'py, f32>> {
    let mode = pad_mode(mode)?;
    rows(py, work(py, || features::stack_memory(&data.0, n_steps, delay, mode))?)
}

/// The root of the mean square of frames; not centred without a mode of padding.
#[pyfunction]
pub(crate) fn rms<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    frame_length: usize,
    hop_length: usize,
    mode: Option<&str>,
) -> PyResult<Vector<'py, f32>> {
    let (y, mode) = (y.as_slice()?, mode.map(pad_mode).transpose()?);
    Ok(vector(py, work(py, || features::rms(y, frame_length, hop_length, mode))?))
}

/// The same of magnitudes.
#[pyfunction]
pub(crate) fn rms_of_spectrogram(
    py: Python<'_>,
    s: In<f32>,
    frame_length: usize,
) -> PyResult<Vector<'_, f32>> {
    Ok(vector(py, work(py, || features::rms_of_spectrogram(&s.0, frame_length))?))
}

/// How often frames change their sign.
#[pyfunction]
pub(crate) fn zero_crossing_rate<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    frame_length: usize,
    hop_length: usize,
    center: bool,
) -> PyResult<Vector<'py, f32>> {
    let y = y.as_slice()?;
    let rate = work(py, || features::zero_crossing_rate(y, frame_length, hop_length, center))?;
    Ok(vector(py, rate))
}

/// Where a signal changes its sign.
#[pyfunction]
pub(crate) fn zero_crossings<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    threshold: f32,
    pad: bool,
) -> PyResult<Vector<'py, bool>> {
    let y = y.as_slice()?;
    Ok(vector(py, work(py, || Ok(features::zero_crossings(y, threshold, pad)))?))
}

/// The middle of spectra.
#[pyfunction]
pub(crate) fn spectral_centroid<'py>(
    py: Python<'py>,
    s: In<f32>,
    frequencies: Numbers<'py>,
) -> PyResult<Vector<'py, f32>> {
    let frequencies = frequencies.as_slice()?;
    Ok(vector(py, work(py, || features::spectral_centroid(&s.0, frequencies))?))
}

/// The spread of spectra.
#[pyfunction]
pub(crate) fn spectral_bandwidth<'py>(
    py: Python<'py>,
    s: In<f32>,
    frequencies: Numbers<'py>,
    p: f64,
) -> PyResult<Vector<'py, f32>> {
    let frequencies = frequencies.as_slice()?;
    Ok(vector(py, work(py, || features::spectral_bandwidth(&s.0, frequencies, p))?))
}

/// The frequency below which a share of spectra lies.
#[pyfunction]
pub(crate) fn spectral_rolloff<'py>(
    py: Python<'py>,
    s: In<f32>,
    frequencies: Numbers<'py>,
    roll_percent: f64,
) -> PyResult<Vector<'py, f32>> {
    let frequencies = frequencies.as_slice()?;
    Ok(vector(py, work(py, || features::spectral_rolloff(&s.0, frequencies, roll_percent))?))
}

/// How like noise spectra are.
#[pyfunction]
pub(crate) fn spectral_flatness(
    py: Python<'_>,
    s: In<f32>,
    amin: f64,
    power: f64,
) -> PyResult<Vector<'_, f32>> {
    Ok(vector(py, work(py, || features::spectral_flatness(&s.0, amin, power))?))
}

/// `fmin, n_bands, quantile, linear`.
#[derive(FromPyObject)]
pub(crate) struct ContrastArgument(f64, usize, f64, bool);

/// How far peaks lie over valleys.
#[pyfunction]
pub(crate) fn spectral_contrast<'py>(
    py: Python<'py>,
    s: In<f32>,
    sr: f64,
    frequencies: Numbers<'py>,
    options: ContrastArgument,
) -> PyResult<Rows<'py, f32>> {
    let ContrastArgument(fmin, n_bands, quantile, linear) = options;
    let options = Contrast { fmin, n_bands, quantile, linear };
    let frequencies = frequencies.as_slice()?;
    rows(py, work(py, || features::spectral_contrast(&s.0, sr, frequencies, &options))?)
}

/// Polynomials of spectra.
#[pyfunction]
pub(crate) fn poly_features<'py>(
    py: Python<'py>,
    s: In<f32>,
    frequencies: Numbers<'py>,
    order: usize,
) -> PyResult<Rows<'py, f32>> {
    let frequencies = frequencies.as_slice()?;
    rows(py, work(py, || features::poly_features(&s.0, frequencies, order))?)
}

/// What stands at multiples of the frequency of each bin: a matrix for each multiple.
#[pyfunction]
pub(crate) fn interp_harmonics<'py>(
    py: Python<'py>,
    x: In<f32>,
    freqs: Numbers<'py>,
    harmonics: Numbers<'py>,
    fill_value: f64,
) -> PyResult<Vec<Rows<'py, f32>>> {
    let (freqs, harmonics) = (freqs.as_slice()?, harmonics.as_slice()?);
    let found = work(py, || features::interp_harmonics(&x.0, freqs, harmonics, fill_value))?;
    found.into_iter().map(|each| rows(py, each)).collect()
}

/// What stands at multiples of the frequency of each frame.
#[pyfunction]
pub(crate) fn f0_harmonics<'py>(
    py: Python<'py>,
    x: In<f32>,
    f0: Numbers<'py>,
    freqs: Numbers<'py>,
    harmonics: Numbers<'py>,
    fill_value: f64,
) -> PyResult<Rows<'py, f32>> {
    let (f0, freqs, harmonics) = (f0.as_slice()?, freqs.as_slice()?, harmonics.as_slice()?);
    rows(py, work(py, || features::f0_harmonics(&x.0, f0, freqs, harmonics, fill_value))?)
}

/// `weights, filter_peaks, fill_value`.
#[derive(FromPyObject)]
pub(crate) struct SalienceArgument(Vec<f64>, bool, f64);

/// How likely tones are.
#[pyfunction]
pub(crate) fn salience<'py>(
    py: Python<'py>,
    s: In<f32>,
    freqs: Numbers<'py>,
    harmonics: Numbers<'py>,
    options: SalienceArgument,
) -> PyResult<Rows<'py, f32>> {
    let SalienceArgument(weights, filter_peaks, fill_value) = options;
    let options = features::Salience { weights, filter_peaks, fill_value };
    let (freqs, harmonics) = (freqs.as_slice()?, harmonics.as_slice()?);
    rows(py, work(py, || features::salience(&s.0, freqs, harmonics, &options))?)
}
