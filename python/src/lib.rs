//! `tutti._native`: the audio library on NumPy's arrays.
//!
//! Conversions only, in both directions: signatures, defaults and channels are the Python package's
//! (`tutti/`), what is computed is the audio crate's.

#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]

mod arrays;
mod bands;
mod constantq;
mod convert;
mod effects;
mod errors;
mod filters;
mod notes;
mod options;
mod pitch;
mod recordings;
mod rhythm;
mod segment;
mod sequence;
mod spectrum;
mod util;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::bands::{
        chroma_stft, delta, f0_harmonics, interp_harmonics, mel_of_spectrogram, mel_to_audio,
        mel_to_stft, melspectrogram, mfcc, mfcc_to_mel, poly_features, rms, rms_of_spectrogram,
        salience, spectral_bandwidth, spectral_centroid, spectral_contrast, spectral_flatness,
        spectral_rolloff, stack_memory, tonnetz, zero_crossing_rate, zero_crossings,
    };
    #[pymodule_export]
    use crate::constantq::{
        chroma_cens, chroma_cqt, chroma_of_cqt, chroma_vqt, cqt, griffinlim_cqt, hybrid_cqt, icqt,
        pseudo_cqt, vqt,
    };
    #[pymodule_export]
    use crate::convert::{
        a4_to_tuning, cqt_frequencies, fft_frequencies, fourier_tempo_frequencies,
        frequency_weighting, hz_to_mel, hz_to_midi, hz_to_octs, interval_frequencies,
        mel_frequencies, mel_to_hz, midi_to_hz, multi_frequency_weighting, octs_to_hz,
        plimit_intervals, pythagorean_intervals, tempo_frequencies, tuning_to_a4,
    };
    #[pymodule_export]
    use crate::effects::{
        autocorrelate, chirp, clicks, deemphasis, harmonic, hpss, hpss_masks, lpc, mu_compress,
        mu_dequantize, mu_expand, mu_quantize, nn_filter, parts, percussive, pitch_shift,
        preemphasis, remix, resample, softmask, split, time_stretch, tone, trim,
    };
    #[pymodule_export]
    use crate::errors::{DecodeError, LibrosaError, ParameterError};
    #[pymodule_export]
    use crate::filters::{
        chroma, cq_to_chroma, diagonal_filter, get_window, mel, mr_frequencies, relative_bandwidth,
        wavelet, wavelet_lengths, window_bandwidth, window_sumsquare,
    };
    #[pymodule_export]
    use crate::notes::{
        fifths_to_note, interval_to_fjs, key_to_degrees, key_to_notes, list_mela, list_thaat,
        mela_number, mela_to_degrees, mela_to_svara, midi_to_note, midi_to_svara_c,
        midi_to_svara_h, note_to_midi, thaat_to_degrees,
    };
    #[pymodule_export]
    use crate::pitch::{estimate_tuning, piptrack, pitch_tuning, pyin, yin};
    #[pymodule_export]
    use crate::recordings::{analyze, info, load};
    #[pymodule_export]
    use crate::rhythm::{
        beat_track, fourier_tempogram, hybrid_tempogram, onset_backtrack, onset_detect,
        onset_strength_multi, plp, tempo, tempo_of_frames, tempogram,
    };
    #[pymodule_export]
    use crate::segment::{
        agglomerative, cdist, cross_similarity, lag_to_recurrence, path_enhance, recurrence_matrix,
        recurrence_to_lag, subsegment,
    };
    #[pymodule_export]
    use crate::sequence::{
        dtw, path_to_steps, rqa, transition_cycle, transition_local, transition_loop,
        transition_uniform, viterbi, viterbi_binary, viterbi_discriminative,
    };
    #[pymodule_export]
    use crate::spectrum::{
        amplitude_to_db, db_to_amplitude, db_to_power, fmt, griffinlim, istft, pcen,
        perceptual_weighting, phase_vocoder, power_to_db, reassigned_spectrogram, spectrogram,
        stft,
    };
    #[pymodule_export]
    use crate::util::{
        axis_sort, localmax, localmin, match_events, match_intervals, nnls, off_diagonal, peak_pick,
    };
}
