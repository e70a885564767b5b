//! Pitch in a spectrum, and how an orchestra is tuned, as `librosa.core.pitch`.

use crate::convert::{fft_frequencies, hz_to_octs};
use crate::error::{Error, check, check_count, check_magnitudes, check_positive};
use crate::matrix::Matrix;
use crate::util::median;

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
    check_positive("sr", sr)?;
    check(track.fmin.is_finite(), "fmin", track.fmin, "finite")?;
    check(track.fmax.is_finite(), "fmax", track.fmax, "finite")?;
    check(track.threshold.is_finite(), "threshold", track.threshold, "finite")?;
    if s.rows() < 2 {
        return Err(Error::TooShort { what: "a frame", length: s.rows(), needed: 2 });
    }
    let n_fft = 2 * (s.rows() - 1);
    let (fmin, fmax) = (track.fmin.max(0.0), track.fmax.min(sr / 2.0));
    let within: Vec<bool> =
        fft_frequencies(sr, n_fft).iter().map(|&hz| fmin <= hz && hz < fmax).collect();
    let mut pitches = Matrix::filled(s.rows(), s.columns(), 0.0);
    let mut magnitudes = pitches.clone();
    for column in 0..s.columns() {
        let frame = s.column(column);
        let greatest = frame.iter().copied().fold(0.0, f32::max);
        let least = track.threshold as f32 * greatest;
        let above = |bin: usize| if frame[bin] > least { frame[bin] } else { 0.0 };
        for bin in (1..frame.len()).filter(|&bin| within[bin]) {
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
            let hz = (bin as f64 + f64::from(shift)) * sr / n_fft as f64;
            pitches[(bin, column)] = hz as f32;
            magnitudes[(bin, column)] = frame[bin] + 0.5 * slope * shift;
        }
    }
    Ok((pitches, magnitudes))
}

/// How far the top of the parabola through three values lies from the middle one, and its slope.
fn parabola(before: f32, middle: f32, after: f32) -> (f32, f32) {
    let curve = after + before - 2.0 * middle;
    let slope = (after - before) / 2.0;
    let shift = if slope.abs() >= curve.abs() { 0.0 } else { -slope / curve };
    (shift, slope)
}

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
    let range = "from 0.000001 to 1";
    check((1e-6..=1.0).contains(&resolution), "resolution", resolution, range)?;
    check_count("bins_per_octave", bins_per_octave)?;
    let bins = (1.0 / resolution).ceil() as usize;
    let step = 1.0 / bins as f64;
    let edge = |bin: usize| if bin == bins { 0.5 } else { bin as f64 * step - 0.5 };
    let mut counts = vec![0_u64; bins];
    for &hz in frequencies.iter().filter(|&&hz| hz > 0.0 && hz.is_finite()) {
        let octaves = hz_to_octs(f64::from(hz), 0.0, 12) as f32;
        // In single precision, as librosa's array is.
        let place = bins_per_octave as f32 * octaves;
        let mut residual = f64::from(place.rem_euclid(1.0));
        if residual >= 0.5 {
            residual -= 1.0;
        }
        let mut bin = (((residual + 0.5) * bins as f64) as usize).min(bins - 1);
        if residual < edge(bin) {
            bin -= 1;
        } else if bin + 1 < bins && residual >= edge(bin + 1) {
            bin += 1;
        }
        counts[bin] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let first = counts.iter().position(|&count| count == most).unwrap_or(0);
    Ok(if most == 0 { 0.0 } else { edge(first) })
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
    fn silence_has_no_pitch() {
        let silence = Matrix::filled(1025, 3, 0.0);
        let (pitches, magnitudes) = piptrack(&silence, 22_050.0, &Piptrack::default()).unwrap();
        assert!(pitches.as_slice().iter().chain(magnitudes.as_slice()).all(|&value| value == 0.0));
        assert_eq!(estimate_tuning(&silence, 22_050.0, 0.01, 12).unwrap(), 0.0);
        assert!(pitch_tuning(&[440.0], 0.0, 12).is_err());
        assert!(piptrack(&Matrix::filled(1, 1, 0.0), 22_050.0, &Piptrack::default()).is_err());
    }
}
