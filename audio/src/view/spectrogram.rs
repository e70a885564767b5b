//! A part of a recording as a picture of mel bands: a pixel is what a band has on the average in
//! the time of a column, in decibels below the loudest.
//!
//! Frames lie where the columns are, not at a hop's distance: so a picture of a moment is as sharp
//! as one of an hour is whole. Keeps one frame of samples and the pixels.

use super::levels::Levels;
use crate::convert::mel_frequencies;
use crate::error::{Error, check, check_count, check_positive};
use crate::features::Feature;
use crate::filters::{Mel, MelBank, Window, get_window};
use crate::spectrum::{Power, Transform, single};

/// Decibels from black to the loudest.
const TOP_DB: f32 = 80.0;
/// How long a frame is at least, in seconds.
const FRAME_SECONDS: f64 = 0.04;
/// Samples of a frame at most: the bands of a picture are no narrower than its bins.
const N_FFT: (usize, usize) = (256, 1 << 16);

/// Which part is shown, and how large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Where it begins, in seconds.
    pub from: f64,
    /// Where it ends, in seconds; behind the recording's end there is silence.
    pub to: f64,
    /// Pixels from left to right.
    pub width: usize,
    /// Pixels from the lowest band to the highest.
    pub height: usize,
}

/// Takes a recording block by block.
pub struct Spectrogram {
    part: Part,
    transform: Box<dyn Transform>,
    bank: MelBank,
    n_fft: usize,
    bins: Vec<f32>,
    bands: Vec<f32>,
    /// Frames in a column.
    in_column: u64,
    /// Samples from the middle of one frame to that of the next.
    step: f64,
    /// The middle of what would be the frame before the first by half a step, in samples.
    begin: f64,
    /// The next frame.
    frame: u64,
    /// What is not yet left behind.
    samples: Vec<f32>,
    /// Which sample of the recording is the first of those.
    first: i64,
    /// Power of each band, column by column.
    pixels: Vec<f32>,
}

impl Spectrogram {
    /// Of mono samples at `sr` Hz.
    ///
    /// # Errors
    /// The part is empty, has no pixels, or is not within what numbers of samples can say.
    pub fn new(sr: u32, part: Part) -> Result<Self, Error> {
        let sr = f64::from(sr);
        check_positive("sr", sr)?;
        check_count("width", part.width)?;
        check_count("height", part.height)?;
        check(part.from >= 0.0, "from", part.from, "0 or above")?;
        let most = (1_u64 << 52) as f64 / sr;
        check(part.to > part.from && part.to <= most, "to", part.to, "above from")?;
        let mel = Mel { n_mels: part.height, ..Mel::default() };
        let edges = mel_frequencies(part.height + 2, 0.0, sr / 2.0, false);
        // The lowest bands are the narrowest, up to rounding.
        let narrowest = edges.get(1).copied().unwrap_or(sr).max(f64::MIN_POSITIVE);
        let n_fft = (sr * FRAME_SECONDS).max(sr / narrowest).ceil();
        let n_fft = (n_fft as usize).clamp(N_FFT.0, N_FFT.1).next_power_of_two();
        let samples = (part.to - part.from) * sr / part.width as f64;
        let in_column = (2.0 * samples / n_fft as f64).round().max(1.0);
        Ok(Self {
            part,
            transform: single(&get_window(&Window::Hann, n_fft, true)?),
            bank: MelBank::new(sr, n_fft, &mel)?,
            n_fft,
            bins: vec![0.0; n_fft / 2 + 1],
            bands: vec![0.0; part.height],
            in_column: in_column as u64,
            step: samples / in_column,
            begin: part.from * sr,
            frame: 0,
            // Before the recording there is silence.
            samples: vec![0.0; n_fft],
            first: -(n_fft as i64),
            pixels: vec![0.0; part.width * part.height],
        })
    }

    /// Whether nothing more is needed.
    pub fn is_complete(&self) -> bool {
        self.frame >= self.in_column * self.part.width as u64
    }

    /// Takes the next samples; what is no number is silence.
    pub fn push(&mut self, samples: &[f32]) {
        for piece in samples.chunks(self.n_fft) {
            if self.is_complete() {
                return;
            }
            let finite = |sample: &f32| if sample.is_finite() { *sample } else { 0.0 };
            self.samples.extend(piece.iter().map(finite));
            self.work();
        }
    }

    /// Which sample the next frame begins with.
    fn next(&self) -> i64 {
        let middle = self.begin + (self.frame as f64 + 0.5) * self.step;
        middle as i64 - (self.n_fft / 2) as i64
    }

    fn work(&mut self) {
        while !self.is_complete() {
            let at = (self.next() - self.first) as usize;
            let Some(frame) = self.samples.get(at..at + self.n_fft) else { break };
            self.transform.spectrum(frame, Power::Square, &mut self.bins);
            self.bank.apply(&self.bins, &mut self.bands);
            let column = (self.frame / self.in_column) as usize * self.part.height;
            let pixels = self.pixels.iter_mut().skip(column);
            for (pixel, &power) in pixels.zip(&self.bands) {
                *pixel += power / self.in_column as f32;
            }
            self.frame += 1;
        }
        let behind = (self.next() - self.first).max(0) as usize;
        let behind = behind.min(self.samples.len());
        self.samples.drain(..behind);
        self.first += behind as i64;
    }

    /// Levels from 0 to 255, column by column, each from the lowest band on.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        // Behind the recording there is silence: frames that lie in it stay as they are.
        self.samples.resize(self.samples.len() + self.n_fft, 0.0);
        self.work();
        let (feature, rows) = (Feature::Melspectrogram, self.part.height);
        let mut levels = Levels { feature, from: 0, rows, lowest: 0.0, highest: 0.0 };
        let loudest = self.pixels.iter().copied().fold(0.0, f32::max);
        levels.highest = 10.0 * loudest.max(1e-10).log10();
        levels.lowest = levels.highest - TOP_DB;
        if loudest == 0.0 {
            return vec![0; self.pixels.len()];
        }
        self.pixels.iter().map(|&power| levels.level(power)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const SR: u32 = 44_100;

    fn levels(samples: &[f32], part: Part) -> Vec<u8> {
        let mut spectrogram = Spectrogram::new(SR, part).unwrap();
        for block in samples.chunks(1_000) {
            spectrogram.push(block);
        }
        spectrogram.finish()
    }

    /// A second at `low` Hz, then one at `high` Hz.
    fn two_tones(low: f64, high: f64) -> Vec<f32> {
        let tone = |hz: f64, n: u32| (TAU * hz * f64::from(n) / f64::from(SR)).sin() as f32;
        (0..2 * SR).map(|n| tone(if n < SR { low } else { high }, n)).collect()
    }

    fn loudest(column: &[u8]) -> usize {
        (0..column.len()).max_by_key(|row| column[*row]).unwrap()
    }

    #[test]
    fn tones_are_where_they_sound() {
        let part = Part { from: 0.0, to: 2.0, width: 20, height: 64 };
        let found = levels(&two_tones(300.0, 6_000.0), part);
        assert_eq!(found.len(), 20 * 64);
        let edges = mel_frequencies(66, 0.0, 22_050.0, false);
        for (index, column) in found.chunks(64).enumerate() {
            let hz = if index < 10 { 300.0 } else { 6_000.0 };
            let row = loudest(column);
            assert!(edges[row] < hz && hz < edges[row + 2], "{index}: {row}");
            // All bands have the same area, so that a higher one, which is wider, is weaker.
            let least = if index < 10 { 240 } else { 200 };
            assert!(column[row] > least, "{index}: {}", column[row]);
        }
        // A part of it is the same at its own scale, however small.
        let moment = Part { from: 0.99, to: 1.01, width: 40, height: 64 };
        let found = levels(&two_tones(300.0, 6_000.0), moment);
        let (first, last) = (&found[..64], &found[39 * 64..]);
        assert!(loudest(first) < loudest(last), "{} {}", loudest(first), loudest(last));
    }

    #[test]
    fn blocks_make_no_difference_and_what_lies_beyond_the_end_is_black() {
        let tones = two_tones(300.0, 6_000.0);
        let part = Part { from: 1.0, to: 5.0, width: 8, height: 16 };
        let whole = {
            let mut spectrogram = Spectrogram::new(SR, part).unwrap();
            spectrogram.push(&tones);
            assert!(!spectrogram.is_complete());
            spectrogram.finish()
        };
        assert_eq!(whole, levels(&tones, part));
        assert!(whole[..16].contains(&255));
        assert!(whole[3 * 16..].iter().all(|level| *level == 0), "{whole:?}");
        assert!(levels(&[], part).iter().all(|level| *level == 0));
    }

    #[test]
    fn no_band_of_a_high_picture_is_empty() {
        let mut state = 1_u32;
        let noise: Vec<f32> = (0..SR)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (f64::from(state) / f64::from(u32::MAX) - 0.5) as f32
            })
            .collect();
        for height in [1, 128, 512, 1024] {
            let part = Part { from: 0.0, to: 1.0, width: 2, height };
            let found = levels(&noise, part);
            assert!(found.iter().all(|level| *level > 100), "{height}");
        }
    }

    #[test]
    fn it_is_complete_when_its_part_is_behind() {
        let part = Part { from: 0.1, to: 0.2, width: 10, height: 8 };
        let mut spectrogram = Spectrogram::new(SR, part).unwrap();
        spectrogram.push(&[f32::NAN; 2_000]);
        assert!(!spectrogram.is_complete());
        spectrogram.push(&vec![f32::INFINITY; 20_000]);
        assert!(spectrogram.is_complete());
        assert!(spectrogram.samples.len() <= 2 * spectrogram.n_fft);
        assert!(spectrogram.finish().iter().all(|level| *level == 0));
    }

    #[test]
    fn parts_that_are_none_are_refused() {
        let right = Part { from: 0.0, to: 1.0, width: 10, height: 10 };
        for wrong in [
            Part { from: -1.0, ..right },
            Part { from: f64::NAN, ..right },
            Part { to: f64::NAN, ..right },
            Part { to: f64::INFINITY, ..right },
            Part { from: 1.0, ..right },
            Part { from: 2.0, ..right },
            Part { width: 0, ..right },
            Part { height: 0, ..right },
        ] {
            assert!(Spectrogram::new(SR, wrong).is_err(), "{wrong:?}");
        }
        assert!(Spectrogram::new(0, right).is_err());
        // Whatever the rate, there is a picture.
        for sr in [1, 8, 1_000, 768_000, u32::MAX] {
            let mut spectrogram = Spectrogram::new(sr, right).unwrap();
            spectrogram.push(&[0.5; 3_000]);
            assert_eq!(spectrogram.finish().len(), 100, "{sr}");
        }
    }
}
