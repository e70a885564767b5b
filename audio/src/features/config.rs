//! What is to be extracted, and how. Names and defaults are librosa's.

use super::Mfcc;
use crate::error::{Error, check};
use crate::filters::Mel;
use crate::spectrum::Stft;

/// A feature of every frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// `librosa.feature.mfcc`: `n_mfcc` coefficients.
    Mfcc,
    /// `librosa.feature.melspectrogram`: power in `n_mels` bands.
    Melspectrogram,
    /// The magnitude of `librosa.stft`: `1 + n_fft / 2` bins.
    Stft,
    /// `librosa.feature.spectral_centroid`: the mean frequency, in Hz.
    SpectralCentroid,
    /// `librosa.feature.spectral_bandwidth` with `p = 2`: the spread around the centroid, in Hz.
    SpectralBandwidth,
    /// `librosa.feature.spectral_rolloff`: below it lies `roll_percent` of the magnitude, in Hz.
    SpectralRolloff,
    /// `librosa.feature.spectral_flatness`: from 0, a tone, to 1, white noise.
    SpectralFlatness,
    /// `librosa.feature.rms`: the root of the mean square of the samples.
    Rms,
    /// `librosa.feature.zero_crossing_rate`: the share of samples that change sign, from 0 to 1.
    ZeroCrossingRate,
}

impl Feature {
    /// Whether it is one number a frame, not a list of them.
    pub fn is_scalar(self) -> bool {
        !matches!(self, Self::Mfcc | Self::Melspectrogram | Self::Stft)
    }

    /// Whether it is made from the magnitudes of the bins and has one value a frame.
    pub(super) fn is_spectral(self) -> bool {
        matches!(
            self,
            Self::SpectralCentroid
                | Self::SpectralBandwidth
                | Self::SpectralRolloff
                | Self::SpectralFlatness
        )
    }
}

/// What is to be extracted, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The features, in the order in which they are given.
    pub features: Vec<Feature>,
    /// Samples of a frame, from 16 to 65,536.
    pub n_fft: usize,
    /// Samples from one frame to the next, from 1 to 65,536.
    pub hop_length: usize,
    /// Samples that the Hann window covers in the middle of the frame, from 1 to `n_fft`; all of
    /// it where there is none. Root mean square and zero crossings take the whole frame.
    pub win_length: Option<usize>,
    /// Mel bands, from 1 to 1,024.
    pub n_mels: usize,
    /// The lower end of the mel bands, in Hz.
    pub fmin: f64,
    /// The upper end of the mel bands, in Hz; half the sample rate where there is none.
    pub fmax: Option<f64>,
    /// Coefficients, from 1 to `n_mels`.
    pub n_mfcc: usize,
    /// How much the higher coefficients are raised; 0 for not at all.
    pub lifter: f64,
    /// How far below the loudest band of the whole recording a band may lie, in dB.
    pub top_db: f64,
    /// The share of the rolloff, between 0 and 1.
    pub roll_percent: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            features: vec![Feature::Mfcc],
            n_fft: 2048,
            hop_length: 512,
            win_length: None,
            n_mels: 128,
            fmin: 0.0,
            fmax: None,
            n_mfcc: 20,
            lifter: 0.0,
            top_db: 80.0,
            roll_percent: 0.85,
        }
    }
}

const FRAME_MAX: usize = 65_536;
const MELS_MAX: usize = 1_024;

impl Config {
    /// Whether all parameters are within their ranges at `sample_rate`, in Hz.
    pub fn check(&self, sample_rate: u32) -> Result<(), Error> {
        self.mistakes(sample_rate).into_iter().next().map_or(Ok(()), Err)
    }

    /// All parameters that are not within their ranges at `sample_rate`, in Hz.
    pub fn mistakes(&self, sample_rate: u32) -> Vec<Error> {
        let nyquist = f64::from(sample_rate) / 2.0;
        let fmax = self.fmax.unwrap_or(nyquist);
        let below = format!("above 0 and at most {nyquist} Hz, half the sample rate");
        let checked = [
            within("sample rate", sample_rate as usize, 1, 10_000_000),
            within("n_fft", self.n_fft, 16, FRAME_MAX),
            within("hop_length", self.hop_length, 1, FRAME_MAX),
            within("win_length", self.win_length.unwrap_or(self.n_fft), 1, self.n_fft),
            within("n_mels", self.n_mels, 1, MELS_MAX),
            within("n_mfcc", self.n_mfcc, 1, self.n_mels),
            check(fmax > 0.0 && fmax <= nyquist, "fmax", fmax, &below),
            check(
                self.fmin >= 0.0 && self.fmin < fmax,
                "fmin",
                self.fmin,
                &format!("from 0 to below fmax, {fmax} Hz"),
            ),
            check_limit("lifter", self.lifter),
            check_limit("top_db", self.top_db),
            check(
                self.roll_percent > 0.0 && self.roll_percent < 1.0,
                "roll_percent",
                self.roll_percent,
                "between 0 and 1",
            ),
        ];
        checked.into_iter().filter_map(Result::err).collect()
    }

    /// How frames are transformed.
    pub(super) fn stft(&self) -> Stft {
        Stft {
            n_fft: self.n_fft,
            hop_length: Some(self.hop_length),
            win_length: self.win_length,
            ..Stft::default()
        }
    }

    /// The coefficients.
    pub(super) fn mfcc(&self) -> Mfcc {
        Mfcc { n_mfcc: self.n_mfcc, lifter: self.lifter, ..Mfcc::default() }
    }

    /// The mel bands.
    pub(super) fn mel(&self) -> Mel {
        Mel { n_mels: self.n_mels, fmin: self.fmin, fmax: self.fmax, ..Mel::default() }
    }

    /// Values that `feature` has in a frame.
    pub(super) fn width(&self, feature: Feature) -> usize {
        match feature {
            Feature::Mfcc => self.n_mfcc,
            Feature::Melspectrogram => self.n_mels,
            Feature::Stft => self.n_fft / 2 + 1,
            scalar => usize::from(scalar.is_scalar()),
        }
    }
}

fn within(parameter: &'static str, value: usize, least: usize, most: usize) -> Result<(), Error> {
    check((least..=most).contains(&value), parameter, value, &format!("{least} to {most}"))
}

fn check_limit(parameter: &'static str, value: f64) -> Result<(), Error> {
    check(value >= 0.0 && value.is_finite(), parameter, value, "0 or more")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_held_to_its_range() {
        assert_eq!(Config::default().check(22_050), Ok(()));
        let default = Config::default;
        let wrong = [
            ("n_fft", Config { n_fft: 8, ..default() }),
            ("n_fft", Config { n_fft: usize::MAX, ..default() }),
            ("hop_length", Config { hop_length: 0, ..default() }),
            ("win_length", Config { win_length: Some(4096), ..default() }),
            ("n_mels", Config { n_mels: 0, ..default() }),
            ("n_mfcc", Config { n_mfcc: 129, ..default() }),
            ("fmax", Config { fmax: Some(11_026.0), ..default() }),
            ("fmax", Config { fmax: Some(f64::NAN), ..default() }),
            ("fmin", Config { fmin: 11_025.0, ..default() }),
            ("fmin", Config { fmin: f64::NAN, ..default() }),
            ("lifter", Config { lifter: -1.0, ..default() }),
            ("top_db", Config { top_db: f64::INFINITY, ..default() }),
            ("roll_percent", Config { roll_percent: 1.0, ..default() }),
        ];
        for (parameter, config) in wrong {
            let error = config.check(22_050).unwrap_err().to_string();
            assert!(error.starts_with(parameter), "{error}");
        }
        let error = Config::default().check(0).unwrap_err().to_string();
        assert_eq!(error, "sample rate is 0, but must be 1 to 10000000");
    }
}
