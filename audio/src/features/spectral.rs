//! One number from the magnitudes of a frame's bins.
//!
//! Klapuri, A. and Davy, M. Signal Processing Methods for Music Transcription, chapter 5. Springer,
//! 2007; Dubnov, S. Generalization of spectral flatness measure. IEEE Signal Processing Letters,
//! 2004. Definitions as in `librosa.feature`.

use crate::elementary::sum_of_ln;
use crate::error::{Error, check, check_count, check_length, check_magnitudes, check_positive};
use crate::matrix::Matrix;

/// Below it a sum of magnitudes counts as silence and is not divided by.
const SILENCE: f64 = f32::MIN_POSITIVE as f64;
/// No bin's power counts as less in the flatness, by default.
pub(super) const POWER_MIN: f64 = 1e-10;

/// The mean frequency, weighted by magnitude; 0 for silence.
pub(super) fn centroid(magnitudes: &[f32], frequencies: &[f64]) -> f64 {
    let weighted: f64 = weighted(magnitudes, frequencies).map(|(hz, weight)| hz * weight).sum();
    weighted / total(magnitudes)
}

/// The `p`-th root of the mean of the `p`-th powers of the distances from the centroid, weighted by
/// magnitude, in Hz.
pub(super) fn bandwidth(magnitudes: &[f32], frequencies: &[f64], p: f64) -> f64 {
    let centroid = centroid(magnitudes, frequencies);
    let power = |distance: f64| if p == 2.0 { distance * distance } else { distance.powf(p) };
    let spread: f64 = weighted(magnitudes, frequencies)
        .map(|(hz, weight)| weight * power((hz - centroid).abs()))
        .sum();
    (spread / total(magnitudes)).powf(1.0 / p)
}

/// The lowest frequency below or at which `percent` of all magnitude lies.
pub(super) fn rolloff(magnitudes: &[f32], frequencies: &[f64], percent: f64) -> f64 {
    // In single precision and in this order, because the bin must be the one that librosa finds.
    let sum_to = |sum: &mut f32, magnitude: &f32| {
        *sum += magnitude;
        Some(*sum)
    };
    let all: f32 = magnitudes.iter().fold(0.0, |sum, magnitude| sum + magnitude);
    let threshold = percent as f32 * all;
    let bin = magnitudes.iter().scan(0.0, sum_to).position(|sum| sum >= threshold);
    frequencies.get(bin.unwrap_or(0)).copied().unwrap_or(0.0)
}

/// The geometric mean of the bins' power over the arithmetic mean.
pub(super) fn flatness(magnitudes: &[f32], amin: f64, power: f64) -> f64 {
    let count = magnitudes.len() as f64;
    let raise = |value: f64| if power == 2.0 { value * value } else { value.powf(power) };
    let power = |magnitude: f32| raise(f64::from(magnitude)).max(amin).max(f64::MIN_POSITIVE);
    let logarithms = sum_of_ln(magnitudes, power);
    let powers: f64 = magnitudes.iter().copied().map(power).sum();
    (logarithms / count).exp() / (powers / count)
}

fn weighted<'a>(
    magnitudes: &'a [f32],
    frequencies: &'a [f64],
) -> impl Iterator<Item = (f64, f64)> + 'a {
    frequencies.iter().copied().zip(magnitudes.iter().map(|&magnitude| f64::from(magnitude)))
}

/// The sum of the magnitudes, or 1 for silence.
fn total(magnitudes: &[f32]) -> f64 {
    let total: f64 = magnitudes.iter().map(|&magnitude| f64::from(magnitude)).sum();
    if total < SILENCE { 1.0 } else { total }
}

/// A value for each frame of magnitudes `s`, whose bins lie at `frequencies`.
fn of_frames(
    s: &Matrix<f32>,
    frequencies: &[f64],
    value: impl Fn(&[f32]) -> f64,
) -> Result<Vec<f32>, Error> {
    check_magnitudes("the spectrogram", s.as_slice())?;
    check_length("the frequencies", frequencies.len(), s.rows())?;
    check_count("the number of bins", s.rows())?;
    Ok(s.iter_columns().map(|magnitudes| value(magnitudes) as f32).collect())
}

/// `librosa.feature.spectral_centroid`: for each frame of magnitudes `s` the mean of the bins'
/// `frequencies`, weighted by magnitude; 0 for silence.
///
/// # Errors
/// A magnitude is negative or not finite; there is not a frequency for each bin.
pub fn spectral_centroid(s: &Matrix<f32>, frequencies: &[f64]) -> Result<Vec<f32>, Error> {
    of_frames(s, frequencies, |magnitudes| centroid(magnitudes, frequencies))
}

/// `librosa.feature.spectral_bandwidth`: for each frame of magnitudes `s` the spread around the
/// centroid, in the units of `frequencies`; `p` is 2 by default.
///
/// # Errors
/// As [`spectral_centroid`]; `p` is not above 0.
pub fn spectral_bandwidth(s: &Matrix<f32>, frequencies: &[f64], p: f64) -> Result<Vec<f32>, Error> {
    check_positive("p", p)?;
    of_frames(s, frequencies, |magnitudes| bandwidth(magnitudes, frequencies, p))
}

/// `librosa.feature.spectral_rolloff`: for each frame of magnitudes `s` the lowest frequency below
/// or at which `roll_percent` of all magnitude lies, 0.85 by default.
///
/// # Errors
/// As [`spectral_centroid`]; `roll_percent` is not between 0 and 1.
pub fn spectral_rolloff(
    s: &Matrix<f32>,
    frequencies: &[f64],
    roll_percent: f64,
) -> Result<Vec<f32>, Error> {
    let between = roll_percent > 0.0 && roll_percent < 1.0;
    check(between, "roll_percent", roll_percent, "between 0 and 1")?;
    of_frames(s, frequencies, |magnitudes| rolloff(magnitudes, frequencies, roll_percent))
}

/// `librosa.feature.spectral_flatness`: for each frame of magnitudes `s`, from 0, a tone, to 1,
/// white noise. By default `amin`, below which nothing counts, is 1e-10 and `power` 2.
///
/// # Errors
/// A magnitude is negative or not finite; a parameter is not above 0.
pub fn spectral_flatness(s: &Matrix<f32>, amin: f64, power: f64) -> Result<Vec<f32>, Error> {
    check_positive("amin", amin)?;
    check_positive("power", power)?;
    let no_frequencies = vec![0.0; s.rows()];
    of_frames(s, &no_frequencies, |magnitudes| flatness(magnitudes, amin, power))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HZ: [f64; 5] = [0.0, 10.0, 20.0, 30.0, 40.0];

    #[test]
    fn one_bin_is_a_tone() {
        let tone = [0.0, 0.0, 3.0, 0.0, 0.0];
        assert_eq!(centroid(&tone, &HZ), 20.0);
        assert_eq!(bandwidth(&tone, &HZ, 2.0), 0.0);
        assert_eq!(rolloff(&tone, &HZ, 0.85), 20.0);
        assert!(flatness(&tone, POWER_MIN, 2.0) < 1e-7);
    }

    #[test]
    fn equal_bins_are_noise() {
        let noise = [1.0; 5];
        assert_eq!(centroid(&noise, &HZ), 20.0);
        assert!((bandwidth(&noise, &HZ, 2.0) - 200_f64.sqrt()).abs() < 1e-12);
        assert_eq!(rolloff(&noise, &HZ, 0.5), 20.0);
        assert!((flatness(&noise, POWER_MIN, 2.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn silence_is_not_divided_by() {
        let silence = [0.0; 5];
        let all = [
            centroid(&silence, &HZ),
            bandwidth(&silence, &HZ, 2.0),
            rolloff(&silence, &HZ, 0.85),
            flatness(&silence, POWER_MIN, 2.0) - 1.0,
        ];
        assert!(all.iter().all(|x| x.abs() < 1e-12), "{all:?}");
    }
}
