//! Features of a recording, exact as librosa defines them.
//!
//! An [`Extractor`] reads a recording once, in blocks, and never holds all of it; the functions
//! take a whole signal or its spectrogram. Both call the same kernels. Knows samples and numbers,
//! and neither files nor formats.

mod bands;
mod cepstrum;
mod chroma;
mod chroma_cq;
mod context;
mod frames;
mod harmonics;
mod inverse;
mod metre;
mod pcen;
mod plan;
mod rhythm;
mod shape;
mod spectral;
mod temporal;

pub use bands::{mel_of_spectrogram, melspectrogram, rms_of_spectrogram};
pub use cepstrum::{DctType, Mfcc, mfcc, mfcc_to_mel};
pub use chroma::{chroma_stft, tonnetz};
pub use chroma_cq::{Cens, ChromaCqt, CqtMode, chroma_cens, chroma_cqt, chroma_of_cqt, chroma_vqt};
pub use context::{DeltaMode, delta, stack_memory};
pub(crate) use frames::Framer;
pub use harmonics::{Salience, f0_harmonics, interp_harmonics, salience};
pub use inverse::{MelInverse, mel_to_audio, mel_to_stft, mfcc_to_audio};
pub use metre::{METRE_FACTORS, METRIC_FACTORS, hybrid_tempogram, metrogram, tempogram_ratio};
pub use pcen::{Pcen, pcen};
pub use plan::{
    Beats, Config, ExtractError, Extractor, Feature, Features, OfRecording, SAMPLES_MAX, Statistic,
    Summary, percentiles,
};
pub use rhythm::{Tempo, fourier_tempogram, tempo, tempo_of_envelope, tempo_of_frames, tempogram};
pub use shape::{Contrast, poly_features, spectral_contrast};
pub use spectral::{spectral_bandwidth, spectral_centroid, spectral_flatness, spectral_rolloff};
pub use temporal::{rms, zero_crossing_rate, zero_crossings};
