//! When notes begin.

use crate::error::{Error, check, check_positive};
use crate::sound::Sound;

/// How onsets are picked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnsetOptions {
    /// By how much the envelope must rise above its mean, above 0; less finds more.
    pub threshold: f64,
    /// Seconds in which there is no second onset, 0 or more.
    pub apart_s: f64,
}

impl Default for OnsetOptions {
    fn default() -> Self {
        Self { threshold: 0.0125, apart_s: 0.03 }
    }
}

/// Where one or more notes begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Onset {
    /// In seconds.
    pub time_s: f64,
    /// How much louder all bands become together, above 0: in orders of magnitude, a mean.
    pub strength: f64,
    /// How far it stands out, from 0, just above the threshold, to 1.
    pub confidence: f64,
}

/// Frames around a peak over which it is the greatest, in seconds.
const PEAK_S: f64 = 0.03;
/// What an envelope is compared with: its mean from so long before ...
const MEAN_BEFORE_S: f64 = 0.1;
/// ... to so long after.
const MEAN_AFTER_S: f64 = 0.07;

/// When notes begin, in order: where the rise of all bands is greatest and stands out of its
/// surroundings.
///
/// Böck, S. and Widmer, G. Maximum filter vibrato suppression for onset detection. `DAFx`, 2013;
/// peaks as in Böck, S., Krebs, F. and Schedl, M. Evaluating the online capabilities of onset
/// detection methods. ISMIR, 2012.
///
/// # Errors
/// The threshold is not above 0, `apart_s` is negative, or either is not finite.
pub fn onsets(sound: &Sound, options: &OnsetOptions) -> Result<Vec<Onset>, Error> {
    check_positive("threshold", options.threshold)?;
    let apart = options.apart_s;
    check(apart >= 0.0 && apart.is_finite(), "apart_s", apart, "0 or more")?;
    let envelope = envelope(sound);
    let frames = |seconds: f64| (seconds / sound.frame_s).floor() as usize;
    let (reach, before, after) = (frames(PEAK_S), frames(MEAN_BEFORE_S), frames(MEAN_AFTER_S));
    let mut found: Vec<Onset> = Vec::new();
    for (frame, &value) in envelope.iter().enumerate() {
        let around = |before: usize, after: usize| {
            let end = (frame + after + 1).min(envelope.len());
            envelope.get(frame.saturating_sub(before)..end).unwrap_or_default()
        };
        let near = around(before, after);
        let mean = near.iter().map(|&near| f64::from(near)).sum::<f64>() / near.len() as f64;
        let over = f64::from(value) - mean;
        let is_greatest = around(reach, reach).iter().all(|&near| near <= value);
        let time_s = frame as f64 * sound.frame_s;
        let is_new = found.last().is_none_or(|last| time_s - last.time_s > apart);
        if over >= options.threshold && is_greatest && is_new {
            let confidence = 1.0 - options.threshold / over;
            found.push(Onset { time_s, strength: value.into(), confidence });
        }
    }
    Ok(found)
}

/// The geometric mean of how short and long frames rise: what rises in one alone is noise or a
/// neighbour.
fn envelope(sound: &Sound) -> Vec<f32> {
    sound.rise.iter().zip(&sound.rise_long).map(|(short, long)| (short * long).sqrt()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::tests::{SR, heard};

    /// Tones of `hz` from each of `times` on, softer as time goes by.
    fn plucked(times: &[f64], seconds: f64) -> Vec<f32> {
        let mut y = vec![0.0; (seconds * SR) as usize];
        for (index, from) in times.iter().enumerate() {
            let hz = 220.0 * 1.26_f64.powi((index % 5) as i32);
            for sample in (from * SR) as usize..y.len() {
                let t = sample as f64 / SR - from;
                let tone = (std::f64::consts::TAU * hz * t).sin() * (-6.0 * t).exp();
                y[sample] += (0.3 * tone * (t / 0.005).min(1.0)) as f32;
            }
        }
        y
    }

    #[test]
    fn onsets_are_where_notes_begin() {
        let times = [0.5, 0.9, 1.15, 2.0, 2.3];
        let found = onsets(&heard(&plucked(&times, 5.0)), &OnsetOptions::default()).unwrap();
        assert_eq!(found.len(), times.len(), "{found:?}");
        for (onset, time) in found.iter().zip(times) {
            assert!((onset.time_s - time).abs() < 0.03, "{onset:?} {time}");
            assert!(onset.confidence > 0.0 && onset.confidence < 1.0, "{onset:?}");
        }
    }

    #[test]
    fn silence_has_no_onsets_and_odd_options_are_refused() {
        let silence = heard(&vec![0.0; 22_050]);
        assert!(onsets(&silence, &OnsetOptions::default()).unwrap().is_empty());
        let default = OnsetOptions::default();
        for threshold in [0.0, -1.0, f64::NAN] {
            assert!(onsets(&silence, &OnsetOptions { threshold, ..default }).is_err());
        }
        for apart_s in [-0.1, f64::INFINITY] {
            assert!(onsets(&silence, &OnsetOptions { apart_s, ..default }).is_err());
        }
    }
}
