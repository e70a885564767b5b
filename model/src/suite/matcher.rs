//! What a value is compared with. Whether it matches is not decided here.

use regex::Regex;
use serde_json::Value;

use super::ValuePath;
use crate::text::{Located, Place};

/// What must hold of a value: all of its checks.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    /// Where it was written.
    pub place: Place,
    /// What must hold.
    pub checks: Vec<Check>,
}

impl Matcher {
    /// A matcher of what is equal to `value`.
    pub fn equals(value: Value) -> Self {
        Self { place: Place::default(), checks: vec![Check::Equals(value)] }
    }

    /// Whether it is right that there is no value.
    pub fn wants_absence(&self) -> bool {
        self.checks.iter().any(|check| matches!(check, Check::Absent))
    }
}

/// One thing that must hold of a value.
#[derive(Debug, Clone)]
pub enum Check {
    /// It is equal; a text that is a number is equal to that number.
    Equals(Value),
    /// It is a number not farther from `value` than `within`.
    Near {
        /// The number.
        value: f64,
        /// How far it may be from that.
        within: f64,
    },
    /// It is a number not less.
    Min(f64),
    /// It is a number not greater.
    Max(f64),
    /// The expression matches all of it.
    Matches(Box<Regex>),
    /// It has that within: a text a part, an object members, a list an element.
    Contains(Value),
    /// It has so many characters, elements or members.
    Length(u64),
    /// There is none.
    Absent,
    /// That does not hold.
    Not(Box<Matcher>),
}

/// One thing that must hold of a flowfile's content.
#[derive(Debug, Clone)]
pub enum ContentCheck {
    /// Of its text.
    Text(Matcher),
    /// It is JSON, and has these values at these paths.
    Json(Vec<(Located<ValuePath>, Matcher)>),
    /// It is these bytes.
    Bytes(Vec<u8>),
    /// It is what a file holds, by its path from the folder of the tests.
    File(Located<String>),
    /// Its SHA-256, in small hexadecimal digits.
    Sha256(String),
    /// Of how many bytes it has.
    Size(Matcher),
}
