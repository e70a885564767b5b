//! Windows and banks of filters, as `librosa.filters` defines them.
//!
//! Makes tables; knows no signals.

mod chroma;
mod diagonal;
mod mel;
mod semitone;
mod wavelet;
mod window;

pub use chroma::{Chroma, chroma, cq_to_chroma};
pub use diagonal::diagonal_filter;
pub use mel::{Mel, MelBank, MelNorm};
pub use semitone::mr_frequencies;
pub use wavelet::{Wavelet, relative_bandwidth, wavelet, wavelet_lengths};
pub(crate) use wavelet::{Wavelets, bandwidth_of};
pub use window::{Window, get_window, window_bandwidth, window_sumsquare};
pub(crate) use window::{bessel_i0, centred};
