//! From mel bands and cepstral coefficients back to spectra and signals, as
//! `librosa.feature.inverse`.

use super::cepstrum::{Mfcc, mfcc_to_mel};
use crate::error::{Error, check, check_length, check_magnitudes};
use crate::filters::{Mel, MelBank};
use crate::matrix::Matrix;
use crate::spectrum::{GriffinLim, Random, Stft, griffinlim};
use crate::util::nnls;

/// How mel bands were made, and how phases are searched for; defaults are those of
/// `librosa.feature.inverse.mel_to_audio`.
#[derive(Debug, Clone, PartialEq)]
pub struct MelInverse {
    /// The sample rate, in Hz.
    pub sr: f64,
    /// How frames were made.
    pub stft: Stft,
    /// The power of the magnitudes that the bands sum up.
    pub power: f64,
    /// The bands.
    pub mel: Mel,
    /// How phases are searched for.
    pub search: GriffinLim,
}

impl Default for MelInverse {
    fn default() -> Self {
        Self {
            sr: 22_050.0,
            stft: Stft::default(),
            power: 2.0,
            mel: Mel::default(),
            search: GriffinLim::default(),
        }
    }
}

/// `librosa.feature.inverse.mel_to_stft`: magnitudes of `1 + n_fft / 2` bins whose mel bands come
/// close to `m`, found by [`nnls`].
///
/// # Errors
/// A band is negative or not finite; there is another number of bands than the filters have; as
/// [`MelBank::new`]; `power` is not above 0.
pub fn mel_to_stft(m: &Matrix<f32>, inverse: &MelInverse) -> Result<Matrix<f32>, Error> {
    check_magnitudes("the bands", m.as_slice())?;
    let power = inverse.power;
    check(power > 0.0 && power.is_finite(), "power", power, "finite and above 0")?;
    let bank = MelBank::new(inverse.sr, inverse.stft.n_fft, &inverse.mel)?;
    check_length("a frame", m.rows(), bank.bands())?;
    let mut bins = nnls(&bank.weights(), m)?;
    for bin in bins.as_mut_slice() {
        *bin = if power == 2.0 { bin.sqrt() } else { bin.powf((1.0 / power) as f32) };
    }
    Ok(bins)
}

/// `librosa.feature.inverse.mel_to_audio`: a signal whose mel bands come close to `m`. `random`
/// gives the first phases; without, they are all 0.
///
/// # Errors
/// As [`mel_to_stft`] and [`griffinlim`].
pub fn mel_to_audio(
    m: &Matrix<f32>,
    inverse: &MelInverse,
    random: Option<Random<'_>>,
) -> Result<Vec<f32>, Error> {
    griffinlim(&mel_to_stft(m, inverse)?, &inverse.stft, &inverse.search, random)
}

/// `librosa.feature.inverse.mfcc_to_audio`: a signal whose cepstral coefficients come close to
/// `coefficients`, as `mfcc` made them; `reference`, 1 by default, is 0 dB.
///
/// # Errors
/// As [`mfcc_to_mel`] and [`mel_to_audio`].
pub fn mfcc_to_audio(
    coefficients: &Matrix<f32>,
    mfcc: &Mfcc,
    reference: f64,
    inverse: &MelInverse,
    random: Option<Random<'_>>,
) -> Result<Vec<f32>, Error> {
    let bands = mfcc_to_mel(coefficients, inverse.mel.n_mels, mfcc, reference)?;
    mel_to_audio(&bands, inverse, random)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::melspectrogram;

    #[test]
    fn bands_of_what_comes_back_are_the_same() {
        let y: Vec<f32> = (0..6000).map(|n| (n as f32 * 0.3).sin() * 0.5).collect();
        let inverse = MelInverse {
            stft: Stft { n_fft: 512, ..Stft::default() },
            mel: Mel { n_mels: 40, ..Mel::default() },
            ..MelInverse::default()
        };
        let bands = melspectrogram(&y, 22_050.0, &inverse.stft, &inverse.mel).unwrap();
        let back = mel_to_audio(&bands, &inverse, None).unwrap();
        let again = melspectrogram(&back, 22_050.0, &inverse.stft, &inverse.mel).unwrap();
        let pairs = || bands.as_slice().iter().zip(again.as_slice());
        let off: f32 = pairs().map(|(a, b)| (a - b).powi(2)).sum();
        let all: f32 = pairs().map(|(a, _)| a * a).sum();
        assert!(off < 0.05 * all, "{off} of {all}");
    }

    #[test]
    fn what_are_no_bands_is_refused() {
        let inverse = MelInverse::default();
        assert!(mel_to_stft(&Matrix::filled(40, 1, 1.0), &inverse).is_err());
        assert!(mel_to_stft(&Matrix::filled(128, 1, -1.0), &inverse).is_err());
        let powerless = MelInverse { power: 0.0, ..inverse };
        assert!(mel_to_stft(&Matrix::filled(128, 1, 1.0), &powerless).is_err());
    }
}
