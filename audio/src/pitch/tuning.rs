//! How an orchestra is tuned.

use super::piptrack::{Piptrack, piptrack};
use crate::convert::hz_to_octs;
use crate::error::{Error, check, check_count};
use crate::matrix::Matrix;
use crate::util::median;

/// `librosa.pitch_tuning`: how far most `frequencies`, in Hz, lie from the bins of an octave, from
/// -0.5 to 0.5 bins in steps of `resolution`, 0.01 by default; 0 of none.
///
/// # Errors
/// `resolution` is not above 0 and at most 1; `bins_per_octave` is 0.
pub fn pitch_tuning(
    frequencies: &[f32],
    resolution: f64,
    bins_per_octave: usize,
) -> Result<f64, Error> {
    let mut residuals = Residuals::new(resolution, bins_per_octave)?;
    for &hz in frequencies {
        residuals.add(hz);
    }
    Ok(residuals.most())
}

/// How far pitches lie from the bins of an octave: the kernel of tunings.
pub(crate) struct Residuals {
    bins_per_octave: usize,
    counts: Vec<u64>,
}

impl Residuals {
    pub(crate) fn new(resolution: f64, bins_per_octave: usize) -> Result<Self, Error> {
        let range = "from 0.000001 to 1";
        check((1e-6..=1.0).contains(&resolution), "resolution", resolution, range)?;
        check_count("bins_per_octave", bins_per_octave)?;
        let bins = (1.0 / resolution).ceil() as usize;
        Ok(Self { bins_per_octave, counts: vec![0; bins] })
    }

    /// Counts a pitch, in Hz, unless it is none.
    pub(crate) fn add(&mut self, hz: f32) {
        if hz <= 0.0 || !hz.is_finite() {
            return;
        }
        let bins = self.counts.len();
        let octaves = hz_to_octs(f64::from(hz), 0.0, 12) as f32;
        // In single precision, as librosa's array is.
        let place = self.bins_per_octave as f32 * octaves;
        let mut residual = f64::from(place.rem_euclid(1.0));
        if residual >= 0.5 {
            residual -= 1.0;
        }
        let mut bin = (((residual + 0.5) * bins as f64) as usize).min(bins - 1);
        if residual < self.edge(bin) {
            bin -= 1;
        } else if bin + 1 < bins && residual >= self.edge(bin + 1) {
            bin += 1;
        }
        self.counts[bin] += 1;
    }

    fn edge(&self, bin: usize) -> f64 {
        let bins = self.counts.len();
        if bin == bins { 0.5 } else { bin as f64 * (1.0 / bins as f64) - 0.5 }
    }

    /// The lower end of the fullest bin; 0 of no pitches.
    pub(crate) fn most(&self) -> f64 {
        let most = self.counts.iter().copied().max().unwrap_or(0);
        let first = self.counts.iter().position(|&count| count == most).unwrap_or(0);
        if most == 0 { 0.0 } else { self.edge(first) }
    }
}

/// `librosa.estimate_tuning` of a spectrogram `s` at `sr` Hz: the tuning of the louder half of its
/// pitches. By default `resolution` is 0.01 and `bins_per_octave` 12.
///
/// # Errors
/// As [`piptrack`] and [`pitch_tuning`].
pub fn estimate_tuning(
    s: &Matrix<f32>,
    sr: f64,
    resolution: f64,
    bins_per_octave: usize,
) -> Result<f64, Error> {
    let (pitches, magnitudes) = piptrack(s, sr, &Piptrack::default())?;
    let found = || {
        let both = pitches.as_slice().iter().zip(magnitudes.as_slice());
        both.filter(|(pitch, _)| **pitch > 0.0)
    };
    let threshold = median(&mut found().map(|(_, &magnitude)| magnitude).collect::<Vec<_>>());
    let loud = found().filter(|(_, magnitude)| **magnitude >= threshold);
    let loud: Vec<f32> = loud.map(|(&pitch, _)| pitch).collect();
    pitch_tuning(&loud, resolution, bins_per_octave)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_in_tune() {
        let silence = Matrix::filled(1025, 3, 0.0);
        assert_eq!(estimate_tuning(&silence, 22_050.0, 0.01, 12).unwrap(), 0.0);
        assert_eq!(pitch_tuning(&[], 0.01, 12).unwrap(), 0.0);
        assert!(pitch_tuning(&[440.0], 0.0, 12).is_err());
    }
}
