"""The names of notes, keys and svaras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ... import _native
from .._arguments import Array, double, number, text
from ..util.exceptions import ParameterError
from .convert import hz_to_midi, midi_to_hz

__all__ = [
    "fifths_to_note",
    "hz_to_fjs",
    "hz_to_note",
    "hz_to_svara_c",
    "hz_to_svara_h",
    "interval_to_fjs",
    "key_to_degrees",
    "key_to_notes",
    "list_mela",
    "list_thaat",
    "mela_to_degrees",
    "mela_to_svara",
    "midi_to_note",
    "midi_to_svara_c",
    "midi_to_svara_h",
    "note_to_hz",
    "note_to_midi",
    "note_to_svara_c",
    "note_to_svara_h",
    "thaat_to_degrees",
]


def _named(of: Callable[[float], str], values: Any, name: str) -> Any:
    """The name of each value, in the shape in which they came."""
    flat = double(values, name)
    if np.ndim(values) == 0:
        return of(float(flat[0]))
    return np.array([of(each) for each in flat.tolist()]).reshape(np.shape(values))


def note_to_midi(note: Any, *, round_midi: bool = True) -> Any:
    """The number of a note's name, such as `C4`, `b♭3` and `A4+25`; or of each of some."""
    if not isinstance(note, str):
        return np.array([note_to_midi(each, round_midi=round_midi) for each in note])
    if note == "":
        return np.nan
    midi = _native.note_to_midi(note)
    return int(np.round(midi)) if round_midi else midi


def note_to_hz(note: Any, *, round_midi: bool = False) -> Any:
    """The frequency of a note's name, or of each of some."""
    return midi_to_hz(note_to_midi(note, round_midi=round_midi))


def midi_to_note(
    midi: Any,
    *,
    octave: bool = True,
    cents: bool = False,
    key: str = "C:maj",
    unicode: bool = True,
) -> Any:
    """The name of the nearest note of a number, or of each of some."""
    name = (bool(octave), bool(cents), text("key", key), bool(unicode))
    return _named(lambda midi: _native.midi_to_note(midi, name), midi, "midi")


def hz_to_note(frequencies: Any, **kwargs: Any) -> Any:
    """The name of the nearest note of a frequency; further arguments are those of `midi_to_note`."""
    return midi_to_note(hz_to_midi(frequencies), **kwargs)


def key_to_notes(key: str, *, unicode: bool = True, natural: bool = False) -> list[str]:
    """How the twelve classes of pitch are written in a key or a mode, such as `E♭:maj`."""
    return _native.key_to_notes(text("key", key), bool(unicode), bool(natural))


def key_to_degrees(key: str) -> Array:
    """The classes of pitch of a key, from its tonic on."""
    return np.array(_native.key_to_degrees(text("key", key)))


def fifths_to_note(*, unison: str, fifths: int, unicode: bool = True) -> str:
    """The note that many fifths above another."""
    if not isinstance(fifths, (int, np.integer)) or abs(fifths) > 2**14:
        raise ParameterError(f"fifths is {fifths!r}, but must be a whole number below {2**14}")
    return _native.fifths_to_note(text("unison", unison), int(fifths), bool(unicode))


def interval_to_fjs(
    interval: Any, *, unison: str = "C", tolerance: float = 65.0 / 63, unicode: bool = True
) -> Any:
    """The note at a just interval above `unison`, or at each of some, in FJS notation."""
    first, near = text("unison", unison), number("tolerance", tolerance)
    return _named(
        lambda ratio: _native.interval_to_fjs(ratio, first, near, bool(unicode)),
        interval,
        "interval",
    )


def hz_to_fjs(
    frequencies: Any, *, fmin: float | None = None, unison: str | None = None, unicode: bool = False
) -> Any:
    """The note of a frequency that lies at a just interval from `fmin`, or of each of some."""
    hz = double(frequencies, "frequencies")
    if not len(hz):
        raise ParameterError("frequencies are empty")
    least = float(hz.min()) if fmin is None else number("fmin", fmin)
    if not least > 0:
        raise ParameterError(f"fmin is {least}, but must be above 0")
    first = hz_to_note(least, octave=False, unicode=False) if unison is None else unison
    return interval_to_fjs(np.asarray(frequencies) / least, unison=first, unicode=unicode)


def list_mela() -> dict[str, int]:
    """The melakarta ragas and their numbers."""
    return {name: index + 1 for index, name in enumerate(_native.list_mela())}


def list_thaat() -> list[str]:
    """The names of the thaats."""
    return _native.list_thaat()


def thaat_to_degrees(thaat: str) -> Array:
    """The svaras of a thaat, in semitones above Sa."""
    return np.array(_native.thaat_to_degrees(text("thaat", thaat)))


def _mela(mela: Any) -> int:
    if isinstance(mela, str):
        return _native.mela_number(mela)
    if not isinstance(mela, (int, np.integer)) or not 1 <= mela <= 72:
        raise ParameterError(f"mela is {mela!r}, but must be a name, or from 1 to 72")
    return int(mela)


def mela_to_degrees(mela: Any) -> Array:
    """The svaras of a melakarta raga, in semitones above Sa."""
    return np.array(_native.mela_to_degrees(_mela(mela)))


def mela_to_svara(mela: Any, *, abbr: bool = True, unicode: bool = True) -> list[str]:
    """What the twelve svaras are called in a melakarta raga."""
    return _native.mela_to_svara(_mela(mela), bool(abbr), bool(unicode))


def midi_to_svara_h(
    midi: Any, *, Sa: float, abbr: bool = True, octave: bool = True, unicode: bool = True
) -> Any:
    """The svara of a number in Hindustani notation, or of each of some."""
    form, sa = (bool(abbr), bool(octave), bool(unicode)), float(double(Sa, "Sa")[0])
    return _named(lambda midi: _native.midi_to_svara_h(midi, sa, form), midi, "midi")


def midi_to_svara_c(
    midi: Any, *, Sa: float, mela: Any, abbr: bool = True, octave: bool = True, unicode: bool = True
) -> Any:
    """The svara of a number in Carnatic notation, or of each of some."""
    form, sa = (bool(abbr), bool(octave), bool(unicode)), float(double(Sa, "Sa")[0])
    raga = _mela(mela)
    return _named(lambda midi: _native.midi_to_svara_c(midi, sa, raga, form), midi, "midi")


def hz_to_svara_h(
    frequencies: Any, *, Sa: float, abbr: bool = True, octave: bool = True, unicode: bool = True
) -> Any:
    """The svara of a frequency in Hindustani notation, or of each of some."""
    return midi_to_svara_h(
        hz_to_midi(frequencies), Sa=hz_to_midi(Sa), abbr=abbr, octave=octave, unicode=unicode
    )


def hz_to_svara_c(
    frequencies: Any,
    *,
    Sa: float,
    mela: Any,
    abbr: bool = True,
    octave: bool = True,
    unicode: bool = True,
) -> Any:
    """The svara of a frequency in Carnatic notation, or of each of some."""
    return midi_to_svara_c(
        hz_to_midi(frequencies),
        Sa=hz_to_midi(Sa),
        mela=mela,
        abbr=abbr,
        octave=octave,
        unicode=unicode,
    )


def note_to_svara_h(
    notes: Any, *, Sa: str, abbr: bool = True, octave: bool = True, unicode: bool = True
) -> Any:
    """The svara of a note's name in Hindustani notation, or of each of some."""
    midi, sa = note_to_midi(notes, round_midi=False), note_to_midi(Sa)
    return midi_to_svara_h(midi, Sa=sa, abbr=abbr, octave=octave, unicode=unicode)


def note_to_svara_c(
    notes: Any, *, Sa: str, mela: Any, abbr: bool = True, octave: bool = True, unicode: bool = True
) -> Any:
    """The svara of a note's name in Carnatic notation, or of each of some."""
    midi, sa = note_to_midi(notes, round_midi=False), note_to_midi(Sa)
    return midi_to_svara_c(midi, Sa=sa, mela=mela, abbr=abbr, octave=octave, unicode=unicode)
