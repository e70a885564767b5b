//! From a frame to the magnitudes of its bins: window and Fourier transform.

use std::f64::consts::PI;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{FftNum, RealFftPlanner, RealToComplex};

/// What a frame's transform gives: magnitudes or their squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Power {
    Magnitude,
    Square,
}

/// The Fourier transform of windowed frames of one length.
pub(super) trait Transform: Send {
    /// Fills `bins`, of length `1 + n_fft / 2`, from `frame`, of length `n_fft`.
    fn spectrum(&mut self, frame: &[f32], power: Power, bins: &mut [f32]);
}

/// Computes in single precision: within librosa's own noise, and twice as fast.
pub(super) fn single(n_fft: usize, win_length: usize) -> Box<dyn Transform> {
    Box::new(Real::<f32>::new(n_fft, win_length, |value| value as f32))
}

/// Computes in double precision and rounds, as librosa does: for features that may not differ in
/// a single bin.
pub(super) fn double(n_fft: usize, win_length: usize) -> Box<dyn Transform> {
    Box::new(Real::<f64>::new(n_fft, win_length, |value| value))
}

struct Real<T> {
    transform: Arc<dyn RealToComplex<T>>,
    window: Vec<T>,
    input: Vec<T>,
    output: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
}

impl<T: FftNum> Real<T> {
    fn new(n_fft: usize, win_length: usize, convert: fn(f64) -> T) -> Self {
        let transform = RealFftPlanner::<T>::new().plan_fft_forward(n_fft);
        Self {
            window: hann(n_fft, win_length).into_iter().map(convert).collect(),
            input: transform.make_input_vec(),
            output: transform.make_output_vec(),
            scratch: transform.make_scratch_vec(),
            transform,
        }
    }
}

trait Sample: FftNum {
    fn of(sample: f32) -> Self;
    fn single(self) -> f32;
}

impl Sample for f32 {
    fn of(sample: f32) -> Self {
        sample
    }
    fn single(self) -> f32 {
        self
    }
}

impl Sample for f64 {
    fn of(sample: f32) -> Self {
        sample.into()
    }
    fn single(self) -> f32 {
        self as f32
    }
}

impl<T: Sample> Transform for Real<T> {
    fn spectrum(&mut self, frame: &[f32], power: Power, bins: &mut [f32]) {
        for ((input, &sample), &weight) in self.input.iter_mut().zip(frame).zip(&self.window) {
            *input = T::of(sample) * weight;
        }
        let done = self.transform.process_with_scratch(
            &mut self.input,
            &mut self.output,
            &mut self.scratch,
        );
        // It can only refuse buffers of another length than those that it made itself.
        debug_assert!(done.is_ok(), "{done:?}");
        for (bin, value) in bins.iter_mut().zip(&self.output) {
            let (re, im) = (value.re.single(), value.im.single());
            *bin = match power {
                Power::Square => re * re + im * im,
                Power::Magnitude => {
                    let (re, im) = (f64::from(re), f64::from(im));
                    (re * re + im * im).sqrt() as f32
                }
            };
        }
    }
}

/// A periodic Hann window of `win_length` in the middle of `n_fft`.
fn hann(n_fft: usize, win_length: usize) -> Vec<f64> {
    let before = (n_fft - win_length) / 2;
    let mut window = vec![0.0; n_fft];
    for (index, weight) in window.iter_mut().skip(before).take(win_length).enumerate() {
        *weight = 0.5 - 0.5 * (2.0 * PI * index as f64 / win_length as f64).cos();
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_periodic_and_in_the_middle() {
        let close = |window: &[f64], expected: &[f64]| {
            window.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15)
        };
        assert!(close(&hann(4, 4), &[0.0, 0.5, 1.0, 0.5]));
        assert!(close(&hann(7, 4), &[0.0, 0.0, 0.5, 1.0, 0.5, 0.0, 0.0]));
    }

    #[test]
    fn both_precisions_find_a_tone() {
        let tone: Vec<f32> =
            (0..64).map(|n| (2.0 * PI * 5.0 * f64::from(n) / 64.0).cos() as f32).collect();
        for transform in [single, double] {
            let mut bins = [0.0; 33];
            transform(64, 64).spectrum(&tone, Power::Magnitude, &mut bins);
            // Half of the window's sum at the tone, half of that beside it.
            assert!((bins[5] - 16.0).abs() < 1e-4 && (bins[4] - 8.0).abs() < 1e-4, "{bins:?}");
            transform(64, 64).spectrum(&tone, Power::Square, &mut bins);
            assert!((bins[5] - 256.0).abs() < 1e-2, "{bins:?}");
        }
    }
}
