//! One number from the samples of a frame.

use crate::error::{Error, check_signal};
use crate::spectrum::{Frames, PadMode};

/// Samples that are no further from zero count as zero.
const ZERO: f32 = 1e-10;

/// The root of the mean square of `samples`.
pub(super) fn root_mean_square(samples: &[f32]) -> f64 {
    let squares: f64 = samples.iter().map(|&sample| f64::from(sample) * f64::from(sample)).sum();
    (squares / samples.len() as f64).sqrt()
}

/// How often `recorded` changes sign, as a share of the `n_fft` samples of the frame. Beyond the
/// recording's ends nothing changes: librosa repeats the first and the last sample there.
pub(super) fn crossing_rate(recorded: &[f32], n_fft: usize) -> f64 {
    let is_negative = |sample: f32| sample < -ZERO;
    let crossings = recorded
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if is_negative(*a) != is_negative(*b)))
        .count();
    crossings as f64 / n_fft as f64
}

/// `librosa.feature.rms` of a signal; by default frames of 2,048 samples every 512, padded with
/// zeros. Without a mode of padding frames are not centred.
///
/// # Errors
/// The signal is empty, not finite, or shorter than a frame that is not centred; a length is 0.
pub fn rms(
    y: &[f32],
    frame_length: usize,
    hop_length: usize,
    pad_mode: Option<PadMode>,
) -> Result<Vec<f32>, Error> {
    check_signal(y)?;
    let mut frames = Frames::new(y, frame_length, hop_length, pad_mode)?;
    Ok((0..frames.count()).map(|at| root_mean_square(frames.get(at)) as f32).collect())
}

/// `librosa.feature.zero_crossing_rate`: the share of each frame's samples, from 0 to 1, at which
/// the signal changes sign; by default frames of 2,048 samples every 512, and centred.
///
/// # Errors
/// As [`rms`].
pub fn zero_crossing_rate(
    y: &[f32],
    frame_length: usize,
    hop_length: usize,
    center: bool,
) -> Result<Vec<f32>, Error> {
    check_signal(y)?;
    let frames = Frames::new(y, frame_length, hop_length, center.then_some(PadMode::Edge))?;
    let rate = |at| crossing_rate(frames.recorded(at), frame_length) as f32;
    Ok((0..frames.count()).map(rate).collect())
}

/// `librosa.zero_crossings`: at which samples the signal changes sign. What is no further from zero
/// than `threshold`, 1e-10 by default, counts as zero, and zero as positive; `pad`, true by
/// default, is what the first sample is said to do.
pub fn zero_crossings(y: &[f32], threshold: f32, pad: bool) -> Vec<bool> {
    let changes = y.windows(2).map(|pair| (pair[0] < -threshold) != (pair[1] < -threshold));
    let first = (!y.is_empty()).then_some(pad);
    first.into_iter().chain(changes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_wave_is_as_loud_as_high_and_crosses() {
        let square = [0.5, 0.5, -0.5, -0.5, 0.5, 0.5, -0.5, -0.5];
        assert!((root_mean_square(&square) - 0.5).abs() < 1e-12);
        assert!((crossing_rate(&square, 8) - 3.0 / 8.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_next_to_nothing_has_no_sign() {
        assert_eq!(crossing_rate(&[1.0, -1e-11, 1.0, -0.0, 1.0], 5), 0.0);
    }
}
