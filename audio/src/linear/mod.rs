//! Linear algebra and minima for functions that need more than sums: small matrices only.
//!
//! In double precision, row by row. Knows numbers, never signals.

mod eigen;
pub(crate) mod lbfgs;
mod search;
mod solve;

pub(crate) use eigen::eigen;
pub(crate) use solve::solve;
