//! The shape of a spectrum: peaks over valleys, and polynomials.

use crate::error::{
    Error, check, check_count, check_finite, check_length, check_magnitudes, check_positive,
};
use crate::matrix::Matrix;
use crate::orthogonal::Powers;

/// How a contrast is measured; defaults are librosa's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// The upper end of the lowest band, in Hz; each further band is an octave.
    pub fmin: f64,
    /// Octaves above the lowest band, at least 1.
    pub n_bands: usize,
    /// The share of a band's bins that is a peak, and that is a valley, between 0 and 1.
    pub quantile: f64,
    /// The difference of magnitudes, not of decibels.
    pub linear: bool,
}

impl Default for Contrast {
    fn default() -> Self {
        Self { fmin: 200.0, n_bands: 6, quantile: 0.02, linear: false }
    }
}

/// `librosa.feature.spectral_contrast`: for each of the `n_bands + 1` bands of magnitudes `s` at
/// `sr` Hz, by how much the mean of its peaks lies over the mean of its valleys, in dB.
///
/// Jiang, D.-N. et al. Music type classification by spectral contrast feature. ICME, 2002.
///
/// # Errors
/// A magnitude is negative or not finite; there is not a frequency for each bin; a band begins
/// above half the sample rate or holds no bin; a parameter is out of its range.
pub fn spectral_contrast(
    s: &Matrix<f32>,
    sr: f64,
    frequencies: &[f64],
    contrast: &Contrast,
) -> Result<Matrix<f32>, Error> {
    check_magnitudes("the spectrogram", s.as_slice())?;
    check_length("the frequencies", frequencies.len(), s.rows())?;
    let mut extremes = Extremes::new(sr, frequencies, contrast)?;
    let bands = contrast.n_bands + 1;
    let mut peaks = Matrix::filled(bands, s.columns(), 0.0_f64);
    let mut valleys = peaks.clone();
    for (column, frame) in s.iter_columns().enumerate() {
        extremes.apply(frame, |band, peak, valley| {
            peaks[(band, column)] = peak;
            valleys[(band, column)] = valley;
        });
    }
    if !contrast.linear {
        decibels(&mut peaks);
        decibels(&mut valleys);
    }
    let differences = peaks.as_slice().iter().zip(valleys.as_slice());
    let values = differences.map(|(peak, valley)| (peak - valley) as f32).collect();
    Matrix::from_columns(bands, s.columns(), values)
}

/// The peaks and the valleys of each band of a frame: the kernel of the contrast.
pub(super) struct Extremes {
    /// From and to which bin each band reaches, and how many of its bins count.
    bands: Vec<(usize, usize, usize)>,
    /// The bins of a band, in any order.
    bins: Vec<f32>,
}

impl Extremes {
    pub(super) fn new(sr: f64, frequencies: &[f64], contrast: &Contrast) -> Result<Self, Error> {
        check_positive("fmin", contrast.fmin)?;
        check_count("n_bands", contrast.n_bands)?;
        let quantile = contrast.quantile;
        check(quantile > 0.0 && quantile < 1.0, "quantile", quantile, "between 0 and 1")?;
        let top = contrast.fmin * 2_f64.powi((contrast.n_bands - 1) as i32);
        let range = "so few that every band begins below half the sample rate";
        check(top < 0.5 * sr, "n_bands", contrast.n_bands, range)?;
        let bands = (0..=contrast.n_bands).map(|band| bins_of(band, frequencies, contrast));
        let bands = bands.collect::<Result<Vec<_>, Error>>()?;
        Ok(Self { bands, bins: Vec::with_capacity(frequencies.len()) })
    }

    /// Hands each band's mean peak and mean valley to `each`.
    pub(super) fn apply(&mut self, frame: &[f32], mut each: impl FnMut(usize, f64, f64)) {
        let bins = &mut self.bins;
        for (band, &(from, to, count)) in self.bands.iter().enumerate() {
            bins.clear();
            bins.extend_from_slice(&frame[from..to]);
            let mean = |part: &[f32]| {
                part.iter().map(|&value| f64::from(value)).sum::<f64>() / part.len() as f64
            };
            // A band has at least one bin, and at least one of them counts.
            let count = count.clamp(1, bins.len());
            bins.select_nth_unstable_by(count - 1, f32::total_cmp);
            let valley = mean(&bins[..count]);
            let first = bins.len() - count;
            bins.select_nth_unstable_by(first, f32::total_cmp);
            each(band, mean(&bins[first..]), valley);
        }
    }
}

/// From and to which bin a band reaches, and how many of its bins are a peak or a valley.
fn bins_of(
    band: usize,
    frequencies: &[f64],
    contrast: &Contrast,
) -> Result<(usize, usize, usize), Error> {
    let edge = |index: usize| match index {
        0 => 0.0,
        index => contrast.fmin * 2_f64.powi(index as i32 - 1),
    };
    let (low, high) = (edge(band), edge(band + 1));
    let within = |hz: f64| hz >= low && hz <= high;
    let none = || Error::parameter("fmin", contrast.fmin, "so high that each band holds a bin");
    let first = frequencies.iter().position(|&hz| within(hz)).ok_or_else(none)?;
    let last = frequencies.iter().rposition(|&hz| within(hz)).ok_or_else(none)?;
    let from = if band > 0 { first.saturating_sub(1) } else { first };
    let is_last = band == contrast.n_bands;
    let to = if is_last { frequencies.len() } else { last + 1 };
    let count = (contrast.quantile * (to - from) as f64).round_ties_even().max(1.0) as usize;
    // All but the last band leave their last bin to the next.
    let to = if is_last { to } else { to - 1 };
    if from >= to {
        return Err(none());
    }
    Ok((from, to, count))
}

/// `librosa.power_to_db` with its defaults, in double precision.
fn decibels(values: &mut Matrix<f64>) {
    let mut loudest = f64::NEG_INFINITY;
    for value in values.as_mut_slice() {
        *value = level(*value);
        loudest = loudest.max(*value);
    }
    for value in values.as_mut_slice() {
        *value = value.max(loudest - TOP_DB);
    }
}

/// How far below the loudest a peak or a valley may lie, in dB.
pub(super) const TOP_DB: f64 = 80.0;

/// Decibels of a peak or a valley.
pub(super) fn level(value: f64) -> f64 {
    10.0 * value.max(1e-10).log10()
}

/// `librosa.feature.poly_features`: for each frame of `s` the coefficients of the polynomial of
/// `order` in the bins' `frequencies` that fits best, the highest power first. 1 by default.
///
/// # Errors
/// A value is not finite; there is not a frequency for each bin; there are no more bins than
/// `order`; all frequencies are equal.
pub fn poly_features(
    s: &Matrix<f32>,
    frequencies: &[f64],
    order: usize,
) -> Result<Matrix<f32>, Error> {
    check_finite("the spectrogram", s.as_slice())?;
    check_length("the frequencies", frequencies.len(), s.rows())?;
    let mut fit = Fit::new(frequencies, order)?;
    let mut fitted = Matrix::filled(order + 1, s.columns(), 0.0);
    for (column, frame) in s.iter_columns().enumerate() {
        fit.apply(frame, fitted.column_mut(column));
    }
    Ok(fitted)
}

/// The polynomial that fits the bins of a frame best: the kernel of such features.
pub(super) struct Fit {
    powers: Powers,
    scale: f64,
    frame: Vec<f64>,
    coefficients: Vec<f64>,
}

impl Fit {
    pub(super) fn new(frequencies: &[f64], order: usize) -> Result<Self, Error> {
        if frequencies.len() <= order {
            let (length, needed) = (frequencies.len(), order + 1);
            return Err(Error::TooShort { what: "a frame", length, needed });
        }
        let scale = frequencies.iter().fold(0.0, |most: f64, hz| most.max(hz.abs()));
        check_positive("the greatest frequency", scale)?;
        let places: Vec<f64> = frequencies.iter().map(|hz| hz / scale).collect();
        let range = "less than the number of different frequencies";
        let powers = Powers::new(&places, order);
        let powers = powers.ok_or_else(|| Error::parameter("order", order, range))?;
        let (frame, coefficients) = (vec![0.0; frequencies.len()], vec![0.0; order + 1]);
        Ok(Self { powers, scale, frame, coefficients })
    }

    /// Fills `fitted`, a value for each power, the highest first.
    pub(super) fn apply(&mut self, frame: &[f32], fitted: &mut [f32]) {
        for (wide, &value) in self.frame.iter_mut().zip(frame) {
            *wide = f64::from(value);
        }
        self.powers.fit(&self.frame, &mut self.coefficients);
        for (power, coefficient) in self.coefficients.iter().enumerate() {
            let place = fitted.len() - 1 - power;
            fitted[place] = (coefficient / self.scale.powi(power as i32)) as f32;
        }
    }
}
