//! Decoding of sequences of states, as `librosa.sequence`.
//!
//! Knows probabilities and not what the states stand for.

mod transition;
mod viterbi;

pub use transition::{transition_cycle, transition_local, transition_loop, transition_uniform};
pub use viterbi::{Decoded, Viterbi, viterbi, viterbi_binary, viterbi_discriminative};
