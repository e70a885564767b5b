//! From mel bands to cepstral coefficients and back: cosine transforms, `librosa.feature.mfcc`.
//!
//! Davis, S. and Mermelstein, P. Comparison of parametric representations for monosyllabic word
//! recognition in continuously spoken sentences. IEEE Transactions on Acoustics, Speech, and Signal
//! Processing, 1980.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::dot::dot;
use crate::error::{Error, check, check_finite};
use crate::matrix::Matrix;
use crate::spectrum::db_to_power;

/// The type of a cosine transform, as numbered by `SciPy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DctType {
    /// The first.
    One,
    /// The second, which is meant where none is named.
    #[default]
    Two,
    /// The third, the inverse of the second.
    Three,
    /// The fourth.
    Four,
}

/// Which coefficients are made of bands; defaults are librosa's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mfcc {
    /// How many coefficients, from 1; beyond the number of bands there are none.
    pub n_mfcc: usize,
    /// The type of the cosine transform.
    pub dct_type: DctType,
    /// Whether the transform is orthonormal; without, as `SciPy` does with `norm=None`.
    pub ortho: bool,
    /// How much the higher coefficients are raised, from 0, not at all.
    pub lifter: f64,
}

impl Default for Mfcc {
    fn default() -> Self {
        Self { n_mfcc: 20, dct_type: DctType::Two, ortho: true, lifter: 0.0 }
    }
}

/// The first coefficients of a cosine transform, lifted: the kernel of every MFCC.
pub(super) struct Cepstrum {
    /// One row of weights of the bands for each coefficient.
    rows: Vec<Vec<f32>>,
}

impl Cepstrum {
    /// The coefficients of `bands` bands.
    pub(super) fn new(bands: usize, mfcc: &Mfcc) -> Result<Self, Error> {
        check(mfcc.n_mfcc > 0, "n_mfcc", mfcc.n_mfcc, "at least 1")?;
        let is_lifter = mfcc.lifter >= 0.0 && mfcc.lifter.is_finite();
        check(is_lifter, "lifter", mfcc.lifter, "0 or more")?;
        let least = if mfcc.dct_type == DctType::One { 2 } else { 1 };
        if bands < least {
            return Err(Error::TooShort { what: "a frame", length: bands, needed: least });
        }
        let row = |coefficient: usize| {
            let lift = lift(coefficient, mfcc.lifter);
            let weight = |band| (lift * weight(mfcc, coefficient, band, bands)) as f32;
            (0..bands).map(weight).collect()
        };
        Ok(Self { rows: (0..mfcc.n_mfcc.min(bands)).map(row).collect() })
    }

    /// Appends the coefficients of `bands`, which are decibels, to `coefficients`.
    pub(super) fn append(&self, bands: &[f32], coefficients: &mut Vec<f32>) {
        coefficients.extend(self.rows.iter().map(|row| dot(row, bands)));
    }
}

/// The weight of a band in a coefficient, of which there are `count` each.
fn weight(mfcc: &Mfcc, coefficient: usize, band: usize, count: usize) -> f64 {
    let (k, n, total) = (coefficient as f64, band as f64, count as f64);
    let is_end = |index: usize| index == 0 || index == count - 1;
    let end = |is: bool| if is { FRAC_1_SQRT_2 } else { 1.0 };
    match (mfcc.dct_type, mfcc.ortho) {
        (DctType::One, ortho) => {
            let cosine = (PI * k * n / (total - 1.0)).cos();
            if ortho {
                let scale = (2.0 / (total - 1.0)).sqrt();
                scale * end(is_end(coefficient)) * end(is_end(band)) * cosine
            } else if is_end(band) {
                cosine
            } else {
                2.0 * cosine
            }
        }
        (DctType::Two, ortho) => {
            let cosine = (PI * k * (n + 0.5) / total).cos();
            let scale = if ortho { (2.0 / total).sqrt() * end(coefficient == 0) } else { 2.0 };
            scale * cosine
        }
        (DctType::Three, ortho) => {
            let cosine = (PI * (k + 0.5) * n / total).cos();
            match (ortho, band) {
                (true, _) => (2.0 / total).sqrt() * end(band == 0) * cosine,
                (false, 0) => 1.0,
                (false, _) => 2.0 * cosine,
            }
        }
        (DctType::Four, ortho) => {
            let cosine = (PI * (k + 0.5) * (n + 0.5) / total).cos();
            let scale = if ortho { (2.0 / total).sqrt() } else { 2.0 };
            scale * cosine
        }
    }
}

fn lift(coefficient: usize, lifter: f64) -> f64 {
    if lifter == 0.0 {
        return 1.0;
    }
    1.0 + lifter / 2.0 * (PI * (coefficient + 1) as f64 / lifter).sin()
}

/// `librosa.feature.mfcc` of bands in decibels, a row for each coefficient.
///
/// # Errors
/// A value is not finite, there are no bands, or a parameter is out of its range.
pub fn mfcc(decibels: &Matrix<f32>, mfcc: &Mfcc) -> Result<Matrix<f32>, Error> {
    check_finite("the bands", decibels.as_slice())?;
    let cepstrum = Cepstrum::new(decibels.rows(), mfcc)?;
    let mut values = Vec::with_capacity(cepstrum.rows.len() * decibels.columns());
    for bands in decibels.iter_columns() {
        cepstrum.append(bands, &mut values);
    }
    Matrix::from_columns(cepstrum.rows.len(), decibels.columns(), values)
}

/// `librosa.feature.inverse.mfcc_to_mel`: the powers of `n_mels` bands, 128 by default, whose first
/// coefficients are `coefficients`, as `mfcc` made them; `reference`, 1 by default, is 0 dB. How
/// many coefficients there are is what the matrix has.
///
/// # Errors
/// A value is not finite; there are no coefficients or no bands; the lifter is out of its range.
pub fn mfcc_to_mel(
    coefficients: &Matrix<f32>,
    n_mels: usize,
    mfcc: &Mfcc,
    reference: f64,
) -> Result<Matrix<f32>, Error> {
    check_finite("the coefficients", coefficients.as_slice())?;
    let count = coefficients.rows().min(n_mels);
    let inverse = match mfcc.dct_type {
        DctType::Two => DctType::Three,
        DctType::Three => DctType::Two,
        other => other,
    };
    let back = Mfcc { n_mfcc: n_mels, dct_type: inverse, lifter: 0.0, ..*mfcc };
    let all = Cepstrum::new(n_mels, &back)?;
    check(count > 0, "n_mfcc", count, "at least 1")?;
    check(mfcc.lifter >= 0.0 && mfcc.lifter.is_finite(), "lifter", mfcc.lifter, "0 or more")?;
    let scale = match (mfcc.ortho, mfcc.dct_type) {
        (true, _) => 1.0,
        (false, DctType::One) => 0.5 / (n_mels - 1) as f64,
        (false, _) => 0.5 / n_mels as f64,
    };
    let lifts: Vec<f32> = (0..count).map(|at| lift(at, mfcc.lifter) as f32).collect();
    let (mut padded, mut values) = (vec![0.0; n_mels], Vec::new());
    for frame in coefficients.iter_columns() {
        for ((place, value), lift) in padded.iter_mut().zip(frame).zip(&lifts) {
            *place = value / (lift + f32::MIN_POSITIVE);
        }
        all.append(&padded, &mut values);
    }
    let decibels = values.into_iter().map(|value| (f64::from(value) * scale) as f32).collect();
    Ok(db_to_power(&Matrix::from_columns(n_mels, coefficients.columns(), decibels)?, reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_has_one_coefficient() {
        let options = Mfcc { n_mfcc: 4, ..Mfcc::default() };
        let coefficients = mfcc(&Matrix::filled(16, 1, 2.0), &options).unwrap();
        // sqrt(1 / 16) * 16 * 2.
        let values = coefficients.as_slice();
        assert!((values[0] - 8.0).abs() < 1e-6, "{values:?}");
        assert!(values[1..].iter().all(|x| x.abs() < 1e-5), "{values:?}");
    }

    #[test]
    fn a_lifter_raises_as_librosa_does() {
        // 1 + 22 / 2 * sin(pi * n / 22).
        assert!((lift(0, 22.0) - 2.565_463_22).abs() < 1e-8, "{}", lift(0, 22.0));
        assert_eq!(lift(5, 0.0), 1.0);
    }

    #[test]
    fn all_coefficients_give_the_bands_again() {
        let bands = Matrix::from_fn(6, 2, |row, column| (row * 3 + column) as f32 - 7.0);
        for dct_type in [DctType::One, DctType::Two, DctType::Three, DctType::Four] {
            for ortho in [true, false] {
                let options = Mfcc { n_mfcc: 6, dct_type, ortho, lifter: 9.0 };
                let back = mfcc_to_mel(&mfcc(&bands, &options).unwrap(), 6, &options, 1.0).unwrap();
                for (back, decibels) in back.as_slice().iter().zip(bands.as_slice()) {
                    let off = 10.0 * back.log10() - decibels;
                    assert!(off.abs() < 1e-4, "{dct_type:?} {ortho}: {off}");
                }
            }
        }
        assert!(mfcc_to_mel(&Matrix::filled(0, 1, 0.0), 6, &Mfcc::default(), 1.0).is_err());
        assert!(mfcc_to_mel(&bands, 0, &Mfcc::default(), 1.0).is_err());
    }

    #[test]
    fn what_has_no_coefficients_is_refused() {
        let one = Matrix::filled(1, 1, 0.0);
        assert!(mfcc(&Matrix::filled(0, 0, 0.0), &Mfcc::default()).is_err());
        assert!(mfcc(&Matrix::filled(1, 1, f32::NAN), &Mfcc::default()).is_err());
        assert!(mfcc(&one, &Mfcc { n_mfcc: 0, ..Mfcc::default() }).is_err());
        assert!(mfcc(&one, &Mfcc { lifter: -1.0, ..Mfcc::default() }).is_err());
        assert!(mfcc(&one, &Mfcc { dct_type: DctType::One, ..Mfcc::default() }).is_err());
    }
}
