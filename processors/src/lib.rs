//! The built-in processors, one file each, and the catalog that lists them.
//!
//! Knows the SDK and the audio library, and nothing of the engine.

mod catalog;
mod get_file;
mod paths;
mod put_object;

pub use catalog::catalog;
