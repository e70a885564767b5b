//! Mel bands: `librosa.filters.mel` with its defaults (Slaney's scale and norm).
//!
//! Slaney, M. Auditory Toolbox, version 2. Interval Research, 1998.

use super::Config;
use crate::dot::dot;

/// Below it, a mel is a fixed number of Hz.
const LINEAR_BELOW_HZ: f64 = 1000.0;
const HZ_A_MEL: f64 = 200.0 / 3.0;
/// Above it, 27 mels are a factor of 6.4.
const LOG_STEP_FACTOR: f64 = 6.4;
const LOG_STEP_MELS: f64 = 27.0;

/// Triangular filters; each holds only the bins on which it is not zero.
pub(super) struct MelBank {
    filters: Vec<Filter>,
}

struct Filter {
    first_bin: usize,
    weights: Vec<f32>,
}

impl MelBank {
    /// The bands of a checked `config`.
    pub(super) fn new(config: &Config, sample_rate: u32) -> Self {
        let sample_rate = f64::from(sample_rate);
        let fmax = config.fmax.unwrap_or(sample_rate / 2.0);
        let edges = edges_hz(config.n_mels + 2, config.fmin, fmax);
        let bin_hz = sample_rate / config.n_fft as f64;
        let bins = 1 + config.n_fft / 2;
        let filters = edges
            .windows(3)
            .map(|edges| match *edges {
                [low, middle, high] => Filter::triangle(low, middle, high, bins, bin_hz),
                _ => Filter { first_bin: 0, weights: Vec::new() },
            })
            .collect();
        Self { filters }
    }

    /// The power in each band, from the power in each bin.
    pub(super) fn apply(&self, bins: &[f32], bands: &mut [f32]) {
        for (band, filter) in bands.iter_mut().zip(&self.filters) {
            *band = dot(bins.get(filter.first_bin..).unwrap_or_default(), &filter.weights);
        }
    }
}

impl Filter {
    fn triangle(low: f64, middle: f64, high: f64, bins: usize, bin_hz: f64) -> Self {
        let norm = 2.0 / (high - low);
        let weight = |bin: usize| {
            let hz = bin as f64 * bin_hz;
            let rising = (hz - low) / (middle - low);
            let falling = (high - hz) / (high - middle);
            // Rounded before the norm, as librosa does.
            let height = rising.min(falling).max(0.0) as f32;
            (f64::from(height) * norm) as f32
        };
        let first_bin = (0..bins).find(|&bin| weight(bin) > 0.0).unwrap_or(0);
        let weights = (first_bin..bins).map(weight).take_while(|&weight| weight > 0.0).collect();
        Self { first_bin, weights }
    }
}

/// `count` frequencies, evenly spread on the mel scale.
fn edges_hz(count: usize, fmin: f64, fmax: f64) -> Vec<f64> {
    let (low, high) = (hz_to_mel(fmin), hz_to_mel(fmax));
    let step = (high - low) / (count - 1) as f64;
    (0..count).map(|index| mel_to_hz(low + step * index as f64)).collect()
}

fn hz_to_mel(hz: f64) -> f64 {
    if hz < LINEAR_BELOW_HZ {
        return hz / HZ_A_MEL;
    }
    LINEAR_BELOW_HZ / HZ_A_MEL
        + (hz / LINEAR_BELOW_HZ).ln() / (LOG_STEP_FACTOR.ln() / LOG_STEP_MELS)
}

fn mel_to_hz(mel: f64) -> f64 {
    let linear_below = LINEAR_BELOW_HZ / HZ_A_MEL;
    if mel < linear_below {
        return mel * HZ_A_MEL;
    }
    LINEAR_BELOW_HZ * ((mel - linear_below) * (LOG_STEP_FACTOR.ln() / LOG_STEP_MELS)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_slaneys() {
        // librosa.hz_to_mel([110, 1000, 4000]), librosa 1.0.0.
        for (hz, mel) in [(110.0, 1.65), (1000.0, 15.0), (4000.0, 35.163_760_314_616_45)] {
            assert!((hz_to_mel(hz) - mel).abs() < 1e-12, "{hz}");
            assert!((mel_to_hz(mel) - hz).abs() < 1e-9, "{mel}");
        }
    }

    #[test]
    fn a_band_between_two_bins_is_empty() {
        // 1,024 bands on 9 bins: most hold none.
        let config = Config { n_fft: 16, n_mels: 1024, ..Config::default() };
        let bank = MelBank::new(&config, 22_050);
        let mut bands = vec![1.0; 1024];
        bank.apply(&[1.0; 9], &mut bands);
        let filled = bands.iter().filter(|&&band| band > 0.0).count();
        assert!(filled > 0 && filled < 20, "{filled}");
    }
}
