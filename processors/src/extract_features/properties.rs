//! What ExtractFeatures can be told, and what that means for the audio library.

use tutti_audio::Error as ParameterError;
use tutti_audio::features::{Config, DctType, Feature};
use tutti_audio::filters::Window;
use tutti_audio::spectrum::PadMode;
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::property::Choice;
use tutti_sdk::{BuildError, Properties};

use super::lists::{FeatureList, StatisticList};
use crate::audio::SampleRate;

/// What is extracted where nothing is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Preset {
    /// `mfcc`.
    Mfcc,
    /// `mfcc`, `spectral_centroid`, `spectral_bandwidth`, `spectral_contrast`,
    /// `spectral_flatness`, `spectral_rolloff`, `rms`, `zero_crossing_rate`.
    Timbre,
    /// `onset_strength`, `tempo`, `beat_track`, `onset_detect`.
    Rhythm,
    /// `chroma_stft`, `chroma_cqt`, `tonnetz`.
    Harmony,
    /// The digital score: tempo, beats, metre, onsets, keys, chords, melody, notes, parts,
    /// loudness and timbre on one time axis.
    Score,
}

/// What is told of each feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Output {
    /// Statistics over all frames.
    Statistics,
    /// Every frame.
    Frames,
}

/// What the content becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Format {
    /// Numbers as text.
    #[choice("JSON")]
    Json,
    /// JSON with a byte for each value, in base64, for dashboards. Of frames alone.
    #[choice("compact JSON")]
    Compact,
    /// A table in Arrow's IPC file format.
    #[choice("Arrow")]
    Arrow,
    /// A table in Parquet's file format, compressed with zstd.
    #[choice("Parquet")]
    Parquet,
    /// Images of one feature, in tiles. Of frames alone.
    #[choice("PNG")]
    Png,
}

impl Format {
    pub(super) fn mime_type(self) -> &'static str {
        match self {
            Self::Json | Self::Compact => "application/json",
            Self::Arrow => "application/vnd.apache.arrow.file",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Png => "image/png",
        }
    }

    /// How the name of a file ends.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Json | Self::Compact => ".json",
            Self::Arrow => ".arrow",
            Self::Parquet => ".parquet",
            Self::Png => ".png",
        }
    }
}

/// The shape of a window, by `SciPy`'s name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum WindowName {
    /// One period of a raised cosine.
    Hann,
    /// A raised cosine on a pedestal.
    Hamming,
    /// Three cosine terms.
    Blackman,
    /// Four cosine terms, after Blackman and Harris.
    Blackmanharris,
    /// Four cosine terms, after Nuttall.
    Nuttall,
    /// Five cosine terms, flat at its top.
    Flattop,
    /// One everywhere.
    Boxcar,
    /// A triangle that is zero at both ends.
    Bartlett,
    /// A triangle that is above zero at both ends.
    Triang,
    /// Half a period of a sine.
    Cosine,
    /// The product of two half cosines.
    Bohman,
    /// A Hann window and a triangle together.
    Barthann,
    /// Four convolved rectangles.
    Parzen,
}

/// What stands beyond the ends of a recording, by `NumPy`'s name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum PadModeName {
    /// Zeros.
    Constant,
    /// The first and the last sample.
    Edge,
    /// The recording in a mirror at its last sample, which is not repeated.
    Reflect,
    /// The recording in a mirror behind its last sample, which is repeated.
    Symmetric,
    /// A line from the last sample to zero.
    #[choice("linear_ramp")]
    LinearRamp,
}

/// The properties of `ExtractFeatures`.
#[derive(Debug, Properties)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property, and stands for itself")]
pub(crate) struct ExtractFeaturesProperties {
    /// What to extract, where **Features** lists nothing.
    #[property(default = "mfcc")]
    pub(super) preset: Preset,
    /// What to extract, separated by commas. Of each frame: `mfcc`, `melspectrogram`, `stft`,
    /// `cqt`, `chroma_stft`, `chroma_cqt`, `chroma_cens`, `tonnetz`, `spectral_centroid`,
    /// `spectral_bandwidth`, `spectral_contrast`, `spectral_flatness`, `spectral_rolloff`,
    /// `poly_features`, `rms`, `zero_crossing_rate`, `onset_strength`, `tempogram`. Of the
    /// recording: `tempo`, `beat_track`, `onset_detect`, `loudness`.
    #[property(example = "mfcc, rms")]
    pub(super) features: Option<FeatureList>,
    /// What is told of each feature.
    #[property(
        default = "statistics",
        depends_on("Preset", "mfcc", "timbre", "rhythm", "harmony")
    )]
    pub(super) output: Output,
    /// What the content becomes.
    #[property(default = "JSON")]
    pub(super) format: Format,
    /// Frames in a tile: how wide an image is.
    #[property(default = "1024", min = 1, max = 16384, depends_on("Format", "PNG"))]
    pub(super) tile_width: u32,
    /// What to tell of each value over all frames, separated by commas: `mean`, `std`, `min`,
    /// `max`, `median`, and percentiles as `p5` or `p99.9`.
    #[property(default = "mean", depends_on("Output", "statistics"), example = "mean, std, p95")]
    pub(super) statistics: StatisticList,
    /// Whether the JSON has a member `metadata`, with the sample rate, the hop, and the shape and
    /// the unit of each feature.
    #[property(default = "false")]
    pub(super) metadata: bool,
    /// Whether `filename` gets the ending of the format, such as `.json`. That of a tile always
    /// does.
    #[property(default = "true")]
    pub(super) update_filename: bool,
    /// The sample rate to analyse at, in Hz, or `native` for that of the recording; by default
    /// what **DecodeAudio** says, or that of the recording.
    #[property(name = "sr", example = "22050")]
    pub(super) sr: Option<SampleRate>,
    /// Samples of a frame.
    #[property(name = "n_fft", default = "2048", min = 16, max = 65536)]
    n_fft: u32,
    /// Samples from one frame to the next.
    #[property(name = "hop_length", default = "512", min = 1, max = 65536)]
    hop_length: u32,
    /// Samples that the window covers in the middle of a frame; all of it by default.
    #[property(name = "win_length", min = 1, max = 65536)]
    win_length: Option<u32>,
    /// The window of the Fourier transform.
    #[property(name = "window", default = "hann")]
    window: WindowName,
    /// Whether frame `t` is centred at sample `t * hop_length`; without, it begins there.
    #[property(name = "center", default = "true")]
    center: bool,
    /// What stands beyond the ends of the recording, where frames are centred.
    #[property(name = "pad_mode", default = "constant", depends_on("center", "true"))]
    pad_mode: PadModeName,
    /// Mel bands.
    #[property(name = "n_mels", default = "128", min = 1, max = 1024)]
    n_mels: u32,
    /// The lower end of the mel bands, in Hz.
    #[property(name = "fmin", default = "0", min = 0)]
    fmin: f64,
    /// The upper end of the mel bands, in Hz; half the sample rate by default.
    #[property(name = "fmax", min = 1)]
    fmax: Option<f64>,
    /// Whether the mel scale is that of HTK, not Slaney's.
    #[property(name = "htk", default = "false")]
    htk: bool,
    /// Coefficients of MFCC, at most as many as there are mel bands.
    #[property(name = "n_mfcc", default = "13", min = 1, max = 1024)]
    n_mfcc: u32,
    /// The type of the cosine transform that MFCC are made with.
    #[property(name = "dct_type", default = "2", min = 1, max = 4)]
    dct_type: u32,
    /// How much the higher coefficients are raised; 0 for not at all.
    #[property(name = "lifter", default = "0", min = 0)]
    lifter: f64,
    /// How far below the loudest band of the recording MFCC and onsets see, in dB.
    #[property(name = "top_db", default = "80", min = 0)]
    top_db: f64,
    /// The share of the magnitude that lies below the rolloff, between 0 and 1.
    #[property(name = "roll_percent", default = "0.85", min = 0, max = 1)]
    roll_percent: f64,
    /// Octaves of the spectral contrast above its lowest band, which ends at 200 Hz.
    #[property(name = "n_bands", default = "6", min = 1, max = 16)]
    n_bands: u32,
    /// The highest power of the polynomials of `poly_features`.
    #[property(name = "order", default = "1", min = 0, max = 8)]
    order: u32,
    /// Classes of pitch; a divisor of 36 where they are of a constant-Q transform.
    #[property(name = "n_chroma", default = "12", min = 1, max = 36)]
    n_chroma: u32,
    /// How far the recording lies from equal temperament at 440 Hz, in classes of pitch; estimated
    /// by default.
    #[property(name = "tuning", min = -0.5, max = 0.5)]
    tuning: Option<f64>,
}

impl Preset {
    /// Its features; none of the score, which is no list of features.
    fn features(self) -> Option<Vec<Feature>> {
        let features: &[Feature] = match self {
            Self::Mfcc => &[Feature::Mfcc],
            Self::Timbre => &[
                Feature::Mfcc,
                Feature::SpectralCentroid,
                Feature::SpectralBandwidth,
                Feature::SpectralContrast,
                Feature::SpectralFlatness,
                Feature::SpectralRolloff,
                Feature::Rms,
                Feature::ZeroCrossingRate,
            ],
            Self::Rhythm => {
                &[Feature::OnsetStrength, Feature::Tempo, Feature::BeatTrack, Feature::OnsetDetect]
            }
            Self::Harmony => &[Feature::ChromaStft, Feature::ChromaCqt, Feature::Tonnetz],
            Self::Score => return None,
        };
        Some(features.to_vec())
    }
}

impl ExtractFeaturesProperties {
    /// Bytes and images show frames, and an image shows one feature.
    fn check_format(&self) -> Result<(), BuildError> {
        let refuse = |property, with, message: &str, help: &str| {
            let refused = ValueError::new(message).with_help(help);
            let error = PropertyError::together(property, Some(with), refused);
            Err(BuildError::Properties(vec![error]))
        };
        if !matches!(self.format, Format::Compact | Format::Png) {
            return Ok(());
        }
        if self.features.is_none() && self.preset == Preset::Score {
            let message = "this format is for frames, and the score has none";
            return refuse(
                "Format",
                "Preset",
                message,
                "choose \"JSON\", \"Arrow\" or \"Parquet\"",
            );
        }
        if self.output != Output::Frames {
            let message = "this format is for frames, not for statistics";
            return refuse("Format", "Output", message, "set \"Output\" to \"frames\"");
        }
        let preset = self.preset.features().unwrap_or_default();
        let features = self.features.as_ref().map_or(&*preset, FeatureList::features);
        let is_one = matches!(features, [one] if !one.is_of_recording() && !one.is_scalar());
        if self.format == Format::Png && !is_one {
            let message = "an image shows one feature that has several values a frame";
            return refuse("Features", "Format", message, "list one, such as \"melspectrogram\"");
        }
        Ok(())
    }

    /// What the audio library is to do; none for the digital score.
    pub(super) fn config(&self) -> Result<Option<Config>, BuildError> {
        self.check_format()?;
        let features = match (&self.features, self.preset.features()) {
            (Some(_), None) => {
                let refused = ValueError::new("the preset \"score\" takes no list of features")
                    .with_help("leave one of them out");
                let error = PropertyError::together("Features", Some("Preset"), refused);
                return Err(BuildError::Properties(vec![error]));
            }
            (Some(list), Some(_)) => list.features().to_vec(),
            (None, Some(features)) => features,
            (None, None) => return Ok(None),
        };
        let whole = |value: u32| value as usize;
        let config = Config {
            features,
            n_fft: whole(self.n_fft),
            hop_length: whole(self.hop_length),
            win_length: self.win_length.map(whole),
            window: window(self.window),
            center: self.center,
            pad_mode: pad_mode(self.pad_mode),
            n_mels: whole(self.n_mels),
            fmin: self.fmin,
            fmax: self.fmax,
            htk: self.htk,
            n_mfcc: whole(self.n_mfcc),
            dct_type: match self.dct_type {
                1 => DctType::One,
                3 => DctType::Three,
                4 => DctType::Four,
                _ => DctType::Two,
            },
            lifter: self.lifter,
            top_db: self.top_db,
            roll_percent: self.roll_percent,
            n_bands: whole(self.n_bands),
            order: whole(self.order),
            n_chroma: whole(self.n_chroma),
            tuning: self.tuning,
        };
        // What depends on the recording's rate cannot be said yet: without a rate of its own any
        // is high enough here.
        let rate = self.sr.and_then(|sr| sr.0).unwrap_or(10_000_000);
        BuildError::unless_empty(config.mistakes(rate).iter().map(misfit).collect())?;
        Ok(Some(config))
    }
}

/// Properties have the names of the parameters.
fn misfit(error: &ParameterError) -> PropertyError {
    let refused = ValueError::new(error.to_string());
    let ParameterError::Parameter { parameter, .. } = error else {
        return PropertyError { properties: Vec::new(), error: refused };
    };
    let with = match *parameter {
        "n_mfcc" | "dct_type" => Some("n_mels"),
        "win_length" => Some("n_fft"),
        "fmin" => Some("fmax"),
        "fmax" => Some("sr"),
        "n_chroma" | "center" => Some("Features"),
        _ => None,
    };
    PropertyError::together(*parameter, with, refused)
}

fn window(name: WindowName) -> Window {
    match name {
        WindowName::Hann => Window::Hann,
        WindowName::Hamming => Window::Hamming,
        WindowName::Blackman => Window::Blackman,
        WindowName::Blackmanharris => Window::Blackmanharris,
        WindowName::Nuttall => Window::Nuttall,
        WindowName::Flattop => Window::Flattop,
        WindowName::Boxcar => Window::Boxcar,
        WindowName::Bartlett => Window::Bartlett,
        WindowName::Triang => Window::Triang,
        WindowName::Cosine => Window::Cosine,
        WindowName::Bohman => Window::Bohman,
        WindowName::Barthann => Window::Barthann,
        WindowName::Parzen => Window::Parzen,
    }
}

fn pad_mode(name: PadModeName) -> PadMode {
    match name {
        PadModeName::Constant => PadMode::Constant,
        PadModeName::Edge => PadMode::Edge,
        PadModeName::Reflect => PadMode::Reflect,
        PadModeName::Symmetric => PadMode::Symmetric,
        PadModeName::LinearRamp => PadMode::LinearRamp,
    }
}
