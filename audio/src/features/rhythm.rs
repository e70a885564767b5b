//! How an onset envelope repeats, as `librosa.feature.rhythm`.

use crate::convert::tempo_frequencies;
use crate::error::{Error, check_count, check_finite, check_positive, check_signal};
use crate::filters::{Window, get_window};
use crate::matrix::Matrix;
use crate::signal::Autocorrelation;
use crate::spectrum::{Complex, PadMode, Stft, padded, stft};
use crate::util::normalize_in_place;

/// `librosa.feature.tempogram`: for each frame of an onset envelope how much the `win_length`
/// frames around it are like themselves at each lag; 384 by default. Each frame is divided by its
/// `norm`, infinity by default.
///
/// Grosche, P., Müller, M. and Kurth, F. Cyclic tempogram: a mid-level tempo representation for
/// music signals. ICASSP, 2010.
///
/// # Errors
/// The envelope is empty, not finite, or shorter than a window that is not centred; `win_length`
/// is 0.
pub fn tempogram(
    onset_envelope: &[f32],
    win_length: usize,
    center: bool,
    window: &Window,
    norm: Option<f64>,
) -> Result<Matrix<f32>, Error> {
    check_signal(onset_envelope)?;
    let window = get_window(window, win_length, true)?;
    let pad = if center { win_length / 2 } else { 0 };
    let length = onset_envelope.len();
    if length + 2 * pad < win_length {
        return Err(Error::TooShort { what: "the envelope", length, needed: win_length });
    }
    let frames = (length + 2 * pad - win_length + 1).min(length);
    let mut plan = Autocorrelation::new(win_length);
    let mut lags = Vec::with_capacity(win_length);
    let mut tempogram = Matrix::filled(win_length, frames, 0.0);
    for frame in 0..frames {
        let sample = |(offset, weight): (usize, &f64)| {
            let at = (frame + offset) as isize - pad as isize;
            weight * f64::from(padded(onset_envelope, at, pad, PadMode::LinearRamp))
        };
        plan.apply(window.iter().enumerate().map(sample), &mut lags);
        let column = tempogram.column_mut(frame);
        for (value, &lag) in column.iter_mut().zip(&lags) {
            *value = lag as f32;
        }
        if let Some(norm) = norm {
            normalize_in_place(column, norm)?;
        }
    }
    Ok(tempogram)
}

/// `librosa.feature.fourier_tempogram`: the transform of `win_length` frames around each frame of
/// an onset envelope; 384 by default.
///
/// # Errors
/// As [`stft`].
pub fn fourier_tempogram(
    onset_envelope: &[f32],
    win_length: usize,
    center: bool,
    window: &Window,
) -> Result<Matrix<Complex<f32>>, Error> {
    let window = window.clone();
    let hop_length = Some(1);
    stft(onset_envelope, &Stft { n_fft: win_length, hop_length, center, window, ..Stft::default() })
}

/// Which tempo is expected; defaults are those of `librosa.feature.tempo`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tempo {
    /// The likeliest tempo, in beats a minute.
    pub start_bpm: f64,
    /// How far others are from likely, in octaves.
    pub std_bpm: f64,
    /// The tempo below which it lies, in beats a minute.
    pub max_tempo: Option<f64>,
}

impl Default for Tempo {
    fn default() -> Self {
        Self { start_bpm: 120.0, std_bpm: 1.0, max_tempo: Some(320.0) }
    }
}

/// `librosa.feature.tempo` of a tempogram at `sr` Hz with frames every `hop_length` samples: the
/// likeliest tempo, in beats a minute. librosa takes a tempogram of 8 seconds.
///
/// # Errors
/// A value is not finite; there are less than two lags or no frame; a parameter is not above 0.
pub fn tempo(tg: &Matrix<f32>, sr: f64, hop_length: usize, tempo: &Tempo) -> Result<f64, Error> {
    let search = Search::new(tg, sr, hop_length, tempo)?;
    let mut mean = vec![0.0_f64; tg.rows()];
    for frame in tg.iter_columns() {
        for (mean, &value) in mean.iter_mut().zip(frame) {
            *mean += f64::from(value);
        }
    }
    let count = tg.columns() as f64;
    Ok(search.best(mean.iter().map(|sum| sum / count)))
}

/// The same with `aggregate=None`: the tempo at each frame.
///
/// # Errors
/// As [`tempo`].
pub fn tempo_of_frames(
    tg: &Matrix<f32>,
    sr: f64,
    hop_length: usize,
    tempo: &Tempo,
) -> Result<Vec<f64>, Error> {
    let search = Search::new(tg, sr, hop_length, tempo)?;
    let best = |frame: &[f32]| search.best(frame.iter().map(|&value| f64::from(value)));
    Ok(tg.iter_columns().map(best).collect())
}

/// The tempo of each lag and how likely it is.
struct Search {
    bpm: Vec<f64>,
    likely: Vec<f64>,
}

impl Search {
    fn new(tg: &Matrix<f32>, sr: f64, hop_length: usize, tempo: &Tempo) -> Result<Self, Error> {
        check_finite("the tempogram", tg.as_slice())?;
        check_positive("sr", sr)?;
        check_count("hop_length", hop_length)?;
        check_positive("start_bpm", tempo.start_bpm)?;
        check_positive("std_bpm", tempo.std_bpm)?;
        if tg.rows() < 2 || tg.columns() == 0 {
            let length = tg.rows().min(tg.columns());
            return Err(Error::TooShort { what: "the tempogram", length, needed: 2 });
        }
        let bpm = tempo_frequencies(tg.rows(), hop_length, sr);
        let likely = |&bpm: &f64| {
            let distance = (bpm.log2() - tempo.start_bpm.log2()) / tempo.std_bpm;
            -0.5 * distance * distance
        };
        let mut likely: Vec<f64> = bpm.iter().map(likely).collect();
        if let Some(most) = tempo.max_tempo {
            let first = bpm.iter().position(|&bpm| bpm < most).unwrap_or(0);
            likely[..first].fill(f64::NEG_INFINITY);
        }
        Ok(Self { bpm, likely })
    }

    fn best(&self, lags: impl Iterator<Item = f64>) -> f64 {
        let (mut best, mut most) = (0, f64::NEG_INFINITY);
        for (lag, (value, likely)) in lags.zip(&self.likely).enumerate() {
            let score = (1e6 * value).ln_1p() + likely;
            if score > most {
                (best, most) = (lag, score);
            }
        }
        self.bpm[best]
    }
}
