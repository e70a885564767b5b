//! Decibels.

use crate::convert::{Weighting, frequency_weighting};
use crate::error::{Error, check, check_finite, check_length, check_positive};
use crate::matrix::Matrix;

/// How values become decibels; defaults are those of `librosa.power_to_db`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decibels {
    /// What is 0 dB; the greatest value of all where there is none, as with `ref=np.max`.
    pub reference: Option<f64>,
    /// No value counts as less, above 0.
    pub amin: f64,
    /// How far below the loudest value a value may lie, in dB; without end where there is none.
    pub top_db: Option<f64>,
}

impl Default for Decibels {
    fn default() -> Self {
        Self { reference: Some(1.0), amin: 1e-10, top_db: Some(80.0) }
    }
}

impl Decibels {
    /// The defaults of `librosa.amplitude_to_db`: `amin` is 1e-5.
    pub fn of_amplitude() -> Self {
        Self { amin: 1e-5, ..Self::default() }
    }
}

/// Turns powers, none of which counts as less than `amin`, into decibels in place, without regard
/// to the loudest; returns the loudest.
pub(crate) fn decibels(powers: &mut [f32], amin: f32) -> f32 {
    let mut loudest = f32::NEG_INFINITY;
    for power in powers {
        *power = 10.0 * power.max(amin).log10();
        loudest = loudest.max(*power);
    }
    loudest
}

/// `librosa.power_to_db` of one channel: decibels, at most `top_db` below the loudest of all.
///
/// # Errors
/// A value is not finite, `amin` is not above 0, or `top_db` is negative.
pub fn power_to_db(powers: &Matrix<f32>, options: &Decibels) -> Result<Matrix<f32>, Error> {
    let mut values = powers.clone();
    power_to_db_in_place(values.as_mut_slice(), options)?;
    Ok(values)
}

/// The same for a row of values.
pub(crate) fn power_to_db_in_place(values: &mut [f32], options: &Decibels) -> Result<(), Error> {
    check_finite("the spectrogram", values)?;
    check_positive("amin", options.amin)?;
    let top_db = options.top_db.unwrap_or(f64::INFINITY);
    check(top_db >= 0.0, "top_db", top_db, "0 or more")?;
    let greatest = || f64::from(values.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let reference = options.reference.map_or_else(greatest, f64::abs);
    let zero = (10.0 * reference.max(options.amin).log10()) as f32;
    let loudest = decibels(values, options.amin as f32) - zero;
    let quietest = loudest - top_db as f32;
    for value in values {
        *value = (*value - zero).max(quietest);
    }
    Ok(())
}

/// `librosa.amplitude_to_db` of one channel; its defaults are [`Decibels::of_amplitude`].
///
/// # Errors
/// As [`power_to_db`].
pub fn amplitude_to_db(amplitudes: &Matrix<f32>, options: &Decibels) -> Result<Matrix<f32>, Error> {
    let mut values = amplitudes.clone();
    amplitude_to_db_in_place(values.as_mut_slice(), options)?;
    Ok(values)
}

/// The same for a row of values.
pub(crate) fn amplitude_to_db_in_place(
    values: &mut [f32],
    options: &Decibels,
) -> Result<(), Error> {
    check_finite("the spectrogram", values)?;
    for value in values.iter_mut() {
        *value *= *value;
    }
    let square = |value: f64| value * value;
    let reference = options.reference.map(square);
    power_to_db_in_place(values, &Decibels { reference, amin: square(options.amin), ..*options })
}

/// `librosa.db_to_power`: the power, where `reference` is 0 dB.
pub fn db_to_power(decibels: &Matrix<f32>, reference: f64) -> Matrix<f32> {
    decibels.map(|value| (reference * 10_f64.powf(f64::from(value) * 0.1)) as f32)
}

/// `librosa.db_to_amplitude`: the amplitude, where `reference` is 0 dB.
pub fn db_to_amplitude(decibels: &Matrix<f32>, reference: f64) -> Matrix<f32> {
    let reference = reference * reference;
    decibels.map(|value| (reference * 10_f64.powf(f64::from(value) * 0.1)).sqrt() as f32)
}

/// `librosa.perceptual_weighting`: the decibels of powers, raised in each row by what a tone of
/// its frequency, in Hz, seems louder.
///
/// # Errors
/// As [`power_to_db`]; there is not a frequency for each row.
pub fn perceptual_weighting(
    powers: &Matrix<f32>,
    frequencies: &[f64],
    kind: Weighting,
    options: &Decibels,
) -> Result<Matrix<f32>, Error> {
    check_length("the frequencies", frequencies.len(), powers.rows())?;
    let least = if kind == Weighting::Z { None } else { Some(-80.0) };
    let offset: Vec<f64> =
        frequencies.iter().map(|&hz| frequency_weighting(hz, kind, least)).collect();
    let mut values = power_to_db(powers, options)?;
    for column in 0..values.columns() {
        for (value, offset) in values.column_mut(column).iter_mut().zip(&offset) {
            *value = (f64::from(*value) + offset) as f32;
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_has_a_floor() {
        let mut bands = [0.0, 1.0, 0.01];
        assert_eq!((decibels(&mut bands, 1e-10), bands), (0.0, [-100.0, 0.0, -20.0]));
        let silence = Matrix::filled(2, 2, 0.0);
        let loudest = Decibels { reference: None, ..Decibels::default() };
        assert_eq!(power_to_db(&silence, &loudest).unwrap(), silence);
        assert_eq!(power_to_db(&Matrix::filled(0, 0, 0.0), &loudest).unwrap().rows(), 0);
    }

    #[test]
    fn what_has_no_decibels_is_refused() {
        let default = Decibels::default();
        assert!(power_to_db(&Matrix::filled(1, 1, f32::NAN), &default).is_err());
        let one = Matrix::filled(1, 1, 1.0);
        assert!(power_to_db(&one, &Decibels { amin: 0.0, ..default }).is_err());
        assert!(power_to_db(&one, &Decibels { top_db: Some(-1.0), ..default }).is_err());
        assert!(perceptual_weighting(&one, &[1.0, 2.0], Weighting::A, &default).is_err());
    }
}
