//! What is to be extracted, and how. Names and defaults are librosa's.

use super::Feature;
use crate::error::{Error, check};
use crate::features::{ChromaCqt, Contrast, DctType, Mfcc};
use crate::filters::{Chroma, Mel, Window, get_window};
use crate::spectrum::{PadMode, Stft};

/// What is to be extracted, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The features, in the order in which they are given.
    pub features: Vec<Feature>,
    /// Samples of a frame, from 16 to 65,536.
    pub n_fft: usize,
    /// Samples from one frame to the next, from 1 to 65,536.
    pub hop_length: usize,
    /// Samples that the window covers in the middle of the frame, from 1 to `n_fft`; all of
    /// it where there is none. Root mean square and zero crossings take the whole frame.
    pub win_length: Option<usize>,
    /// The window; of its parameters and values none depend on the recording.
    pub window: Window,
    /// Frame `t` is centred at sample `t * hop_length`; without, it begins there.
    pub center: bool,
    /// What stands beyond the ends, where frames are centred; not `Wrap`, as the end of a stream
    /// is not known at its beginning.
    pub pad_mode: PadMode,
    /// Mel bands, from 1 to 1,024.
    pub n_mels: usize,
    /// The lower end of the mel bands, in Hz.
    pub fmin: f64,
    /// The upper end of the mel bands, in Hz; half the sample rate where there is none.
    pub fmax: Option<f64>,
    /// The mel scale of HTK, not Slaney's.
    pub htk: bool,
    /// Coefficients, from 1 to `n_mels`.
    pub n_mfcc: usize,
    /// The type of the cosine transform, which is orthonormal.
    pub dct_type: DctType,
    /// How much the higher coefficients are raised; 0 for not at all.
    pub lifter: f64,
    /// How far below the loudest band of the whole recording a band may lie, in dB.
    pub top_db: f64,
    /// The share of the rolloff, between 0 and 1.
    pub roll_percent: f64,
    /// Octaves of the contrast above its lowest band, from 1 to 16.
    pub n_bands: usize,
    /// The highest power of the polynomial, at most 8.
    pub order: usize,
    /// Classes of pitch, from 1 to 36; a divisor of 36 where they are of a constant-Q transform.
    pub n_chroma: usize,
    /// How far the recording lies from equal temperament at 440 Hz, in classes of pitch from -0.5
    /// to 0.5; estimated where there is none.
    pub tuning: Option<f64>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            features: vec![Feature::Mfcc],
            n_fft: 2048,
            hop_length: 512,
            win_length: None,
            window: Window::Hann,
            center: true,
            pad_mode: PadMode::Constant,
            n_mels: 128,
            fmin: 0.0,
            fmax: None,
            htk: false,
            n_mfcc: 20,
            dct_type: DctType::Two,
            lifter: 0.0,
            top_db: 80.0,
            roll_percent: 0.85,
            n_bands: 6,
            order: 1,
            n_chroma: 12,
            tuning: None,
        }
    }
}

const FRAME_MAX: usize = 65_536;
const MELS_MAX: usize = 1_024;
/// Bins of an octave of the constant-Q transform that classes are made of.
const CQT_BINS_PER_OCTAVE: usize = 36;
/// Lags of a tempogram, in frames, librosa's `win_length`.
pub(super) const LAGS: usize = 384;
/// Bins of the constant-Q transform.
const CQT_BINS: usize = 84;

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
            within("n_bands", self.n_bands, 1, 16),
            within("order", self.order, 0, 8),
            within("n_chroma", self.n_chroma, 1, CQT_BINS_PER_OCTAVE),
            check(
                self.tuning.is_none_or(|tuning| (-0.5..=0.5).contains(&tuning)),
                "tuning",
                self.tuning.unwrap_or(0.0),
                "from -0.5 to 0.5",
            ),
        ];
        let together =
            [self.check_window(), self.check_padding(), self.check_dct(), self.check_constant_q()];
        checked.into_iter().chain(together).filter_map(Result::err).collect()
    }

    fn check_window(&self) -> Result<(), Error> {
        // A length that is wrong is told already, and may be longer than memory.
        let win_length = self.win_length.unwrap_or(self.n_fft);
        if self.n_fft > FRAME_MAX || !(1..=self.n_fft).contains(&win_length) {
            return Ok(());
        }
        get_window(&self.window, win_length, true).map(|_| ())
    }

    fn check_padding(&self) -> Result<(), Error> {
        let is_known = !self.center || self.pad_mode != PadMode::Wrap;
        let range = "another mode: the end of a recording is not known at its beginning";
        check(is_known, "pad_mode", "wrap", range)
    }

    fn check_dct(&self) -> Result<(), Error> {
        let is_possible = self.dct_type != DctType::One || self.n_mels > 1;
        check(is_possible, "dct_type", 1, "another where there is one mel band")
    }

    fn check_constant_q(&self) -> Result<(), Error> {
        if !self.features.iter().any(|feature| feature.needs_all_samples()) {
            return Ok(());
        }
        let divides = self.n_chroma == 0 || CQT_BINS_PER_OCTAVE.is_multiple_of(self.n_chroma);
        let range = "a divisor of 36 for classes of a constant-Q transform";
        check(divides, "n_chroma", self.n_chroma, range)?;
        check(self.center, "center", "false", "true for a constant-Q transform")
    }

    /// Whether one of the features is such.
    pub(super) fn has(&self, is: impl Fn(Feature) -> bool) -> bool {
        self.features.iter().any(|&feature| is(feature))
    }

    /// How frames are transformed.
    pub(super) fn stft(&self) -> Stft {
        Stft {
            n_fft: self.n_fft,
            hop_length: Some(self.hop_length),
            win_length: self.win_length,
            window: self.window.clone(),
            center: self.center,
            pad_mode: self.pad_mode,
        }
    }

    /// The coefficients.
    pub(super) fn mfcc(&self) -> Mfcc {
        let (n_mfcc, dct_type, lifter) = (self.n_mfcc, self.dct_type, self.lifter);
        Mfcc { n_mfcc, dct_type, lifter, ..Mfcc::default() }
    }

    /// The mel bands.
    pub(super) fn mel(&self) -> Mel {
        let (n_mels, fmin, fmax, htk) = (self.n_mels, self.fmin, self.fmax, self.htk);
        Mel { n_mels, fmin, fmax, htk, ..Mel::default() }
    }

    /// The bands of the contrast.
    pub(super) fn contrast(&self) -> Contrast {
        Contrast { n_bands: self.n_bands, ..Contrast::default() }
    }

    /// The classes of a Fourier transform of that tuning.
    pub(super) fn chroma(&self, tuning: f64) -> Chroma {
        Chroma { n_chroma: self.n_chroma, tuning, ..Chroma::default() }
    }

    /// The classes of a constant-Q transform.
    pub(super) fn chroma_cqt(&self) -> ChromaCqt {
        let per_class = CQT_BINS_PER_OCTAVE as f64 / self.n_chroma as f64;
        ChromaCqt {
            hop_length: self.hop_length,
            n_chroma: self.n_chroma,
            bins_per_octave: CQT_BINS_PER_OCTAVE,
            tuning: self.tuning.map(|classes| classes * per_class),
            ..ChromaCqt::default()
        }
    }

    /// Values that `feature` has in a frame; none where it is of the recording.
    pub fn width(&self, feature: Feature) -> usize {
        match feature {
            Feature::Mfcc => self.n_mfcc,
            Feature::Melspectrogram => self.n_mels,
            Feature::Stft => self.n_fft / 2 + 1,
            Feature::Cqt => CQT_BINS,
            Feature::ChromaStft | Feature::ChromaCqt | Feature::ChromaCens => self.n_chroma,
            Feature::Tonnetz => 6,
            Feature::SpectralContrast => self.n_bands + 1,
            Feature::PolyFeatures => self.order + 1,
            Feature::Tempogram => LAGS,
            other => usize::from(other.is_scalar()),
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
            ("n_bands", Config { n_bands: 0, ..default() }),
            ("order", Config { order: 9, ..default() }),
            ("n_chroma", Config { n_chroma: 37, ..default() }),
            ("tuning", Config { tuning: Some(f64::NAN), ..default() }),
            ("beta", Config { window: Window::Kaiser { beta: f64::NAN }, ..default() }),
            ("pad_mode", Config { pad_mode: PadMode::Wrap, ..default() }),
            ("dct_type", Config { dct_type: DctType::One, n_mels: 1, n_mfcc: 1, ..default() }),
            ("n_chroma", Config { features: vec![Feature::Cqt], n_chroma: 24, ..default() }),
            ("center", Config { features: vec![Feature::Cqt], center: false, ..default() }),
        ];
        for (parameter, config) in wrong {
            let error = config.check(22_050).unwrap_err().to_string();
            assert!(error.starts_with(parameter), "{error}");
        }
        let error = Config::default().check(0).unwrap_err().to_string();
        assert_eq!(error, "sample rate is 0, but must be 1 to 10000000");
    }
}
