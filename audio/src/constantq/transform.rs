//! Constant-Q and variable-Q transforms of a signal.

use realfft::num_complex::Complex;

use super::basis::Basis;
use super::options::{ConstantQ, Plan, Vqt};
use crate::convert::Intervals;
use crate::error::{Error, check_signal};
use crate::matrix::Matrix;
use crate::resample::decimate;
use crate::spectrum::{Bins, Frames, PadMode, double};

/// `librosa.cqt`: a complex bin for each note of a signal at `sr` Hz, a column for each of its
/// `1 + samples / hop_length` frames. Resampling is that of `res_type="soxr_hq"`.
///
/// # Errors
/// The signal is empty, not finite, or too short for so many octaves; a bin reaches beyond half the
/// sample rate; a parameter is out of its range.
pub fn cqt(y: &[f32], sr: f64, options: &ConstantQ) -> Result<Bins, Error> {
    transform(y, sr, options, &Intervals::Equal, Some(0.0))
}

/// `librosa.vqt`: as [`cqt`], with wavelets that are wider where they are low, and bins at any
/// intervals.
///
/// # Errors
/// As [`cqt`].
pub fn vqt(y: &[f32], sr: f64, options: &Vqt) -> Result<Bins, Error> {
    transform(y, sr, &options.constant_q, &options.intervals, options.gamma)
}

fn transform(
    y: &[f32],
    sr: f64,
    options: &ConstantQ,
    intervals: &Intervals,
    gamma: Option<f64>,
) -> Result<Bins, Error> {
    check_signal(y)?;
    options.check()?;
    let bins_per_octave = match intervals {
        Intervals::Ratios(ratios) => ratios.len().max(1),
        _ => options.bins_per_octave,
    };
    let fmin = options.lowest(y, sr, bins_per_octave)?;
    let plan = Plan::new(options, intervals, gamma, fmin, sr)?;
    plan.check_cutoff(sr)?;
    let mut signal = Signal::new(y, sr, options.hop_length);
    let times = skipped_octaves(&plan, sr, options.hop_length);
    signal.early(times, options.scale, plan.octaves())?;
    let top_sr = signal.sr;

    let mut octaves = Vec::with_capacity(plan.octaves());
    let mut end = plan.freqs.len();
    while end > 0 {
        let first = end.saturating_sub(plan.bins_per_octave);
        let (freqs, alpha) = (&plan.freqs[first..end], &plan.alpha[first..end]);
        let (rate, sparsity) = (signal.sr, options.sparsity);
        let mut basis = Basis::new(freqs, alpha, rate, &plan.wavelet, sparsity, 0)?;
        basis.scale((top_sr / signal.sr).sqrt());
        octaves.push(signal.response(&basis, options.pad_mode)?);
        if first > 0 && signal.hop.is_multiple_of(2) && plan.freqs[first - 1] <= signal.sr / 5.0 {
            signal.halve();
        }
        end = first;
    }
    let mut bins = stacked(&octaves, plan.freqs.len());
    if options.scale {
        // Of the wavelets at the sample rate of the highest octave.
        let roots: Vec<f64> =
            plan.lengths.iter().map(|length| (length * top_sr / sr).sqrt()).collect();
        for column in 0..bins.columns() {
            for (bin, root) in bins.column_mut(column).iter_mut().zip(&roots) {
                let (re, im) = (f64::from(bin.re) / root, f64::from(bin.im) / root);
                *bin = Complex::new(re as f32, im as f32);
            }
        }
    }
    Ok(bins)
}

/// By how many octaves the sample rate may sink before the highest bin suffers, and while the hop
/// can still be halved for each octave.
fn skipped_octaves(plan: &Plan, sr: f64, hop_length: usize) -> u32 {
    let room = (sr / 2.0 / plan.cutoff).log2().ceil() - 2.0;
    let halvings = (hop_length.trailing_zeros() as usize + 1).saturating_sub(plan.octaves());
    (room.max(0.0) as usize).min(halvings) as u32
}

/// Octaves from the highest down, one above the other.
fn stacked(octaves: &[Bins], n_bins: usize) -> Bins {
    let columns = octaves.iter().map(Matrix::columns).min().unwrap_or(0);
    let mut values = Vec::with_capacity(n_bins * columns);
    for column in 0..columns {
        for octave in octaves.iter().rev() {
            values.extend_from_slice(octave.column(column));
        }
    }
    let mut values = values.into_iter();
    Matrix::from_fn(n_bins, columns, |_, _| values.next().unwrap_or_default())
}

/// A signal that loses its octaves one after the other.
pub(super) struct Signal<'a> {
    whole: &'a [f32],
    /// The signal at the sample rate `sr`, once that has sunk.
    lower: Option<Vec<f32>>,
    sr: f64,
    hop: usize,
}

impl<'a> Signal<'a> {
    pub(super) fn new(y: &'a [f32], sr: f64, hop: usize) -> Self {
        Self { whole: y, lower: None, sr, hop }
    }

    fn samples(&self) -> &[f32] {
        self.lower.as_deref().unwrap_or(self.whole)
    }

    /// Skips octaves above the highest bin.
    fn early(&mut self, times: u32, scale: bool, octaves: usize) -> Result<(), Error> {
        let factor = 1_usize << times;
        if factor == 1 {
            return Ok(());
        }
        if self.whole.len() < factor {
            let what = if octaves == 1 { "the signal" } else { "the signal of so many octaves" };
            return Err(Error::TooShort { what, length: self.whole.len(), needed: factor });
        }
        let gain = if scale { (factor as f32).sqrt() } else { factor as f32 };
        let mut lower = decimate(self.whole, factor);
        for sample in &mut lower {
            *sample *= gain;
        }
        self.lower = Some(lower);
        self.sr /= factor as f64;
        self.hop /= factor;
        Ok(())
    }

    /// At half the sample rate.
    fn halve(&mut self) {
        let mut lower = decimate(self.samples(), 2);
        for sample in &mut lower {
            *sample *= std::f32::consts::SQRT_2;
        }
        self.lower = Some(lower);
        self.sr /= 2.0;
        self.hop /= 2;
    }

    /// What a basis makes of each frame.
    fn response(&self, basis: &Basis, mode: PadMode) -> Result<Bins, Error> {
        let mut frames = Frames::new(self.samples(), basis.n_fft, self.hop, Some(mode))?;
        let mut transform = double(&vec![1.0; basis.n_fft]);
        let zero = Complex::new(0.0, 0.0);
        let mut spectrum = vec![zero; 1 + basis.n_fft / 2];
        let mut response = Matrix::filled(basis.rows.len(), frames.count(), zero);
        for index in 0..frames.count() {
            transform.bins(frames.get(index), &mut spectrum);
            for (bin, row) in response.column_mut(index).iter_mut().zip(&basis.rows) {
                *bin = row.apply(&spectrum);
            }
        }
        Ok(response)
    }
}
