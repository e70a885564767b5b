//! Banks that fold bins into the classes of pitch.

use crate::convert::{hz_to_midi, hz_to_octs};
use crate::error::{Error, check, check_count, check_positive};
use crate::matrix::Matrix;
use crate::util::norm_of;

/// How bins of a transform are folded; defaults are those of `librosa.filters.chroma`.
#[derive(Debug, Clone, PartialEq)]
pub struct Chroma {
    /// Classes of an octave, at least 1.
    pub n_chroma: usize,
    /// How far all classes lie from an A of 440 Hz, in classes.
    pub tuning: f64,
    /// The octave that weighs most.
    pub ctroct: f64,
    /// How wide the weight of octaves is; all weigh the same where there is none.
    pub octwidth: Option<f64>,
    /// The norm of each bin's weights that is made 1; none where there is none.
    pub norm: Option<f64>,
    /// The first class is C, not A.
    pub base_c: bool,
}

impl Default for Chroma {
    fn default() -> Self {
        Self {
            n_chroma: 12,
            tuning: 0.0,
            ctroct: 5.0,
            octwidth: Some(2.0),
            norm: Some(2.0),
            base_c: true,
        }
    }
}

/// `librosa.filters.chroma`: a row for each class, a column for each of the `1 + n_fft / 2` bins.
///
/// Ellis, D. P. W. Chroma feature analysis and synthesis. Columbia University, 2007.
///
/// # Errors
/// `sr`, a length or `octwidth` is not above 0.
pub fn chroma(sr: f64, n_fft: usize, chroma: &Chroma) -> Result<Matrix<f32>, Error> {
    check_positive("sr", sr)?;
    check(n_fft >= 2, "n_fft", n_fft, "at least 2")?;
    check_count("n_chroma", chroma.n_chroma)?;
    check(chroma.tuning.is_finite(), "tuning", chroma.tuning, "finite")?;
    check_positive("octwidth", chroma.octwidth.unwrap_or(1.0))?;
    let (count, classes) = (chroma.n_chroma, chroma.n_chroma as f64);
    let place = |bin: usize| {
        let hz = sr * bin as f64 / n_fft as f64;
        classes * hz_to_octs(hz, chroma.tuning, count)
    };
    // The bin of no frequency lies an octave and a half below the first.
    let at = |bin: usize| if bin == 0 { place(1) - 1.5 * classes } else { place(bin) };
    let half = (classes / 2.0).round_ties_even();
    let roll = if chroma.base_c { 3 * (count / 12) } else { 0 };
    let bins = 1 + n_fft / 2;
    let mut weights = Matrix::filled(count, bins, 0.0);
    let mut column = vec![0.0; count];
    for bin in 0..bins {
        let here = at(bin);
        let width = if bin + 1 < n_fft { (at(bin + 1) - here).max(1.0) } else { 1.0 };
        for (class, weight) in column.iter_mut().enumerate() {
            let distance = here - class as f64 + half + 10.0 * classes;
            let distance = distance.rem_euclid(classes) - half;
            *weight = (-0.5 * (2.0 * distance / width).powi(2)).exp();
        }
        let length = chroma.norm.map_or(1.0, |p| norm_of(column.iter().copied(), p));
        let length = if length < f64::MIN_POSITIVE { 1.0 } else { length };
        let octave = here / classes - chroma.ctroct;
        let loud = chroma.octwidth.map_or(1.0, |width| (-0.5 * (octave / width).powi(2)).exp());
        for (class, weight) in column.iter().enumerate() {
            let class = (class + count - roll % count) % count;
            weights[(class, bin)] = (weight / length * loud) as f32;
        }
    }
    Ok(weights)
}

/// `librosa.filters.cq_to_chroma`: a row for each class, a column for each of the `n_input` bins of
/// a constant-Q transform whose lowest lies at `fmin` Hz. The first class is C, or A without
/// `base_c`.
///
/// # Errors
/// A number is 0; `bins_per_octave` is not a multiple of `n_chroma`.
pub fn cq_to_chroma(
    n_input: usize,
    bins_per_octave: usize,
    n_chroma: usize,
    fmin: f64,
    base_c: bool,
) -> Result<Matrix<f32>, Error> {
    check_count("n_chroma", n_chroma)?;
    check_positive("fmin", fmin)?;
    let is_multiple = bins_per_octave > 0 && bins_per_octave.is_multiple_of(n_chroma);
    check(is_multiple, "bins_per_octave", bins_per_octave, "a multiple of n_chroma")?;
    let merged = bins_per_octave / n_chroma;
    let lowest = hz_to_midi(fmin).rem_euclid(12.0) - if base_c { 0.0 } else { 9.0 };
    let roll = (lowest * (n_chroma as f64 / 12.0)).round_ties_even() as isize;
    let class = |bin: usize| {
        let within = (bin + merged / 2) % bins_per_octave / merged;
        (within as isize + roll).rem_euclid(n_chroma as isize) as usize
    };
    Ok(Matrix::from_fn(n_chroma, n_input, |row, bin| if class(bin) == row { 1.0 } else { 0.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_folds_nothing_is_refused() {
        assert!(chroma(0.0, 2048, &Chroma::default()).is_err());
        assert!(chroma(22_050.0, 0, &Chroma::default()).is_err());
        let none = Chroma { n_chroma: 0, ..Chroma::default() };
        assert!(chroma(22_050.0, 2048, &none).is_err());
        assert!(cq_to_chroma(84, 13, 12, 32.7, true).is_err());
        assert!(cq_to_chroma(84, 12, 12, 0.0, true).is_err());
        assert_eq!(cq_to_chroma(84, 36, 12, 32.7, true).unwrap().columns(), 84);
    }
}
