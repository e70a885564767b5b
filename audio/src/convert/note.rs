//! Names of notes.

use super::{hz_to_midi, midi_to_hz};
use crate::error::Error;

const SHARP: [&str; 12] = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

/// `librosa.note_to_midi` without rounding: a letter, accidentals, an octave (0 where there is
/// none) and cents, such as `C4`, `b♭3`, `F##-1` and `A4+25`.
///
/// # Errors
/// `note` is not such a name.
pub fn note_to_midi(note: &str) -> Result<f64, Error> {
    let quoted = format!("'{note}'");
    let refused = || Error::parameter("note", quoted.as_str(), "a note such as C♯4 or A4+25");
    let mut letters = note.chars();
    let pitch = match letters.next().map(|letter| letter.to_ascii_uppercase()) {
        Some('C') => 0.0,
        Some('D') => 2.0,
        Some('E') => 4.0,
        Some('F') => 5.0,
        Some('G') => 7.0,
        Some('A') => 9.0,
        Some('B') => 11.0,
        _ => return Err(refused()),
    };
    let rest = letters.as_str();
    let octave_at = rest.find(|letter: char| accidental(letter).is_none()).unwrap_or(rest.len());
    let (accidentals, rest) = rest.split_at(octave_at);
    let offset: f64 = accidentals.chars().filter_map(accidental).sum();
    let digits_from = usize::from(rest.starts_with(['+', '-']));
    let octave_to = rest
        .char_indices()
        .skip(digits_from)
        .find(|(_, letter)| !letter.is_ascii_digit())
        .map_or(rest.len(), |(at, _)| at);
    let (octave, cents) = rest.split_at(octave_to);
    let whole = |text: &str| match text {
        "" => Ok(0.0),
        text => text.parse::<i32>().map(f64::from).map_err(|_| refused()),
    };
    if !(cents.is_empty() || cents.starts_with(['+', '-'])) {
        return Err(refused());
    }
    Ok(12.0 * (whole(octave)? + 1.0) + pitch + offset + whole(cents)? * 0.01)
}

fn accidental(letter: char) -> Option<f64> {
    match letter {
        '#' | '♯' => Some(1.0),
        'b' | '!' | '♭' => Some(-1.0),
        '𝄪' => Some(2.0),
        '𝄫' => Some(-2.0),
        '♮' => Some(0.0),
        _ => None,
    }
}

/// `librosa.note_to_hz`.
///
/// # Errors
/// As [`note_to_midi`].
pub fn note_to_hz(note: &str) -> Result<f64, Error> {
    note_to_midi(note).map(midi_to_hz)
}

/// `librosa.midi_to_note` with its defaults: the nearest note with its octave, in C major; nothing
/// for what is not finite.
pub fn midi_to_note(midi: f64) -> String {
    if !midi.is_finite() {
        return String::new();
    }
    let number = midi.round_ties_even() as i64;
    let name = SHARP[number.rem_euclid(12) as usize];
    // librosa rounds the octave towards zero.
    format!("{name}{}", number / 12 - 1)
}

/// `librosa.hz_to_note` with its defaults.
pub fn hz_to_note(hz: f64) -> String {
    midi_to_note(hz_to_midi(hz))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_note_is_refused() {
        for note in ["", "H4", "C4x", "C4.5", "4", "C99999999999", "Cé"] {
            assert!(note_to_midi(note).is_err(), "{note}");
        }
    }
}
