//! Pitch in a spectrum.

use crate::convert::fft_frequencies;
use crate::error::{Error, check, check_magnitudes, check_positive};
use crate::matrix::Matrix;

/// Where pitches are looked for; defaults are those of `librosa.piptrack`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piptrack {
    /// The lowest frequency, in Hz.
    pub fmin: f64,
    /// The frequency below which they lie, in Hz; no higher than half the sample rate.
    pub fmax: f64,
    /// The share of the greatest magnitude of the frame above which a peak counts.
    pub threshold: f64,
}

impl Default for Piptrack {
    fn default() -> Self {
        Self { fmin: 150.0, fmax: 4000.0, threshold: 0.1 }
    }
}

/// `librosa.piptrack`: for each bin of a spectrogram `s` at `sr` Hz the pitch in Hz and its
/// magnitude, by a parabola through the bin and those beside it; 0 where no peak lies.
///
/// Smith, J. O. Spectral audio signal processing. Stanford University, 2011.
///
/// # Errors
/// A magnitude is negative or not finite; there are less than two bins; a parameter is not finite.
pub fn piptrack(
    s: &Matrix<f32>,
    sr: f64,
    track: &Piptrack,
) -> Result<(Matrix<f32>, Matrix<f32>), Error> {
    check_magnitudes("the spectrogram", s.as_slice())?;
    let peaks = Peaks::new(s.rows(), sr, track)?;
    let mut pitches = Matrix::filled(s.rows(), s.columns(), 0.0);
    let mut magnitudes = pitches.clone();
    for (column, frame) in s.iter_columns().enumerate() {
        peaks.apply(frame, |bin, hz, magnitude| {
            pitches[(bin, column)] = hz;
            magnitudes[(bin, column)] = magnitude;
        });
    }
    Ok((pitches, magnitudes))
}

/// Finds the pitches of a frame: the kernel of pitch tracking.
pub(crate) struct Peaks {
    within: Vec<bool>,
    hz_per_bin: (f64, f64),
    threshold: f32,
}

impl Peaks {
    /// For frames of so many `bins`.
    pub(crate) fn new(bins: usize, sr: f64, track: &Piptrack) -> Result<Self, Error> {
        check_positive("sr", sr)?;
        check(track.fmin.is_finite(), "fmin", track.fmin, "finite")?;
        check(track.fmax.is_finite(), "fmax", track.fmax, "finite")?;
        check(track.threshold.is_finite(), "threshold", track.threshold, "finite")?;
        if bins < 2 {
            return Err(Error::TooShort { what: "a frame", length: bins, needed: 2 });
        }
        let n_fft = 2 * (bins - 1);
        let (fmin, fmax) = (track.fmin.max(0.0), track.fmax.min(sr / 2.0));
        let within = fft_frequencies(sr, n_fft).iter().map(|&hz| fmin <= hz && hz < fmax).collect();
        Ok(Self { within, hz_per_bin: (sr, n_fft as f64), threshold: track.threshold as f32 })
    }

    /// Hands the bin of each pitch, the pitch in Hz and its magnitude to `each`.
    pub(crate) fn apply(&self, frame: &[f32], mut each: impl FnMut(usize, f32, f32)) {
        let greatest = frame.iter().copied().fold(0.0, f32::max);
        let least = self.threshold * greatest;
        let above = |bin: usize| if frame[bin] > least { frame[bin] } else { 0.0 };
        let (sr, n_fft) = self.hz_per_bin;
        for bin in (1..frame.len()).filter(|&bin| self.within[bin]) {
            let is_last = bin + 1 == frame.len();
            let falls = is_last || above(bin) >= above(bin + 1);
            if !(above(bin) > above(bin - 1) && falls) {
                continue;
            }
            let (shift, slope) = if is_last {
                (0.0, frame[bin] - frame[bin - 1])
            } else {
                parabola(frame[bin - 1], frame[bin], frame[bin + 1])
            };
            let hz = (bin as f64 + f64::from(shift)) * sr / n_fft;
            each(bin, hz as f32, frame[bin] + 0.5 * slope * shift);
        }
    }
}

/// How far the top of the parabola through three values lies from the middle one, and its slope.
fn parabola(before: f32, middle: f32, after: f32) -> (f32, f32) {
    let curve = after + before - 2.0 * middle;
    let slope = (after - before) / 2.0;
    let shift = if slope.abs() >= curve.abs() { 0.0 } else { -slope / curve };
    (shift, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_has_no_pitch() {
        let silence = Matrix::filled(1025, 3, 0.0);
        let (pitches, magnitudes) = piptrack(&silence, 22_050.0, &Piptrack::default()).unwrap();
        assert!(pitches.as_slice().iter().chain(magnitudes.as_slice()).all(|&value| value == 0.0));
        assert!(piptrack(&Matrix::filled(1, 1, 0.0), 22_050.0, &Piptrack::default()).is_err());
    }
}
