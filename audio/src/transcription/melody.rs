//! The melody: the highest of the notes that sound.

use super::templates::{LOWEST_NOTE, NOTES};
use super::{Note, Voices};
use crate::matrix::Matrix;

/// What another note costs, as a logarithm, and each semitone on the way there.
const LEAP: (f64, f64) = (2.5, 0.08);
/// What it costs to begin or to end.
const PAUSE: f64 = 4.0;
/// Likelihoods are no nearer to 0 or 1.
const SURE: f64 = 1e-4;

/// The melody, one note after the other: the likeliest sequence of notes above which none sounds.
///
/// A melody that lies below other voices is not found. As Ryynänen, M. and Klapuri, A. Automatic
/// transcription of melody, bass line, and chords in polyphonic music. Computer Music Journal,
/// 2008, with one state for each note.
pub fn melody(voices: &Voices<'_>) -> Vec<Note> {
    let (likely, frame_s) = (&voices.likely, voices.polyphony.frame_s);
    let count = likely.columns();
    if count == 0 {
        return Vec::new();
    }
    let path = likeliest(likely);
    let mut found = Vec::new();
    let mut first = 0;
    for end in 1..=count {
        let state = path[first];
        if end < count && path[end] == state {
            continue;
        }
        if state < NOTES {
            let sum: f32 = (first..end).map(|frame| likely[(state, frame)]).sum();
            found.push(Note {
                // A frame stands for what is nearest to it.
                start_s: (first as f64 - 0.5).max(0.0) * frame_s,
                end_s: (end as f64 - 0.5) * frame_s,
                midi: LOWEST_NOTE + state,
                confidence: f64::from(sum / (end - first) as f32),
            });
        }
        first = end;
    }
    found
}

/// For each frame the highest note, or [`NOTES`] where there is none.
fn likeliest(likely: &Matrix<f32>) -> Vec<usize> {
    let frames = likely.columns();
    let mut scores = seen(likely.column(0));
    let mut from: Matrix<u8> = Matrix::filled(NOTES + 1, frames, 0);
    let mut next = scores.clone();
    for frame in 1..frames {
        let here = seen(likely.column(frame));
        for to in 0..=NOTES {
            let mut best = (f64::NEG_INFINITY, 0);
            for (before, score) in scores.iter().enumerate() {
                let score = score - cost(before, to);
                if score > best.0 {
                    best = (score, before);
                }
            }
            next[to] = best.0 + here[to];
            from[(to, frame)] = best.1 as u8;
        }
        std::mem::swap(&mut scores, &mut next);
    }
    let last = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    let mut state = last.map_or(NOTES, |(state, _)| state);
    let mut path = vec![NOTES; frames];
    for frame in (0..frames).rev() {
        path[frame] = state;
        state = usize::from(from[(state, frame)]);
    }
    path
}

/// The logarithm of how likely each note sounds and none above it, and at last that none does.
fn seen(likely: &[f32]) -> Vec<f64> {
    let within = |value: f64| value.clamp(SURE, 1.0).ln();
    let mut seen = vec![0.0; NOTES + 1];
    let mut above = 0.0;
    for note in (0..NOTES).rev() {
        let likely = f64::from(likely[note]);
        seen[note] = within(likely) + above;
        above += within(1.0 - likely);
    }
    seen[NOTES] = above;
    seen
}

fn cost(from: usize, to: usize) -> f64 {
    match (from, to) {
        _ if from == to => 0.0,
        (NOTES, _) | (_, NOTES) => PAUSE,
        _ => LEAP.0 + LEAP.1 * from.abs_diff(to) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::tests::heard;
    use crate::transcription::tests::sounding;

    #[test]
    fn the_highest_notes_are_the_melody() {
        let played = [
            (76, 0.2, 1.0),
            (48, 0.2, 2.0),
            (60, 0.2, 2.0),
            (79, 1.0, 1.5),
            (74, 1.5, 2.2),
            (55, 3.0, 3.5),
        ];
        let polyphony = heard(&sounding(&played, 4.0)).polyphony;
        let found = melody(&Voices::of(&polyphony));
        let long = |note: &&Note| note.end_s - note.start_s > 0.15;
        let notes: Vec<usize> = found.iter().filter(long).map(|note| note.midi).collect();
        assert_eq!(notes, [76, 79, 74, 55], "{found:?}");
        assert!((found[0].start_s - 0.2).abs() < 0.1 && (found[0].end_s - 1.0).abs() < 0.1);
        assert!(found.windows(2).all(|two| two[0].end_s <= two[1].start_s));
        assert!(found.iter().all(|note| (0.0..=1.0).contains(&note.confidence)));
    }

    #[test]
    fn silence_has_no_melody() {
        assert!(melody(&Voices::of(&heard(&vec![0.0; 22_050]).polyphony)).is_empty());
    }
}
