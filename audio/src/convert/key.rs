//! Which notes and degrees a key or a mode has, as `librosa.core.notation`.

use super::note::accidental;
use crate::error::Error;

/// The natural notes along the circle of fifths: a step is a fifth, and seven steps an accidental.
const FIFTHS: [char; 7] = ['F', 'C', 'G', 'D', 'A', 'E', 'B'];
/// The notes of an octave with sharps and with flats: a letter and its accidentals.
const SHARP: Notes = [
    ('C', 0),
    ('C', 1),
    ('D', 0),
    ('D', 1),
    ('E', 0),
    ('F', 0),
    ('F', 1),
    ('G', 0),
    ('G', 1),
    ('A', 0),
    ('A', 1),
    ('B', 0),
];
const FLAT: Notes = [
    ('C', 0),
    ('D', -1),
    ('D', 0),
    ('E', -1),
    ('E', 0),
    ('F', 0),
    ('G', -1),
    ('G', 0),
    ('A', -1),
    ('A', 0),
    ('B', -1),
    ('B', 0),
];
/// What the sixth sharp and each one after it replaces, and the same of flats.
const MORE_SHARPS: [(char, i64); 7] =
    [('E', 1), ('B', 1), ('F', 2), ('C', 2), ('G', 2), ('D', 2), ('A', 2)];
const MORE_FLATS: [(char, i64); 6] =
    [('C', -1), ('F', -1), ('B', -2), ('E', -2), ('A', -2), ('D', -2)];

const MAJOR: [i64; 7] = [0, 2, 4, 5, 7, 9, 11];
const MINOR: [i64; 7] = [0, 2, 3, 5, 7, 8, 10];
/// The modes, and how many fifths up their major key has its tonic.
const MODES: [(&[&str], i64); 7] = [
    (&["ion", "ionian"], 0),
    (&["dor", "dorian"], -2),
    (&["phr", "phryg", "phrygian"], -4),
    (&["lyd", "lydian"], 1),
    (&["mix", "mixolyd", "mixolydian"], -1),
    (&["aeo", "aeol", "aeolian"], -3),
    (&["loc", "locr", "locrian"], -5),
];

/// For each of twelve pitch classes from C on, a letter and its accidentals.
type Notes = [(char, i64); 12];

/// Of the natural note, in semitones above C.
fn pitch_of(letter: char) -> i64 {
    SHARP.iter().position(|note| *note == (letter, 0)).map_or(0, |at| at as i64)
}

/// `fifths` above a note.
fn transpose((letter, offset): (char, i64), fifths: i64) -> (char, i64) {
    let at = FIFTHS.iter().position(|&each| each == letter).map_or(0, |at| at as i64) + fifths;
    (FIFTHS[at.rem_euclid(7) as usize], offset + at.div_euclid(7))
}

/// A letter and its accidentals, and what follows them.
fn split_note(text: &str) -> Option<((char, i64), &str)> {
    let mut letters = text.chars();
    let letter = letters.next()?.to_ascii_uppercase();
    let rest = letters.as_str();
    let end = rest.find(|it: char| accidental(it).is_none()).unwrap_or(rest.len());
    let offset = rest[..end].chars().filter_map(accidental).map(|it| it as i64).sum();
    FIFTHS.contains(&letter).then_some(((letter, offset), &rest[end..]))
}

/// The tonic of a major or a minor scale, and which of its notes is the first.
struct Key {
    tonic: (char, i64),
    is_major: bool,
    first: usize,
}

impl Key {
    fn parse(key: &str) -> Result<Self, Error> {
        let known = || {
            let (tonic, rest) = split_note(key)?;
            let name = rest.strip_prefix(':')?;
            if let "maj" | "major" | "min" | "minor" = name {
                return Some(Self { tonic, is_major: name.starts_with("maj"), first: 0 });
            }
            let first = MODES.iter().position(|(names, _)| names.contains(&name))?;
            Some(Self { tonic: transpose(tonic, MODES[first].1), is_major: true, first })
        };
        let range = "a tonic and a scale or mode, such as E♭:maj, c#:minor or D:dorian";
        known().ok_or_else(|| Error::parameter("key", format!("'{key}'").as_str(), range))
    }

    fn degrees(&self) -> [i64; 7] {
        let tonic = pitch_of(self.tonic.0) + self.tonic.1;
        let steps = if self.is_major { MAJOR } else { MINOR };
        let mut degrees = steps.map(|step| (step + tonic).rem_euclid(12));
        degrees.rotate_left(self.first);
        degrees
    }

    /// With at most one accidental before the tonic.
    fn plain_notes(&self) -> Notes {
        let (letter, offset) = self.tonic;
        let start = if self.is_major { 0 } else { 9 };
        let number = ((pitch_of(letter) + offset) * 7 + start).rem_euclid(12);
        if offset > 0 || (offset == 0 && number < 6) {
            let sharps = if number == 0 && letter == 'B' { 12 } else { number };
            with(SHARP, &MORE_SHARPS, sharps - 5)
        } else {
            with(FLAT, &MORE_FLATS, (12 - number) % 12 - 5)
        }
    }

    /// A tonic with more accidentals has the notes of the one with a single accidental, moved.
    fn notes(&self) -> Notes {
        let (letter, offset) = self.tonic;
        let more = (offset.abs() - 1).max(0) * offset.signum();
        let mut notes = Self { tonic: (letter, offset - more), ..*self }.plain_notes();
        notes.rotate_right(more.rem_euclid(12) as usize);
        notes.map(|(letter, offset)| (letter, offset + more))
    }
}

/// The notes, the first `count` of `others` in the place of what sounds the same.
fn with(mut notes: Notes, others: &[(char, i64)], count: i64) -> Notes {
    for &(letter, offset) in others.iter().take(count.max(0) as usize) {
        notes[(pitch_of(letter) + offset).rem_euclid(12) as usize] = (letter, offset);
    }
    notes
}

/// As many accidentals as two signs need, in the order of `librosa.key_to_notes`.
fn accidentals(offset: i64, unicode: bool, single_first: bool) -> String {
    let (single, double) = match (offset >= 0, unicode) {
        (true, true) => ("♯", "𝄪"),
        (true, false) => ("#", "##"),
        (false, true) => ("♭", "𝄫"),
        (false, false) => ("b", "bb"),
    };
    let single = single.repeat(offset.unsigned_abs() as usize % 2);
    let double = double.repeat(offset.unsigned_abs() as usize / 2);
    if single_first { single + &double } else { double + &single }
}

/// `librosa.key_to_notes`: how the twelve pitch classes from C on are written in a key or a mode,
/// such as `E♭:maj`, `c#:minor` or `D:dorian`. Signs are ASCII (`#`, `b`, `n`) without `unicode`;
/// with `natural`, false by default, notes of other keys without a sign have a natural sign, unless
/// the tonic has more than one accidental.
///
/// # Errors
/// `key` is none.
pub fn key_to_notes(key: &str, unicode: bool, natural: bool) -> Result<[String; 12], Error> {
    let key = Key::parse(key)?;
    let degrees = key.degrees();
    let is_marked = natural && key.tonic.1.abs() < 2;
    let sign = if unicode { '♮' } else { 'n' };
    let mut degree = -1;
    Ok(key.notes().map(|(letter, offset)| {
        degree += 1;
        let mut name = format!("{letter}{}", accidentals(offset, unicode, true));
        if is_marked && offset == 0 && !degrees.contains(&degree) {
            name.push(sign);
        }
        name
    }))
}

/// `librosa.key_to_degrees`: the pitch classes, from 0 for C to 11 for B, of a scale from its tonic
/// on; keys as in [`key_to_notes`], minor is the natural one.
///
/// # Errors
/// `key` is none.
pub fn key_to_degrees(key: &str) -> Result<[usize; 7], Error> {
    Ok(Key::parse(key)?.degrees().map(|degree| degree as usize))
}

/// `librosa.fifths_to_note`: the note that many fifths above `unison`, a letter and accidentals; in
/// ASCII without `unicode`.
///
/// # Errors
/// `unison` is no such note.
pub fn fifths_to_note(unison: &str, fifths: i16, unicode: bool) -> Result<String, Error> {
    let note = split_note(unison).filter(|(_, rest)| rest.is_empty());
    let (note, _) = note.ok_or_else(|| {
        let range = "a letter and accidentals, such as C or B♭";
        Error::parameter("unison", format!("'{unison}'").as_str(), range)
    })?;
    let (letter, offset) = transpose(note, fifths.into());
    Ok(format!("{letter}{}", accidentals(offset, unicode, false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_refused() {
        for key in ["", "C", "H:maj", "C:", "C:Maj", "C:majo", "C:dori", "Cx:min", ":maj", "é:maj"]
        {
            assert!(key_to_notes(key, true, false).is_err(), "{key}");
            assert!(key_to_degrees(key).is_err(), "{key}");
        }
        let said = key_to_degrees("C").unwrap_err().to_string();
        assert!(said.starts_with("key is 'C', but must be a tonic"), "{said}");
        for unison in ["", "H", "C4", "C x", "♯"] {
            assert!(fifths_to_note(unison, 1, true).is_err(), "{unison}");
        }
    }

    #[test]
    fn any_number_of_accidentals_has_an_end() {
        let key = format!("C{}:maj", "𝄪".repeat(500));
        assert_eq!(key_to_degrees(&key).unwrap()[0], 1000 % 12);
        assert_eq!(key_to_notes(&key, false, true).unwrap()[4].len(), 1 + 1000);
        assert!(fifths_to_note("B", i16::MIN, true).unwrap().starts_with("E𝄫"));
    }
}
