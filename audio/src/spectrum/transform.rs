//! From a frame to the magnitudes of its bins: window and Fourier transform.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{FftNum, RealFftPlanner, RealToComplex};

/// What a frame's transform gives: magnitudes or their squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Power {
    Magnitude,
    Square,
}

/// The Fourier transform of windowed frames of one length: the kernel of every spectrogram.
pub(crate) trait Transform: Send {
    /// Fills `bins`, of length `1 + n_fft / 2`, from `frame`, of length `n_fft`.
    fn bins(&mut self, frame: &[f32], bins: &mut [Complex<f32>]);

    /// Fills `bins`, of length `1 + n_fft / 2`, from `frame`, of length `n_fft`.
    fn spectrum(&mut self, frame: &[f32], power: Power, bins: &mut [f32]);
}

/// Computes in single precision: within librosa's own noise, and twice as fast.
pub(crate) fn single(window: &[f64]) -> Box<dyn Transform> {
    Box::new(Real::<f32>::new(window, |value| value as f32))
}

/// Computes in double precision and rounds, as librosa does: for features that may not differ in
/// a single bin.
pub(crate) fn double(window: &[f64]) -> Box<dyn Transform> {
    Box::new(Real::<f64>::new(window, |value| value))
}

struct Real<T> {
    transform: Arc<dyn RealToComplex<T>>,
    window: Vec<T>,
    input: Vec<T>,
    output: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
}

impl<T: Sample> Real<T> {
    fn new(window: &[f64], convert: fn(f64) -> T) -> Self {
        let transform = RealFftPlanner::<T>::new().plan_fft_forward(window.len());
        Self {
            window: window.iter().copied().map(convert).collect(),
            input: transform.make_input_vec(),
            output: transform.make_output_vec(),
            scratch: transform.make_scratch_vec(),
            transform,
        }
    }

    /// Fills `output`.
    fn transform(&mut self, frame: &[f32]) {
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
    fn bins(&mut self, frame: &[f32], bins: &mut [Complex<f32>]) {
        self.transform(frame);
        for (bin, value) in bins.iter_mut().zip(&self.output) {
            *bin = Complex::new(value.re.single(), value.im.single());
        }
    }

    fn spectrum(&mut self, frame: &[f32], power: Power, bins: &mut [f32]) {
        self.transform(frame);
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

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::filters::{Window, get_window};

    #[test]
    fn both_precisions_find_a_tone() {
        let tone: Vec<f32> =
            (0..64).map(|n| (2.0 * PI * 5.0 * f64::from(n) / 64.0).cos() as f32).collect();
        let window = get_window(&Window::Hann, 64, true).unwrap();
        for transform in [single, double] {
            let mut bins = [0.0; 33];
            transform(&window).spectrum(&tone, Power::Magnitude, &mut bins);
            // Half of the window's sum at the tone, half of that beside it.
            assert!((bins[5] - 16.0).abs() < 1e-4 && (bins[4] - 8.0).abs() < 1e-4, "{bins:?}");
            transform(&window).spectrum(&tone, Power::Square, &mut bins);
            assert!((bins[5] - 256.0).abs() < 1e-2, "{bins:?}");
        }
    }
}
