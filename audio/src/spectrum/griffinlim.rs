//! A signal from magnitudes alone.
//!
//! Griffin, D. and Lim, J. Signal estimation from modified short-time Fourier transform. IEEE
//! Transactions on Acoustics, Speech, and Signal Processing, 1984; Perraudin, N., Balazs, P. and
//! Søndergaard, P. L. A fast Griffin-Lim algorithm. WASPAA, 2013.

use std::f64::consts::TAU;

use realfft::num_complex::Complex;

use super::istft::istft;
use super::stft::{Bins, Stft, stft};
use crate::error::{Error, check, check_length, check_magnitudes};
use crate::matrix::Matrix;

/// Where random numbers from 0 to below 1 come from.
pub type Random<'a> = &'a mut dyn FnMut() -> f64;

/// How phases are searched for; defaults are those of `librosa.griffinlim`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GriffinLim {
    /// How many times back and forth.
    pub n_iter: usize,
    /// How much each step goes beyond itself, from 0; above 1 the search may not settle.
    pub momentum: f64,
    /// Samples of the signal; as many as the frames cover where there is none.
    pub length: Option<usize>,
}

impl Default for GriffinLim {
    fn default() -> Self {
        Self { n_iter: 32, momentum: 0.99, length: None }
    }
}

impl GriffinLim {
    pub(crate) fn check(&self) -> Result<(), Error> {
        let is_momentum = self.momentum >= 0.0 && self.momentum.is_finite();
        check(is_momentum, "momentum", self.momentum, "0 or more")
    }
}

/// Magnitudes with random phases, drawn row by row; or with the phase 0.
pub(crate) fn initial_phases(magnitudes: &Matrix<f32>, random: Option<Random<'_>>) -> Bins {
    let mut bins = magnitudes.map(|magnitude| Complex::new(magnitude, 0.0));
    if let Some(random) = random {
        for row in 0..bins.rows() {
            for column in 0..bins.columns() {
                let (sin, cos) = (TAU * random()).sin_cos();
                let magnitude = bins[(row, column)].re;
                bins[(row, column)] = Complex::new(cos as f32, sin as f32) * magnitude;
            }
        }
    }
    bins
}

/// Puts into `bins` the magnitudes with the phases that follow from what was rebuilt of them, and
/// from what was rebuilt before.
pub(crate) fn next_phases(
    bins: &mut Bins,
    rebuilt: &Bins,
    before: Option<&Bins>,
    magnitudes: &Matrix<f32>,
    momentum: f64,
) {
    let share = (momentum / (1.0 + momentum)) as f32;
    let none = Complex::new(0.0, 0.0);
    for (at, bin) in bins.as_mut_slice().iter_mut().enumerate() {
        let at_place = |bins: &Bins| bins.as_slice().get(at).copied().unwrap_or(none);
        let angle = at_place(rebuilt) - before.map_or(none, at_place) * share;
        let length = angle.re.hypot(angle.im) + f32::MIN_POSITIVE;
        *bin = angle / length * magnitudes.as_slice().get(at).copied().unwrap_or(0.0);
    }
}

/// `librosa.griffinlim`: a signal whose [`stft`] has magnitudes close to `s`. `options` says how
/// frames are made, and must have the `n_fft` of `s`. `random` gives the first phases; without,
/// they are all 0, as with `init=None`.
///
/// # Errors
/// As [`istft`] and [`stft`]; a magnitude is negative or not finite; `momentum` is negative; there
/// is another number of frames in `length` samples.
pub fn griffinlim(
    s: &Matrix<f32>,
    options: &Stft,
    search: &GriffinLim,
    random: Option<Random<'_>>,
) -> Result<Vec<f32>, Error> {
    check_magnitudes("the spectrogram", s.as_slice())?;
    search.check()?;
    let mut bins = initial_phases(s, random);
    let mut before: Option<Bins> = None;
    for _ in 0..search.n_iter {
        let inverse = istft(&bins, options, search.length)?;
        let rebuilt = stft(&inverse, options)?;
        check_length("the frames of the signal", rebuilt.columns(), bins.columns())?;
        next_phases(&mut bins, &rebuilt, before.as_ref(), s, search.momentum);
        before = Some(rebuilt);
    }
    istft(&bins, options, search.length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{magphase, spectrogram};

    #[test]
    fn the_magnitudes_come_close_whatever_the_first_phases() {
        let y: Vec<f32> = (0..4096).map(|n| (n as f32 * 0.05).sin() * 0.5).collect();
        let options = Stft { n_fft: 256, ..Stft::default() };
        let s = spectrogram(&y, &options, 1.0).unwrap();
        let mut state = 1_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state) / 4_294_967_296.0
        };
        let distance = |back: &[f32]| {
            let (again, _) = magphase(&stft(back, &options).unwrap(), 1.0).unwrap();
            let square = |(a, b): (&f32, &f32)| f64::from(a - b).powi(2);
            again.as_slice().iter().zip(s.as_slice()).map(square).sum::<f64>()
        };
        let off = |n_iter, random: Option<Random<'_>>| {
            let search = GriffinLim { n_iter, ..GriffinLim::default() };
            distance(&griffinlim(&s, &options, &search, random).unwrap())
        };
        let first = off(0, Some(&mut random));
        let last = off(32, Some(&mut random));
        assert!(last < 0.1 * first, "{first} {last}");
    }

    #[test]
    fn what_has_no_phases_is_refused() {
        let (options, search) = (Stft::default(), GriffinLim::default());
        assert!(griffinlim(&Matrix::filled(1025, 3, -1.0), &options, &search, None).is_err());
        assert!(griffinlim(&Matrix::filled(1025, 0, 1.0), &options, &search, None).is_err());
        let away = GriffinLim { momentum: -0.5, ..search };
        assert!(griffinlim(&Matrix::filled(1025, 3, 1.0), &options, &away, None).is_err());
        let short = GriffinLim { length: Some(5), ..search };
        assert!(griffinlim(&Matrix::filled(1025, 3, 1.0), &options, &short, None).is_err());
    }
}
