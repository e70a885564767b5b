//! Units: frames, samples and seconds; Hz, mels, notes and octaves; levels as an ear hears them.
//!
//! Names and formulas are those of `librosa.core.convert`, `librosa.core.intervals` and
//! `librosa.core.notation`. Arithmetic only: nothing here knows a signal.

mod fjs;
mod frequency;
mod interval;
mod key;
mod note;
mod svara;
mod time;
mod weighting;

pub use fjs::{Fjs, hz_to_fjs, interval_to_fjs};
pub use frequency::{
    a4_to_tuning, cqt_frequencies, fft_frequencies, fourier_tempo_frequencies, hz_to_mel,
    hz_to_midi, hz_to_octs, mel_frequencies, mel_to_hz, midi_to_hz, octs_to_hz, tempo_frequencies,
    tuning_to_a4,
};
pub use interval::{Intervals, interval_frequencies, plimit_intervals, pythagorean_intervals};
pub use key::{fifths_to_note, key_to_degrees, key_to_notes};
pub use note::{NoteName, hz_to_note, midi_to_note, note_to_hz, note_to_midi};
pub use svara::{
    Svara, hz_to_svara_c, hz_to_svara_h, list_mela, list_thaat, mela_number, mela_to_degrees,
    mela_to_svara, midi_to_svara_c, midi_to_svara_h, note_to_svara_c, note_to_svara_h,
    thaat_to_degrees,
};
pub use time::{
    blocks_to_frames, blocks_to_samples, blocks_to_time, frames_to_samples, frames_to_time,
    samples_like, samples_to_frames, samples_to_time, time_to_frames, time_to_samples, times_like,
};
pub use weighting::{Weighting, frequency_weighting, multi_frequency_weighting};
