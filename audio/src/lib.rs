//! Samples in, music out.
//!
//! Pure: knows streams of bytes and samples, and neither flows nor folders.

pub mod features;
