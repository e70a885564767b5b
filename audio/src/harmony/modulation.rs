//! The keys of a recording, one after the other.

use super::key::{Key, fits};
use super::pitches::Pitches;
use crate::error::{Error, check, check_positive};
use crate::matrix::Matrix;
use crate::sequence::{Viterbi, transition_loop, viterbi};

/// How much the likeness of a window to a key counts.
const SHARPNESS: f64 = 12.0;

/// How keys are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Modulations {
    /// Seconds of music that a key is heard from, above 0.
    pub window_s: f64,
    /// How likely the key is another one a second later, above 0 and below 1.
    pub change: f64,
}

impl Default for Modulations {
    fn default() -> Self {
        Self { window_s: 10.0, change: 1e-4 }
    }
}

/// A key and for how long the music is in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeySpan {
    /// From when, in seconds.
    pub start_s: f64,
    /// Until when.
    pub end_s: f64,
    /// Which; its strength and confidence are those of this part alone.
    pub key: Key,
}

/// The keys of a recording, one after the other without gaps: those that the music around each
/// second fits best, in the likeliest sequence. None where no class of pitch stands out.
///
/// Windows as in Chai, W. and Vercoe, B. Detection of key change in classical piano music. ISMIR,
/// 2005.
///
/// # Errors
/// An option is out of its range.
pub fn modulations(pitches: &Pitches, options: &Modulations) -> Result<Vec<KeySpan>, Error> {
    check_positive("window_s", options.window_s)?;
    let change = options.change;
    check(change > 0.0 && change < 1.0, "change", change, "above 0 and below 1")?;
    let frames = pitches.classes.columns();
    let step = ((1.0 / pitches.frame_s).round() as usize).max(1);
    let half = ((0.5 * options.window_s / pitches.frame_s).round() as usize).max(1);
    let around = |step_at: usize| {
        let middle = step_at * step + step / 2;
        sum(&pitches.classes, middle.saturating_sub(half), (middle + half).min(frames))
    };
    let windows: Vec<Option<[Key; 24]>> =
        (0..frames.div_ceil(step)).map(|at| fits(&around(at))).collect();
    if windows.iter().all(Option::is_none) {
        return Ok(Vec::new());
    }
    let observed = Matrix::from_fn(24, windows.len(), |state, at| match &windows[at] {
        Some(keys) => (SHARPNESS * (keys[state].strength - 1.0)).exp(),
        None => 1.0,
    });
    let transition = transition_loop(24, &[1.0 - change])?;
    let path = viterbi(&observed, &transition, &Viterbi::default())?.states;
    let mut found = Vec::new();
    let mut first = 0;
    for end in 1..=path.len() {
        if end < path.len() && path[end] == path[first] {
            continue;
        }
        let (from, to) = (first * step, (end * step).min(frames));
        if let Some(keys) = fits(&sum(&pitches.classes, from, to)) {
            let key = keys[path[first]];
            let others =
                keys.iter().filter(|other| (other.tonic, other.mode) != (key.tonic, key.mode));
            let next = others.map(|other| other.strength).fold(-1.0, f64::max);
            let confidence = 1.0 - (1.0 - key.strength) / (1.0 - next).max(f64::MIN_POSITIVE);
            let key = Key { confidence: confidence.clamp(0.0, 1.0), ..key };
            let start_s = from as f64 * pitches.frame_s;
            found.push(KeySpan { start_s, end_s: to as f64 * pitches.frame_s, key });
        }
        first = end;
    }
    Ok(found)
}

fn sum(classes: &Matrix<f32>, from: usize, to: usize) -> [f64; 12] {
    let mut sum = [0.0; 12];
    for frame in from..to {
        for (sum, &class) in sum.iter_mut().zip(classes.column(frame)) {
            *sum += f64::from(class);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harmony::pitches::tests::{SR, sounding};
    use crate::harmony::{PitchOptions, pitches};

    /// Cadences of two seconds a chord, each around one key.
    fn cadences(tonics: &[u8]) -> Pitches {
        let chords = |&tonic: &u8| {
            let degrees: [[u8; 3]; 6] =
                [[0, 4, 7], [5, 9, 12], [7, 11, 14], [0, 4, 7], [2, 5, 9], [7, 11, 14]];
            degrees.map(|notes| notes.map(|note| note + tonic))
        };
        let chords: Vec<[u8; 3]> = tonics.iter().flat_map(chords).collect();
        let y: Vec<f32> = chords
            .iter()
            .flat_map(|notes| [sounding(notes, 0.0), sounding(notes, 0.0)].concat())
            .collect();
        pitches(&y, SR, &PitchOptions::default()).unwrap()
    }

    #[test]
    fn keys_follow_each_other_as_the_music_does() {
        let found = modulations(&cadences(&[48, 54]), &Modulations::default()).unwrap();
        let names: Vec<String> = found.iter().map(|span| span.key.to_string()).collect();
        assert_eq!(names, ["C major", "F# major"], "{found:?}");
        assert!((found[0].end_s - 12.0).abs() < 3.0, "{found:?}");
        assert_eq!(found[0].end_s, found[1].start_s);
        assert!(found.iter().all(|span| span.key.confidence > 0.0), "{found:?}");
    }

    #[test]
    fn one_key_is_one_span() {
        let found = modulations(&cadences(&[50]), &Modulations::default()).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].key.to_string(), "D major");
    }

    #[test]
    fn silence_has_no_keys_and_odd_options_are_refused() {
        let silence = pitches(&vec![0.0; 22_050], SR, &PitchOptions::default()).unwrap();
        assert!(modulations(&silence, &Modulations::default()).unwrap().is_empty());
        let default = Modulations::default();
        assert!(modulations(&silence, &Modulations { window_s: 0.0, ..default }).is_err());
        for change in [0.0, 1.0, f64::NAN] {
            assert!(modulations(&silence, &Modulations { change, ..default }).is_err());
        }
    }
}
