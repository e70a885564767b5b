//! What stands in a spectrum at multiples of frequencies, as `librosa.core.harmonic`.

use crate::error::{Error, check, check_finite, check_length};
use crate::matrix::Matrix;

/// Values between known ones, along lines: as `scipy.interpolate.interp1d`.
struct Lines {
    /// The places in order, and where the value of each is.
    places: Vec<(f64, usize)>,
}

impl Lines {
    /// Between places that are finite; others are left out.
    fn new(places: &[f64]) -> Result<Self, Error> {
        let finite = places.iter().enumerate().filter(|(_, place)| place.is_finite());
        let mut places: Vec<(f64, usize)> = finite.map(|(index, &place)| (place, index)).collect();
        if places.len() < 2 {
            let (length, needed) = (places.len(), 2);
            return Err(Error::TooShort { what: "the row of finite frequencies", length, needed });
        }
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(Self { places })
    }

    /// The value at `place`; none beyond the first and the last, and at no number.
    fn at(&self, values: &[f32], place: f64) -> Option<f64> {
        let last = self.places.len() - 1;
        if !(self.places[0].0..=self.places[last].0).contains(&place) {
            return None;
        }
        let above = self.places.partition_point(|(known, _)| *known < place).clamp(1, last);
        let ((low, from), (high, to)) = (self.places[above - 1], self.places[above]);
        let (from, to) = (f64::from(values[from]), f64::from(values[to]));
        Some((to - from) / (high - low) * (place - low) + from)
    }
}

fn check_frequencies(x: &Matrix<f32>, freqs: &[f64]) -> Result<(), Error> {
    check_finite("the spectrogram", x.as_slice())?;
    check_length("the frequencies", freqs.len(), x.rows())
}

fn check_numbers(what: &'static str, values: &[f64]) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Error::NotFinite { what, index }),
        None => Ok(()),
    }
}

/// `librosa.interp_harmonics`: for each of `harmonics` what `x` has at so many times the frequency
/// of each bin, by a line between the bins beside it; `fill_value`, 0 by default, beyond the lowest
/// and the highest. Each is as large as `x`; `freqs` has the frequency of each bin, in Hz.
///
/// # Errors
/// A value is not finite; there is not a frequency for each bin; there are less than two bins.
pub fn interp_harmonics(
    x: &Matrix<f32>,
    freqs: &[f64],
    harmonics: &[f64],
    fill_value: f64,
) -> Result<Vec<Matrix<f32>>, Error> {
    check_frequencies(x, freqs)?;
    check_numbers("the frequencies", freqs)?;
    check_numbers("the harmonics", harmonics)?;
    let lines = Lines::new(freqs)?;
    let of = |harmonic: &f64| {
        let value = |row: usize, column: usize| {
            lines.at(x.column(column), harmonic * freqs[row]).unwrap_or(fill_value) as f32
        };
        Matrix::from_fn(x.rows(), x.columns(), value)
    };
    Ok(harmonics.iter().map(of).collect())
}

/// `librosa.f0_harmonics`: a row for each of `harmonics` with what `x` has in each frame at so many
/// times its frequency `f0`, in Hz; `fill_value`, 0 by default, where that lies beyond the bins or
/// is no number. Bins whose frequency is infinite are left out.
///
/// # Errors
/// A value of `x` is not finite; there is not a frequency for each bin and one for each frame;
/// there are less than two bins; a harmonic is not finite.
pub fn f0_harmonics(
    x: &Matrix<f32>,
    f0: &[f64],
    freqs: &[f64],
    harmonics: &[f64],
    fill_value: f64,
) -> Result<Matrix<f32>, Error> {
    check_frequencies(x, freqs)?;
    check_length("f0", f0.len(), x.columns())?;
    check_numbers("the harmonics", harmonics)?;
    let lines = Lines::new(freqs)?;
    Ok(Matrix::from_fn(harmonics.len(), x.columns(), |row, column| {
        let found = lines.at(x.column(column), f0[column] * harmonics[row]);
        found.unwrap_or(fill_value) as f32
    }))
}

/// How harmonics become a salience; defaults are librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct Salience {
    /// What each harmonic counts, in all not 0; 1 for each where it is empty.
    pub weights: Vec<f64>,
    /// Whether only peaks of the spectrum have a salience.
    pub filter_peaks: bool,
    /// What stands where there is no peak.
    pub fill_value: f64,
}

impl Default for Salience {
    fn default() -> Self {
        Self { weights: Vec::new(), filter_peaks: true, fill_value: f64::NAN }
    }
}

/// `librosa.salience`: the mean of what `s` has at the `harmonics` of each bin, which says how
/// likely a tone is there.
///
/// # Errors
/// As [`interp_harmonics`]; there is another number of weights than of harmonics, or their sum is
/// 0.
pub fn salience(
    s: &Matrix<f32>,
    freqs: &[f64],
    harmonics: &[f64],
    options: &Salience,
) -> Result<Matrix<f32>, Error> {
    let ones = vec![1.0; harmonics.len()];
    let weights = if options.weights.is_empty() { &ones } else { &options.weights };
    check_length("the weights", weights.len(), harmonics.len())?;
    let total: f64 = weights.iter().sum();
    check(total != 0.0 && total.is_finite(), "the sum of weights", total, "finite and not 0")?;
    let found = interp_harmonics(s, freqs, harmonics, 0.0)?;
    Ok(Matrix::from_fn(s.rows(), s.columns(), |row, column| {
        let here = s[(row, column)];
        let is_peak = row > 0
            && row + 1 < s.rows()
            && here > s[(row - 1, column)]
            && here > s[(row + 1, column)];
        if options.filter_peaks && !is_peak {
            return options.fill_value as f32;
        }
        let parts = found.iter().zip(weights).map(|(at, w)| w * f64::from(at[(row, column)]));
        (parts.sum::<f64>() / total) as f32
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harmonic_lies_between_bins() {
        let x = Matrix::from_columns(4, 1, vec![1.0, 2.0, 4.0, 8.0]).unwrap();
        let freqs = [0.0, 10.0, 20.0, 30.0];
        let found = interp_harmonics(&x, &freqs, &[1.5, 2.0], -1.0).unwrap();
        assert_eq!(found[0].as_slice(), [1.0, 3.0, 8.0, -1.0]);
        assert_eq!(found[1].as_slice(), [1.0, 4.0, -1.0, -1.0]);
        let upside_down = [f64::INFINITY, 30.0, 15.0, 10.0];
        let at = |f0| f0_harmonics(&x, &[f0], &upside_down, &[1.0], 0.5).unwrap()[(0, 0)];
        assert_eq!([at(10.0), at(22.5), at(50.0), at(f64::NAN)], [8.0, 3.0, 0.5, 0.5]);
        let most = salience(&x, &freqs, &[1.0], &Salience::default()).unwrap();
        assert!(most.as_slice().iter().all(|value| value.is_nan()), "no peak is at an end");
    }

    #[test]
    fn what_has_no_harmonics_is_refused() {
        let x = Matrix::filled(2, 1, 1.0);
        assert!(interp_harmonics(&x, &[1.0], &[1.0], 0.0).is_err());
        assert!(interp_harmonics(&x, &[1.0, f64::INFINITY], &[1.0], 0.0).is_err());
        assert!(interp_harmonics(&Matrix::filled(1, 1, 0.0), &[1.0], &[1.0], 0.0).is_err());
        assert!(f0_harmonics(&x, &[], &[1.0, 2.0], &[1.0], 0.0).is_err());
        assert!(f0_harmonics(&x, &[1.0], &[1.0, 2.0], &[f64::NAN], 0.0).is_err());
        let none = Salience { weights: vec![0.0], ..Salience::default() };
        assert!(salience(&x, &[1.0, 2.0], &[1.0], &none).is_err());
        let many = Salience { weights: vec![1.0; 2], ..Salience::default() };
        assert!(salience(&x, &[1.0, 2.0], &[1.0], &many).is_err());
    }
}
