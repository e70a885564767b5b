//! What is kept of a frame from the first pass to those after it: what features share once, and
//! what only one of them has in its own place.

use std::ops::Range;

use super::{Config, Feature};

/// The places of a row. An empty one is not kept.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The mel bands in decibels that are not yet cut: of MFCC and of onsets.
    pub(super) decibels: Range<usize>,
    /// The power in the mel bands.
    pub(super) bands: Range<usize>,
    /// The magnitudes of the bins.
    pub(super) bins: Range<usize>,
    /// What each feature has for itself, in the order of the plan.
    pub(super) own: Vec<Range<usize>>,
    /// Values of a row.
    pub(super) width: usize,
}

impl Layout {
    pub(super) fn new(config: &Config) -> Self {
        let mut width = 0;
        let mut place = |values: usize| {
            let from = width;
            width += values;
            from..width
        };
        let decibels = config.has(|feature| feature == Feature::Mfcc || feature.is_of_onsets());
        let bands = config.has(|feature| feature == Feature::Melspectrogram);
        let bins = config.has(|feature| feature == Feature::Stft) || estimates_tuning(config);
        let of = |is_kept: bool, values: usize| if is_kept { values } else { 0 };
        let decibels = place(of(decibels, config.n_mels));
        let bands = place(of(bands, config.n_mels));
        let bins = place(of(bins, 1 + config.n_fft / 2));
        let own = config.features.iter().map(|&feature| {
            place(match feature {
                // Peaks and valleys, each as two numbers that together have double precision.
                Feature::SpectralContrast => 4 * config.width(feature),
                Feature::ChromaStft if config.tuning.is_some() => config.width(feature),
                Feature::Rms | Feature::ZeroCrossingRate => 1,
                other if other.is_of_magnitudes() => config.width(other),
                _ => 0,
            })
        });
        let own = own.collect();
        Self { decibels, bands, bins, own, width }
    }
}

/// Whether a tuning is estimated from all frames before classes are made of one.
pub(super) fn estimates_tuning(config: &Config) -> bool {
    config.tuning.is_none() && config.has(|feature| feature == Feature::ChromaStft)
}

/// A number of double precision as two of single precision.
pub(super) fn split(value: f64) -> [f32; 2] {
    let high = value as f32;
    [high, (value - f64::from(high)) as f32]
}

/// The number again, but for its last few bits.
pub(super) fn joined([high, low]: [f32; 2]) -> f64 {
    f64::from(high) + f64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_features_share_is_kept_once() {
        let of = |features: &[Feature]| {
            Layout::new(&Config { features: features.to_vec(), ..Config::default() }).width
        };
        assert_eq!(of(&[Feature::Mfcc]), 128);
        assert_eq!(of(&[Feature::Mfcc, Feature::OnsetStrength, Feature::Tempo]), 128);
        assert_eq!(of(&[Feature::Mfcc, Feature::Melspectrogram]), 256);
        assert_eq!(of(&[Feature::Stft, Feature::ChromaStft]), 1025);
        assert_eq!(of(&[Feature::ChromaCqt, Feature::Loudness]), 0);
        assert_eq!(of(&[Feature::Rms, Feature::SpectralContrast]), 29);
    }

    #[test]
    fn two_numbers_are_as_exact_as_a_double() {
        for value in [1.0 / 3.0, -97.123_456_789_012, 1e-10, 0.0] {
            assert!((joined(split(value)) - value).abs() <= 1e-14 * value.abs());
        }
    }
}
