//! Constant-Q magnitudes from one Fourier transform: cheaper where wavelets are short.

use realfft::num_complex::Complex;

use super::basis::Basis;
use super::options::{ConstantQ, Plan};
use super::transform::cqt;
use crate::convert::Intervals;
use crate::dot::dot;
use crate::error::{Error, check_signal};
use crate::filters::{Window, centred};
use crate::matrix::Matrix;
use crate::spectrum::{Frames, Power, double, magnitudes};

/// `librosa.pseudo_cqt`: the magnitudes of [`stft`](crate::spectrum::stft) gathered into a bin for
/// each note, without regard to phases.
///
/// # Errors
/// The signal is empty or not finite; a bin reaches beyond half the sample rate; a parameter is out
/// of its range.
pub fn pseudo_cqt(y: &[f32], sr: f64, options: &ConstantQ) -> Result<Matrix<f32>, Error> {
    check_signal(y)?;
    options.check()?;
    let fmin = options.lowest(y, sr, options.bins_per_octave)?;
    gathered(y, sr, options, fmin)
}

fn gathered(y: &[f32], sr: f64, options: &ConstantQ, fmin: f64) -> Result<Matrix<f32>, Error> {
    let plan = Plan::new(options, &Intervals::Equal, Some(0.0), fmin, sr)?;
    plan.check_cutoff(sr)?;
    let least = options.hop_length.checked_next_power_of_two().and_then(|hop| hop.checked_mul(2));
    let least = least
        .filter(|&least| least <= 1 << 28)
        .ok_or_else(|| Error::parameter("hop_length", options.hop_length, "at most 134217728"))?;
    let (freqs, alpha) = (&plan.freqs, &plan.alpha);
    let basis = Basis::new(freqs, alpha, sr, &plan.wavelet, options.sparsity, least)?;
    let weights: Vec<Vec<f32>> = basis
        .rows
        .iter()
        .map(|row| row.weights.iter().map(|weight| weight.norm()).collect())
        .collect();
    let n_fft = basis.n_fft;
    let gains: Vec<f64> = if options.scale {
        vec![1.0 / (n_fft as f64).sqrt(); plan.lengths.len()]
    } else {
        plan.lengths.iter().map(|length| (length / n_fft as f64).sqrt()).collect()
    };
    let mut frames = Frames::new(y, n_fft, options.hop_length, Some(options.pad_mode))?;
    let mut transform = double(&centred(&Window::Hann, n_fft, n_fft)?);
    let mut spectrum = vec![0.0; 1 + n_fft / 2];
    let mut bins = Matrix::filled(weights.len(), frames.count(), 0.0);
    for index in 0..frames.count() {
        transform.spectrum(frames.get(index), Power::Magnitude, &mut spectrum);
        let both = basis.rows.iter().zip(&weights).zip(&gains);
        for (bin, ((row, weights), gain)) in bins.column_mut(index).iter_mut().zip(both) {
            let covered = spectrum.get(row.first..).unwrap_or_default();
            *bin = (f64::from(dot(weights, covered)) * gain) as f32;
        }
    }
    Ok(bins)
}

/// `librosa.hybrid_cqt`: the magnitudes of [`cqt`] where wavelets are long, and of [`pseudo_cqt`]
/// where they are shorter than two hops.
///
/// # Errors
/// As [`cqt`].
pub fn hybrid_cqt(y: &[f32], sr: f64, options: &ConstantQ) -> Result<Matrix<f32>, Error> {
    check_signal(y)?;
    options.check()?;
    let fmin = options.lowest(y, sr, options.bins_per_octave)?;
    let plan = Plan::new(options, &Intervals::Equal, Some(0.0), fmin, sr)?;
    plan.check_cutoff(sr)?;
    let two_hops = 2.0 * options.hop_length as f64;
    let is_long = |length: &&f64| 2_f64.powf(length.log2().ceil()) >= two_hops;
    let full = plan.lengths.iter().filter(is_long).count();
    let part = |fmin: f64, n_bins: usize| ConstantQ {
        fmin: Some(fmin),
        n_bins: Some(n_bins),
        tuning: Some(0.0),
        ..options.clone()
    };
    let mut parts = Vec::with_capacity(2);
    if full > 0 {
        let bins: Matrix<Complex<f32>> = cqt(y, sr, &part(fmin, full))?;
        parts.push(magnitudes(&bins));
    }
    if let Some(&lowest) = plan.freqs.get(full) {
        parts.push(gathered(y, sr, &part(lowest, plan.freqs.len() - full), lowest)?);
    }
    let columns = parts.iter().map(Matrix::columns).min().unwrap_or(0);
    let mut values = Vec::with_capacity(plan.freqs.len() * columns);
    for column in 0..columns {
        for part in &parts {
            values.extend_from_slice(part.column(column));
        }
    }
    Matrix::from_columns(plan.freqs.len(), columns, values)
}
