//! A spectrogram as the product of few spectra and when each sounds.
//!
//! As scikit-learn's `NMF` with its defaults: started from singular vectors, then changed one
//! number after the other. In double precision: single precision, which scikit-learn keeps for
//! magnitudes that are so, is after 200 passes off in the third digit.
//!
//! Boutsidis, C. and Gallopoulos, E. SVD based initialization: a head start for nonnegative matrix
//! factorization. Pattern Recognition, 2008; Cichocki, A. and Phan, A. H. Fast local algorithms for
//! large scale nonnegative matrix and tensor factorizations. IEICE Transactions, 2009.

use crate::dot::dot_f64;
use crate::error::{Error, check, check_magnitudes};
use crate::linear::eigen;
use crate::matrix::Matrix;
use crate::util::{Axis, axis_sort};

/// Directions beside those that are looked for, and how often all are turned.
const EXTRA: usize = 10;
const TURNS: usize = 12;
/// What is less at the start stands for nothing.
const LEAST: f64 = 1e-6;

/// How a spectrogram is taken apart; defaults are those of `librosa.decompose.decompose`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decompose {
    /// How many spectra there are: from 1 to the lesser of bins and frames; as many as bins where
    /// there is none. (Beyond that librosa begins with random numbers.)
    pub n_components: Option<usize>,
    /// Whether spectra are in the order of where they are greatest.
    pub sort: bool,
    /// By how much a pass changes less than the first did, at the end.
    pub tol: f64,
    /// Passes at most.
    pub max_iter: usize,
}

impl Default for Decompose {
    fn default() -> Self {
        Self { n_components: None, sort: false, tol: 1e-4, max_iter: 200 }
    }
}

/// `librosa.decompose.decompose`: spectra, a column for each, and their activations, a row for
/// each, whose product comes close to the magnitudes `s`.
///
/// # Errors
/// A magnitude is negative or not finite; there are none; a parameter is out of its range.
pub fn decompose(
    s: &Matrix<f32>,
    options: &Decompose,
) -> Result<(Matrix<f32>, Matrix<f32>), Error> {
    check_magnitudes("the spectrogram", s.as_slice())?;
    if s.as_slice().is_empty() {
        return Err(Error::Empty { what: "the spectrogram" });
    }
    let (bins, frames) = (s.rows(), s.columns());
    let count = options.n_components.unwrap_or(bins);
    let most = bins.min(frames);
    check((1..=most).contains(&count), "n_components", count, &format!("from 1 to {most}"))?;
    check(options.tol >= 0.0, "tol", options.tol, "0 or more")?;

    let (mut spectra, mut activations) = start(s, count);
    let by_bin = s.transposed();
    let mut first = None;
    for _ in 0..options.max_iter {
        let mut change = update(s, &mut activations, &spectra);
        change += update(&by_bin, &mut spectra, &activations);
        let first = *first.get_or_insert(change);
        if first == 0.0 || change / first <= options.tol {
            break;
        }
    }
    let spectra = spectra.into_iter().map(|value| value as f32).collect();
    let mut components = Matrix::from_columns(bins, count, spectra)?;
    let mut order: Vec<usize> = (0..count).collect();
    if options.sort {
        (components, order) = axis_sort(&components, Axis::Columns)?;
    }
    let when = |row: usize, frame: usize| activations[order[row] * frames + frame] as f32;
    Ok((components, Matrix::from_fn(count, frames, when)))
}

/// Changes one factor, which has a value for each column of `s` and each component, so that with
/// the other it comes closer to `s`; and by how much it had to change. Components lie one after the
/// other.
fn update(s: &Matrix<f32>, factor: &mut [f64], other: &[f64]) -> f64 {
    let (rows, columns) = (s.rows(), s.columns());
    let count = factor.len() / columns;
    let components: Vec<&[f64]> = other.chunks(rows).collect();
    let squares: Vec<Vec<f64>> =
        components.iter().map(|a| components.iter().map(|b| dot_f64(a, b)).collect()).collect();
    let (mut of_column, mut change) = (vec![0.0_f64; count], 0.0_f64);
    for (column, values) in s.iter_columns().enumerate() {
        for (at, place) in of_column.iter_mut().enumerate() {
            *place = factor[at * columns + column];
        }
        for (at, component) in components.iter().enumerate() {
            let slope = dot_f64(&squares[at], &of_column) - wide(values, component);
            let value = of_column[at];
            change += if value == 0.0 { slope.min(0.0).abs() } else { slope.abs() };
            if squares[at][at] != 0.0 {
                of_column[at] = (value - slope / squares[at][at]).max(0.0);
            }
        }
        for (at, &value) in of_column.iter().enumerate() {
            factor[at * columns + column] = value;
        }
    }
    change
}

/// Spectra and activations from singular vectors: of each, the side, above or below zero, that
/// weighs more. What is nothing there is the mean of all magnitudes.
fn start(s: &Matrix<f32>, count: usize) -> (Vec<f64>, Vec<f64>) {
    let sum: f64 = s.as_slice().iter().map(|&value| f64::from(value)).sum();
    let mean = sum / s.as_slice().len() as f64;
    let fill = |value: f64| if value < LEAST { mean } else { value };
    let (mut spectra, mut activations) = (Vec::new(), Vec::new());
    for (index, (singular, spectrum, activation)) in singular(s, count).into_iter().enumerate() {
        let side = |values: &[f64], sign: f64| -> Vec<f64> {
            let part = |value: &f64| if index == 0 { value.abs() } else { (sign * value).max(0.0) };
            values.iter().map(part).collect()
        };
        let length = |values: &[f64]| dot_f64(values, values).sqrt();
        let of_sign = |sign: f64| {
            let (x, y) = (side(&activation, sign), side(&spectrum, sign));
            let (along, across) = (length(&x), length(&y));
            (along * across, x, y, along, across)
        };
        let (above, below) = (of_sign(1.0), of_sign(-1.0));
        let (weight, x, y, along, across) = if above.0 > below.0 { above } else { below };
        let scale = (singular * weight).sqrt();
        let scaled = |values: Vec<f64>, length: f64| -> Vec<f64> {
            let value = |value: f64| if length > 0.0 { scale * value / length } else { 0.0 };
            values.into_iter().map(|it| fill(value(it))).collect()
        };
        spectra.extend(scaled(y, across));
        activations.extend(scaled(x, along));
    }
    (spectra, activations)
}

/// The greatest singular values, each with its direction over bins and over frames.
fn singular(s: &Matrix<f32>, count: usize) -> Vec<(f64, Vec<f64>, Vec<f64>)> {
    let (bins, frames) = (s.rows(), s.columns());
    let size = (count + EXTRA).min(bins.min(frames));
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / 4_294_967_296.0 - 0.5
    };
    let mut over_frames: Vec<Vec<f64>> = vec![Vec::new(); size];
    let mut over_bins: Vec<Vec<f64>> =
        (0..size).map(|_| (0..bins).map(|_| random()).collect()).collect();
    for _ in 0..TURNS {
        straighten(&mut over_bins);
        for (to, from) in over_frames.iter_mut().zip(&over_bins) {
            *to = s.iter_columns().map(|frame| wide(frame, from)).collect();
        }
        straighten(&mut over_frames);
        for (to, from) in over_bins.iter_mut().zip(&over_frames) {
            to.clear();
            to.resize(bins, 0.0);
            for (frame, &weight) in s.iter_columns().zip(from) {
                for (to, &value) in to.iter_mut().zip(frame) {
                    *to += weight * f64::from(value);
                }
            }
        }
    }
    // Among the directions over frames, those that the spectrogram only stretches.
    let squares = over_bins.iter().flat_map(|a| over_bins.iter().map(|b| dot_f64(a, b)));
    let (values, vectors) = eigen(squares.collect(), size);
    let mix = |parts: &[Vec<f64>], weights: &[f64]| -> Vec<f64> {
        let length = parts.first().map_or(0, Vec::len);
        let value = |at: usize| parts.iter().zip(weights).map(|(part, w)| part[at] * w).sum();
        (0..length).map(value).collect()
    };
    let of_value = |(value, weights): (&f64, &[f64])| {
        let singular = value.max(0.0).sqrt();
        let over_bins = mix(&over_bins, weights);
        let shrink = if singular > 0.0 { 1.0 / singular } else { 0.0 };
        let over_bins = over_bins.into_iter().map(|it| it * shrink).collect();
        (singular, over_bins, mix(&over_frames, weights))
    };
    values.iter().zip(vectors.chunks(size)).take(count).map(of_value).collect()
}

fn wide(frame: &[f32], weights: &[f64]) -> f64 {
    frame.iter().zip(weights).map(|(&value, weight)| f64::from(value) * weight).sum()
}

/// Makes vectors of length 1 at right angles to each other, or zeros, by the method of Gram and
/// Schmidt, twice.
fn straighten(vectors: &mut [Vec<f64>]) {
    for at in 0..vectors.len() {
        let (before, rest) = vectors.split_at_mut(at);
        let Some(vector) = rest.first_mut() else { continue };
        let whole = dot_f64(vector, vector).sqrt();
        for _ in 0..2 {
            for other in before.iter() {
                let part = dot_f64(vector, other);
                for (value, other) in vector.iter_mut().zip(other) {
                    *value -= part * other;
                }
            }
        }
        let length = dot_f64(vector, vector).sqrt();
        let shrink = if length > 1e-12 * whole { 1.0 / length } else { 0.0 };
        for value in vector {
            *value *= shrink;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_notes_come_apart() {
        let spectra = [[1.0, 0.0, 0.5, 0.0], [0.0, 2.0, 0.0, 1.0]];
        let when = |note: usize, frame: usize| f32::from(u8::from((frame / 3) % 2 == note));
        let s = Matrix::from_fn(4, 12, |bin, frame| {
            (0..2).map(|note| spectra[note][bin] * when(note, frame)).sum()
        });
        let options = Decompose { n_components: Some(2), sort: true, ..Decompose::default() };
        let (components, activations) = decompose(&s, &options).unwrap();
        for ((bin, frame), value) in (0..48).map(|at| (at % 4, at / 4)).zip(s.as_slice()) {
            let made: f32 = (0..2).map(|k| components[(bin, k)] * activations[(k, frame)]).sum();
            assert!((made - value).abs() < 2e-2, "{bin} {frame}: {made} {value}");
        }
        assert!(components[(0, 0)] > 100.0 * components[(1, 0)]);
    }

    #[test]
    fn silence_and_what_cannot_be_decomposed() {
        let options = Decompose { n_components: Some(2), ..Decompose::default() };
        let (_, activations) = decompose(&Matrix::filled(3, 4, 0.0), &options).unwrap();
        assert!(activations.as_slice().iter().all(|value| *value == 0.0));
        let refused = |s: &Matrix<f32>, options: Decompose| decompose(s, &options).is_err();
        assert!(refused(&Matrix::filled(3, 1, 1.0), options));
        assert!(refused(&Matrix::filled(3, 4, -1.0), options));
        assert!(refused(&Matrix::filled(0, 0, 1.0), options));
        let one = Matrix::filled(3, 4, 1.0);
        assert!(refused(&one, Decompose { n_components: Some(0), ..options }));
        assert!(refused(&one, Decompose { tol: f64::NAN, ..options }));
    }
}
