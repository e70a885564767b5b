//! Filters: `[?(@.price < 10 && @.name =~ /.*x/i)]`, compiled.

use super::path::{Constant, Path};

/// A condition on a value.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    Or(Vec<Filter>),
    And(Vec<Filter>),
    Not(Box<Filter>),
    /// Whether a path finds something, or nothing where `expected` is false.
    Exists {
        path: Path,
        expected: bool,
    },
    Compare {
        left: Operand,
        operator: Operator,
        right: Operand,
    },
}

/// One side of a comparison.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Constant(Constant),
    Path(Path),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    GreaterOrEqual,
    LessOrEqual,
    Equal,
    SameTypeEqual,
    NotEqual,
    SameTypeNotEqual,
    Less,
    Greater,
    Matches,
    NotIn,
    In,
    Contains,
    All,
    Size,
    Exists,
    Type,
    Predicate,
    Empty,
    SubsetOf,
    AnyOf,
    NoneOf,
}

impl Operator {
    /// The operator of this spelling, in any case.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text.to_uppercase().as_str() {
            ">=" => Self::GreaterOrEqual,
            "<=" => Self::LessOrEqual,
            "==" => Self::Equal,
            "===" => Self::SameTypeEqual,
            "!=" => Self::NotEqual,
            "!==" => Self::SameTypeNotEqual,
            "<" => Self::Less,
            ">" => Self::Greater,
            "=~" => Self::Matches,
            "NIN" => Self::NotIn,
            "IN" => Self::In,
            "CONTAINS" => Self::Contains,
            "ALL" => Self::All,
            "SIZE" => Self::Size,
            "EXISTS" => Self::Exists,
            "TYPE" => Self::Type,
            "MATCHES" => Self::Predicate,
            "EMPTY" => Self::Empty,
            "SUBSETOF" => Self::SubsetOf,
            "ANYOF" => Self::AnyOf,
            "NONEOF" => Self::NoneOf,
            _ => return None,
        })
    }
}
