//! How likely each note sounds in each frame, given how much of it and of others is heard there.

use super::Polyphony;
use super::templates::{LOWEST_NOTE, NOTES};
use crate::harmony::Pitches;
use crate::matrix::Matrix;

/// Semitones to other notes that a note is compared with: what it may be an overtone of, what may
/// be overtones of it, and what it may be mistaken for.
const OTHERS: [isize; 12] = [-12, -19, -24, -28, -7, -5, 12, 19, -1, 1, 7, 24];
/// Logarithms are cut here.
const FLOOR: f32 = -7.0;
/// And those of the shares of two notes here, on either side.
const SHARE_MAX: f32 = 4.0;
/// What is softer than the loudest note of a frame by more is no note.
const FAINT: f32 = 0.01;
/// How likely that is.
const UNLIKELY: f32 = 0.001;
/// So many of all frames are softer than what levels are compared with.
const LOUD: f64 = 0.95;
/// Frames to either side of which the mean is taken.
const NEAR: usize = 2;
/// A frame whose loudest note is softer has none: some 90 dB below full scale, as a root.
const SILENT: f32 = 0.006;
/// Frames of which harmony has one: a tenth of a second.
const FRAMES_OF_HARMONY: usize = 5;
/// All notes together are less likely where there is no harmony.
const NOTHING: f32 = 0.25;

/// The weights of a logistic regression: of the share of the loudest note of the frame, of the
/// loudness beside that of the recording, of the first over some frames, of the loudness of the
/// frame; of each of [`OTHERS`]; of the height and its square. Fitted on pieces that were rendered
/// from scores (`docs/score.md`).
const WEIGHTS: [f32; 18] = [
    -1.2362, 0.0393, 3.8291, 2.2620, 0.0142, -0.0004, -0.0506, -0.0740, -0.1813, -0.0475, 0.3662,
    0.4152, -0.2543, -0.4834, -0.2414, 0.0012, 1.3311, -2.8922,
];
const BIAS: f32 = 2.1436;

/// How likely each note sounds in each frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Voices<'a> {
    /// What they are heard in.
    pub polyphony: &'a Polyphony,
    /// From 0 to 1: a row for each note from the lowest of `polyphony` on, a column for each frame.
    pub likely: Matrix<f32>,
}

impl<'a> Voices<'a> {
    /// Of what was heard.
    pub fn of(polyphony: &'a Polyphony) -> Self {
        let frames = polyphony.frames();
        let loudest = |frame| polyphony.levels(frame).iter().copied().fold(0.0, f32::max);
        let loudest: Vec<f32> = (0..frames).map(loudest).collect();
        let mut sorted = loudest.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let at = (LOUD * frames.saturating_sub(1) as f64).round() as usize;
        let loud = sorted.get(at).copied().unwrap_or(0.0) + 1e-9;
        let mut likely = Matrix::filled(NOTES, frames, UNLIKELY);
        for (frame, &most) in loudest.iter().enumerate() {
            let levels = polyphony.levels(frame);
            for note in 0..NOTES {
                if levels[note] > most * FAINT && most > SILENT {
                    let near = frame.saturating_sub(NEAR)..(frame + NEAR + 1).min(frames);
                    let count = near.len() as f32;
                    let mean = near.map(|near| polyphony.levels(near)[note]).sum::<f32>() / count;
                    likely[(note, frame)] = likelihood(levels, note, mean, most, loud);
                }
            }
        }
        Self { polyphony, likely }
    }

    /// What harmony is made of: how likely notes of each class are, each tenth of a second;
    /// `tuning` is that of the recording, in semitones.
    pub fn pitches(&self, tuning: f64) -> Pitches {
        let columns = self.likely.columns().div_ceil(FRAMES_OF_HARMONY);
        let mut classes: Matrix<f32> = Matrix::filled(12, columns, 0.0);
        for (frame, notes) in self.likely.iter_columns().enumerate() {
            // Each is centred where its own frame is.
            let at = ((frame + FRAMES_OF_HARMONY / 2) / FRAMES_OF_HARMONY).min(columns - 1);
            for (note, &likely) in notes.iter().enumerate().filter(|(_, it)| **it > UNLIKELY) {
                classes[((LOWEST_NOTE + note) % 12, at)] += likely;
            }
        }
        for column in 0..columns {
            let classes = classes.column_mut(column);
            let length = classes.iter().map(|class| class * class).sum::<f32>().sqrt();
            let is_silent = length < NOTHING;
            for class in classes {
                *class = if is_silent { 0.0 } else { *class / length };
            }
        }
        Pitches { classes, frame_s: self.polyphony.frame_s * FRAMES_OF_HARMONY as f64, tuning }
    }
}

fn likelihood(levels: &[f32], note: usize, mean: f32, most: f32, loud: f32) -> f32 {
    let log = |share: f32| (share + 1e-9).ln().max(FLOOR);
    let level = levels[note];
    let height = (note as f32 - 36.0) / 36.0;
    let least = 0.01 * loud;
    let ends = [
        log(level / (most + 1e-9)),
        log(level / loud),
        log(mean / (most + 1e-9)),
        log(most / loud),
    ];
    let other = |&semitones: &isize| {
        let other = note.checked_add_signed(semitones).and_then(|other| levels.get(other));
        let other = other.copied().unwrap_or(0.0);
        ((other + least) / (level + least)).ln().clamp(-SHARE_MAX, SHARE_MAX)
    };
    let all = ends.into_iter().chain(OTHERS.iter().map(other)).chain([height, height * height]);
    let sum: f32 = all.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    1.0 / (1.0 + (-(sum + BIAS)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harmony::{Chords, chords, key};
    use crate::sound::tests::heard;
    use crate::transcription::tests::sounding;

    #[test]
    fn notes_that_sound_are_likely_and_their_overtones_are_not() {
        let polyphony = heard(&sounding(&[(57, 0.0, 2.0), (64, 0.0, 2.0)], 2.0)).polyphony;
        let voices = Voices::of(&polyphony);
        let middle = voices.likely.column(voices.likely.columns() / 2);
        for (note, &likely) in middle.iter().enumerate() {
            let sounds = [57, 64].contains(&(note + LOWEST_NOTE));
            assert_eq!(likely > 0.5, sounds, "{}: {likely}", note + LOWEST_NOTE);
            assert!((0.0..=1.0).contains(&likely));
        }
    }

    #[test]
    fn harmony_is_made_of_them() {
        let chord = |root: usize, from: f64| {
            [root, root + 4, root + 7].map(|note| (note, from, from + 1.0))
        };
        // I IV V I in D major.
        let played = [chord(50, 0.0), chord(55, 1.0), chord(57, 2.0), chord(50, 3.0)].concat();
        let polyphony = heard(&sounding(&played, 5.0)).polyphony;
        let pitches = Voices::of(&polyphony).pitches(0.0);
        assert_eq!(key(&pitches).unwrap().to_string(), "D major");
        let found = chords(&pitches, &Chords::default()).unwrap();
        let labels: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(labels, ["D:maj", "G:maj", "A:maj", "D:maj", "N"], "{found:?}");
        assert!((found[1].start_s - 1.0).abs() < 0.15, "{found:?}");
    }

    #[test]
    fn silence_has_neither_notes_nor_harmony() {
        let polyphony = heard(&vec![0.0; 22_050]).polyphony;
        let voices = Voices::of(&polyphony);
        assert!(voices.likely.as_slice().iter().all(|&likely| likely == UNLIKELY));
        assert!(voices.pitches(0.0).classes.as_slice().iter().all(|&class| class == 0.0));
    }
}
