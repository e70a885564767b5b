//! NiFi's Expression Language: `${filename:toUpper()}` is parsed once into a tree and evaluated
//! many times, against attributes, parameters, state, a clock and chance that the caller injects.
//!
//! The reference is the evaluator of Apache NiFi 2 with the locale `en_US` and the time zone UTC;
//! the tests hold this crate to its results. Pure: no input, no output, no engine types.
//!
//! ```
//! use tutti_expression::{Expression, MapContext};
//!
//! let expression = Expression::parse("${filename:substringBefore('.')}.json")?;
//! let context = MapContext::with_attributes([("filename", "song.flac")]);
//! assert_eq!(expression.evaluate(&context)?, "song.json");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ast;
mod compile;
mod context;
mod error;
mod expression;
mod functions;
mod java;
mod json;
mod lexer;
mod node;
mod parser;
mod pattern;
pub mod reference;
mod segment;
mod value;

pub use context::{Context, MapContext};
pub use error::{EvaluateError, JsonError, ParseError};
pub use expression::{Expression, Piece};
pub use functions::{
    ArgumentSpec, FunctionKind, FunctionSpec, Section, functions, sections, similar,
};
pub use json::{Found, Json, JsonPath};
pub use pattern::{Groups, Matches, Pattern, PatternError};
pub use value::ValueType;
