//! JSON and the paths into it, as NiFi has them from Jackson and Jayway's `JsonPath`: the order of
//! keys is kept, numbers stay what they were, and what a path finds has Jayway's shape.

mod budget;
mod change;
mod compare;
mod compile;
mod compile_filter;
mod document;
mod evaluate;
mod filter;
mod function;
mod parse;
mod path;
mod value;

pub(crate) use budget::too_much;
pub(crate) use change::{Change, ChangeError};
pub use document::JsonPath;
pub use evaluate::Found;
pub(crate) use path::Path;
pub use value::Json;
