//! `librosa.onset`, `librosa.beat`, and the tempos of `librosa.feature`.

use tutti_audio::Matrix;
use tutti_audio::beat::{self, BeatTrack, Plp};
use tutti_audio::features::{self, Tempo};
use tutti_audio::onset::{self, OnsetDetect, OnsetStrength};

use crate::arguments::{Bin, In, Samples, group};
use crate::limits::{fits, fits_frames};
use crate::options::{PeakArgument, WindowArgument, aggregate};
use crate::problem::Answer;
use crate::results::indices;
use crate::table::{Function, table};

group! {
    /// `lag, max_size, detrend, center, n_fft, hop_length, aggregate`.
    pub(crate) struct StrengthArgument(usize, usize, bool, bool, usize, usize, String);
}

/// How much the bands from each of `channels` to the next rise.
fn onset_strength_multi(
    s: In<f32>,
    channels: Vec<usize>,
    options: StrengthArgument,
) -> Answer<Matrix<f32>> {
    let StrengthArgument(lag, max_size, detrend, center, n_fft, hop_length, how) = options;
    let aggregate = aggregate(&how)?;
    let options = OnsetStrength { lag, max_size, detrend, center, n_fft, hop_length, aggregate };
    fits("the channels", channels.len(), s.0.columns())?;
    Ok(onset::onset_strength_multi(&s.0, &channels, &options)?)
}

/// The frames at which notes begin; without `peak` they are picked by librosa's defaults.
fn onset_detect(
    envelope: Samples<'_>,
    sr: f64,
    hop_length: usize,
    normalize: bool,
    peak: Option<PeakArgument>,
) -> Answer<Vec<i64>> {
    let peak = peak.map(PeakArgument::peak_pick).transpose()?;
    let options = OnsetDetect { normalize, peak };
    Ok(indices(onset::onset_detect(&envelope, sr, hop_length, &options)?))
}

/// Events moved to the minima before them.
fn onset_backtrack(events: Vec<usize>, energy: Samples<'_>) -> Vec<i64> {
    indices(onset::onset_backtrack(&events, &energy))
}

group! {
    /// `start_bpm, tightness, trim, bpm`.
    pub(crate) struct BeatArgument(f64, f64, bool, Vec<f64>);
}

/// The tempo and the frames of the beats.
fn beat_track(
    envelope: Samples<'_>,
    sr: f64,
    hop_length: usize,
    options: BeatArgument,
) -> Answer<(f64, Vec<i64>)> {
    let BeatArgument(start_bpm, tightness, trim, bpm) = options;
    let options = BeatTrack { start_bpm, tightness, trim, bpm };
    let (tempo, beats) = beat::beat_track(&envelope, sr, hop_length, &options)?;
    Ok((tempo, indices(beats)))
}

/// Where pulses of the strongest tempos beat; `tempos` are `tempo_min, tempo_max`.
fn plp(
    envelope: Samples<'_>,
    sr: f64,
    hop_length: usize,
    win_length: usize,
    tempos: (Option<f64>, Option<f64>),
) -> Answer<Vec<f32>> {
    let (tempo_min, tempo_max) = tempos;
    let options = Plp { win_length, tempo_min, tempo_max };
    fits_frames("the tempogram", win_length, envelope.len(), 1)?;
    Ok(beat::plp(&envelope, sr, hop_length, &options)?)
}

/// How much an envelope is like itself at each lag.
fn tempogram(
    envelope: Samples<'_>,
    win_length: usize,
    center: bool,
    window: WindowArgument,
    norm: Option<f64>,
) -> Answer<Matrix<f32>> {
    let window = window.window()?;
    fits_frames("the tempogram", win_length, envelope.len(), 1)?;
    Ok(features::tempogram(&envelope, win_length, center, &window, norm)?)
}

/// The transform of an envelope around each frame.
fn fourier_tempogram(
    envelope: Samples<'_>,
    win_length: usize,
    center: bool,
    window: WindowArgument,
) -> Answer<Matrix<Bin>> {
    let window = window.window()?;
    fits_frames("the tempogram", win_length, envelope.len(), 1)?;
    Ok(features::fourier_tempogram(&envelope, win_length, center, &window)?)
}

/// What both tempograms have.
fn hybrid_tempogram(
    envelope: Samples<'_>,
    sr: f64,
    hop_length: usize,
    win_length: usize,
    center: bool,
    window: WindowArgument,
) -> Answer<Matrix<f32>> {
    let (window, rate) = (window.window()?, (sr, hop_length));
    fits_frames("the tempogram", win_length, envelope.len(), 1)?;
    Ok(features::hybrid_tempogram(&envelope, rate, win_length, center, &window)?)
}

group! {
    /// `start_bpm, std_bpm, max_tempo`.
    pub(crate) struct TempoArgument(f64, f64, Option<f64>);
}

impl TempoArgument {
    fn tempo(self) -> Tempo {
        Tempo { start_bpm: self.0, std_bpm: self.1, max_tempo: self.2 }
    }
}

/// The likeliest tempo.
fn tempo(tg: In<f32>, sr: f64, hop_length: usize, options: TempoArgument) -> Answer<f64> {
    let options = options.tempo();
    Ok(features::tempo(&tg.0, sr, hop_length, &options)?)
}

/// The likeliest tempo of each frame.
fn tempo_of_frames(
    tg: In<f32>,
    sr: f64,
    hop_length: usize,
    options: TempoArgument,
) -> Answer<Vec<f64>> {
    let options = options.tempo();
    Ok(features::tempo_of_frames(&tg.0, sr, hop_length, &options)?)
}

pub(crate) const FUNCTIONS: &[Function] = table![
    onset_strength_multi,
    onset_detect,
    onset_backtrack,
    beat_track,
    plp,
    tempogram,
    fourier_tempogram,
    hybrid_tempogram,
    tempo,
    tempo_of_frames
];
