//! Samples in, music out.
//!
//! Pure: knows streams of bytes and samples, and neither flows nor folders.

#![cfg_attr(test, expect(clippy::float_cmp, reason = "some values must be exact"))]

pub mod decode;
mod dot;
pub mod features;
mod resample;
mod spool;
pub mod wav;
