//! Names of notes.

use super::{hz_to_midi, key_to_notes, midi_to_hz};
use crate::error::{Error, check};

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

pub(super) fn accidental(letter: char) -> Option<f64> {
    match letter {
        '#' | '♯' => Some(1.0),
        'b' | '!' | '♭' => Some(-1.0),
        '𝄪' => Some(2.0),
        '𝄫' => Some(-2.0),
        '♮' | 'n' => Some(0.0),
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

/// How a note is named; defaults are librosa's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteName<'a> {
    /// With its octave; that of middle C is 4.
    pub octave: bool,
    /// With how many cents it lies above the name; not without the octave.
    pub cents: bool,
    /// The key or mode in which it is written, as in [`key_to_notes`](super::key_to_notes).
    pub key: &'a str,
    /// With `♯` and `♭` instead of `#` and `b`.
    pub unicode: bool,
}

impl Default for NoteName<'_> {
    fn default() -> Self {
        Self { octave: true, cents: false, key: "C:maj", unicode: true }
    }
}

/// `librosa.midi_to_note`: the nearest note; nothing for what is not finite.
///
/// # Errors
/// `name` has cents without an octave, or a key that is none.
pub fn midi_to_note(midi: f64, name: &NoteName<'_>) -> Result<String, Error> {
    check(name.octave || !name.cents, "octave", name.octave, "true where there are cents")?;
    let notes = key_to_notes(name.key, name.unicode, false)?;
    if !midi.is_finite() {
        return Ok(String::new());
    }
    let number = midi.round_ties_even() as i64;
    let mut note = notes[number.rem_euclid(12) as usize].clone();
    if name.octave {
        // librosa rounds the octave towards zero.
        note += &(number / 12 - 1).to_string();
    }
    if name.cents {
        let cents = 100.0 * (((midi - number as f64) * 100.0).round_ties_even() / 100.0);
        if cents >= 0.0 {
            note.push('+');
        }
        note += &(cents as i64).to_string();
    }
    Ok(note)
}

/// `librosa.hz_to_note`.
///
/// # Errors
/// As [`midi_to_note`].
pub fn hz_to_note(hz: f64, name: &NoteName<'_>) -> Result<String, Error> {
    midi_to_note(hz_to_midi(hz), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_has_a_name_that_can_be_read_again() {
        let name = NoteName { cents: true, key: "B♭:min", ..NoteName::default() };
        let note = midi_to_note(61.29, &name).unwrap();
        assert_eq!(note, "D♭4+28");
        assert!((note_to_midi(&note).unwrap() - 61.28).abs() < 1e-9);
        assert_eq!(hz_to_note(0.0, &name).unwrap(), "");
        assert!(midi_to_note(60.0, &NoteName { octave: false, ..name }).is_err());
        assert!(midi_to_note(60.0, &NoteName { key: "C", ..name }).is_err());
    }

    #[test]
    fn what_is_no_note_is_refused() {
        for note in ["", "H4", "C4x", "C4.5", "4", "C99999999999", "Cé"] {
            assert!(note_to_midi(note).is_err(), "{note}");
        }
    }
}
