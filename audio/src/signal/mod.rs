//! A signal at another sample rate or with fewer bits, what it says of itself (autocorrelation and
//! linear prediction), and signals to test with.

mod mulaw;
mod tones;

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use crate::dot::dot_f64;
use crate::error::{Error, check_count, check_signal};
pub use crate::resample::resample;
pub use mulaw::{mu_compress, mu_dequantize, mu_expand, mu_quantize};
pub use tones::{chirp, clicks, tone};

/// `librosa.autocorrelate`: the products of the signal with itself at lags from 0 to below
/// `max_size`, or to below its length.
///
/// # Errors
/// The signal is empty or not finite.
pub fn autocorrelate(y: &[f32], max_size: Option<usize>) -> Result<Vec<f32>, Error> {
    check_signal(y)?;
    let mut plan = Autocorrelation::new(y.len());
    let mut values = Vec::new();
    plan.apply(y.iter().map(|&sample| f64::from(sample)), &mut values);
    values.truncate(max_size.unwrap_or(y.len()).min(y.len()));
    Ok(values.into_iter().map(|value| value as f32).collect())
}

/// The autocorrelation of signals of one length.
pub(crate) struct Autocorrelation {
    length: usize,
    forward: std::sync::Arc<dyn realfft::RealToComplex<f64>>,
    backward: std::sync::Arc<dyn realfft::ComplexToReal<f64>>,
    samples: Vec<f64>,
    bins: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl Autocorrelation {
    pub(crate) fn new(length: usize) -> Self {
        let padded = (2 * length.max(1) - 1).next_power_of_two();
        let mut planner = RealFftPlanner::<f64>::new();
        let (forward, backward) =
            (planner.plan_fft_forward(padded), planner.plan_fft_inverse(padded));
        let scratch = forward.get_scratch_len().max(backward.get_scratch_len());
        Self {
            length,
            samples: forward.make_input_vec(),
            bins: forward.make_output_vec(),
            scratch: vec![Complex::new(0.0, 0.0); scratch],
            forward,
            backward,
        }
    }

    /// Replaces `values` with the products of `samples` at all lags.
    pub(crate) fn apply(&mut self, samples: impl Iterator<Item = f64>, values: &mut Vec<f64>) {
        self.samples.fill(0.0);
        for (place, sample) in self.samples.iter_mut().zip(samples) {
            *place = sample;
        }
        let (samples, bins) = (&mut self.samples, &mut self.bins);
        let done = self.forward.process_with_scratch(samples, bins, &mut self.scratch);
        debug_assert!(done.is_ok(), "{done:?}");
        for bin in bins.iter_mut() {
            *bin = Complex::new(bin.norm_sqr(), 0.0);
        }
        let done = self.backward.process_with_scratch(bins, samples, &mut self.scratch);
        debug_assert!(done.is_ok(), "{done:?}");
        let scale = 1.0 / self.samples.len() as f64;
        values.clear();
        values.extend(self.samples.iter().take(self.length).map(|value| value * scale));
    }
}

/// `librosa.lpc`: the `order + 1` coefficients of the all-pole filter that predicts the signal
/// best, the first of which is 1.
///
/// Burg, J. P. Maximum entropy spectral analysis. Stanford University, 1975; Marple, L. A new
/// autoregressive spectrum analysis algorithm. IEEE Transactions on Acoustics, Speech, and Signal
/// Processing, 1980.
///
/// # Errors
/// The signal is not finite or has no more than `order` samples; `order` is 0.
pub fn lpc(y: &[f32], order: usize) -> Result<Vec<f32>, Error> {
    check_signal(y)?;
    check_count("order", order)?;
    if y.len() <= order {
        return Err(Error::TooShort { what: "the signal", length: y.len(), needed: order + 1 });
    }
    let wide: Vec<f64> = y.iter().map(|&sample| f64::from(sample)).collect();
    let (mut forward, mut backward) = (wide[1..].to_vec(), wide[..wide.len() - 1].to_vec());
    let mut power = dot_f64(&forward, &forward) + dot_f64(&backward, &backward);
    let mut coefficients = vec![0.0; order + 1];
    coefficients[0] = 1.0;
    for step in 0..order {
        let reflection =
            -2.0 * dot_f64(&backward, &forward) / (power + f64::from(f32::MIN_POSITIVE));
        let before = coefficients.clone();
        for index in 1..step + 2 {
            coefficients[index] = before[index] + reflection * before[step + 1 - index];
        }
        for (forward, backward) in forward.iter_mut().zip(&mut backward) {
            let ahead = *forward;
            *forward += reflection * *backward;
            *backward += reflection * ahead;
        }
        let square_at =
            |values: &[f64], at: usize| values.get(at).map_or(0.0, |value| value * value);
        let last = backward.len().saturating_sub(1);
        power *= 1.0 - reflection * reflection;
        power -= square_at(&backward, last) + square_at(&forward, 0);
        forward.drain(..1.min(forward.len()));
        backward.pop();
    }
    Ok(coefficients.into_iter().map(|value| value as f32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_most_like_itself() {
        let lags = autocorrelate(&[1.0, 2.0, 3.0], None).unwrap();
        for (lag, expected) in lags.iter().zip([14.0, 8.0, 3.0]) {
            assert!((lag - expected).abs() < 1e-5, "{lags:?}");
        }
        assert_eq!(autocorrelate(&[1.0], Some(9)).unwrap().len(), 1);
        assert!(autocorrelate(&[], None).is_err());
    }

    #[test]
    fn silence_is_predicted_by_nothing() {
        assert_eq!(lpc(&[0.0; 9], 2).unwrap(), [1.0, 0.0, 0.0]);
        assert!(lpc(&[0.5; 3], 3).is_err());
        assert!(lpc(&[0.5; 3], 0).is_err());
        assert_eq!(lpc(&[0.5, -0.5], 1).unwrap().len(), 2);
    }
}
