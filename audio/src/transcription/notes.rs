//! All notes, as a score has them.

use super::Voices;
use super::templates::{LOWEST_NOTE, NOTES};
use crate::rhythm::Onset;

/// A note begins when it is likelier than this ...
const BEGINS: f32 = 0.2;
/// ... and ends when it is less likely than this.
const ENDS: f32 = 0.12;
/// Shorter is none, in seconds.
const SHORTEST_S: f64 = 0.06;
/// A note that sounds begins again at an onset where it becomes louder by this factor, as the root
/// of a magnitude: the least of so many frames before against the greatest of so many after.
const AGAIN: f32 = 1.2;
const BEFORE_FRAMES: usize = 3;
const AFTER_FRAMES: usize = 6;
/// It has sounded for more frames by then.
const APART_FRAMES: usize = 3;
/// How far an onset may lie from where a note becomes likely, in seconds.
const NEAR_S: f64 = 0.07;

/// A note.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Note {
    /// When it begins, in seconds.
    pub start_s: f64,
    /// When it ends.
    pub end_s: f64,
    /// Its MIDI number: 69 is the A that the recording is tuned to.
    pub midi: usize,
    /// How likely it is, from 0 to 1: the mean over its frames.
    pub confidence: f64,
}

/// All notes, by their beginning and then their pitch. They begin at `onsets` where there are some
/// near.
pub fn notes(voices: &Voices<'_>, onsets: &[Onset]) -> Vec<Note> {
    let (polyphony, likely) = (voices.polyphony, &voices.likely);
    let mut found = Vec::new();
    for note in 0..NOTES {
        let row: Vec<f32> = likely.row(note).collect();
        let level: Vec<f32> = (0..row.len()).map(|frame| polyphony.levels(frame)[note]).collect();
        for (first, end) in spans(&row, &level, polyphony.frame_s, onsets) {
            let start_s = snapped(first as f64 * polyphony.frame_s, onsets);
            let end_s = (end as f64 - 0.5) * polyphony.frame_s;
            if end_s - start_s < SHORTEST_S {
                continue;
            }
            let sum: f32 = row[first..end].iter().sum();
            let confidence = f64::from(sum / (end - first) as f32);
            found.push(Note { start_s, end_s, midi: LOWEST_NOTE + note, confidence });
        }
    }
    found.sort_by(|a, b| a.start_s.total_cmp(&b.start_s).then(a.midi.cmp(&b.midi)));
    found
}

/// From which frame to before which one a note sounds, each time.
fn spans(likely: &[f32], level: &[f32], frame_s: f64, onsets: &[Onset]) -> Vec<(usize, usize)> {
    let mut struck = vec![false; likely.len()];
    for onset in onsets {
        let frame = (onset.time_s / frame_s).round() as usize;
        if let Some(struck) = struck.get_mut(frame) {
            *struck = true;
        }
    }
    let is_struck = |frame: usize| {
        let near = |from: usize, to: usize| &level[from..to.min(level.len())];
        let before = near(frame.saturating_sub(BEFORE_FRAMES), frame + 1).iter().copied();
        let after = near(frame, frame + AFTER_FRAMES).iter().copied();
        struck[frame] && after.fold(0.0, f32::max) > AGAIN * before.fold(f32::INFINITY, f32::min)
    };
    let mut found = Vec::new();
    let mut begun: Option<usize> = None;
    for (frame, &here) in likely.iter().enumerate() {
        match begun {
            None if here >= BEGINS => begun = Some(frame),
            Some(first) if here < ENDS => {
                found.push((first, frame));
                begun = None;
            }
            Some(first) if frame > first + APART_FRAMES && is_struck(frame) => {
                found.push((first, frame));
                begun = Some(frame);
            }
            _ => {}
        }
    }
    if let Some(first) = begun {
        found.push((first, likely.len()));
    }
    found
}

/// The onset that lies nearest to `place_s`, where one lies near.
fn nearest(place_s: f64, onsets: &[Onset]) -> Option<f64> {
    let after = onsets.partition_point(|onset| onset.time_s < place_s);
    let near = onsets.get(after.saturating_sub(1)..(after + 1).min(onsets.len()))?;
    let off = |time: &f64| (time - place_s).abs();
    let within = near.iter().map(|onset| onset.time_s).filter(|time| off(time) <= NEAR_S);
    within.min_by(|a, b| off(a).total_cmp(&off(b)))
}

fn snapped(time_s: f64, onsets: &[Onset]) -> f64 {
    nearest(time_s, onsets).unwrap_or(time_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rhythm::{OnsetOptions, onsets};
    use crate::sound::tests::heard;
    use crate::transcription::tests::sounding;

    #[test]
    fn notes_have_their_pitch_and_their_time() {
        let played = [(50, 0.3, 0.8), (69, 0.3, 0.8), (56, 0.8, 1.2), (56, 1.2, 1.6)];
        let sound = heard(&sounding(&played, 2.2));
        let onsets = onsets(&sound, &OnsetOptions::default()).unwrap();
        let found = notes(&Voices::of(&sound.polyphony), &onsets);
        assert_eq!(found.len(), played.len(), "{found:?}");
        for (note, (midi, start, end)) in found.iter().zip(played) {
            assert_eq!(note.midi, midi, "{found:?}");
            assert!((note.start_s - start).abs() < 0.05, "{note:?} {start}");
            assert!((note.end_s - end).abs() < 0.12, "{note:?} {end}");
            assert!(note.confidence > 0.2 && note.confidence <= 1.0, "{note:?}");
        }
    }

    #[test]
    fn silence_has_no_notes() {
        assert!(notes(&Voices::of(&heard(&vec![0.0; 22_050]).polyphony), &[]).is_empty());
    }

    #[test]
    fn the_nearest_onset_counts_where_one_is_near() {
        let onset = |time_s| Onset { time_s, strength: 1.0, confidence: 0.5 };
        let onsets = [onset(1.0), onset(1.1)];
        assert_eq!(nearest(1.04, &onsets), Some(1.0));
        assert_eq!(nearest(1.06, &onsets), Some(1.1));
        assert_eq!(nearest(1.16, &onsets), Some(1.1));
        assert_eq!((nearest(0.9, &onsets), nearest(1.2, &onsets)), (None, None));
        assert_eq!(nearest(1.0, &[]), None);
    }
}
