//! One number from the samples of a frame.

/// Samples that are no further from zero count as zero.
const ZERO: f32 = 1e-10;

/// The root of the mean square of `samples`.
pub(super) fn rms(samples: &[f32]) -> f64 {
    let squares: f64 = samples.iter().map(|&sample| f64::from(sample) * f64::from(sample)).sum();
    (squares / samples.len() as f64).sqrt()
}

/// How often `recorded` changes sign, as a share of the `n_fft` samples of the frame. Beyond the
/// recording's ends nothing changes: librosa repeats the first and the last sample there.
pub(super) fn zero_crossing_rate(recorded: &[f32], n_fft: usize) -> f64 {
    let is_negative = |sample: f32| sample < -ZERO;
    let crossings = recorded
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if is_negative(*a) != is_negative(*b)))
        .count();
    crossings as f64 / n_fft as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_wave_is_as_loud_as_high_and_crosses() {
        let square = [0.5, 0.5, -0.5, -0.5, 0.5, 0.5, -0.5, -0.5];
        assert!((rms(&square) - 0.5).abs() < 1e-12);
        assert!((zero_crossing_rate(&square, 8) - 3.0 / 8.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_next_to_nothing_has_no_sign() {
        assert_eq!(zero_crossing_rate(&[1.0, -1e-11, 1.0, -0.0, 1.0], 5), 0.0);
    }
}
