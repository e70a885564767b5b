//! The classes of pitch in a spectrogram, and the relations between them.

use std::f64::consts::PI;

use crate::error::{Error, check_count, check_finite, check_magnitudes};
use crate::filters::{Chroma, chroma};
use crate::matrix::Matrix;
use crate::pitch::estimate_tuning;
use crate::util::normalize_in_place;

/// `librosa.feature.chroma_stft` of powers `s` at `sr` Hz: a row for each class of pitch, each
/// frame divided by its `norm`, infinity by default. Without `tuning`, in classes, it is estimated,
/// and that of `bank` is not used.
///
/// # Errors
/// A power is negative or not finite; there are less than two bins; a parameter is out of its
/// range.
pub fn chroma_stft(
    s: &Matrix<f32>,
    sr: f64,
    tuning: Option<f64>,
    bank: &Chroma,
    norm: Option<f64>,
) -> Result<Matrix<f32>, Error> {
    check_magnitudes("the spectrogram", s.as_slice())?;
    if s.rows() < 2 {
        return Err(Error::TooShort { what: "a frame", length: s.rows(), needed: 2 });
    }
    let tuning = match tuning {
        Some(tuning) => tuning,
        None => estimate_tuning(s, sr, 0.01, bank.n_chroma)?,
    };
    let mut folding = Folding::new(sr, 2 * (s.rows() - 1), &Chroma { tuning, ..bank.clone() })?;
    let mut classes = Matrix::filled(folding.weights.rows(), s.columns(), 0.0);
    for (index, bins) in s.iter_columns().enumerate() {
        folding.apply(bins, norm, classes.column_mut(index))?;
    }
    Ok(classes)
}

/// Folds the bins of a frame into classes: the kernel of every chromagram of a Fourier transform.
pub(super) struct Folding {
    weights: Matrix<f32>,
    sums: Vec<f64>,
}

impl Folding {
    pub(super) fn new(sr: f64, n_fft: usize, bank: &Chroma) -> Result<Self, Error> {
        let weights = chroma(sr, n_fft, bank)?;
        Ok(Self { sums: vec![0.0; weights.rows()], weights })
    }

    /// Fills `frame`, a value for each class, from the powers of `bins`.
    pub(super) fn apply(
        &mut self,
        bins: &[f32],
        norm: Option<f64>,
        frame: &mut [f32],
    ) -> Result<(), Error> {
        self.sums.fill(0.0);
        for (weights, &bin) in self.weights.iter_columns().zip(bins) {
            for (sum, &weight) in self.sums.iter_mut().zip(weights) {
                *sum += f64::from(weight) * f64::from(bin);
            }
        }
        for (class, &sum) in frame.iter_mut().zip(&self.sums) {
            *class = sum as f32;
        }
        norm.map_or(Ok(()), |norm| normalize_in_place(frame, norm))
    }
}

/// `librosa.feature.tonnetz` of a chromagram: six coordinates, two each for fifths, minor thirds
/// and major thirds.
///
/// Harte, C., Sandler, M. and Gasser, M. Detecting harmonic change in musical audio. ACM
/// International Conference on Multimedia, 2006.
///
/// # Errors
/// A value is not finite; there are no classes.
pub fn tonnetz(chromagram: &Matrix<f32>) -> Result<Matrix<f32>, Error> {
    check_finite("the chromagram", chromagram.as_slice())?;
    check_count("the number of classes", chromagram.rows())?;
    let steps = [7.0 / 6.0, 7.0 / 6.0, 1.5, 1.5, 2.0 / 3.0, 2.0 / 3.0];
    let radii = [1.0, 1.0, 1.0, 1.0, 0.5, 0.5];
    let step = 12.0 / chromagram.rows() as f64;
    let weights = Matrix::from_fn(6, chromagram.rows(), |row, class| {
        let turn = if row % 2 == 0 { 0.5 } else { 0.0 };
        radii[row] * (PI * (steps[row] * class as f64 * step - turn)).cos()
    });
    let mut coordinates = Matrix::filled(6, chromagram.columns(), 0.0);
    let mut frame = Vec::new();
    for column in 0..chromagram.columns() {
        frame.clear();
        frame.extend_from_slice(chromagram.column(column));
        normalize_in_place(&mut frame, 1.0)?;
        for (row, coordinate) in coordinates.column_mut(column).iter_mut().enumerate() {
            let sum: f64 = weights
                .row(row)
                .zip(&frame)
                .map(|(weight, &value)| weight * f64::from(value))
                .sum();
            *coordinate = sum as f32;
        }
    }
    Ok(coordinates)
}
