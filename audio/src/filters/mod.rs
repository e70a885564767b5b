//! Windows and banks of filters, as `librosa.filters` defines them.
//!
//! Makes tables; knows no signals.

mod chroma;
mod mel;
mod window;

pub use chroma::{Chroma, chroma, cq_to_chroma};
pub use mel::{Mel, MelBank, MelNorm};
pub(crate) use window::centred;
pub use window::{Window, get_window, window_bandwidth, window_sumsquare};
