//! Signals that are slower or faster.

use crate::error::{Error, check_positive};
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
    fn what_cannot_be_stretched_is_refused() {
        let (y, stft) = (tone(0.1), Stft::default());
        assert!(time_stretch(&y, 0.0, &stft).is_err() && time_stretch(&[], 1.0, &stft).is_err());
    }
}
