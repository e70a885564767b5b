//! What is made of a constant-Q transform, which needs all samples at once.

use super::{Config, ExtractError, Feature};
use crate::constantq::{ConstantQ, cqt};
use crate::error::Error;
use crate::features::{Cens, chroma_cens, chroma_cqt, tonnetz};
use crate::matrix::Matrix;
use crate::spectrum::magnitudes;

/// Samples at most that features of a constant-Q transform are made of: 25 minutes at 44,100 Hz.
/// They take 268 MB, and the transform about three times as much.
pub const SAMPLES_MAX: usize = 1 << 26;

/// All samples of a recording.
pub(super) struct Samples {
    /// Who needs them.
    feature: &'static str,
    samples: Vec<f32>,
}

impl Samples {
    pub(super) fn new(feature: &'static str) -> Self {
        Self { feature, samples: Vec::new() }
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> Result<(), ExtractError> {
        self.push_up_to(samples, SAMPLES_MAX)
    }

    fn push_up_to(&mut self, samples: &[f32], most: usize) -> Result<(), ExtractError> {
        if self.samples.len() + samples.len() > most {
            return Err(ExtractError::TooLong { feature: self.feature, most });
        }
        self.samples.extend_from_slice(samples);
        Ok(())
    }

    /// For each feature of the plan its values where it is made of such a transform.
    pub(super) fn transform(
        self,
        config: &Config,
        sr: f64,
    ) -> Result<Vec<Option<Matrix<f32>>>, Error> {
        let (y, options) = (&self.samples, config.chroma_cqt());
        // Classes and coordinates are of the same transform.
        let shares = config.has(|feature| matches!(feature, Feature::ChromaCqt | Feature::Tonnetz));
        let classes = shares.then(|| chroma_cqt(y, sr, &options)).transpose()?;
        let of = |feature: &Feature| {
            let made = match (feature, &classes) {
                (Feature::Cqt, _) => {
                    // Not estimated: librosa's default is 0.
                    let classes = config.tuning.unwrap_or(0.0);
                    let default = ConstantQ::default();
                    let bins = classes * default.bins_per_octave as f64 / config.n_chroma as f64;
                    let hop_length = config.hop_length;
                    let options = ConstantQ { hop_length, tuning: Some(bins), ..default };
                    magnitudes(&cqt(y, sr, &options)?)
                }
                (Feature::ChromaCqt, Some(classes)) => classes.clone(),
                (Feature::Tonnetz, Some(classes)) => tonnetz(classes)?,
                (Feature::ChromaCens, _) => chroma_cens(y, sr, &options, &Cens::default())?,
                _ => return Ok(None),
            };
            Ok(Some(made))
        };
        config.features.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_fits_is_refused_by_the_name_of_who_needs_it() {
        let mut samples = Samples::new("tonnetz");
        samples.push_up_to(&[0.0; 3], 4).unwrap();
        let error = samples.push_up_to(&[0.0; 2], 4).unwrap_err().to_string();
        assert!(error.starts_with("tonnetz needs all samples"), "{error}");
    }
}
