//! The key of a recording as a whole.

use std::fmt;

use super::pitches::Pitches;

/// Which third a scale has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The greater.
    Major,
    /// The lesser.
    Minor,
}

/// What fits a recording best of all 24 keys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// The class of pitch of the tonic, from 0 for C to 11 for B.
    pub tonic: usize,
    /// The scale.
    pub mode: Mode,
    /// How well the key fits, from -1 to 1: a correlation.
    pub strength: f64,
    /// By how much it fits better than the next best, from 0 to 1: 0 where both fit alike.
    pub confidence: f64,
}

impl fmt::Display for Key {
    /// As `F# minor`, with the tonic of fewer accidentals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAJOR: [&str; 12] = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
        const MINOR: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"];
        match self.mode {
            Mode::Major => write!(f, "{} major", MAJOR[self.tonic % 12]),
            Mode::Minor => write!(f, "{} minor", MINOR[self.tonic % 12]),
        }
    }
}

/// How much of each degree is heard in major and in minor, by two authors.
const PROFILES: [[[f64; 12]; 2]; 2] = [
    [
        [5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0],
        [5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0],
    ],
    [
        [16.80, 0.86, 12.95, 1.41, 13.49, 11.93, 1.25, 20.28, 1.80, 8.04, 0.62, 10.57],
        [18.16, 0.69, 12.99, 13.34, 1.07, 11.15, 1.38, 21.07, 7.49, 1.53, 0.92, 10.21],
    ],
];

/// The key of a recording, by how the mean of its classes of pitch correlates with the profiles of
/// two authors; none where no class stands out.
///
/// Krumhansl, C. Cognitive foundations of musical pitch. Oxford, 1990, with the profiles of
/// Temperley, D. What's key for key? Music Perception, 1999, and Bellman, H. About the
/// determination of key of a musical excerpt. CMMR, 2005.
pub fn key(pitches: &Pitches) -> Option<Key> {
    let mut mean = [0.0; 12];
    for frame in pitches.classes.iter_columns() {
        for (sum, &class) in mean.iter_mut().zip(frame) {
            *sum += f64::from(class);
        }
    }
    let mut found = fits(&mean)?;
    found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let confidence = 1.0 - (1.0 - found[0].strength) / (1.0 - found[1].strength);
    Some(Key { confidence: confidence.clamp(0.0, 1.0), ..found[0] })
}

/// How well each key fits classes of pitch, major ones first, from C on; none where no class stands
/// out.
pub(super) fn fits(classes: &[f64; 12]) -> Option<[Key; 24]> {
    let none = Key { tonic: 0, mode: Mode::Major, strength: 0.0, confidence: 0.0 };
    let mut found = [none; 24];
    for (state, key) in found.iter_mut().enumerate() {
        let (index, tonic) = (state / 12, state % 12);
        let mut turned = *classes;
        turned.rotate_left(tonic);
        let fits = PROFILES.iter().map(|profile| correlation(&profile[index], &turned));
        let strength = fits.sum::<Option<f64>>()? / PROFILES.len() as f64;
        let mode = if index == 0 { Mode::Major } else { Mode::Minor };
        *key = Key { tonic, mode, strength, confidence: 0.0 };
    }
    Some(found)
}

/// Pearson's; none where either is the same everywhere.
fn correlation(a: &[f64; 12], b: &[f64; 12]) -> Option<f64> {
    let mean = |values: &[f64; 12]| values.iter().sum::<f64>() / 12.0;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        both += a * b;
        of_a += a * a;
        of_b += b * b;
    }
    let scale = (of_a * of_b).sqrt();
    (scale > 0.0).then(|| both / scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harmony::pitches::tests::{SR, sounding};
    use crate::harmony::{PitchOptions, pitches};

    fn of(chords: &[&[u8]]) -> Option<Key> {
        let y: Vec<f32> = chords.iter().flat_map(|notes| sounding(notes, 0.0)).collect();
        key(&pitches(&y, SR, &PitchOptions::default()).unwrap())
    }

    #[test]
    fn a_cadence_is_in_its_key() {
        // I IV V I in E flat major, and i iv V i in F sharp minor.
        let major = [[51, 58, 67], [56, 60, 63], [58, 62, 65], [51, 58, 67]];
        let minor = [[54, 57, 61], [59, 62, 66], [61, 65, 68], [54, 57, 61]];
        for (chords, name) in [(major, "Eb major"), (minor, "F# minor")] {
            let notes: Vec<&[u8]> = chords.iter().map(<[u8; 3]>::as_slice).collect();
            let found = of(&notes).unwrap();
            assert_eq!(found.to_string(), name);
            assert!(found.strength > 0.6 && found.strength <= 1.0, "{found:?}");
            assert!(found.confidence > 0.0 && found.confidence <= 1.0, "{found:?}");
        }
    }

    #[test]
    fn what_has_no_pitch_has_no_key() {
        let silence = pitches(&vec![0.0; 22_050], SR, &PitchOptions::default()).unwrap();
        assert_eq!(key(&silence), None);
    }
}
