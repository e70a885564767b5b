//! Which frames of recordings are alike, and where parts begin, as `librosa.segment`.
//!
//! Knows frames of features, and not what they are features of. A matrix of frames against frames
//! takes four bytes for each pair.

mod bandwidth;
mod cluster;
mod distance;
mod enhance;
mod lag;
mod recurrence;

pub use bandwidth::Bandwidth;
pub use cluster::{agglomerative, subsegment};
pub use distance::{Metric, cdist};
pub use enhance::{PathEnhance, path_enhance};
pub use lag::{lag_to_recurrence, recurrence_to_lag, timelag_filter};
pub use recurrence::{
    CrossSimilarity, Recurrence, Similarity, cross_similarity, recurrence_matrix,
};
