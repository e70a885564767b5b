//! The Mellin transform: what a signal has in common with itself at another speed.
//!
//! De Sena, A. and Rocchesso, D. A fast Mellin and scale transform. EURASIP Journal on Advances in
//! Signal Processing, 2007.

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use crate::error::{Error, check, check_finite, check_positive};

/// Places that are looked at, at most.
const PLACES_MAX: usize = 1 << 26;

/// What stands between two samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interpolation {
    /// A line.
    Linear,
    /// A cubic spline through all samples, whose first and last two pieces are one each.
    #[default]
    Cubic,
}

/// How a signal is stretched and transformed; defaults are those of `librosa.fmt`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mellin {
    /// The least spacing, in samples of the signal.
    pub t_min: f64,
    /// How many samples there are, spaced exponentially, at least 3; as many as keep all of the
    /// signal where there is none.
    pub n_fmt: Option<usize>,
    /// What stands between two samples.
    pub kind: Interpolation,
    /// The exponent of time as a weight: 0.5 is the scale transform.
    pub beta: f64,
    /// How many times more samples are taken, from 1.
    pub over_sample: f64,
}

impl Default for Mellin {
    fn default() -> Self {
        Self { t_min: 0.5, n_fmt: None, kind: Interpolation::Cubic, beta: 0.5, over_sample: 1.0 }
    }
}

/// `librosa.fmt` of one row: `1 + n_fmt / 2` complex numbers, whose magnitudes do not change when
/// the signal is stretched.
///
/// # Errors
/// There are fewer than 3 values, or than 4 for a spline; one is not finite; a parameter is out of
/// its range; two samples fall on one place.
pub fn fmt(y: &[f32], options: &Mellin) -> Result<Vec<Complex<f32>>, Error> {
    check_finite("the signal", y)?;
    let needed = if options.kind == Interpolation::Cubic { 4 } else { 3 };
    if y.len() < needed {
        return Err(Error::TooShort { what: "the signal", length: y.len(), needed });
    }
    check_positive("t_min", options.t_min)?;
    check(options.beta.is_finite(), "beta", options.beta, "finite")?;
    let places = places(y.len(), options)?;
    let values = match options.kind {
        Interpolation::Linear => linear(y, &places),
        Interpolation::Cubic => spline(y, &places),
    };
    let count = places.len();
    let scale = (y.len() as f64).sqrt() / count as f64;
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(count);
    let (mut input, mut bins) = (transform.make_input_vec(), transform.make_output_vec());
    for ((input, value), place) in input.iter_mut().zip(values).zip(&places) {
        *input = value * ((place / y.len() as f64).powf(options.beta) * scale);
    }
    let done = transform.process(&mut input, &mut bins);
    // It can only refuse buffers of another length than those that it made itself.
    debug_assert!(done.is_ok(), "{done:?}");
    Ok(bins.into_iter().map(|bin| Complex::new(bin.re as f32, bin.im as f32)).collect())
}

/// Exponentially spaced places, in samples.
fn places(length: usize, options: &Mellin) -> Result<Vec<f64>, Error> {
    let n = length as f64;
    let over = options.over_sample;
    let most = format!("above 0, and so low that there are at most {PLACES_MAX} places");
    check(over > 0.0 && over <= PLACES_MAX as f64, "over_sample", over, &most)?;
    let (log_base, count) = match options.n_fmt {
        None => {
            check(over >= 1.0, "over_sample", over, "at least 1 without n_fmt")?;
            let log_base = (n - 1.0).ln() - (n - 2.0).ln();
            let needed = over * ((n - 1.0).ln() - options.t_min.ln()) / log_base;
            check(needed >= 1.0, "t_min", options.t_min, "below the length of the signal")?;
            check(needed <= PLACES_MAX as f64, "over_sample", over, &most)?;
            (log_base, needed.ceil() as usize)
        }
        Some(count) => {
            let range = format!("from 3 to {PLACES_MAX}");
            check((3..=PLACES_MAX).contains(&count), "n_fmt", count, &range)?;
            let count_real = count as f64;
            (((count_real - 1.0).ln() - (count_real - 2.0).ln()) / over, count)
        }
    };
    let beyond = over.ceil() as usize;
    let start = (options.t_min.ln() - n.ln()) / log_base;
    let step = -start / (count + beyond) as f64;
    let base = log_base.exp();
    let place = |at: usize| {
        let share = base.powf(start + at as f64 * step);
        share.max(options.t_min / n).min((n - 1.0) / n) * n
    };
    let places: Vec<f64> = (0..count).map(place).collect();
    let is_rising = places.windows(2).all(|pair| pair[0] < pair[1]);
    check(is_rising, "t_min", options.t_min, "less, so that no two places are one")?;
    Ok(places)
}

/// The sample before a place, and how far behind it the place lies.
fn split(place: f64, length: usize) -> (usize, f64) {
    let at = (place.floor() as usize).min(length - 2);
    (at, place - at as f64)
}

fn linear(y: &[f32], places: &[f64]) -> Vec<f64> {
    let value = |&place: &f64| {
        let (at, share) = split(place, y.len());
        let (low, high) = (f64::from(y[at]), f64::from(y[at + 1]));
        low + (high - low) * share
    };
    places.iter().map(value).collect()
}

fn spline(y: &[f32], places: &[f64]) -> Vec<f64> {
    let last = y.len() - 1;
    let at = |index: usize| f64::from(y[index]);
    let bend = |index: usize| 6.0 * (at(index + 1) - 2.0 * at(index) + at(index - 1));
    // The second derivative at each sample. That the first two pieces are one makes the second of
    // them a sixth of its bend, and the first lie on a line with it and the third.
    let mut curve = vec![0.0; y.len()];
    curve[1] = bend(1) / 6.0;
    curve[last - 1] = bend(last - 1) / 6.0;
    let mut factors = vec![0.0; y.len()];
    for index in 2..last - 1 {
        let pivot = 4.0 - factors[index - 1];
        factors[index] = 1.0 / pivot;
        curve[index] = (bend(index) - curve[index - 1]) / pivot;
    }
    for index in (2..last - 1).rev() {
        curve[index] -= factors[index] * curve[index + 1];
    }
    curve[0] = 2.0 * curve[1] - curve[2];
    curve[last] = 2.0 * curve[last - 1] - curve[last - 2];
    let value = |&place: &f64| {
        let (index, share) = split(place, y.len());
        let rest = 1.0 - share;
        let (low, high) = (curve[index] / 6.0, curve[index + 1] / 6.0);
        low * rest.powi(3)
            + high * share.powi(3)
            + (at(index) - low) * rest
            + (at(index + 1) - high) * share
    };
    places.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spline_is_the_cubic_that_it_is_made_of() {
        let cubic = |x: f64| 0.5 * x.powi(3) - 2.0 * x * x + x - 3.0;
        for count in [4, 5, 9] {
            let y: Vec<f32> = (0..count).map(|n| cubic(f64::from(n)) as f32).collect();
            let places = [0.25, 1.5, 2.75, f64::from(count) - 1.125];
            for (place, value) in places.iter().zip(spline(&y, &places)) {
                assert!((value - cubic(*place)).abs() < 1e-6, "{count} {place}: {value}");
            }
        }
        assert_eq!(linear(&[0.0, 2.0, 3.0], &[0.5, 2.0]), [1.0, 3.0]);
    }

    #[test]
    fn stretching_changes_phases_alone() {
        let bump = |n: f64, width: f64| (-((n / width - 4.0) * 2.0).powi(2)).exp() as f32;
        let make = |width: f64| -> Vec<f32> { (0..1000).map(|n| bump(n.into(), width)).collect() };
        let options = Mellin { n_fmt: Some(4000), ..Mellin::default() };
        let (short, long) =
            (fmt(&make(40.0), &options).unwrap(), fmt(&make(80.0), &options).unwrap());
        // The energy of a signal twice as long is twice as much.
        for (a, b) in short.iter().zip(&long).take(20) {
            let ratio = b.norm() / a.norm() / 2.0_f32.sqrt();
            assert!((ratio - 1.0).abs() < 1e-2, "{ratio}");
        }
    }

    #[test]
    fn what_cannot_be_stretched_is_refused() {
        let refused = |y: &[f32], options: Mellin| fmt(y, &options).is_err();
        let default = Mellin::default;
        assert!(refused(&[1.0; 3], default()) && refused(&[f32::NAN; 9], default()));
        assert!(refused(&[1.0; 2], Mellin { kind: Interpolation::Linear, ..default() }));
        for wrong in [
            Mellin { t_min: 0.0, ..default() },
            Mellin { t_min: 20.0, ..default() },
            Mellin { n_fmt: Some(2), ..default() },
            Mellin { n_fmt: Some(usize::MAX), ..default() },
            Mellin { over_sample: 0.5, ..default() },
            Mellin { over_sample: 1e300, ..default() },
            Mellin { beta: f64::NAN, ..default() },
        ] {
            assert!(refused(&[1.0; 9], wrong), "{wrong:?}");
        }
    }
}
