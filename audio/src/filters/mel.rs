//! Mel bands: `librosa.filters.mel`.
//!
//! Slaney, M. Auditory Toolbox, version 2. Interval Research, 1998.

use crate::convert::{fft_frequencies, mel_frequencies};
use crate::dot::dot;
use crate::error::{Error, check, check_count, check_positive};
use crate::matrix::Matrix;

/// How the weights of a band are scaled.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum MelNorm {
    /// By the width of the band, so that each has the same area.
    #[default]
    Slaney,
    /// Not at all: each peaks at 1.
    None,
    /// So that this norm of the weights is 1; infinity is the greatest weight.
    P(f64),
}

/// Where the mel bands lie, and how they are weighted; defaults are librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct Mel {
    /// How many bands, at least 1.
    pub n_mels: usize,
    /// The lower end, in Hz.
    pub fmin: f64,
    /// The upper end, in Hz; half the sample rate where there is none.
    pub fmax: Option<f64>,
    /// The scale of HTK, not Slaney's.
    pub htk: bool,
    /// How the weights are scaled.
    pub norm: MelNorm,
}

impl Default for Mel {
    fn default() -> Self {
        Self { n_mels: 128, fmin: 0.0, fmax: None, htk: false, norm: MelNorm::Slaney }
    }
}

/// Triangular filters; each holds only the bins on which it is not zero.
#[derive(Debug, Clone)]
pub struct MelBank {
    bins: usize,
    filters: Vec<Filter>,
}

#[derive(Debug, Clone)]
struct Filter {
    first_bin: usize,
    weights: Vec<f32>,
}

impl MelBank {
    /// `librosa.filters.mel` for transforms of `n_fft` samples at `sr` Hz.
    ///
    /// # Errors
    /// There are no bands, or `fmin` is not below `fmax`, or a norm is not above 0. Unlike librosa,
    /// which warns, this gives bands that hold no bin as they are: always zero.
    pub fn new(sr: f64, n_fft: usize, mel: &Mel) -> Result<Self, Error> {
        check_positive("sr", sr)?;
        check_count("n_fft", n_fft)?;
        check_count("n_mels", mel.n_mels)?;
        let fmax = mel.fmax.unwrap_or(sr / 2.0);
        check_positive("fmax", fmax)?;
        let range = "from 0 to below fmax";
        check(mel.fmin >= 0.0 && mel.fmin < fmax, "fmin", mel.fmin, range)?;
        if let MelNorm::P(p) = mel.norm {
            check(p > 0.0, "norm", p, "above 0")?;
        }
        let edges = mel_frequencies(mel.n_mels + 2, mel.fmin, fmax, mel.htk);
        let frequencies = fft_frequencies(sr, n_fft);
        let filters = edges
            .windows(3)
            .map(|edges| match *edges {
                [low, middle, high] => Filter::new([low, middle, high], &frequencies, mel.norm),
                _ => Filter { first_bin: 0, weights: Vec::new() },
            })
            .collect();
        Ok(Self { bins: frequencies.len(), filters })
    }

    /// How many bands there are.
    pub fn bands(&self) -> usize {
        self.filters.len()
    }

    /// How many bins a frame has.
    pub fn bins(&self) -> usize {
        self.bins
    }

    /// Fills `bands`, a value for each band, from `bins`, the power in each bin of a frame.
    pub fn apply(&self, bins: &[f32], bands: &mut [f32]) {
        for (band, filter) in bands.iter_mut().zip(&self.filters) {
            *band = dot(bins.get(filter.first_bin..).unwrap_or_default(), &filter.weights);
        }
    }

    /// The weights: a row for each band, a column for each bin.
    pub fn weights(&self) -> Matrix<f32> {
        let mut weights = Matrix::filled(self.filters.len(), self.bins, 0.0);
        for (band, filter) in self.filters.iter().enumerate() {
            for (index, &weight) in filter.weights.iter().enumerate() {
                weights[(band, filter.first_bin + index)] = weight;
            }
        }
        weights
    }
}

impl Filter {
    fn new([low, middle, high]: [f64; 3], frequencies: &[f64], norm: MelNorm) -> Self {
        let height = |hz: f64| {
            let rising = (hz - low) / (middle - low);
            let falling = (high - hz) / (high - middle);
            // Rounded before the norm, as librosa does.
            rising.min(falling).max(0.0) as f32
        };
        let first_bin = frequencies.iter().position(|&hz| height(hz) > 0.0).unwrap_or(0);
        let above = frequencies.iter().skip(first_bin).map(|&hz| height(hz));
        let mut weights: Vec<f32> = above.take_while(|&weight| weight > 0.0).collect();
        let scale = match norm {
            MelNorm::Slaney => 2.0 / (high - low),
            MelNorm::None => 1.0,
            MelNorm::P(p) => 1.0 / length(&weights, p),
        };
        for weight in &mut weights {
            *weight = match norm {
                MelNorm::P(_) => (f64::from(*weight) / (1.0 / scale)) as f32,
                _ => (f64::from(*weight) * scale) as f32,
            };
        }
        Self { first_bin, weights }
    }
}

/// The norm of `weights`, or 1 where they are next to nothing.
fn length(weights: &[f32], p: f64) -> f64 {
    let wide = || weights.iter().map(|&weight| f64::from(weight));
    let length = if p.is_infinite() {
        wide().fold(0.0, f64::max)
    } else {
        wide().map(|weight| weight.powf(p)).sum::<f64>().powf(1.0 / p)
    };
    if length < f64::from(f32::MIN_POSITIVE) { 1.0 } else { length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_between_two_bins_is_empty() {
        // 1,024 bands on 9 bins: most hold none.
        let bank = MelBank::new(22_050.0, 16, &Mel { n_mels: 1024, ..Mel::default() }).unwrap();
        let mut bands = vec![1.0; 1024];
        bank.apply(&[1.0; 9], &mut bands);
        let filled = bands.iter().filter(|&&band| band > 0.0).count();
        assert!(filled > 0 && filled < 20, "{filled}");
    }

    #[test]
    fn bands_that_cannot_be_are_refused() {
        let default = Mel::default;
        let wrong = [
            Mel { n_mels: 0, ..default() },
            Mel { fmin: -1.0, ..default() },
            Mel { fmin: f64::NAN, ..default() },
            Mel { fmin: 9_000.0, fmax: Some(8_000.0), ..default() },
            Mel { norm: MelNorm::P(0.0), ..default() },
        ];
        for mel in wrong {
            assert!(MelBank::new(22_050.0, 2048, &mel).is_err(), "{mel:?}");
        }
        assert!(MelBank::new(f64::NAN, 2048, &default()).is_err());
    }
}
