//! How a flow lies on the canvas: `NAME.layout.json`, apart from what it does.
//!
//! Optional, as is everything in it. Things that it does not know are laid out by the canvas;
//! things that the flow no longer has are left out when it is written.

mod check;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

pub use check::{check, fitting};

use crate::fmt::Json;

/// The version of the layout format.
pub const LAYOUT_VERSION: u32 = 1;

/// Where the things of a flow lie.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The version of the format, [`LAYOUT_VERSION`].
    pub format: u32,
    /// Corners of boxes by their paths of names, e.g. `Analysis/Decode`.
    #[serde(default)]
    pub positions: BTreeMap<String, Position>,
    /// Sizes of labels by their paths of names.
    #[serde(default)]
    pub sizes: BTreeMap<String, Size>,
    /// The points where connections bend, by the connections' paths of names.
    #[serde(default)]
    pub bends: BTreeMap<String, Vec<Position>>,
}

/// A point on the canvas, in its units; down is positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// From the left, at most 10,000,000 to either side.
    #[serde(deserialize_with = "place")]
    #[schema(minimum = -10_000_000, maximum = 10_000_000)]
    pub x: f64,
    /// From the top, as far.
    #[serde(deserialize_with = "place")]
    #[schema(minimum = -10_000_000, maximum = 10_000_000)]
    pub y: f64,
}

/// How large something is on the canvas, in its units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// From left to right, at most 100,000.
    #[serde(deserialize_with = "length")]
    #[schema(minimum = 0, maximum = 100_000)]
    pub width: f64,
    /// From top to bottom, as much.
    #[serde(deserialize_with = "length")]
    #[schema(minimum = 0, maximum = 100_000)]
    pub height: f64,
}

impl Position {
    /// The nearest to that which may be.
    pub(crate) fn near(x: f64, y: f64) -> Self {
        let near = |number: f64| number.clamp(-PLACE_MAX, PLACE_MAX);
        Self { x: near(x), y: near(y) }
    }
}

impl Size {
    /// The nearest to that which may be.
    pub(crate) fn fit(width: f64, height: f64) -> Self {
        let fit = |number: f64| number.clamp(0.0, LENGTH_MAX);
        Self { width: fit(width), height: fit(height) }
    }
}

/// How far from the middle anything may lie: nobody finds what lies further, and no browser draws
/// it.
const PLACE_MAX: f64 = 10_000_000.0;
const LENGTH_MAX: f64 = 100_000.0;

fn place<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    within(from, -PLACE_MAX..=PLACE_MAX)
}

fn length<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    within(from, 0.0..=LENGTH_MAX)
}

fn within<'de, D: Deserializer<'de>>(from: D, range: RangeInclusive<f64>) -> Result<f64, D::Error> {
    let number = f64::deserialize(from)?;
    if range.contains(&number) {
        return Ok(number);
    }
    let (least, most) = range.into_inner();
    Err(D::Error::custom(format!("{number} is out of range: it may be from {least} to {most}")))
}

/// Why a text is not a layout.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// It is not JSON, or not of this form.
    #[error("the layout cannot be read: {message}")]
    Text {
        /// What is wrong.
        message: String,
        /// The line, from 1.
        line: usize,
        /// The byte of the line, from 1; 0 where it has none.
        column: usize,
    },
    /// Its version is not known.
    #[error("layout format {0} is not known; this program reads format {LAYOUT_VERSION}")]
    Version(u32),
}

impl Layout {
    /// An empty layout.
    pub fn new() -> Self {
        Self { format: LAYOUT_VERSION, ..Self::default() }
    }

    /// Reads a layout.
    pub fn parse(text: &str) -> Result<Self, LayoutError> {
        let layout: Self = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let message = error.to_string();
            let at = format!(" at line {line} column {column}");
            let message = message.strip_suffix(&at).unwrap_or(&message).to_owned();
            LayoutError::Text { message, line, column }
        })?;
        if layout.format == LAYOUT_VERSION {
            Ok(layout)
        } else {
            Err(LayoutError::Version(layout.format))
        }
    }

    /// The canonical text: sorted, a thing a line, whole units.
    pub fn format(&self) -> String {
        let mut members = vec![("format".to_owned(), Json::Scalar(LAYOUT_VERSION.into()))];
        let mut add = |name: &str, things: Vec<(String, Json)>| {
            if !things.is_empty() {
                members.push((name.to_owned(), Json::Object(things)));
            }
        };
        let positions = self.positions.iter();
        add("positions", positions.map(|(path, at)| (path.clone(), position(*at))).collect());
        let sizes = self.sizes.iter();
        add("sizes", sizes.map(|(path, size)| (path.clone(), self::size(*size))).collect());
        let bends = self.bends.iter().map(|(path, points)| {
            (path.clone(), Json::List(points.iter().map(|at| position(*at)).collect()))
        });
        add("bends", bends.collect());
        Json::Object(members).to_text()
    }
}

fn position(at: Position) -> Json {
    Json::Record(vec![("x".to_owned(), number(at.x)), ("y".to_owned(), number(at.y))])
}

fn size(size: Size) -> Json {
    let (width, height) = (number(size.width), number(size.height));
    Json::Record(vec![("width".to_owned(), width), ("height".to_owned(), height)])
}

/// Whole units: nobody sees less, and a diff should not either.
fn number(number: f64) -> Json {
    Json::Scalar((number.round() as i64).into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_nobody_would_find_is_refused() {
        for (x, is_right) in [("10000000", true), ("-10000001", false), ("1e308", false)] {
            let text = format!(r#"{{"format":1,"positions":{{"a":{{"x":{x},"y":0}}}}}}"#);
            assert_eq!(Layout::parse(&text).is_ok(), is_right, "{x}");
        }
        let text = r#"{"format":1,"sizes":{"a":{"width":-1,"height":1}}}"#;
        let error = Layout::parse(text).unwrap_err().to_string();
        assert!(error.contains("-1 is out of range: it may be from 0 to 100000"), "{error}");
    }

    #[test]
    fn a_layout_is_written_a_thing_a_line() {
        let text =
            r#"{"format":1,"sizes":{},"positions":{"b":{"x":1.4,"y":-2},"a":{"y":0,"x":3}}}"#;
        let layout = Layout::parse(text).expect("a layout");
        let expected = "{\n  \"format\": 1,\n  \"positions\": {\n    \
                        \"a\": { \"x\": 3, \"y\": 0 },\n    \
                        \"b\": { \"x\": 1, \"y\": -2 }\n  }\n}\n";
        assert_eq!(layout.format(), expected);
    }

    #[test]
    fn other_texts_are_refused() {
        assert!(matches!(Layout::parse(r#"{"format":2}"#), Err(LayoutError::Version(2))));
        for text in
            ["", "{}", r#"{"format":1,"zoom":2}"#, r#"{"format":1,"positions":{"a":{"x":1}}}"#]
        {
            assert!(matches!(Layout::parse(text), Err(LayoutError::Text { .. })), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_canonical_layout_stays(
            positions in proptest::collection::btree_map(
                "\\PC{1,8}", (-1000_i16..1000, -1000_i16..1000), 0..5),
        ) {
            let mut layout = Layout::new();
            for (path, (x, y)) in positions {
                layout.positions.insert(path.clone(), Position { x: x.into(), y: y.into() });
                layout.bends.insert(path, vec![Position { x: y.into(), y: x.into() }]);
            }
            let text = layout.format();
            let again = Layout::parse(&text).expect("what was written");
            prop_assert_eq!(&again, &layout);
            prop_assert_eq!(again.format(), text);
        }
    }
}
