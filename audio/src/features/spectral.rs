//! One number from the magnitudes of a frame's bins.
//!
//! Klapuri, A. and Davy, M. Signal Processing Methods for Music Transcription, chapter 5. Springer,
//! 2007; Dubnov, S. Generalization of spectral flatness measure. IEEE Signal Processing Letters,
//! 2004. Definitions as in `librosa.feature`.

/// Below it a sum of magnitudes counts as silence and is not divided by.
const SILENCE: f64 = f32::MIN_POSITIVE as f64;
/// No bin's power counts as less.
const POWER_MIN: f64 = 1e-10;

/// The mean frequency, weighted by magnitude, in Hz; 0 for silence.
pub(super) fn centroid(magnitudes: &[f32], bin_hz: f64) -> f64 {
    let weighted: f64 = bins(magnitudes).map(|(bin, magnitude)| bin * magnitude).sum();
    weighted * bin_hz / total(magnitudes)
}

/// The root of the mean squared distance from the centroid, weighted by magnitude, in Hz.
pub(super) fn bandwidth(magnitudes: &[f32], bin_hz: f64) -> f64 {
    let centroid = centroid(magnitudes, bin_hz);
    let spread: f64 = bins(magnitudes)
        .map(|(bin, magnitude)| magnitude * (bin * bin_hz - centroid).powi(2))
        .sum();
    (spread / total(magnitudes)).sqrt()
}

/// The lowest frequency below or at which `percent` of all magnitude lies, in Hz.
pub(super) fn rolloff(magnitudes: &[f32], bin_hz: f64, percent: f64) -> f64 {
    // In single precision and in this order, because the bin must be the one that librosa finds.
    let sum_to = |sum: &mut f32, magnitude: &f32| {
        *sum += magnitude;
        Some(*sum)
    };
    let all: f32 = magnitudes.iter().fold(0.0, |sum, magnitude| sum + magnitude);
    let threshold = percent as f32 * all;
    let bin = magnitudes.iter().scan(0.0, sum_to).position(|sum| sum >= threshold);
    bin.unwrap_or(0) as f64 * bin_hz
}

/// The geometric mean of the bins' power over the arithmetic mean.
pub(super) fn flatness(magnitudes: &[f32]) -> f64 {
    let count = magnitudes.len() as f64;
    let power = |&magnitude: &f32| (f64::from(magnitude) * f64::from(magnitude)).max(POWER_MIN);
    let logarithms: f64 = magnitudes.iter().map(|magnitude| power(magnitude).ln()).sum();
    let powers: f64 = magnitudes.iter().map(power).sum();
    (logarithms / count).exp() / (powers / count)
}

fn bins(magnitudes: &[f32]) -> impl Iterator<Item = (f64, f64)> {
    magnitudes.iter().enumerate().map(|(bin, &magnitude)| (bin as f64, f64::from(magnitude)))
}

/// The sum of the magnitudes, or 1 for silence.
fn total(magnitudes: &[f32]) -> f64 {
    let total: f64 = magnitudes.iter().map(|&magnitude| f64::from(magnitude)).sum();
    if total < SILENCE { 1.0 } else { total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bin_is_a_tone() {
        let tone = [0.0, 0.0, 3.0, 0.0];
        assert_eq!(centroid(&tone, 10.0), 20.0);
        assert_eq!(bandwidth(&tone, 10.0), 0.0);
        assert_eq!(rolloff(&tone, 10.0, 0.85), 20.0);
        assert!(flatness(&tone) < 1e-7);
    }

    #[test]
    fn equal_bins_are_noise() {
        let noise = [1.0; 5];
        assert_eq!(centroid(&noise, 10.0), 20.0);
        assert!((bandwidth(&noise, 10.0) - 200_f64.sqrt()).abs() < 1e-12);
        assert_eq!(rolloff(&noise, 10.0, 0.5), 20.0);
        assert!((flatness(&noise) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn silence_is_not_divided_by() {
        let silence = [0.0; 5];
        let all = [
            centroid(&silence, 10.0),
            bandwidth(&silence, 10.0),
            rolloff(&silence, 10.0, 0.85),
            flatness(&silence) - 1.0,
        ];
        assert!(all.iter().all(|x| x.abs() < 1e-12), "{all:?}");
    }
}
