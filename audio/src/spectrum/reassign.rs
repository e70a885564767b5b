//! Where in time and frequency the energy of each bin really lies.
//!
//! Flandrin, P., Auger, F. and Chassande-Mottin, E. Time-frequency reassignment: from principles to
//! algorithms. Applications in time-frequency signal processing, 2002.

use std::f64::consts::PI;

use realfft::num_complex::Complex;

use super::stft::{Stft, magnitudes};
use super::transform::double;
use crate::convert::fft_frequencies;
use crate::error::{Error, check, check_positive};
use crate::matrix::Matrix;
use crate::util::cyclic_gradient;

/// Which places of a bin are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moved {
    /// Its frequency and its time.
    #[default]
    Both,
    /// Its frequency; its time is that of its frame.
    Frequencies,
    /// Its time; its frequency is its own.
    Times,
}

/// What is reassigned; defaults are those of `librosa.reassigned_spectrogram`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reassign {
    /// Which places are looked for.
    pub moved: Moved,
    /// Bins of less power than this are nowhere: not a number.
    pub ref_power: f64,
    /// Whether bins that are nowhere stay in the middle of their bin and frame.
    pub fill_nan: bool,
    /// Whether nothing lies beyond the signal, or half its sample rate.
    pub clip: bool,
}

impl Default for Reassign {
    fn default() -> Self {
        Self { moved: Moved::Both, ref_power: 1e-6, fill_nan: false, clip: true }
    }
}

impl Reassign {
    /// Where a bin lies that was found at `moved`: there, or at its `own` place.
    fn settle(&self, bin: Complex<f32>, moved: f64, own: f64, most: f64) -> f64 {
        let power = f64::from(bin.re).hypot(f64::from(bin.im));
        let is_nowhere = power < f64::from(self.ref_power.sqrt() as f32);
        let place = if is_nowhere { f64::NAN } else { moved };
        let place = if self.fill_nan && place.is_nan() { own } else { place };
        if self.clip { place.clamp(0.0, most) } else { place }
    }
}

/// Bins and where they lie: each matrix has a row for each bin and a column for each frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Reassigned {
    /// In Hz; not a number where there is next to no power.
    pub frequencies: Matrix<f64>,
    /// In seconds; not a number where there is next to no power.
    pub times: Matrix<f64>,
    /// The magnitudes, as of [`stft`](super::stft()).
    pub magnitudes: Matrix<f32>,
}

/// `librosa.reassigned_spectrogram` of a signal at `sr` Hz: the magnitude of each bin, and the
/// frequency and time at which its energy has its centre.
///
/// # Errors
/// As [`stft`](super::stft()); `ref_power` is negative.
pub fn reassigned_spectrogram(
    y: &[f32],
    sr: f64,
    stft: &Stft,
    options: &Reassign,
) -> Result<Reassigned, Error> {
    check_positive("sr", sr)?;
    check(options.ref_power >= 0.0, "ref_power", options.ref_power, "0 or more")?;
    let window = stft.centred_window()?;
    let (n_fft, rows) = (stft.n_fft, 1 + stft.n_fft / 2);
    let middle = if n_fft.is_multiple_of(2) { 0.5 } else { 0.0 } - (n_fft / 2) as f64;
    let weighted: Vec<f64> =
        window.iter().enumerate().map(|(at, weight)| weight * (at as f64 + middle)).collect();
    let (mut of_window, mut of_slope, mut of_time) =
        (double(&window), double(&cyclic_gradient(&window)), double(&weighted));

    let mut frames = stft.frames(y)?;
    let (count, none) = (frames.count(), Complex::new(0.0_f32, 0.0));
    let mut bins = Matrix::filled(rows, count, none);
    let mut frequencies = Matrix::filled(rows, count, 0.0);
    let mut times = Matrix::filled(rows, count, 0.0);
    let mut others = vec![none; rows];
    let hz = fft_frequencies(sr, n_fft);
    let offset = if stft.center { 0 } else { n_fft / 2 };
    for index in 0..count {
        let frame = frames.get(index);
        of_window.bins(frame, bins.column_mut(index));
        let bins = bins.column(index);

        let found = frequencies.column_mut(index);
        found.copy_from_slice(&hz);
        if options.moved != Moved::Times {
            of_slope.bins(frame, &mut others);
            for ((place, &bin), &other) in found.iter_mut().zip(bins).zip(&others) {
                let moved = *place - ratio(other, bin).im * (0.5 * sr / PI);
                *place = options.settle(bin, moved, *place, sr / 2.0);
            }
        }

        let found = times.column_mut(index);
        found.fill((index * stft.hop() + offset) as f64 / sr);
        if options.moved != Moved::Frequencies {
            of_time.bins(frame, &mut others);
            for ((place, &bin), &other) in found.iter_mut().zip(bins).zip(&others) {
                let moved = *place + ratio(other, bin).re / sr;
                *place = options.settle(bin, moved, *place, y.len() as f64 / sr);
            }
        }
    }
    Ok(Reassigned { frequencies, times, magnitudes: magnitudes(&bins) })
}

/// One bin over another; not a number where both are zero.
fn ratio(a: Complex<f32>, b: Complex<f32>) -> Complex<f64> {
    let wide = |bin: Complex<f32>| Complex::new(f64::from(bin.re), f64::from(bin.im));
    wide(a) / wide(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_between_two_bins_is_found_at_its_frequency() {
        let sine = |n: u32| (2.0 * PI * 1_003.0 * f64::from(n) / 8_000.0).sin() as f32;
        let y: Vec<f32> = (0..8_000).map(sine).collect();
        let stft = Stft { n_fft: 512, ..Stft::default() };
        let found = reassigned_spectrogram(&y, 8_000.0, &stft, &Reassign::default()).unwrap();
        let frame = found.magnitudes.columns() / 2;
        // 1,003 Hz lies between the bins 64 and 65, at 1,000 and 1,015.6 Hz.
        for bin in 63..67 {
            let hz = found.frequencies[(bin, frame)];
            assert!((hz - 1_003.0).abs() < 0.1, "{bin}: {hz}");
        }
    }

    #[test]
    fn silence_is_nowhere() {
        let (stft, options) = (Stft { n_fft: 64, ..Stft::default() }, Reassign::default());
        let found = reassigned_spectrogram(&[0.0; 200], 100.0, &stft, &options).unwrap();
        assert!(found.frequencies.as_slice().iter().all(|hz| hz.is_nan()));
        let filled = Reassign { fill_nan: true, ..options };
        let found = reassigned_spectrogram(&[0.0; 200], 100.0, &stft, &filled).unwrap();
        assert_eq!(found.frequencies.column(1), fft_frequencies(100.0, 64));
        assert_eq!(found.times[(0, 2)], 0.32);
        let still = Reassign { moved: Moved::Times, ..options };
        let found = reassigned_spectrogram(&[0.0; 200], 100.0, &stft, &still).unwrap();
        assert_eq!(found.frequencies.column(1), fft_frequencies(100.0, 64));
        assert!(found.times[(0, 2)].is_nan());
    }

    #[test]
    fn what_cannot_be_reassigned_is_refused() {
        let (stft, options) = (Stft::default(), Reassign::default());
        let refused = |options| reassigned_spectrogram(&[0.5; 9], 1.0, &stft, &options).is_err();
        assert!(refused(Reassign { ref_power: -1.0, ..options }));
        assert!(reassigned_spectrogram(&[], 1.0, &stft, &options).is_err());
        assert!(reassigned_spectrogram(&[0.5], 0.0, &stft, &options).is_err());
    }
}
