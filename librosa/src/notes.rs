//! `librosa.core.notation`: the names of notes, keys and svaras.

use tutti_audio::convert::{self, Fjs, NoteName};

use crate::arguments::group;
use crate::options::SvaraArgument;
use crate::problem::Answer;
use crate::results::List;
use crate::table::{Function, table};

/// A name's number, without rounding.
fn note_to_midi(note: String) -> Answer<f64> {
    Ok(convert::note_to_midi(&note)?)
}

group! {
    /// `octave, cents, key, unicode`.
    pub(crate) struct NameArgument(bool, bool, String, bool);
}

/// A number's name.
fn midi_to_note(midi: f64, name: NameArgument) -> Answer<String> {
    let NameArgument(octave, cents, key, unicode) = name;
    let name = NoteName { octave, cents, key: &key, unicode };
    Ok(convert::midi_to_note(midi, &name)?)
}

/// How notes are written in a key.
fn key_to_notes(key: String, unicode: bool, natural: bool) -> Answer<List<String>> {
    Ok(List(convert::key_to_notes(&key, unicode, natural)?.into()))
}

/// The classes of pitch of a key.
fn key_to_degrees(key: String) -> Answer<List<usize>> {
    Ok(List(convert::key_to_degrees(&key)?.into()))
}

/// The note so many fifths above another.
fn fifths_to_note(unison: String, fifths: i16, unicode: bool) -> Answer<String> {
    Ok(convert::fifths_to_note(&unison, fifths, unicode)?)
}

/// The note at an interval.
fn interval_to_fjs(interval: f64, unison: String, tolerance: f64, unicode: bool) -> Answer<String> {
    let fjs = Fjs { unison: &unison, tolerance, unicode };
    Ok(convert::interval_to_fjs(interval, &fjs)?)
}

/// The names of thaats.
fn list_thaat() -> List<&'static str> {
    List(convert::list_thaat().to_vec())
}

/// The names of melas, the first first.
fn list_mela() -> List<&'static str> {
    List(convert::list_mela().to_vec())
}

/// The svaras of a thaat.
fn thaat_to_degrees(thaat: String) -> Answer<List<usize>> {
    Ok(List(convert::thaat_to_degrees(&thaat)?.into()))
}

/// The number of a mela.
fn mela_number(mela: String) -> Answer<usize> {
    Ok(convert::mela_number(&mela)?)
}

/// The svaras of a mela.
fn mela_to_degrees(mela: usize) -> Answer<List<usize>> {
    Ok(List(convert::mela_to_degrees(mela)?.into()))
}

/// The names of the svaras of a mela.
fn mela_to_svara(mela: usize, abbr: bool, unicode: bool) -> Answer<List<String>> {
    Ok(List(convert::mela_to_svara(mela, abbr, unicode)?.into()))
}

/// A number's svara in Hindustani notation.
fn midi_to_svara_h(midi: f64, sa: f64, svara: SvaraArgument) -> String {
    convert::midi_to_svara_h(midi, sa, svara.svara())
}

/// A number's svara in Carnatic notation.
fn midi_to_svara_c(midi: f64, sa: f64, mela: usize, svara: SvaraArgument) -> Answer<String> {
    Ok(convert::midi_to_svara_c(midi, sa, mela, svara.svara())?)
}

pub(crate) const FUNCTIONS: &[Function] = table![
    note_to_midi,
    midi_to_note,
    key_to_notes,
    key_to_degrees,
    fifths_to_note,
    interval_to_fjs,
    list_thaat,
    list_mela,
    thaat_to_degrees,
    mela_number,
    mela_to_degrees,
    mela_to_svara,
    midi_to_svara_h,
    midi_to_svara_c
];
