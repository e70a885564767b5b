//! Text and where things stand in it: lines and columns, JSON paths, values with their places.
//!
//! Knows nothing of flows.

mod path;
mod place;
mod source;

pub use path::JsonPath;
pub use place::{Located, Place};
pub use source::Source;
