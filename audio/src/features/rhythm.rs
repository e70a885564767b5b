//! How an onset envelope repeats, as `librosa.feature.rhythm`.

use crate::convert::{tempo_frequencies, time_to_frames};
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
    let mut lags = Lags::new(win_length, center, window, norm)?;
    let frames = lags.frames(onset_envelope.len())?;
    let mut tempogram = Matrix::filled(win_length, frames, 0.0);
    for frame in 0..frames {
        lags.apply(onset_envelope, frame, tempogram.column_mut(frame))?;
    }
    Ok(tempogram)
}

/// How much an envelope is like itself around a frame: the kernel of every tempogram of lags.
pub(crate) struct Lags {
    window: Vec<f64>,
    pad: usize,
    norm: Option<f64>,
    plan: Autocorrelation,
    values: Vec<f64>,
}

impl Lags {
    pub(crate) fn new(
        win_length: usize,
        center: bool,
        window: &Window,
        norm: Option<f64>,
    ) -> Result<Self, Error> {
        Ok(Self {
            window: get_window(window, win_length, true)?,
            pad: if center { win_length / 2 } else { 0 },
            norm,
            plan: Autocorrelation::new(win_length),
            values: Vec::with_capacity(win_length),
        })
    }

    /// How many frames an envelope of that length has.
    pub(crate) fn frames(&self, length: usize) -> Result<usize, Error> {
        let needed = self.window.len();
        if length + 2 * self.pad < needed {
            return Err(Error::TooShort { what: "the envelope", length, needed });
        }
        Ok((length + 2 * self.pad - needed + 1).min(length))
    }

    /// Fills `column`, a value for each lag, of a frame of an envelope that is not empty.
    pub(crate) fn apply(
        &mut self,
        envelope: &[f32],
        frame: usize,
        column: &mut [f32],
    ) -> Result<(), Error> {
        let pad = self.pad;
        let sample = |(offset, weight): (usize, &f64)| {
            let at = (frame + offset) as isize - pad as isize;
            weight * f64::from(padded(envelope, at, pad, PadMode::LinearRamp))
        };
        self.plan.apply(self.window.iter().enumerate().map(sample), &mut self.values);
        for (value, &lag) in column.iter_mut().zip(&self.values) {
            *value = lag as f32;
        }
        self.norm.map_or(Ok(()), |norm| normalize_in_place(column, norm))
    }
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
    let search = Search::of(tg, sr, hop_length, tempo)?;
    let mut mean = vec![0.0_f64; tg.rows()];
    for frame in tg.iter_columns() {
        for (mean, &value) in mean.iter_mut().zip(frame) {
            *mean += f64::from(value);
        }
    }
    let count = tg.columns() as f64;
    Ok(search.best(mean.iter().map(|sum| sum / count)))
}

/// Seconds of lags that a tempo is taken from, librosa's `ac_size`.
const AC_SIZE_SECONDS: f64 = 8.0;

/// [`tempo`] of the tempogram of 8 seconds of an onset envelope, frame by frame: the tempogram is
/// never there as a whole.
///
/// # Errors
/// As [`tempogram`] and [`tempo`].
pub fn tempo_of_envelope(
    onset_envelope: &[f32],
    sr: f64,
    hop_length: usize,
    tempo: &Tempo,
) -> Result<f64, Error> {
    check_signal(onset_envelope)?;
    let count = time_to_frames(AC_SIZE_SECONDS, sr, hop_length, None).max(0) as usize;
    let mut lags = Lags::new(count, true, &Window::Hann, Some(f64::INFINITY))?;
    let frames = lags.frames(onset_envelope.len())?;
    let search = Search::new((count, frames), sr, hop_length, tempo)?;
    let (mut mean, mut column) = (vec![0.0_f64; count], vec![0.0; count]);
    for frame in 0..frames {
        lags.apply(onset_envelope, frame, &mut column)?;
        for (mean, &value) in mean.iter_mut().zip(&column) {
            *mean += f64::from(value);
        }
    }
    Ok(search.best(mean.iter().map(|sum| sum / frames as f64)))
}

/// [`tempo`] with `aggregate=None`: the tempo at each frame.
///
/// # Errors
/// As [`tempo`].
pub fn tempo_of_frames(
    tg: &Matrix<f32>,
    sr: f64,
    hop_length: usize,
    tempo: &Tempo,
) -> Result<Vec<f64>, Error> {
    let search = Search::of(tg, sr, hop_length, tempo)?;
    let best = |frame: &[f32]| search.best(frame.iter().map(|&value| f64::from(value)));
    Ok(tg.iter_columns().map(best).collect())
}

/// The tempo of each lag and how likely it is.
struct Search {
    bpm: Vec<f64>,
    likely: Vec<f64>,
}

impl Search {
    fn of(tg: &Matrix<f32>, sr: f64, hop_length: usize, tempo: &Tempo) -> Result<Self, Error> {
        check_finite("the tempogram", tg.as_slice())?;
        Self::new((tg.rows(), tg.columns()), sr, hop_length, tempo)
    }

    /// For so many lags and frames.
    fn new(
        (rows, columns): (usize, usize),
        sr: f64,
        hop_length: usize,
        tempo: &Tempo,
    ) -> Result<Self, Error> {
        check_positive("sr", sr)?;
        check_count("hop_length", hop_length)?;
        check_positive("start_bpm", tempo.start_bpm)?;
        check_positive("std_bpm", tempo.std_bpm)?;
        if rows < 2 || columns == 0 {
            let length = rows.min(columns);
            return Err(Error::TooShort { what: "the tempogram", length, needed: 2 });
        }
        let bpm = tempo_frequencies(rows, hop_length, sr);
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
