//! What is heard of a recording in one pass: all that its score is made of.
//!
//! Two Fourier transforms for each frame, a short one for when and a long one for what. Keeps
//! numbers of frames, never samples; knows no music.

use std::convert::Infallible;

use crate::error::{Error, check_finite};
use crate::features::Framer;
use crate::filters::{Window, get_window};
use crate::rhythm::{Bands, Flux};
use crate::spectrum::{Power, Transform, single};
use crate::transcription::{NoteEars, Polyphony};

/// The sample rate that is listened at, in Hz.
pub const LISTEN_HZ: u32 = 22_050;
/// Samples from one frame to the next: about a hundredth of a second.
const HOP: usize = 220;
/// Samples of a short frame, and how many frames before it is compared with, and over how many
/// bands to either side.
const SHORT: (usize, usize, usize) = (2048, 2, 0);
/// The same of a long frame.
const LONG: (usize, usize, usize) = (4096, 4, 0);
/// Of how many frames one is listened to for pitches.
pub(crate) const STRIDE: usize = 2;

/// What is heard of a recording, frame by frame; frame `t` is centred at `t` times `frame_s`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// Seconds from one frame to the next, about 0.01.
    pub frame_s: f64,
    /// How much all bands together rise in short frames, in orders of magnitude; 0 or more.
    pub rise: Vec<f32>,
    /// The same in long frames.
    pub rise_long: Vec<f32>,
    /// The same of what lies below 250 Hz.
    pub rise_low: Vec<f32>,
    /// What is heard of pitches, every second frame.
    pub polyphony: Polyphony,
}

/// Listens to a recording block by block.
pub struct Listener {
    framer: Framer,
    ears: Ears,
    samples: usize,
}

/// What listens to one frame.
struct Ears {
    short: Box<dyn Transform>,
    long: Box<dyn Transform>,
    short_scale: f32,
    long_scale: f32,
    bins_short: Vec<f32>,
    bins_long: Vec<f32>,
    flux_short: Flux,
    flux_long: Flux,
    notes: NoteEars,
    sound: Sound,
    frame: usize,
}

impl Listener {
    /// Begins to listen to mono samples at [`LISTEN_HZ`] that are `tuning` semitones, between -0.5
    /// and 0.5, above equal temperament at 440 Hz.
    ///
    /// # Errors
    /// The tuning is out of its range.
    pub fn new(tuning: f64) -> Result<Self, Error> {
        let window = |length: usize| get_window(&Window::Hann, length, true);
        let (short, long) = (window(SHORT.0)?, window(LONG.0)?);
        let scale = |window: &[f64]| (2.0 / window.iter().sum::<f64>()) as f32;
        let sr = f64::from(LISTEN_HZ);
        let flux = |(n_fft, lag, reach): (usize, usize, usize)| {
            Flux::new(Bands::new(sr, n_fft), lag, reach)
        };
        let ears = Ears {
            short_scale: scale(&short),
            long_scale: scale(&long),
            bins_short: vec![0.0; SHORT.0 / 2 + 1],
            bins_long: vec![0.0; LONG.0 / 2 + 1],
            short: single(&short),
            long: single(&long),
            flux_short: flux(SHORT),
            flux_long: flux(LONG),
            sound: Sound {
                frame_s: HOP as f64 / sr,
                rise: Vec::new(),
                rise_long: Vec::new(),
                rise_low: Vec::new(),
                polyphony: Polyphony::new((STRIDE * HOP) as f64 / sr),
            },
            notes: NoteEars::new(sr, LONG.0, tuning)?,
            frame: 0,
        };
        Ok(Self { framer: Framer::new(LONG.0, HOP), ears, samples: 0 })
    }

    /// Listens to the next samples.
    ///
    /// # Errors
    /// A sample is not finite.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), Error> {
        check_finite("the signal", samples)?;
        self.samples += samples.len();
        let ears = &mut self.ears;
        let heard: Result<(), Infallible> = self.framer.push(samples, |frame| {
            ears.hear(frame.samples);
            Ok(())
        });
        let Ok(()) = heard;
        Ok(())
    }

    /// What was heard.
    ///
    /// # Errors
    /// There was nothing to listen to.
    pub fn finish(mut self) -> Result<Sound, Error> {
        if self.samples == 0 {
            return Err(Error::Empty { what: "the signal" });
        }
        let ears = &mut self.ears;
        let heard: Result<(), Infallible> = self.framer.finish(|frame| {
            ears.hear(frame.samples);
            Ok(())
        });
        let Ok(()) = heard;
        Ok(self.ears.sound)
    }
}

impl Ears {
    /// Listens to `LONG` samples; the short frame is in their middle.
    fn hear(&mut self, samples: &[f32]) {
        let middle = (LONG.0 - SHORT.0) / 2;
        let short = samples.get(middle..middle + SHORT.0).unwrap_or_default();
        self.short.spectrum(short, Power::Magnitude, &mut self.bins_short);
        self.long.spectrum(samples, Power::Magnitude, &mut self.bins_long);
        self.bins_short.iter_mut().for_each(|bin| *bin *= self.short_scale);
        self.bins_long.iter_mut().for_each(|bin| *bin *= self.long_scale);
        let (short, long) =
            (self.flux_short.push(&self.bins_short), self.flux_long.push(&self.bins_long));
        self.sound.rise.push(short.all);
        self.sound.rise_long.push(long.all);
        self.sound.rise_low.push(long.low);
        if self.frame.is_multiple_of(STRIDE) {
            self.notes.hear(&self.bins_long, &mut self.sound.polyphony);
        }
        self.frame += 1;
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const SR: f64 = 22_050.0;

    pub(crate) fn heard(y: &[f32]) -> Sound {
        let mut listener = Listener::new(0.0).unwrap();
        listener.push(y).unwrap();
        listener.finish().unwrap()
    }

    #[test]
    fn blocks_make_no_difference_and_there_is_a_frame_every_hundredth_of_a_second() {
        let y: Vec<f32> = (0..9_000).map(|n| (f64::from(n) * 0.1).sin() as f32).collect();
        let mut listener = Listener::new(0.0).unwrap();
        for block in y.chunks(777) {
            listener.push(block).unwrap();
        }
        let sound = listener.finish().unwrap();
        assert_eq!(sound, heard(&y));
        assert_eq!(sound.rise.len(), 1 + 9_000 / HOP);
        assert_eq!(sound.polyphony.frames(), sound.rise.len().div_ceil(STRIDE));
    }

    #[test]
    fn what_cannot_be_heard_is_refused() {
        let mut listener = Listener::new(0.0).unwrap();
        assert!(listener.push(&[f32::NAN]).is_err());
        assert!(Listener::new(0.0).unwrap().finish().is_err());
        assert!(Listener::new(0.6).is_err() && Listener::new(f64::NAN).is_err());
    }
}
