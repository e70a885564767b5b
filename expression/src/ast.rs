//! What an expression says, before anything is known of types: a subject and the functions called
//! on it in turn.

use crate::functions::FunctionSpec;
use crate::lexer::Letter;

/// `${subject:function(...):function(...)}`
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) subject: Subject,
    pub(crate) calls: Vec<CallSyntax>,
    /// Where the subject begins.
    pub(crate) at: usize,
}

/// What stands first in a chain.
#[derive(Debug)]
pub(crate) enum Subject {
    /// An attribute by its name; the name may hold expressions where it is quoted.
    Attribute(Vec<Letter>),
    /// An expression whose value is the name of an attribute.
    Nested(Box<Chain>),
    Parameter(String),
    /// A function without a subject, or one over many attributes.
    Function(CallSyntax),
}

/// A function and its arguments.
#[derive(Debug)]
pub(crate) struct CallSyntax {
    pub(crate) function: &'static FunctionSpec,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) at: usize,
}

/// One argument.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) kind: ArgumentKind,
    pub(crate) at: usize,
}

#[derive(Debug)]
pub(crate) enum ArgumentKind {
    Text(Vec<Letter>),
    Whole(i64),
    Decimal(f64),
    Boolean(bool),
    Null,
    Parameter(String),
    Chain(Box<Chain>),
}
