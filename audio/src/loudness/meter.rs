//! A meter that samples go through.

use super::gate;
use super::peak::TruePeak;
use super::weighting::{Weighting, of_channel};
use crate::error::{Error, check, check_count, check_finite};

/// Steps a second: momentary and short-term loudness have a value for each.
const STEPS_S: f64 = 10.0;
/// Steps of a momentary block, 400 ms.
const MOMENTARY: usize = 4;
/// Steps of a short-term block, 3 s.
const SHORT_TERM: usize = 30;
/// Channels at most.
const CHANNELS_MAX: usize = 64;

/// How loud a recording is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Loudness {
    /// All of it, in LUFS; none where it is silent or shorter than 400 ms.
    pub integrated_lufs: Option<f64>,
    /// How far soft and loud moments lie apart, in LU, 0 or more; none where it is silent or
    /// shorter than 3 s.
    pub range_lu: Option<f64>,
    /// The greatest value between samples, in dB of full scale; none where all is silent.
    pub true_peak_dbtp: Option<f64>,
    /// The greatest sample, in dB of full scale.
    pub sample_peak_dbfs: Option<f64>,
    /// Of the last 400 ms at each tenth of a second from 0.4 s on, in LUFS; none where it is
    /// silent.
    pub momentary_lufs: Vec<Option<f64>>,
    /// Of the last 3 s at each tenth of a second from 3 s on, in LUFS.
    pub short_term_lufs: Vec<Option<f64>>,
}

/// Measures loudness block by block.
pub struct Meter {
    channels: Vec<(Weighting, TruePeak, f64)>,
    /// Samples of a step, a tenth of a second.
    step: f64,
    /// Where the step ends that is not yet full, in samples.
    end: f64,
    taken: u64,
    energy: f64,
    count: u64,
    /// The weighted mean square of each step.
    steps: Vec<f64>,
}

impl Meter {
    /// For interleaved samples of `channels` channels at `sr` Hz. Three channels are left, right
    /// and centre, four are left, right and two behind, five have a centre too, six and more low
    /// frequencies as fourth.
    ///
    /// # Errors
    /// There is no channel, or more than 64; the rate is not from 1,000 to 768,000 Hz.
    pub fn new(sr: f64, channels: usize) -> Result<Self, Error> {
        check_count("channels", channels)?;
        check(channels <= CHANNELS_MAX, "channels", channels, "at most 64")?;
        check((1_000.0..=768_000.0).contains(&sr), "sr", sr, "from 1000 to 768000 Hz")?;
        let of = |channel| (Weighting::new(sr), TruePeak::new(sr), of_channel(channel, channels));
        let step = sr / STEPS_S;
        Ok(Self {
            channels: (0..channels).map(of).collect(),
            step,
            end: step,
            taken: 0,
            energy: 0.0,
            count: 0,
            steps: Vec::new(),
        })
    }

    /// Measures the next samples, full scale from -1 to 1: whole frames of all channels.
    ///
    /// # Errors
    /// A sample is not finite; a frame is not whole.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), Error> {
        check_finite("the signal", samples)?;
        let whole = samples.len().is_multiple_of(self.channels.len());
        check(whole, "samples", samples.len(), "a multiple of the channels")?;
        for frame in samples.chunks_exact(self.channels.len()) {
            for ((weighting, peak, weight), &sample) in self.channels.iter_mut().zip(frame) {
                peak.push(sample);
                let heard = weighting.apply(sample.into());
                self.energy += *weight * heard * heard;
            }
            self.count += 1;
            self.taken += 1;
            if self.taken as f64 >= self.end {
                self.steps.push(self.energy / self.count as f64);
                self.end += self.step;
                (self.energy, self.count) = (0.0, 0);
            }
        }
        Ok(())
    }

    /// What was measured.
    pub fn finish(self) -> Loudness {
        let blocks = |length: usize| -> Vec<f64> {
            let mean = |steps: &[f64]| steps.iter().sum::<f64>() / length as f64;
            self.steps.windows(length).map(mean).collect()
        };
        let (momentary, short_term) = (blocks(MOMENTARY), blocks(SHORT_TERM));
        let decibels = |value: f64| (value > 0.0).then(|| 20.0 * value.log10());
        let greatest = |of: &dyn Fn(&TruePeak) -> f64| {
            decibels(self.channels.iter().map(|channel| of(&channel.1)).fold(0.0, f64::max))
        };
        let curve = |energies: &[f64]| energies.iter().copied().map(gate::loudness).collect();
        Loudness {
            integrated_lufs: gate::integrated(&momentary),
            range_lu: gate::range(&short_term),
            true_peak_dbtp: greatest(&TruePeak::value),
            sample_peak_dbfs: greatest(&|peak| peak.sample.into()),
            momentary_lufs: curve(&momentary),
            short_term_lufs: curve(&short_term),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const SR: f64 = 48_000.0;

    /// A sine of 1 kHz in all channels, with levels in dB of full scale for so many seconds each.
    fn levels(parts: &[(f64, f64)], channels: usize) -> Loudness {
        let mut meter = Meter::new(SR, channels).unwrap();
        let mut at = 0;
        for &(level, seconds) in parts {
            let amplitude = 10_f64.powf(level / 20.0);
            let value = |n: usize| (amplitude * (TAU * 1_000.0 * n as f64 / SR).sin()) as f32;
            let end = at + (seconds * SR).round() as usize;
            let samples: Vec<f32> =
                (at..end).flat_map(|n| std::iter::repeat_n(value(n), channels)).collect();
            meter.push(&samples).unwrap();
            at = end;
        }
        meter.finish()
    }

    fn near(found: Option<f64>, expected: f64, off: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() <= off, "{found}, but should be {expected}");
    }

    #[test]
    fn integrated_loudness_is_that_of_tech_3341() {
        // Cases 1 to 5.
        let cases: [(&[(f64, f64)], f64); 5] = [
            (&[(-23.0, 20.0)], -23.0),
            (&[(-33.0, 20.0)], -33.0),
            (&[(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)], -23.0),
            (&[(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)], -23.0),
            (&[(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)], -23.0),
        ];
        for (parts, expected) in cases {
            near(levels(parts, 2).integrated_lufs, expected, 0.1);
        }
    }

    #[test]
    fn surround_channels_count_more_and_low_frequencies_nothing() {
        // Case 6 of Tech 3341, with a channel of low frequencies that must not count.
        let levels_db = [-28.0, -28.0, -24.0, 0.0, -30.0, -30.0];
        let mut meter = Meter::new(SR, 6).unwrap();
        for n in 0..(20.0 * SR) as usize {
            let sine = (TAU * 1_000.0 * n as f64 / SR).sin();
            let frame = levels_db.map(|level: f64| (10_f64.powf(level / 20.0) * sine) as f32);
            meter.push(&frame).unwrap();
        }
        near(meter.finish().integrated_lufs, -23.0, 0.1);
    }

    #[test]
    fn short_term_and_momentary_loudness_are_those_of_tech_3341() {
        // Case 9: every block of 3 s is at -23, and case 12: every block of 400 ms.
        let slow = levels(&[(-20.0, 1.34), (-30.0, 1.66)].repeat(5), 2);
        assert_eq!(slow.short_term_lufs.len(), 121);
        for value in slow.short_term_lufs {
            near(value, -23.0, 0.1);
        }
        let quick = levels(&[(-20.0, 0.18), (-30.0, 0.22)].repeat(25), 2);
        assert_eq!(quick.momentary_lufs.len(), 97);
        for value in &quick.momentary_lufs[3..] {
            near(*value, -23.0, 0.1);
        }
    }

    #[test]
    fn the_range_is_that_of_tech_3342() {
        // Cases 1 to 4.
        let cases: [(&[f64], f64); 4] = [
            (&[-20.0, -30.0], 10.0),
            (&[-20.0, -15.0], 5.0),
            (&[-40.0, -20.0], 20.0),
            (&[-50.0, -35.0, -20.0, -35.0, -50.0], 15.0),
        ];
        for (parts, expected) in cases {
            let parts: Vec<(f64, f64)> = parts.iter().map(|&level| (level, 20.0)).collect();
            near(levels(&parts, 2).range_lu, expected, 1.0);
        }
    }

    #[test]
    fn true_peaks_are_those_of_tech_3341() {
        // Cases 15 to 19: sines of a part of the sample rate whose samples miss their peaks.
        let cases = [(4.0, 0.0, 0.5), (4.0, 45.0, 0.5), (6.0, 60.0, 0.5), (8.0, 67.5, 0.5)];
        let louder = (4.0, 45.0, 1.41);
        for (part, degrees, amplitude) in cases.into_iter().chain([louder]) {
            let phase = f64::to_radians(degrees);
            let count = 4_800;
            let value = |n: i32| {
                let swell = (f64::from(n.min(count - n)) / 480.0).min(1.0);
                (swell * amplitude * (TAU * f64::from(n) / part + phase).sin()) as f32
            };
            let mut meter = Meter::new(SR, 1).unwrap();
            meter.push(&(0..count).map(value).collect::<Vec<f32>>()).unwrap();
            let found = meter.finish().true_peak_dbtp.unwrap();
            let expected = 20.0 * f64::log10(amplitude);
            assert!(found < expected + 0.2 && found > expected - 0.4, "{found}, not {expected}");
        }
    }

    #[test]
    fn silence_has_no_loudness_and_what_is_short_no_range() {
        let silence = levels(&[(f64::NEG_INFINITY, 5.0)], 1);
        assert_eq!((silence.integrated_lufs, silence.range_lu), (None, None));
        assert_eq!((silence.true_peak_dbtp, silence.sample_peak_dbfs), (None, None));
        assert!(silence.momentary_lufs.iter().all(Option::is_none));
        let short = levels(&[(-23.0, 1.0)], 2);
        assert!(short.integrated_lufs.is_some() && short.range_lu.is_none());
        assert!(levels(&[(-23.0, 0.3)], 2).integrated_lufs.is_none());
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        assert!(Meter::new(SR, 0).is_err() && Meter::new(SR, 65).is_err());
        assert!(Meter::new(0.0, 1).is_err() && Meter::new(f64::NAN, 1).is_err());
        let mut meter = Meter::new(SR, 2).unwrap();
        assert!(meter.push(&[0.0, f32::NAN]).is_err());
        assert!(meter.push(&[0.0; 3]).is_err());
    }
}
