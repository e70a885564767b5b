//! Signals that are slower or faster, higher or lower.

use crate::error::{Error, check, check_count, check_positive};
use crate::resample::resample;
use crate::spectrum::{Stft, istft, phase_vocoder, stft};

/// `librosa.effects.time_stretch`: the signal at `rate` times its speed, as high as it was.
///
/// # Errors
/// As [`stft`] and [`istft`]; `rate` is not finite and above 0.
pub fn time_stretch(y: &[f32], rate: f64, options: &Stft) -> Result<Vec<f32>, Error> {
    check_positive("rate", rate)?;
    let stretched = phase_vocoder(&stft(y, options)?, rate)?;
    let length = (y.len() as f64 / rate).round_ties_even() as usize;
    istft(&stretched, options, Some(length))
}

/// How far pitches are moved; defaults are those of `librosa.effects.pitch_shift`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PitchShift {
    /// By how many steps, which may be parts of one, and below zero.
    pub n_steps: f64,
    /// Steps of an octave, at least 1.
    pub bins_per_octave: usize,
    /// Whether the energy stays, not the amplitude.
    pub scale: bool,
}

impl Default for PitchShift {
    fn default() -> Self {
        Self { n_steps: 0.0, bins_per_octave: 12, scale: false }
    }
}

/// `librosa.effects.pitch_shift`: the signal `n_steps` higher, as long as it was.
///
/// # Errors
/// As [`time_stretch`]; `bins_per_octave` is 0; `n_steps` is not finite, or more than 15 octaves.
pub fn pitch_shift(
    y: &[f32],
    sr: f64,
    shift: &PitchShift,
    options: &Stft,
) -> Result<Vec<f32>, Error> {
    check_positive("sr", sr)?;
    check_count("bins_per_octave", shift.bins_per_octave)?;
    let octaves = shift.n_steps / shift.bins_per_octave as f64;
    check(octaves.abs() <= 15.0, "n_steps", shift.n_steps, "no more than 15 octaves")?;
    let rate = (-octaves).exp2();
    let stretched = time_stretch(y, rate, options)?;
    if stretched.is_empty() {
        return Ok(vec![0.0; y.len()]);
    }
    let mut shifted = resample(&stretched, sr / rate, sr, shift.scale)?;
    shifted.resize(y.len(), 0.0);
    Ok(shifted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(step: f32) -> Vec<f32> {
        (0..8192).map(|n| (n as f32 * step).sin() * 0.5).collect()
    }

    fn crossings(y: &[f32]) -> usize {
        y.windows(2).filter(|pair| (pair[0] < 0.0) != (pair[1] < 0.0)).count()
    }

    #[test]
    fn a_tone_is_longer_and_as_high() {
        let y = tone(0.1);
        let slow = time_stretch(&y, 0.5, &Stft::default()).unwrap();
        assert_eq!(slow.len(), 16_384);
        let (before, after) = (crossings(&y[2048..6144]), crossings(&slow[4096..12_288]));
        assert!(after.abs_diff(2 * before) <= 3, "{before} {after}");
    }

    #[test]
    fn a_tone_is_higher_and_as_long() {
        let y = tone(0.1);
        for n_steps in [-7.0, 0.5, 4.0, 12.0] {
            let shift = PitchShift { n_steps, ..PitchShift::default() };
            let shifted = pitch_shift(&y, 22_050.0, &shift, &Stft::default()).unwrap();
            assert_eq!(shifted.len(), y.len());
            let expected = crossings(&y[2048..6144]) as f64 * (n_steps / 12.0).exp2();
            let found = crossings(&shifted[2048..6144]) as f64;
            assert!((found - expected).abs() <= 3.0, "{n_steps}: {found} {expected}");
        }
    }

    #[test]
    fn what_cannot_be_shifted_is_refused() {
        let refused = |sr: f64, shift: PitchShift| {
            pitch_shift(&tone(0.1), sr, &shift, &Stft::default()).is_err()
        };
        let default = PitchShift::default();
        assert!(refused(0.0, default));
        assert!(refused(1.0, PitchShift { bins_per_octave: 0, ..default }));
        assert!(refused(1.0, PitchShift { n_steps: f64::NAN, ..default }));
        assert!(refused(1.0, PitchShift { n_steps: 1e9, ..default }));
    }

    #[test]
    fn what_cannot_be_stretched_is_refused() {
        let (y, stft) = (tone(0.1), Stft::default());
        assert!(time_stretch(&y, 0.0, &stft).is_err() && time_stretch(&[], 1.0, &stft).is_err());
    }
}
