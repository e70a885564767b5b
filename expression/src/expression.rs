//! The public face: a text with any number of expressions in it, parsed once.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::compile::Compiler;
use crate::context::Context;
use crate::error::{EvaluateError, Failure, ParseError};
use crate::functions::{TEXT_BYTES_MAX, too_long};
use crate::lexer::letters;
use crate::node::{Frame, Node};
use crate::segment::{Segment, segments, unclosed};
use crate::value::ValueType;

/// How long the text of an expression may be, in bytes.
const SOURCE_BYTES_MAX: usize = 1 << 20;

/// A text with any number of `${expressions}` and `#{parameters}` in it, ready to be evaluated.
/// Cheap to clone; shared freely between threads.
#[derive(Clone)]
pub struct Expression {
    inner: Arc<Inner>,
}

struct Inner {
    text: String,
    parts: Vec<Part>,
    slots: usize,
    parameters: BTreeSet<String>,
    attributes: BTreeSet<String>,
    unclosed: Option<usize>,
}

enum Part {
    Literal(String),
    Parameter(String),
    Node(Node),
}

/// A part of what a text with expressions comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'e> {
    /// As the text says it, or a parameter in it.
    Text(&'e str),
    /// The value of an expression.
    Value(Cow<'e, str>),
}

impl Piece<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Value(text) => text,
        }
    }
}

impl Expression {
    /// Parses a text: literal text with any number of expressions in it.
    ///
    /// # Errors
    /// Where an expression in it is not well formed, calls what is no function, or gives a function
    /// what it cannot take; constant patterns and formats are checked as well.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.len() > SOURCE_BYTES_MAX {
            return Err(ParseError::new(0, "the text of the expression is too long")
                .with_help(format!("at most {SOURCE_BYTES_MAX} bytes")));
        }
        let mut compiler = Compiler::default();
        let mut parts = Vec::new();
        let letters = letters(text);
        for segment in segments(&letters) {
            parts.push(match segment {
                Segment::Literal(text) => Part::Literal(text),
                Segment::Parameter(name) => {
                    compiler.parameters.insert(name.clone());
                    Part::Parameter(name)
                }
                Segment::Expression(source) => Part::Node(compiler.root(&source)?),
            });
        }
        let Compiler { slots, parameters, attributes, .. } = compiler;
        let (text, unclosed) = (text.to_owned(), unclosed(&letters));
        let inner = Inner { text, parts, slots, parameters, attributes, unclosed };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The text with every expression replaced by its value; an expression without a value (NiFi's
    /// null) gives no text.
    ///
    /// # Errors
    /// Where a function fails on its values; the error says which, by its place in the text.
    pub fn evaluate(&self, context: &dyn Context) -> Result<String, EvaluateError> {
        self.evaluate_within(&Frame::new(context, self.inner.slots)).map_err(|failure| {
            EvaluateError { position: failure.position.unwrap_or(0), message: failure.message }
        })
    }

    /// As [`Expression::evaluate`], piece by piece, for whoever writes values in another way than
    /// the text around them.
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn evaluate_pieces(
        &self,
        context: &dyn Context,
        each: &mut dyn FnMut(Piece<'_>),
    ) -> Result<(), EvaluateError> {
        let frame = Frame::new(context, self.inner.slots);
        let mut bytes = 0;
        let mut pieces = |piece: Piece<'_>| {
            bytes += piece.as_str().len();
            each(piece);
            if bytes > TEXT_BYTES_MAX { Err(too_long()) } else { Ok(()) }
        };
        self.pieces(&frame, &mut pieces).map_err(|failure| EvaluateError {
            position: failure.position.unwrap_or(0),
            message: failure.message,
        })
    }

    /// What its author hardly meant: a `${` whose end is missing. As in NiFi it is text then, with
    /// everything behind it.
    pub fn doubt(&self) -> Option<ParseError> {
        let message = "an expression without its end is text";
        let help = "add \"}\", and see that quotes before it are closed; text is ${literal('${')}";
        let position = self.inner.unclosed?;
        Some(ParseError::new(position, message).with_help(help))
    }

    /// Evaluates as part of another evaluation (`evaluateELString`): without parameters.
    pub(crate) fn evaluate_nested(&self, outer: &Frame<'_>) -> Result<String, Failure> {
        self.evaluate_within(&outer.nested(self.inner.slots)?)
    }

    fn evaluate_within(&self, frame: &Frame<'_>) -> Result<String, Failure> {
        let mut out = String::new();
        self.pieces(frame, &mut |piece| {
            match piece {
                Piece::Value(Cow::Owned(text)) if self.inner.parts.len() == 1 => out = text,
                piece => out.push_str(piece.as_str()),
            }
            if out.len() > TEXT_BYTES_MAX { Err(too_long()) } else { Ok(()) }
        })?;
        Ok(out)
    }

    fn pieces(
        &self,
        frame: &Frame<'_>,
        each: &mut dyn FnMut(Piece<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for part in &self.inner.parts {
            match part {
                Part::Literal(text) => each(Piece::Text(text))?,
                Part::Parameter(name) => {
                    each(Piece::Text(&frame.parameter(name).unwrap_or(Cow::Borrowed(""))))?;
                }
                Part::Node(node) => {
                    if let Some(text) = node.evaluate(frame)?.into_text() {
                        each(Piece::Value(text))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What it gives before that is made text: that of its one expression, and text where there is
    /// anything else.
    pub fn gives(&self) -> ValueType {
        match self.inner.parts.as_slice() {
            [Part::Node(node)] => node.value_type,
            _ => ValueType::Text,
        }
    }

    /// Whether the text refers to nothing: no expression and no parameter.
    pub fn is_literal(&self) -> bool {
        self.inner.parts.iter().all(|part| matches!(part, Part::Literal(_)))
    }

    /// The names of the parameters that the text refers to, sorted.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.inner.parameters.iter().map(String::as_str)
    }

    /// The names of the attributes that the text reads, sorted, as far as they are known before
    /// it is evaluated: not those whose names are computed or matched by a pattern.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.inner.attributes.iter().map(String::as_str)
    }

    /// The source text.
    pub fn as_str(&self) -> &str {
        &self.inner.text
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Expression").field(&self.inner.text).finish()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.inner.text)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.inner.text == other.inner.text
    }
}

impl Eq for Expression {}

impl std::str::FromStr for Expression {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}
