//! Beats, bars and the tempo, all at once: the likeliest way of a pointer through bars.

use super::grid::{FRAME_S, SHAPES};
use super::observe::observe;
use super::pointer::{Pointer, Step};
use crate::error::{Error, check, check_positive};
use crate::sound::Sound;

/// How beats are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeatOptions {
    /// How far the tempo lies from the usual one, as the standard deviation of its logarithm,
    /// above 0; less prefers tempi near 105 beats a minute.
    pub tempo_spread: f64,
    /// How much a tempo changes from one beat to the next, as a share of it, from 0 to 1.
    pub tempo_change: f64,
}

impl Default for BeatOptions {
    fn default() -> Self {
        Self { tempo_spread: 0.35, tempo_change: 0.025 }
    }
}

/// A metre: how many beats a bar has, and what a beat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metre {
    /// Beats of a bar.
    pub beats: usize,
    /// Whether a beat is divided by three.
    pub is_compound: bool,
}

impl std::fmt::Display for Metre {
    /// As a time signature, of which there are several that sound alike: `4/4`, or `6/8`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_compound {
            write!(f, "{}/8", 3 * self.beats)
        } else {
            write!(f, "{}/4", self.beats)
        }
    }
}

/// A beat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beat {
    /// In seconds.
    pub time_s: f64,
    /// Which of its bar it is; 1 is the downbeat.
    pub position: usize,
    /// The metre of its bar.
    pub metre: Metre,
    /// How much more likely what is heard is at a beat than between beats, as a share of both:
    /// from 0 to 1, 0.5 where nothing tells.
    pub confidence: f64,
}

/// The beats of a recording, one after the other from its first to its last sound; none where
/// there is silence. A beat of the music may be two or half a beat here.
///
/// Whiteley, N., Cemgil, A. T. and Godsill, S. Bayesian modelling of temporal structure in musical
/// audio. ISMIR, 2006; states as in Krebs, F., Böck, S. and Widmer, G. An efficient state-space
/// model for joint tempo and meter tracking. ISMIR, 2015; what is heard at each place of a bar as
/// in Krebs, F., Böck, S. and Widmer, G. Rhythmic pattern modeling for beat and downbeat tracking
/// in musical audio. ISMIR, 2013, with linear weights instead of mixtures.
///
/// # Errors
/// An option is out of its range.
pub fn beats(sound: &Sound, options: &BeatOptions) -> Result<Vec<Beat>, Error> {
    check_positive("tempo_spread", options.tempo_spread)?;
    let change = options.tempo_change;
    check((0.0..=1.0).contains(&change), "tempo_change", change, "from 0 to 1")?;
    if sound.rise.iter().all(|&rise| rise == 0.0) {
        return Ok(Vec::new());
    }
    let observed = observe(sound);
    let steps = Pointer::new(options).follow(&observed);
    let beat = |step: &Step| {
        let shape = &SHAPES[step.shape];
        let place = shape.places(step.beat, step.frames)[0].1;
        let likelihood = f64::from(observed[(place, step.at)]);
        Beat {
            time_s: step.at as f64 * FRAME_S,
            position: step.beat + 1,
            metre: Metre { beats: shape.beats, is_compound: shape.is_compound },
            confidence: 1.0 / (1.0 + (-likelihood).exp()),
        }
    };
    Ok(steps.iter().map(beat).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::tests::heard;
    use crate::transcription::tests::sounding;

    /// Bars of so many beats at a tempo: a bass and a chord that changes on each first beat, a
    /// chord on the others, and eighths above them.
    fn played(beats: usize, bars: usize, bpm: f64, from: f64) -> Vec<(usize, f64, f64)> {
        let period = 60.0 / bpm;
        let mut notes = Vec::new();
        for beat in 0..beats * bars {
            let start = from + beat as f64 * period;
            let root = 36 + [0, 5, 7, 2][beat / beats % 4];
            if beat % beats == 0 {
                notes.push((root, start, start + 0.9 * period * beats as f64));
            }
            for above in [12, 16, 19] {
                let length = if beat % beats == 0 { 0.9 } else { 0.4 };
                notes.push((root + above, start, start + length * period));
            }
            notes.push((root + 31, start, start + 0.45 * period));
            notes.push((root + 33, start + 0.5 * period, start + 0.95 * period));
        }
        notes
    }

    fn found(notes: &[(usize, f64, f64)], seconds: f64) -> Vec<Beat> {
        beats(&heard(&sounding(notes, seconds)), &BeatOptions::default()).unwrap()
    }

    #[test]
    fn beats_and_bars_are_where_they_are_played() {
        for (bar, bars, bpm) in [(4, 6, 100.0), (3, 8, 110.0)] {
            let period = 60.0 / bpm;
            let all = found(&played(bar, bars, bpm, 0.3), 0.3 + (bar * bars) as f64 * period);
            let near = |beat: &&Beat| {
                let off = (beat.time_s - 0.3).rem_euclid(period);
                off.min(period - off) < 0.05
            };
            assert!(all.iter().filter(near).count() + 1 >= all.len(), "{all:?}");
            assert!(all.len() + 1 >= bar * bars && all.len() <= bar * bars + 1, "{}", all.len());
            let middle = &all[all.len() / 2];
            assert_eq!((middle.metre.beats, middle.metre.is_compound), (bar, false), "{all:?}");
            for beat in all.iter().skip(bar).filter(|beat| beat.position == 1) {
                let off = (beat.time_s - 0.3).rem_euclid(period * bar as f64);
                assert!(off.min(period * bar as f64 - off) < 0.05, "{beat:?}");
            }
            assert!(all.iter().all(|beat| (0.0..=1.0).contains(&beat.confidence)));
        }
    }

    /// The beats of each part, or every other of them: here the first part is found at half its
    /// tempo (docs/score.md).
    #[test]
    fn another_tempo_is_followed_up_to_a_factor_of_two() {
        // Eight bars last 17.45 s, and eight more 22.59 s.
        let mut notes = played(4, 8, 110.0, 0.2);
        notes.extend(played(4, 8, 85.0, 0.2 + 32.0 * 60.0 / 110.0));
        let all = found(&notes, 40.5);
        let bpm = |from: f64, to: f64| {
            let within: Vec<f64> =
                all.iter().map(|it| it.time_s).filter(|it| (from..to).contains(it)).collect();
            60.0 * (within.len() - 1) as f64 / (within[within.len() - 1] - within[0])
        };
        for (from, to, played) in [(2.0, 16.5, 110.0), (21.0, 39.0, 85.0)] {
            let found = bpm(from, to);
            let is_near = |factor: f64| (found * factor / played - 1.0).abs() < 0.03;
            assert!([0.5, 1.0, 2.0].into_iter().any(is_near), "{found} instead of {played}");
        }
    }

    #[test]
    fn silence_has_no_beats_and_odd_options_are_refused() {
        let silence = heard(&vec![0.0; 44_100]);
        assert!(beats(&silence, &BeatOptions::default()).unwrap().is_empty());
        let default = BeatOptions::default();
        for tempo_spread in [0.0, f64::NAN] {
            assert!(beats(&silence, &BeatOptions { tempo_spread, ..default }).is_err());
        }
        for tempo_change in [-0.1, 1.1, f64::NAN] {
            assert!(beats(&silence, &BeatOptions { tempo_change, ..default }).is_err());
        }
    }
}
