//! Groups of librosa's parameters, which Python hands over as tuples in librosa's order.
//!
//! Only takes them apart: what they may be is for the audio crate to say.

use pyo3::prelude::*;
use tutti_audio::constantq::ConstantQ;
use tutti_audio::convert::{Intervals, Svara, Weighting};
use tutti_audio::features::{ChromaCqt, CqtMode, DctType, DeltaMode, Mfcc};
use tutti_audio::filters::{Chroma, Mel, MelNorm, Window};
use tutti_audio::spectrum::{Decibels, PadMode, Stft};
use tutti_audio::util::{Aggregate, PeakMethod, PeakPick};

use crate::errors::no_such;

/// One of some words, each with what it means.
pub(crate) fn one_of<T: Clone>(parameter: &str, word: &str, words: &[(&str, T)]) -> PyResult<T> {
    if let Some((_, meaning)) = words.iter().find(|(each, _)| *each == word) {
        return Ok(meaning.clone());
    }
    let words: Vec<&str> = words.iter().map(|(each, _)| *each).collect();
    Err(no_such(parameter, word, &words))
}

/// A window: by name and a parameter that some have, or its values.
#[derive(FromPyObject)]
pub(crate) enum WindowArgument {
    Named(String, f64),
    Values(Vec<f64>),
}

impl WindowArgument {
    pub(crate) fn window(self) -> PyResult<Window> {
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
pub(crate) fn pad_mode(name: &str) -> PyResult<PadMode> {
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

/// `n_fft, hop_length, win_length, window, center, pad_mode`.
#[derive(FromPyObject)]
pub(crate) struct Frames(usize, Option<usize>, Option<usize>, WindowArgument, bool, String);

impl Frames {
    pub(crate) fn stft(self) -> PyResult<Stft> {
        let Self(n_fft, hop_length, win_length, window, center, mode) = self;
        let (window, pad_mode) = (window.window()?, pad_mode(&mode)?);
        Ok(Stft { n_fft, hop_length, win_length, window, center, pad_mode })
    }
}

/// `ref, amin, top_db`.
#[derive(FromPyObject)]
pub(crate) struct DecibelsArgument(f64, f64, Option<f64>);

impl DecibelsArgument {
    pub(crate) fn decibels(self) -> Decibels {
        Decibels { reference: Some(self.0), amin: self.1, top_db: self.2 }
    }
}

/// `n_mels, fmin, fmax, htk, norm`; the norm `"slaney"`, `None` or a number.
#[derive(FromPyObject)]
pub(crate) struct MelArgument(usize, f64, Option<f64>, bool, Option<MelNormArgument>);

#[derive(FromPyObject)]
enum MelNormArgument {
    #[pyo3(transparent)]
    P(f64),
    #[pyo3(transparent)]
    Named(String),
}

impl MelArgument {
    pub(crate) fn mel(self) -> PyResult<Mel> {
        let Self(n_mels, fmin, fmax, htk, norm) = self;
        let norm = match norm {
            None => MelNorm::None,
            Some(MelNormArgument::P(p)) => MelNorm::P(p),
            Some(MelNormArgument::Named(name)) => {
                one_of("norm", &name, &[("slaney", MelNorm::Slaney)])?
            }
        };
        Ok(Mel { n_mels, fmin, fmax, htk, norm })
    }
}

/// `n_mfcc, dct_type, norm, lifter`; with or without the norm `"ortho"`.
#[derive(FromPyObject)]
pub(crate) struct MfccArgument(usize, u8, bool, f64);

impl MfccArgument {
    pub(crate) fn mfcc(self) -> PyResult<Mfcc> {
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

/// `n_chroma, tuning, ctroct, octwidth, norm, base_c`.
#[derive(FromPyObject)]
pub(crate) struct ChromaArgument(usize, f64, f64, Option<f64>, Option<f64>, bool);

impl ChromaArgument {
    pub(crate) fn chroma(self) -> Chroma {
        let Self(n_chroma, tuning, ctroct, octwidth, norm, base_c) = self;
        Chroma { n_chroma, tuning, ctroct, octwidth, norm, base_c }
    }
}

/// `hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale,
/// pad_mode`.
#[derive(FromPyObject)]
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

impl ConstantQArgument {
    pub(crate) fn constant_q(self) -> PyResult<ConstantQ> {
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

/// `hop_length, fmin, norm, threshold, tuning, n_chroma, n_octaves, bins_per_octave, cqt_mode`.
#[derive(FromPyObject)]
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

impl ChromaCqtArgument {
    pub(crate) fn chroma_cqt(self) -> PyResult<ChromaCqt> {
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
#[derive(FromPyObject)]
pub(crate) enum IntervalsArgument {
    #[pyo3(transparent)]
    Named(String),
    #[pyo3(transparent)]
    Ratios(Vec<f64>),
}

impl IntervalsArgument {
    pub(crate) fn intervals(self) -> PyResult<Intervals> {
        match self {
            Self::Ratios(ratios) => Ok(Intervals::Ratios(ratios)),
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

/// `pre_max, post_max, pre_avg, post_avg, delta, wait, method`.
#[derive(FromPyObject)]
pub(crate) struct PeakArgument(usize, usize, usize, usize, f64, usize, String);

impl PeakArgument {
    pub(crate) fn peak_pick(self) -> PyResult<PeakPick> {
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

/// `abbr, octave, unicode`.
#[derive(FromPyObject, Clone, Copy)]
pub(crate) struct SvaraArgument(bool, bool, bool);

impl SvaraArgument {
    pub(crate) fn svara(self) -> Svara {
        Svara { abbr: self.0, octave: self.1, unicode: self.2 }
    }
}

/// How values become one, by name.
pub(crate) fn aggregate(name: &str) -> PyResult<Aggregate> {
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
pub(crate) fn delta_mode(name: &str) -> PyResult<DeltaMode> {
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
pub(crate) fn weighting(kind: &str) -> PyResult<Weighting> {
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
