//! From a constant-Q transform back to a signal.

use realfft::num_complex::Complex;

use super::basis::Basis;
use super::options::{ConstantQ, Plan};
use super::transform::cqt;
use crate::convert::Intervals;
use crate::error::{Error, check_length, check_magnitudes};
use crate::filters::Window;
use crate::matrix::Matrix;
use crate::resample::interpolate;
use crate::spectrum::{Bins, GriffinLim, Random, Stft, initial_phases, istft, next_phases};

/// `librosa.icqt`: the signal whose [`cqt`] comes close to `bins`; of `length` samples, or of as
/// many as the frames cover. `options` are what made the bins.
///
/// # Errors
/// There are no bins; one is not finite; a parameter is out of its range.
pub fn icqt(
    bins: &Bins,
    sr: f64,
    options: &ConstantQ,
    length: Option<usize>,
) -> Result<Vec<f32>, Error> {
    if bins.rows() == 0 || bins.columns() == 0 {
        return Err(Error::Empty { what: "the transform" });
    }
    let broken = bins.as_slice().iter().position(|bin| !bin.re.is_finite() || !bin.im.is_finite());
    if let Some(index) = broken {
        return Err(Error::NotFinite { what: "the transform", index });
    }
    let given = ConstantQ { n_bins: Some(bins.rows()), ..options.clone() };
    given.check()?;
    let fmin = given.tuned(given.tuning.unwrap_or(0.0), given.bins_per_octave);
    let plan = Plan::new(&given, &Intervals::Equal, Some(0.0), fmin, sr)?;
    let longest = plan.lengths.iter().copied().fold(0.0, f64::max);
    let needed =
        length.map(|length| ((length as f64 + longest) / given.hop_length as f64).ceil() as usize);
    let columns = bins.columns().min(needed.unwrap_or(usize::MAX)).max(1);
    let octaves = plan.octaves();
    // From the highest octave down the hop is halved as often as it can be.
    let halvings: Vec<usize> = {
        let most = given.hop_length.trailing_zeros() as usize;
        (0..octaves).map(|octave| (octaves - 1 - octave).min(most)).collect()
    };
    let mut y: Vec<f32> = Vec::new();
    for (octave, &halvings) in halvings.iter().enumerate() {
        let lower = octave_of(bins, columns, octave, &plan, &given, sr, halvings)?;
        let part = interpolate(&lower, 1 << halvings);
        if octave == 0 {
            y = part;
        } else {
            for (y, part) in y.iter_mut().zip(part) {
                *y += part;
            }
        }
    }
    if let Some(length) = length {
        y.resize(length, 0.0);
    }
    Ok(y)
}

/// The signal of one octave, counted from the lowest, at its own sample rate.
fn octave_of(
    bins: &Bins,
    columns: usize,
    octave: usize,
    plan: &Plan,
    options: &ConstantQ,
    sr: f64,
    halvings: usize,
) -> Result<Vec<f32>, Error> {
    let factor = 1_usize << halvings;
    let first = octave * plan.bins_per_octave;
    let end = (first + plan.bins_per_octave).min(plan.freqs.len());
    let (freqs, alpha) = (&plan.freqs[first..end], &plan.alpha[first..end]);
    let rate = sr / factor as f64;
    let basis = Basis::new(freqs, alpha, rate, &plan.wavelet, options.sparsity, 0)?;
    let gain = |(row, bin): (usize, usize)| {
        let squares = |weight: &Complex<f32>| f64::from(weight.norm_sqr());
        let power: f64 = basis.rows[row].weights.iter().map(squares).sum();
        let length = plan.lengths[bin];
        let scale = if options.scale { length.sqrt() } else { 1.0 };
        if power == 0.0 { 0.0 } else { scale * basis.n_fft as f64 / length / power }
    };
    let gains: Vec<f64> = (first..end).enumerate().map(gain).collect();
    let zero = Complex::new(0.0_f32, 0.0);
    let mut spectra = Matrix::filled(1 + basis.n_fft / 2, columns, zero);
    for column in 0..columns {
        let values = &bins.column(column)[first..end];
        let spectrum = spectra.column_mut(column);
        for ((row, &bin), &gain) in basis.rows.iter().zip(values).zip(&gains) {
            let bin = bin * gain as f32;
            for (sum, weight) in spectrum.iter_mut().skip(row.first).zip(&row.weights) {
                *sum += weight.conj() * bin;
            }
        }
    }
    let stft = Stft {
        n_fft: basis.n_fft,
        hop_length: Some(options.hop_length / factor),
        window: Window::Boxcar,
        ..Stft::default()
    };
    istft(&spectra, &stft, None)
}

/// `librosa.griffinlim_cqt`: a signal whose [`cqt`] has magnitudes close to `magnitudes`, found by
/// going back and forth. `random` gives numbers from 0 to below 1 for the first phases, row by row;
/// without, they are all 0, as with `init=None`.
///
/// Griffin, D. and Lim, J. Signal estimation from modified short-time Fourier transform. IEEE
/// Transactions on Acoustics, Speech, and Signal Processing, 1984; Perraudin, N., Balazs, P. and
/// Søndergaard, P. L. A fast Griffin-Lim algorithm. WASPAA, 2013.
///
/// # Errors
/// As [`icqt`] and [`cqt`]; a magnitude is negative or not finite; `momentum` is negative; `length`
/// is one of which there is another number of frames.
pub fn griffinlim_cqt(
    magnitudes: &Matrix<f32>,
    sr: f64,
    options: &ConstantQ,
    search: &GriffinLim,
    random: Option<Random<'_>>,
) -> Result<Vec<f32>, Error> {
    check_magnitudes("the transform", magnitudes.as_slice())?;
    search.check()?;
    let given = ConstantQ {
        n_bins: Some(magnitudes.rows()),
        tuning: Some(options.tuning.unwrap_or(0.0)),
        ..options.clone()
    };
    let mut bins = initial_phases(magnitudes, random);
    let mut before: Option<Bins> = None;
    for _ in 0..search.n_iter {
        let inverse = icqt(&bins, sr, &given, search.length)?;
        let rebuilt = cqt(&inverse, sr, &given)?;
        check_length("the frames of the signal", rebuilt.columns(), bins.columns())?;
        next_phases(&mut bins, &rebuilt, before.as_ref(), magnitudes, search.momentum);
        before = Some(rebuilt);
    }
    icqt(&bins, sr, &given, search.length)
}
