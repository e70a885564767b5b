//! Decibels.

use crate::convert::{Weighting, frequency_weighting};
use crate::elementary::{exp10, log10};
use crate::error::{Error, check, check_finite_from, check_length, check_positive};
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

/// Values that are worked on while they are near the processor.
const BLOCK: usize = 2048;
const LANES: usize = 8;

/// Turns powers, none of which counts as less than `amin`, into decibels in place, without regard
/// to the loudest; returns the loudest.
pub(crate) fn decibels(powers: &mut [f32], amin: f32) -> f32 {
    let louder = |loudest: f32, power: &mut f32| {
        *power = 10.0 * log10(power.max(amin));
        if *power > loudest { *power } else { loudest }
    };
    // Each lane has a loudest of its own, so that the compiler may use vector instructions.
    let mut loudest = [f32::NEG_INFINITY; LANES];
    let mut chunks = powers.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for (loudest, power) in loudest.iter_mut().zip(chunk) {
            *loudest = louder(*loudest, power);
        }
    }
    let loudest = loudest.into_iter().fold(f32::NEG_INFINITY, f32::max);
    chunks.into_remainder().iter_mut().fold(loudest, louder)
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

/// [`power_to_db`] of values in any order, which become decibels in place.
///
/// # Errors
/// As [`power_to_db`]; the values are not to be used then.
pub fn power_to_db_in_place(values: &mut [f32], options: &Decibels) -> Result<(), Error> {
    in_place(values, options, |_| ())
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

/// [`amplitude_to_db`] of values in any order, which become decibels in place.
///
/// # Errors
/// As [`power_to_db`]; the values are not to be used then.
pub fn amplitude_to_db_in_place(values: &mut [f32], options: &Decibels) -> Result<(), Error> {
    let square = |value: f64| value * value;
    let reference = options.reference.map(square);
    let options = Decibels { reference, amin: square(options.amin), ..*options };
    in_place(values, &options, |amplitudes| {
        for amplitude in amplitudes {
            *amplitude *= *amplitude;
        }
    })
}

/// Decibels of what `power` makes of a block of values.
fn in_place(
    values: &mut [f32],
    options: &Decibels,
    power: impl Fn(&mut [f32]),
) -> Result<(), Error> {
    check_positive("amin", options.amin)?;
    let top_db = options.top_db.unwrap_or(f64::INFINITY);
    check(top_db >= 0.0, "top_db", top_db, "0 or more")?;
    let (amin, mut loudest, mut greatest) = (options.amin as f32, f32::NEG_INFINITY, f32::MIN);
    for (at, block) in values.chunks_mut(BLOCK).enumerate() {
        check_finite_from("the spectrogram", at * BLOCK, block)?;
        power(block);
        check_finite_from("the spectrogram", at * BLOCK, block)?;
        if options.reference.is_none() {
            greatest = block.iter().copied().fold(greatest, f32::max);
        }
        loudest = loudest.max(decibels(block, amin));
    }
    let reference = options.reference.map_or(f64::from(greatest), f64::abs);
    let zero = (10.0 * reference.max(options.amin).log10()) as f32;
    let quietest = loudest - zero - top_db as f32;
    for value in values {
        *value = (*value - zero).max(quietest);
    }
    Ok(())
}

/// `librosa.db_to_power`: the power, where `reference` is 0 dB.
pub fn db_to_power(decibels: &Matrix<f32>, reference: f64) -> Matrix<f32> {
    decibels.map(|value| (reference * exp10(f64::from(value) * 0.1)) as f32)
}

/// `librosa.db_to_amplitude`: the amplitude, where `reference` is 0 dB.
pub fn db_to_amplitude(decibels: &Matrix<f32>, reference: f64) -> Matrix<f32> {
    let reference = reference * reference;
    decibels.map(|value| (reference * exp10(f64::from(value) * 0.1)).sqrt() as f32)
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
    fn blocks_and_lanes_are_one_row() {
        let powers: Vec<f32> = (0..2 * BLOCK + 13).map(|at| 1.0 + (at % 1000) as f32).collect();
        for at in [0, 5, BLOCK - 1, BLOCK, 2 * BLOCK + 12] {
            let mut values = powers.clone();
            values[at] = 1e8;
            assert_eq!(decibels(&mut values.clone(), 1e-10), 80.0, "{at}");
            let mut expected = values.clone();
            let relative = Decibels { reference: None, top_db: Some(60.0), ..Decibels::default() };
            power_to_db_in_place(&mut values, &relative).unwrap();
            for x in &mut expected {
                *x = (10.0 * x.log10() - 80.0).max(-60.0);
            }
            let off = values.iter().zip(&expected).map(|(x, y)| (x - y).abs());
            assert!(off.fold(0.0, f32::max) < 2e-5, "{at}");
            values[at] = f32::INFINITY;
            let error = power_to_db_in_place(&mut values, &relative).unwrap_err();
            assert_eq!(error, Error::NotFinite { what: "the spectrogram", index: at });
        }
        // Its square is not finite.
        let mut loud = [1.0, 1e30];
        let error = amplitude_to_db_in_place(&mut loud, &Decibels::of_amplitude()).unwrap_err();
        assert_eq!(error, Error::NotFinite { what: "the spectrogram", index: 1 });
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
