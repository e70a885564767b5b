//! From mel bands to cepstral coefficients: decibels, and a cosine transform.
//!
//! `librosa.power_to_db` and `librosa.feature.mfcc` with the defaults `ref=1`, `amin=1e-10`,
//! `dct_type=2` and `norm="ortho"`.

use std::f64::consts::PI;

use super::Config;
use crate::dot::dot;

/// Nothing is quieter.
const POWER_MIN: f32 = 1e-10;

/// Turns powers into decibels in place, without regard to the loudest; returns the loudest.
pub(super) fn decibels(bands: &mut [f32]) -> f32 {
    let mut loudest = f32::NEG_INFINITY;
    for band in bands {
        *band = 10.0 * band.max(POWER_MIN).log10();
        loudest = loudest.max(*band);
    }
    loudest
}

/// The first coefficients of an orthonormal cosine transform of type II, lifted.
pub(super) struct Cepstrum {
    /// One row of `n_mels` for each coefficient.
    rows: Vec<Vec<f32>>,
}

impl Cepstrum {
    /// The transform of a checked `config`.
    pub(super) fn new(config: &Config) -> Self {
        let n_mels = config.n_mels as f64;
        let row = |coefficient: usize| {
            let scale =
                if coefficient == 0 { (1.0 / n_mels).sqrt() } else { (2.0 / n_mels).sqrt() };
            let lift = lift(coefficient, config.lifter);
            let angle = PI * coefficient as f64 / n_mels;
            let weight = |mel: usize| (lift * scale * (angle * (mel as f64 + 0.5)).cos()) as f32;
            (0..config.n_mels).map(weight).collect()
        };
        Self { rows: (0..config.n_mfcc).map(row).collect() }
    }

    /// Appends the coefficients of `bands`, which are decibels, to `coefficients`.
    pub(super) fn apply(&self, bands: &[f32], coefficients: &mut Vec<f32>) {
        coefficients.extend(self.rows.iter().map(|row| dot(row, bands)));
    }
}

fn lift(coefficient: usize, lifter: f64) -> f64 {
    if lifter == 0.0 {
        return 1.0;
    }
    1.0 + lifter / 2.0 * (PI * (coefficient + 1) as f64 / lifter).sin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_has_a_floor() {
        let mut bands = [0.0, 1.0, 0.01];
        assert_eq!((decibels(&mut bands), bands), (0.0, [-100.0, 0.0, -20.0]));
    }

    #[test]
    fn a_constant_has_one_coefficient() {
        let config = Config { n_mels: 16, n_mfcc: 4, ..Config::default() };
        let mut coefficients = Vec::new();
        Cepstrum::new(&config).apply(&[2.0; 16], &mut coefficients);
        // sqrt(1 / 16) * 16 * 2.
        assert!((coefficients[0] - 8.0).abs() < 1e-6, "{coefficients:?}");
        assert!(coefficients[1..].iter().all(|x| x.abs() < 1e-5), "{coefficients:?}");
    }

    #[test]
    fn a_lifter_raises_as_librosa_does() {
        // 1 + 22 / 2 * sin(pi * n / 22).
        assert!((lift(0, 22.0) - 2.565_463_22).abs() < 1e-8, "{}", lift(0, 22.0));
        assert_eq!(lift(5, 0.0), 1.0);
    }
}
