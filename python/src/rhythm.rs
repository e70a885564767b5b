//! `librosa.onset`, `librosa.beat`, and the tempos of `librosa.feature`.

use pyo3::prelude::*;
use tutti_audio::beat::{self, BeatTrack, Plp};
use tutti_audio::features::{self, Tempo};
use tutti_audio::onset::{self, OnsetDetect, OnsetStrength};

use crate::arrays::{Bin, In, Rows, Samples, Vector, indices, rows, vector};
use crate::errors::work;
use crate::options::{PeakArgument, WindowArgument, aggregate};

/// `lag, max_size, detrend, center, n_fft, hop_length, aggregate`.
#[derive(FromPyObject)]
pub(crate) struct StrengthArgument(usize, usize, bool, bool, usize, usize, String);

/// How much the bands from each of `channels` to the next rise.
#[pyfunction]
pub(crate) fn onset_strength_multi(
    py: Python<'_>,
    s: In<f32>,
    channels: Vec<usize>,
    options: StrengthArgument,
) -> PyResult<Rows<'_, f32>> {
    let StrengthArgument(lag, max_size, detrend, center, n_fft, hop_length, how) = options;
    let aggregate = aggregate(&how)?;
    let options = OnsetStrength { lag, max_size, detrend, center, n_fft, hop_length, aggregate };
    rows(py, work(py, || onset::onset_strength_multi(&s.0, &channels, &options))?)
}

/// The frames at which notes begin; without `peak` they are picked by librosa's defaults.
#[pyfunction]
pub(crate) fn onset_detect<'py>(
    py: Python<'py>,
    envelope: Samples<'py>,
    sr: f64,
    hop_length: usize,
    normalize: bool,
    peak: Option<PeakArgument>,
) -> PyResult<Vector<'py, i64>> {
    let peak = peak.map(PeakArgument::peak_pick).transpose()?;
    let (envelope, options) = (envelope.as_slice()?, OnsetDetect { normalize, peak });
    let found = work(py, || onset::onset_detect(envelope, sr, hop_length, &options))?;
    Ok(indices(py, found))
}

/// Events moved to the minima before them.
#[pyfunction]
pub(crate) fn onset_backtrack<'py>(
    py: Python<'py>,
    events: Vec<usize>,
    energy: Samples<'py>,
) -> PyResult<Vector<'py, i64>> {
    let energy = energy.as_slice()?;
    Ok(indices(py, work(py, || Ok(onset::onset_backtrack(&events, energy)))?))
}

/// `start_bpm, tightness, trim, bpm`.
#[derive(FromPyObject)]
pub(crate) struct BeatArgument(f64, f64, bool, Vec<f64>);

/// The tempo and the frames of the beats.
#[pyfunction]
pub(crate) fn beat_track<'py>(
    py: Python<'py>,
    envelope: Samples<'py>,
    sr: f64,
    hop_length: usize,
    options: BeatArgument,
) -> PyResult<(f64, Vector<'py, i64>)> {
    let BeatArgument(start_bpm, tightness, trim, bpm) = options;
    let options = BeatTrack { start_bpm, tightness, trim, bpm };
    let envelope = envelope.as_slice()?;
    let (tempo, beats) = work(py, || beat::beat_track(envelope, sr, hop_length, &options))?;
    Ok((tempo, indices(py, beats)))
}

/// Where pulses of the strongest tempos beat; `tempos` are `tempo_min, tempo_max`.
#[pyfunction]
pub(crate) fn plp<'py>(
    py: Python<'py>,
    envelope: Samples<'py>,
    sr: f64,
    hop_length: usize,
    win_length: usize,
    tempos: (Option<f64>, Option<f64>),
) -> PyResult<Vector<'py, f32>> {
    let (tempo_min, tempo_max) = tempos;
    let options = Plp { win_length, tempo_min, tempo_max };
    let envelope = envelope.as_slice()?;
    Ok(vector(py, work(py, || beat::plp(envelope, sr, hop_length, &options))?))
}

/// How much an envelope is like itself at each lag.
#[pyfunction]
pub(crate) fn tempogram<'py>(
    py: Python<'py>,
    envelope: Samples<'py>,
    win_length: usize,
    center: bool,
    window: WindowArgument,
    norm: Option<f64>,
) -> PyResult<Rows<'py, f32>> {
    let (envelope, window) = (envelope.as_slice()?, window.window()?);
    rows(py, work(py, || features::tempogram(envelope, win_length, center, &window, norm))?)
}

/// The transform of an envelope around each frame.
#[pyfunction]
pub(crate) fn fourier_tempogram<'py>(
    py: Python<'py>,
    envelope: Samples<'py>,
    win_length: usize,
    center: bool,
    window: WindowArgument,
) -> PyResult<Rows<'py, Bin>> {
    let (envelope, window) = (envelope.as_slice()?, window.window()?);
    rows(py, work(py, || features::fourier_tempogram(envelope, win_length, center, &window))?)
}

/// What both tempograms have.
#[pyfunction]
pub(crate) fn hybrid_tempogram<'py>(
    py: Python<'py>,
    envelope: Samples<'py>,
    sr: f64,
    hop_length: usize,
    win_length: usize,
    center: bool,
    window: WindowArgument,
) -> PyResult<Rows<'py, f32>> {
    let (envelope, window, rate) = (envelope.as_slice()?, window.window()?, (sr, hop_length));
    rows(py, work(py, || features::hybrid_tempogram(envelope, rate, win_length, center, &window))?)
}

/// `start_bpm, std_bpm, max_tempo`.
#[derive(FromPyObject)]
pub(crate) struct TempoArgument(f64, f64, Option<f64>);

impl TempoArgument {
    fn tempo(self) -> Tempo {
        Tempo { start_bpm: self.0, std_bpm: self.1, max_tempo: self.2 }
    }
}

/// The likeliest tempo.
#[pyfunction]
pub(crate) fn tempo(
    py: Python<'_>,
    tg: In<f32>,
    sr: f64,
    hop_length: usize,
    options: TempoArgument,
) -> PyResult<f64> {
    let options = options.tempo();
    work(py, || features::tempo(&tg.0, sr, hop_length, &options))
}

/// The likeliest tempo of each frame.
#[pyfunction]
pub(crate) fn tempo_of_frames(
    py: Python<'_>,
    tg: In<f32>,
    sr: f64,
    hop_length: usize,
    options: TempoArgument,
) -> PyResult<Vector<'_, f64>> {
    let options = options.tempo();
    Ok(vector(py, work(py, || features::tempo_of_frames(&tg.0, sr, hop_length, &options))?))
}
