//! Groups of librosa's parameters, handed over as sequences in librosa's order.
//!
//! Only takes them apart: what they may be is for the audio crate to say.

use tutti_audio::constantq::ConstantQ;
use tutti_audio::convert::{Intervals, Svara, Weighting};
use tutti_audio::features::{ChromaCqt, CqtMode, DctType, DeltaMode, Mfcc};
use tutti_audio::filters::{Chroma, Mel, MelNorm, Window};
use tutti_audio::spectrum::{Decibels, PadMode, Stft};
use tutti_audio::util::{Aggregate, PeakMethod, PeakPick};

use crate::arguments::{FromValue, group};
use crate::problem::{Answer, Problem};
use crate::value::Value;

/// One of some words, each with what it means.
pub(crate) fn one_of<T: Clone>(parameter: &str, word: &str, words: &[(&str, T)]) -> Answer<T> {
    if let Some((_, meaning)) = words.iter().find(|(each, _)| *each == word) {
        return Ok(meaning.clone());
    }
    let words: Vec<&str> = words.iter().map(|(each, _)| *each).collect();
    let words = words.join(", ");
    let told = format!("{parameter} is \"{word}\", but must be one of {words}");
    Err(Problem::Parameter(told))
}

/// The samples from one frame to the next.
pub(crate) fn hop_of(stft: &Stft) -> usize {
    stft.hop_length.unwrap_or_else(|| stft.win_length.unwrap_or(stft.n_fft) / 4)
}

/// A window: by name and a parameter that some have, or its values.
pub(crate) enum WindowArgument {
    Named(String, f64),
    Values(Vec<f64>),
}

impl<'a> FromValue<'a> for WindowArgument {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        let is_named = match &value {
            Value::Sequence(values) => matches!(values.first(), Some(Value::Text(_))),
            _ => false,
        };
        if is_named {
            return <(String, f64)>::from_value(value).map(|(name, it)| Self::Named(name, it));
        }
        Vec::from_value(value).map(Self::Values)
    }
}

impl WindowArgument {
    pub(crate) fn window(self) -> Answer<Window> {
        let (name, parameter) = match self {
            Self::Named(name, parameter) => (name, parameter),
            Self::Values(values) => return Ok(Window::Values(values)),
        };
        one_of(
            "window",
            &name,
            &[
                ("hann", Window::Hann),
                ("hamming", Window::Hamming),
                ("blackman", Window::Blackman),
                ("blackmanharris", Window::Blackmanharris),
                ("nuttall", Window::Nuttall),
                ("flattop", Window::Flattop),
                ("boxcar", Window::Boxcar),
                ("rect", Window::Boxcar),
                ("ones", Window::Boxcar),
                ("bartlett", Window::Bartlett),
                ("triang", Window::Triang),
                ("triangle", Window::Triang),
                ("cosine", Window::Cosine),
                ("bohman", Window::Bohman),
                ("barthann", Window::Barthann),
                ("parzen", Window::Parzen),
                ("kaiser", Window::Kaiser { beta: parameter }),
                ("gaussian", Window::Gaussian { std: parameter }),
                ("tukey", Window::Tukey { alpha: parameter }),
            ],
        )
    }
}

/// A mode of padding by its name.
pub(crate) fn pad_mode(name: &str) -> Answer<PadMode> {
    one_of(
        "pad_mode",
        name,
        &[
            ("constant", PadMode::Constant),
            ("edge", PadMode::Edge),
            ("reflect", PadMode::Reflect),
            ("symmetric", PadMode::Symmetric),
            ("wrap", PadMode::Wrap),
            ("linear_ramp", PadMode::LinearRamp),
        ],
    )
}

group! {
    /// `n_fft, hop_length, win_length, window, center, pad_mode`.
    pub(crate) struct Frames(usize, Option<usize>, Option<usize>, WindowArgument, bool, String);
}

impl Frames {
    pub(crate) fn stft(self) -> Answer<Stft> {
        let Self(n_fft, hop_length, win_length, window, center, mode) = self;
        let (window, pad_mode) = (window.window()?, pad_mode(&mode)?);
        Ok(Stft { n_fft, hop_length, win_length, window, center, pad_mode })
    }
}

group! {
    /// `ref, amin, top_db`.
    pub(crate) struct DecibelsArgument(f64, f64, Option<f64>);
}

impl DecibelsArgument {
    pub(crate) fn decibels(self) -> Decibels {
        Decibels { reference: Some(self.0), amin: self.1, top_db: self.2 }
    }
}

group! {
    /// `n_mels, fmin, fmax, htk, norm`; the norm `"slaney"`, `None` or a number.
    pub(crate) struct MelArgument(usize, f64, Option<f64>, bool, Option<NamedOr<f64>>);
}

/// Something by its name, or itself.
pub(crate) enum NamedOr<T> {
    Named(String),
    Itself(T),
}

impl<'a, T: FromValue<'a>> FromValue<'a> for NamedOr<T> {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        match value {
            Value::Text(name) => Ok(Self::Named(name)),
            other => T::from_value(other).map(Self::Itself),
        }
    }
}

impl MelArgument {
    pub(crate) fn mel(self) -> Answer<Mel> {
        let Self(n_mels, fmin, fmax, htk, norm) = self;
        let norm = match norm {
            None => MelNorm::None,
            Some(NamedOr::Itself(p)) => MelNorm::P(p),
            Some(NamedOr::Named(name)) => one_of("norm", &name, &[("slaney", MelNorm::Slaney)])?,
        };
        Ok(Mel { n_mels, fmin, fmax, htk, norm })
    }
}

group! {
    /// `n_mfcc, dct_type, norm, lifter`; with or without the norm `"ortho"`.
    pub(crate) struct MfccArgument(usize, u8, bool, f64);
}

impl MfccArgument {
    pub(crate) fn mfcc(self) -> Answer<Mfcc> {
        let Self(n_mfcc, dct_type, ortho, lifter) = self;
        let dct_type = one_of(
            "dct_type",
            &dct_type.to_string(),
            &[
                ("1", DctType::One),
                ("2", DctType::Two),
                ("3", DctType::Three),
                ("4", DctType::Four),
            ],
        )?;
        Ok(Mfcc { n_mfcc, dct_type, ortho, lifter })
    }
}

group! {
    /// `n_chroma, tuning, ctroct, octwidth, norm, base_c`.
    pub(crate) struct ChromaArgument(usize, f64, f64, Option<f64>, Option<f64>, bool);
}

impl ChromaArgument {
    pub(crate) fn chroma(self) -> Chroma {
        let Self(n_chroma, tuning, ctroct, octwidth, norm, base_c) = self;
        Chroma { n_chroma, tuning, ctroct, octwidth, norm, base_c }
    }
}

group! {
    /// `hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window,
    /// scale, pad_mode`.
    pub(crate) struct ConstantQArgument(
        usize,
        Option<f64>,
        Option<usize>,
        usize,
        Option<f64>,
        f64,
        Option<f64>,
        f64,
        WindowArgument,
        bool,
        String,
    );
}

impl ConstantQArgument {
    pub(crate) fn constant_q(self) -> Answer<ConstantQ> {
        let Self(hop_length, fmin, n_bins, bins_per_octave, tuning, ..) = self;
        let Self(.., filter_scale, norm, sparsity, window, scale, mode) = self;
        let (window, pad_mode) = (window.window()?, pad_mode(&mode)?);
        Ok(ConstantQ {
            hop_length,
            fmin,
            n_bins,
            bins_per_octave,
            tuning,
            filter_scale,
            norm,
            sparsity,
            window,
            scale,
            pad_mode,
        })
    }
}

group! {
    /// `hop_length, fmin, norm, threshold, tuning, n_chroma, n_octaves, bins_per_octave, cqt_mode`.
    pub(crate) struct ChromaCqtArgument(
        usize,
        Option<f64>,
        Option<f64>,
        f64,
        Option<f64>,
        usize,
        usize,
        usize,
        String,
    );
}

impl ChromaCqtArgument {
    pub(crate) fn chroma_cqt(self) -> Answer<ChromaCqt> {
        let Self(hop_length, fmin, norm, threshold, tuning, ..) = self;
        let Self(.., n_chroma, n_octaves, bins_per_octave, mode) = self;
        let cqt_mode =
            one_of("cqt_mode", &mode, &[("full", CqtMode::Full), ("hybrid", CqtMode::Hybrid)])?;
        Ok(ChromaCqt {
            hop_length,
            fmin,
            norm,
            threshold,
            tuning,
            n_chroma,
            n_octaves,
            bins_per_octave,
            cqt_mode,
        })
    }
}

/// Intervals by name, or their ratios.
pub(crate) type IntervalsArgument = NamedOr<Vec<f64>>;

impl IntervalsArgument {
    pub(crate) fn intervals(self) -> Answer<Intervals> {
        match self {
            Self::Itself(ratios) => Ok(Intervals::Ratios(ratios)),
            Self::Named(name) => one_of(
                "intervals",
                &name,
                &[
                    ("equal", Intervals::Equal),
                    ("pythagorean", Intervals::Pythagorean),
                    ("ji3", Intervals::Ji3),
                    ("ji5", Intervals::Ji5),
                    ("ji7", Intervals::Ji7),
                ],
            ),
        }
    }
}

group! {
    /// `pre_max, post_max, pre_avg, post_avg, delta, wait, method`.
    pub(crate) struct PeakArgument(usize, usize, usize, usize, f64, usize, String);
}

impl PeakArgument {
    pub(crate) fn peak_pick(self) -> Answer<PeakPick> {
        let Self(pre_max, post_max, pre_avg, post_avg, delta, wait, method) = self;
        let method = one_of(
            "method",
            &method,
            &[
                ("greedy", PeakMethod::Greedy),
                ("dp_count", PeakMethod::DpCount),
                ("dp_value", PeakMethod::DpValue),
            ],
        )?;
        Ok(PeakPick { pre_max, post_max, pre_avg, post_avg, delta, wait, method })
    }
}

group! {
    /// `abbr, octave, unicode`.
    #[derive(Clone, Copy)]
    pub(crate) struct SvaraArgument(bool, bool, bool);
}

impl SvaraArgument {
    pub(crate) fn svara(self) -> Svara {
        Svara { abbr: self.0, octave: self.1, unicode: self.2 }
    }
}

/// How values become one, by name.
pub(crate) fn aggregate(name: &str) -> Answer<Aggregate> {
    one_of(
        "aggregate",
        name,
        &[
            ("mean", Aggregate::Mean),
            ("median", Aggregate::Median),
            ("max", Aggregate::Max),
            ("min", Aggregate::Min),
        ],
    )
}

/// What stands beyond the ends of a derivative, by name.
pub(crate) fn delta_mode(name: &str) -> Answer<DeltaMode> {
    one_of(
        "mode",
        name,
        &[
            ("interp", DeltaMode::Interp),
            ("nearest", DeltaMode::Nearest),
            ("mirror", DeltaMode::Mirror),
            ("constant", DeltaMode::Constant),
            ("wrap", DeltaMode::Wrap),
        ],
    )
}

/// A curve of loudness by its letter.
pub(crate) fn weighting(kind: &str) -> Answer<Weighting> {
    one_of(
        "kind",
        kind,
        &[
            ("A", Weighting::A),
            ("B", Weighting::B),
            ("C", Weighting::C),
            ("D", Weighting::D),
            ("Z", Weighting::Z),
        ],
    )
}
