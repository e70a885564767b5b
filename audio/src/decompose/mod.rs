//! A spectrogram as the sum of what lasts and what strikes, as `librosa.decompose`.

mod nmf;
mod nn_filter;

use crate::error::{Error, check, check_count, check_length, check_magnitudes};
use crate::matrix::Matrix;
use crate::spectrum::{Bins, PadMode, magphase, padded};
pub use nmf::{Decompose, decompose};
pub use nn_filter::{Neighbours, nn_filter};

/// How a spectrogram is split; defaults are those of `librosa.decompose.hpss`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hpss {
    /// Frames of the median filter that keeps what lasts, and bins of the one that keeps what
    /// strikes.
    pub kernel_size: (usize, usize),
    /// The exponent of the masks; infinite for masks of zeros and ones.
    pub power: f64,
    /// By how much one must be greater than the other, for either, from 1.
    pub margin: (f64, f64),
}

impl Default for Hpss {
    fn default() -> Self {
        Self { kernel_size: (31, 31), power: 2.0, margin: (1.0, 1.0) }
    }
}

/// `librosa.decompose.hpss` with `mask=True`: for each magnitude of `s` which share, from 0 to 1,
/// is harmonic, and which is percussive.
///
/// Fitzgerald, D. Harmonic/percussive separation using median filtering. International
/// Conference on Digital Audio Effects, 2010; Driedger, J.,
/// Müller, M. and Disch, S. Extending harmonic-percussive separation of audio. ISMIR, 2014.
///
/// # Errors
/// A magnitude is negative or not finite; a parameter is out of its range.
pub fn hpss_masks(s: &Matrix<f32>, hpss: &Hpss) -> Result<(Matrix<f32>, Matrix<f32>), Error> {
    check_magnitudes("the spectrogram", s.as_slice())?;
    let (of_harmonic, of_percussive) = hpss.margin;
    for margin in [of_harmonic, of_percussive] {
        check(margin >= 1.0 && margin.is_finite(), "margin", margin, "1 or more")?;
    }
    let harmonic = median_filter(&s.transposed(), hpss.kernel_size.0)?.transposed();
    let percussive = median_filter(s, hpss.kernel_size.1)?;
    let split_zeros = of_harmonic == 1.0 && of_percussive == 1.0;
    let raised = |matrix: &Matrix<f32>, margin: f64| matrix.map(|value| value * margin as f32);
    let (power, other) = (hpss.power, raised(&percussive, of_harmonic));
    let mask = softmask(&harmonic, &other, power, split_zeros)?;
    let other = raised(&harmonic, of_percussive);
    Ok((mask, softmask(&percussive, &other, power, split_zeros)?))
}

/// `librosa.decompose.hpss` of complex bins: the harmonic and the percussive part.
///
/// # Errors
/// As [`hpss_masks`].
pub fn hpss(bins: &Bins, hpss: &Hpss) -> Result<(Bins, Bins), Error> {
    let (magnitudes, _) = magphase(bins, 1.0)?;
    let (harmonic, percussive) = hpss_masks(&magnitudes, hpss)?;
    let masked = |mask: Matrix<f32>| {
        let both = bins.as_slice().iter().zip(mask.as_slice());
        let values = both.map(|(bin, &mask)| *bin * mask).collect();
        Matrix::from_columns(bins.rows(), bins.columns(), values)
    };
    Ok((masked(harmonic)?, masked(percussive)?))
}

/// The median of `size` values around each value of a column, mirrored at its ends, as
/// `scipy.ndimage.median_filter`.
///
/// # Errors
/// `size` is 0.
pub fn median_filter(s: &Matrix<f32>, size: usize) -> Result<Matrix<f32>, Error> {
    check_count("kernel_size", size)?;
    let mut filtered = Matrix::filled(s.rows(), s.columns(), 0.0);
    let before = size / 2;
    let mut sorted: Vec<f32> = Vec::with_capacity(size + 1);
    let columns = if s.rows() == 0 { 0 } else { s.columns() };
    for index in 0..columns {
        let column = s.column(index);
        let value = |at: isize| padded(column, at, size, PadMode::Symmetric);
        let first = -(before as isize);
        sorted.clear();
        sorted.extend((0..size as isize).map(|offset| value(first + offset)));
        sorted.sort_unstable_by(f32::total_cmp);
        for row in 0..column.len() {
            filtered[(row, index)] = sorted[before];
            // One value leaves the window, one enters it.
            let leaving = value(first + row as isize);
            let entering = value(first + (row + size) as isize);
            let place = |sorted: &[f32], of: f32| {
                sorted.partition_point(|each| each.total_cmp(&of).is_lt())
            };
            let from = place(&sorted, leaving);
            sorted.remove(from);
            let to = place(&sorted, entering);
            sorted.insert(to, entering);
        }
    }
    Ok(filtered)
}

/// `librosa.util.softmask`: which share of both, from 0 to 1, each value of `x` is. Where both are
/// zero it is 0, or half with `split_zeros`.
///
/// # Errors
/// A value is negative or not finite; the shapes differ; `power` is not above 0.
pub fn softmask(
    x: &Matrix<f32>,
    x_ref: &Matrix<f32>,
    power: f64,
    split_zeros: bool,
) -> Result<Matrix<f32>, Error> {
    check_magnitudes("the spectrogram", x.as_slice())?;
    check_magnitudes("the reference", x_ref.as_slice())?;
    check_length("the reference", x_ref.columns(), x.columns())?;
    check_length("a frame of the reference", x_ref.rows(), x.rows())?;
    check(power > 0.0, "power", power, "above 0")?;
    let share = |(&x, &other): (&f32, &f32)| {
        let greatest = x.max(other);
        if power.is_infinite() {
            return if x > other { 1.0 } else { 0.0 };
        }
        if greatest < f32::MIN_POSITIVE {
            return if split_zeros { 0.5 } else { 0.0 };
        }
        let raised = |value: f32| {
            let value = f64::from(value / greatest);
            if power == 2.0 { value * value } else { value.powf(power) }
        };
        (raised(x) / (raised(x) + raised(other))) as f32
    };
    let values = x.as_slice().iter().zip(x_ref.as_slice()).map(share).collect();
    Matrix::from_columns(x.rows(), x.columns(), values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_slides_over_mirrored_ends() {
        let column = Matrix::from_columns(5, 1, vec![5.0, 1.0, 4.0, 2.0, 3.0]).unwrap();
        // scipy.ndimage.median_filter([5, 1, 4, 2, 3], 3) and 4.
        assert_eq!(median_filter(&column, 3).unwrap().as_slice(), [5.0, 4.0, 2.0, 3.0, 3.0]);
        assert_eq!(median_filter(&column, 4).unwrap().as_slice(), [5.0, 5.0, 4.0, 3.0, 3.0]);
        for (rows, columns) in [(0, 3), (3, 0), (0, 0)] {
            let nothing = Matrix::filled(rows, columns, 0.0);
            assert_eq!(median_filter(&nothing, 3).unwrap(), nothing);
            assert_eq!(hpss_masks(&nothing, &Hpss::default()).unwrap(), (nothing.clone(), nothing));
        }
        assert!(median_filter(&column, 0).is_err());
    }

    #[test]
    fn silence_is_as_harmonic_as_percussive() {
        let silence = Matrix::filled(9, 4, 0.0);
        let (harmonic, percussive) = hpss_masks(&silence, &Hpss::default()).unwrap();
        assert_eq!(harmonic, percussive);
        assert_eq!(harmonic[(3, 2)], 0.5);
        let wide = Hpss { margin: (0.5, 1.0), ..Hpss::default() };
        assert!(hpss_masks(&silence, &wide).is_err());
        assert!(softmask(&silence, &Matrix::filled(9, 3, 0.0), 2.0, true).is_err());
    }
}
