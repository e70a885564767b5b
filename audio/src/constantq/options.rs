//! Where the bins of a transform lie, and how long its wavelets are.

use crate::convert::{Intervals, interval_frequencies};
use crate::error::{Error, check, check_count, check_positive};
use crate::filters::{
    Wavelet, Window, bandwidth_of, relative_bandwidth, wavelet_lengths, window_bandwidth,
};
use crate::pitch::estimate_tuning;
use crate::spectrum::{PadMode, Stft, spectrogram};

/// The lowest C of a piano, in Hz.
const C1_HZ: f64 = 32.703_195_662_574_83;
/// Bins at most.
const BINS_MAX: usize = 1 << 20;

/// How a constant-Q transform is made; defaults are those of `librosa.cqt`.
#[derive(Debug, Clone, PartialEq)]
pub struct ConstantQ {
    /// Samples from one frame to the next.
    pub hop_length: usize,
    /// The frequency of the lowest bin, in Hz; of the note C1 where there is none.
    pub fmin: Option<f64>,
    /// How many bins; as many as fit below half the sample rate where there is none. Not used by
    /// the inverse, which takes all that there are.
    pub n_bins: Option<usize>,
    /// Bins of an octave.
    pub bins_per_octave: usize,
    /// How far the bins lie from equal temperament at 440 Hz, in bins; estimated where there is
    /// none, and 0 for the inverse.
    pub tuning: Option<f64>,
    /// Below 1, bins are sharper in time; above 1, in frequency.
    pub filter_scale: f64,
    /// The norm of each wavelet that is made 1; none where there is none.
    pub norm: Option<f64>,
    /// The share of each wavelet's spectrum that may be left out, from 0 to below 1. Where values
    /// at that limit are equally large, as of a Hamming window's side lobes, rounding decides which
    /// of them stay; that moves a bin by less than a millionth of the greatest.
    pub sparsity: f64,
    /// The window of the wavelets.
    pub window: Window,
    /// Whether each bin is divided by the root of its wavelet's length, so that long and short
    /// wavelets are equally loud.
    pub scale: bool,
    /// What stands beyond the ends of the signal.
    pub pad_mode: PadMode,
}

impl Default for ConstantQ {
    fn default() -> Self {
        Self {
            hop_length: 512,
            fmin: None,
            n_bins: Some(84),
            bins_per_octave: 12,
            tuning: Some(0.0),
            filter_scale: 1.0,
            norm: Some(1.0),
            sparsity: 0.01,
            window: Window::Hann,
            scale: true,
            pad_mode: PadMode::Constant,
        }
    }
}

/// How a variable-Q transform is made; defaults are those of `librosa.vqt`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vqt {
    /// All that it shares with a constant-Q transform. Listed intervals say themselves how many
    /// bins an octave has.
    pub constant_q: ConstantQ,
    /// Which frequencies divide an octave.
    pub intervals: Intervals,
    /// By how many Hz all wavelets are wider than with a constant Q; as an ear's filters are where
    /// there is none.
    pub gamma: Option<f64>,
}

/// The bins of a transform, ascending.
pub(super) struct Plan {
    /// In Hz.
    pub(super) freqs: Vec<f64>,
    /// How wide each is, as a share of its frequency.
    pub(super) alpha: Vec<f64>,
    /// Samples of each wavelet.
    pub(super) lengths: Vec<f64>,
    /// The frequency above which none lets anything through, in Hz.
    pub(super) cutoff: f64,
    pub(super) bins_per_octave: usize,
    pub(super) wavelet: Wavelet,
}

impl ConstantQ {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_count("hop_length", self.hop_length)?;
        check_count("bins_per_octave", self.bins_per_octave)?;
        check_positive("fmin", self.fmin.unwrap_or(C1_HZ))?;
        let tuning = self.tuning.unwrap_or(0.0);
        check(tuning.is_finite(), "tuning", tuning, "finite")?;
        let norm = self.norm.unwrap_or(1.0);
        check(norm >= 0.0, "norm", norm, "0 or more")?;
        let range = "from 0 to below 1";
        check((0.0..1.0).contains(&self.sparsity), "sparsity", self.sparsity, range)?;
        check_positive("filter_scale", self.filter_scale)?;
        if let Some(n_bins) = self.n_bins {
            check((1..=BINS_MAX).contains(&n_bins), "n_bins", n_bins, "from 1 to 1048576")?;
        }
        Ok(())
    }

    /// The frequency of the lowest bin of a signal, in Hz.
    pub(super) fn lowest(&self, y: &[f32], sr: f64, bins_per_octave: usize) -> Result<f64, Error> {
        let tuning = if let Some(tuning) = self.tuning {
            tuning
        } else {
            let s = spectrogram(y, &Stft::default(), 1.0)?;
            estimate_tuning(&s, sr, 0.01, bins_per_octave)?
        };
        Ok(self.tuned(tuning, bins_per_octave))
    }

    pub(super) fn tuned(&self, tuning: f64, bins_per_octave: usize) -> f64 {
        self.fmin.unwrap_or(C1_HZ) * 2_f64.powf(tuning / bins_per_octave as f64)
    }

    pub(super) fn wavelet(&self, gamma: Option<f64>) -> Wavelet {
        Wavelet {
            window: self.window.clone(),
            filter_scale: self.filter_scale,
            pad_fft: true,
            norm: self.norm,
            gamma,
        }
    }
}

impl Plan {
    /// The bins from `fmin` Hz on.
    pub(super) fn new(
        options: &ConstantQ,
        intervals: &Intervals,
        gamma: Option<f64>,
        fmin: f64,
        sr: f64,
    ) -> Result<Self, Error> {
        check_positive("sr", sr)?;
        check(fmin < sr / 2.0, "fmin", fmin, "below half the sample rate")?;
        let bins_per_octave = match intervals {
            Intervals::Ratios(ratios) => ratios.len(),
            _ => options.bins_per_octave,
        };
        let fitting = || (bins_per_octave as f64 * (sr.log2() - fmin.log2())).ceil();
        let n_bins = options.n_bins.unwrap_or_else(|| fitting() as usize);
        check((1..=BINS_MAX).contains(&n_bins), "n_bins", n_bins, "from 1 to 1048576")?;
        let mut freqs = interval_frequencies(n_bins, fmin, intervals, bins_per_octave)?;
        let wavelet = options.wavelet(gamma);
        if options.n_bins.is_none() {
            freqs.truncate(below_half(&freqs, sr, &wavelet)?);
        }
        let alpha = if freqs.len() == 1 {
            vec![bandwidth_of(bins_per_octave as f64)]
        } else {
            relative_bandwidth(&freqs)?
        };
        let (lengths, cutoff) = wavelet_lengths(&freqs, sr, &wavelet, Some(&alpha))?;
        Ok(Self { freqs, alpha, lengths, cutoff, bins_per_octave, wavelet })
    }

    /// Refuses bins that reach beyond half the sample rate.
    pub(super) fn check_cutoff(&self, sr: f64) -> Result<(), Error> {
        let range = "so few that the highest wavelet ends below half the sample rate";
        check(self.cutoff <= sr / 2.0, "n_bins", self.freqs.len(), range)
    }

    pub(super) fn octaves(&self) -> usize {
        self.freqs.len().div_ceil(self.bins_per_octave)
    }
}

/// How many bins let nothing through above half the sample rate.
fn below_half(freqs: &[f64], sr: f64, wavelet: &Wavelet) -> Result<usize, Error> {
    let bandwidth = window_bandwidth(&wavelet.window, 1000)?;
    let step = |bin: usize| match (freqs.get(bin.max(1) - 1), freqs.get(bin.max(1))) {
        (Some(low), Some(high)) => high.log2() - low.log2(),
        _ => 1.0,
    };
    let ends_above = |bin: usize| {
        let alpha = bandwidth_of(1.0 / step(bin));
        let gamma = wavelet.gamma.unwrap_or(alpha * 24.7 / 0.108);
        let q = wavelet.filter_scale / alpha;
        freqs[bin] * (1.0 + 0.5 * bandwidth / q) + 0.5 * gamma >= sr / 2.0
    };
    let count = (0..freqs.len()).find(|&bin| ends_above(bin)).unwrap_or(freqs.len());
    let lowest = freqs.first().copied().unwrap_or_default();
    check(count > 0, "fmin", lowest, "so low that its wavelet ends below half the sample rate")?;
    Ok(count)
}
