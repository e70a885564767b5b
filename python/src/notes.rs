//! `librosa.core.notation`: the names of notes, keys and svaras.

use pyo3::prelude::*;
use tutti_audio::convert::{self, Fjs, NoteName};

use crate::errors::parameter_error;
use crate::options::SvaraArgument;

/// A name's number, without rounding.
#[pyfunction]
pub(crate) fn note_to_midi(note: &str) -> PyResult<f64> {
    convert::note_to_midi(note).map_err(|error| parameter_error(&error))
}

/// `octave, cents, key, unicode`.
#[derive(FromPyObject)]
pub(crate) struct NameArgument(bool, bool, String, bool);

/// A number's name.
#[pyfunction]
pub(crate) fn midi_to_note(midi: f64, name: NameArgument) -> PyResult<String> {
    let NameArgument(octave, cents, key, unicode) = name;
    let name = NoteName { octave, cents, key: &key, unicode };
    convert::midi_to_note(midi, &name).map_err(|error| parameter_error(&error))
}

/// How notes are written in a key.
#[pyfunction]
pub(crate) fn key_to_notes(key: &str, unicode: bool, natural: bool) -> PyResult<Vec<String>> {
    let notes = convert::key_to_notes(key, unicode, natural);
    notes.map(Vec::from).map_err(|error| parameter_error(&error))
}

/// The classes of pitch of a key.
#[pyfunction]
pub(crate) fn key_to_degrees(key: &str) -> PyResult<Vec<usize>> {
    convert::key_to_degrees(key).map(Vec::from).map_err(|error| parameter_error(&error))
}

/// The note so many fifths above another.
#[pyfunction]
pub(crate) fn fifths_to_note(unison: &str, fifths: i16, unicode: bool) -> PyResult<String> {
    convert::fifths_to_note(unison, fifths, unicode).map_err(|error| parameter_error(&error))
}

/// The note at an interval.
#[pyfunction]
pub(crate) fn interval_to_fjs(
    interval: f64,
    unison: &str,
    tolerance: f64,
    unicode: bool,
) -> PyResult<String> {
    let fjs = Fjs { unison, tolerance, unicode };
    convert::interval_to_fjs(interval, &fjs).map_err(|error| parameter_error(&error))
}

/// The names of thaats.
#[pyfunction]
pub(crate) fn list_thaat() -> Vec<&'static str> {
    convert::list_thaat().to_vec()
}

/// The names of melas, the first first.
#[pyfunction]
pub(crate) fn list_mela() -> Vec<&'static str> {
    convert::list_mela().to_vec()
}

/// The svaras of a thaat.
#[pyfunction]
pub(crate) fn thaat_to_degrees(thaat: &str) -> PyResult<Vec<usize>> {
    convert::thaat_to_degrees(thaat).map(Vec::from).map_err(|error| parameter_error(&error))
}

/// The number of a mela.
#[pyfunction]
pub(crate) fn mela_number(mela: &str) -> PyResult<usize> {
    convert::mela_number(mela).map_err(|error| parameter_error(&error))
}

/// The svaras of a mela.
#[pyfunction]
pub(crate) fn mela_to_degrees(mela: usize) -> PyResult<Vec<usize>> {
    convert::mela_to_degrees(mela).map(Vec::from).map_err(|error| parameter_error(&error))
}

/// The names of the svaras of a mela.
#[pyfunction]
pub(crate) fn mela_to_svara(mela: usize, abbr: bool, unicode: bool) -> PyResult<Vec<String>> {
    let svaras = convert::mela_to_svara(mela, abbr, unicode);
    svaras.map(Vec::from).map_err(|error| parameter_error(&error))
}

/// A number's svara in Hindustani notation.
#[pyfunction]
pub(crate) fn midi_to_svara_h(midi: f64, sa: f64, svara: SvaraArgument) -> String {
    convert::midi_to_svara_h(midi, sa, svara.svara())
}

/// A number's svara in Carnatic notation.
#[pyfunction]
pub(crate) fn midi_to_svara_c(
    midi: f64,
    sa: f64,
    mela: usize,
    svara: SvaraArgument,
) -> PyResult<String> {
    let svara = convert::midi_to_svara_c(midi, sa, mela, svara.svara());
    svara.map_err(|error| parameter_error(&error))
}
