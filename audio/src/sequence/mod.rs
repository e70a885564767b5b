//! Decoding and aligning of sequences, as `librosa.sequence`.
//!
//! Knows probabilities, costs and similarities, and not what they stand for.

mod dtw;
mod rqa;
mod transition;
mod viterbi;

pub use dtw::{Dtw, Warped, dtw, path_to_steps};
pub use rqa::{Aligned, Rqa, rqa};
pub(crate) use transition::local_rows;
pub use transition::{transition_cycle, transition_local, transition_loop, transition_uniform};
pub(crate) use viterbi::viterbi_before;
pub use viterbi::{Decoded, Viterbi, viterbi, viterbi_binary, viterbi_discriminative};
