//! The flow as data: what a user wrote, what processors say of themselves, and whether the two fit.
//!
//! Pure: no I/O, no clock, no threads, and nothing of the engine or of any processor.

pub mod flowfile;
pub mod provenance;
pub mod spec;
