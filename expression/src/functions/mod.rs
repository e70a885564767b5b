//! The functions of the language: what they are called, what they take and how they are evaluated.
//! [`list::SECTIONS`] is the one list of them; documentation, completion, parser and evaluator
//! read it, and nothing else may know a function.

mod boolean;
mod date;
mod encode;
mod json;
mod list;
mod listing;
mod math;
mod number;
mod search;
mod standalone;
mod text;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::error::Failure;
use crate::java::date::{Amount, DateFormat, Zone};
use crate::java::regex::Regex;
use crate::json::Path;
use crate::node::{Call, Frame, Node, NodeKind};
use crate::value::{Value, ValueType};

/// How long a text may become while it is evaluated, in bytes.
pub(crate) const TEXT_BYTES_MAX: usize = 16 << 20;

/// The failure of a text that becomes longer than [`TEXT_BYTES_MAX`].
pub(crate) fn too_long() -> Failure {
    format!("the text becomes longer than {TEXT_BYTES_MAX} bytes").into()
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// On a value: `${name:function()}`.
    Method,
    /// Without a value: `${function()}`.
    Standalone,
    /// For many attributes or values, as the first of a chain: `${allAttributes('a', 'b'):...}`.
    ManyAttributes,
}

/// What a function takes; other types are converted or refused as NiFi does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accepts {
    Anything,
    Text,
    Boolean,
    Whole,
    Number,
    Decimal,
    Date,
    Instant,
    /// An instant and nothing that would have to be converted.
    OnlyInstant,
    /// Whatever can be a value of JSON.
    JsonValue,
}

impl Accepts {
    fn value_type(self) -> ValueType {
        match self {
            Self::Anything | Self::Text | Self::JsonValue => ValueType::Text,
            Self::Boolean => ValueType::Boolean,
            Self::Whole => ValueType::WholeNumber,
            Self::Number => ValueType::Number,
            Self::Decimal => ValueType::Decimal,
            Self::Date => ValueType::Date,
            Self::Instant | Self::OnlyInstant => ValueType::Instant,
        }
    }
}

/// One argument of a function.
#[derive(Debug)]
pub struct ArgumentSpec {
    /// What it is, for documentation.
    pub name: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it may be given any number of times, at least once.
    pub repeated: bool,
    pub(crate) accepts: Accepts,
}

impl ArgumentSpec {
    /// The type of value that it takes; other types are converted where NiFi converts them.
    pub fn value_type(&self) -> ValueType {
        self.accepts.value_type()
    }
}

pub(crate) type Evaluate = for<'a> fn(&'a Call, &Frame<'a>) -> Result<Value<'a>, Failure>;
pub(crate) type Prepare = fn(&[Node]) -> Result<Prepared, Failure>;

/// What was made of constant arguments, once.
#[derive(Debug)]
pub(crate) enum Prepared {
    Nothing,
    Regex(Regex),
    /// Patterns and what replaces a text that one of them matches.
    Mapping(Vec<(Regex, String)>),
    /// The parts that are constant.
    Date {
        format: Option<DateFormat>,
        zone: Option<Zone>,
    },
    Amount {
        amount: Option<Amount>,
        zone: Option<Zone>,
    },
    JsonPath(Path),
}

/// A function of the language.
#[derive(Debug)]
pub struct FunctionSpec {
    /// Its name, as it is called.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// How it is called.
    pub kind: FunctionKind,
    /// What it takes, in order.
    pub arguments: &'static [ArgumentSpec],
    /// What it gives.
    pub returns: ValueType,
    /// An expression that shows it, on the attributes of [`crate::reference::EXAMPLE_ATTRIBUTES`];
    /// none where the result is another each time.
    pub example: Option<&'static str>,
    pub(crate) subject: Accepts,
    pub(crate) prepare: Prepare,
    pub(crate) evaluate: Evaluate,
    /// What the same name means for a subject that is no text, or without arguments.
    pub(crate) on_numbers: Option<&'static FunctionSpec>,
}

/// Functions of one subject.
#[derive(Debug)]
pub struct Section {
    /// The subject.
    pub title: &'static str,
    /// The functions.
    pub functions: &'static [FunctionSpec],
}

impl FunctionSpec {
    /// What it is called on; nothing where it is called without a value.
    pub fn subject_type(&self) -> Option<ValueType> {
        (self.kind == FunctionKind::Method).then(|| self.subject.value_type())
    }

    /// Whether it can be called with this many arguments.
    pub(crate) fn takes(&self, count: usize) -> bool {
        // NiFi knows no default for the zone alone.
        let is_zone_alone = self.name == "toInstant" && count == 1;
        let (least, most) = self.counts();
        count >= least && most.is_none_or(|most| count <= most) && !is_zone_alone
    }

    /// The fewest arguments that it can be called with, and the most, if there is a limit.
    fn counts(&self) -> (usize, Option<usize>) {
        let least = self.arguments.iter().filter(|argument| !argument.optional).count();
        let is_open = self.arguments.iter().any(|argument| argument.repeated);
        (least, (!is_open).then_some(self.arguments.len()))
    }

    /// How many arguments it can be called with, for people: `1 or 2 arguments`.
    pub(crate) fn count(&self) -> String {
        match self.counts() {
            (0, Some(0)) => "no arguments".to_owned(),
            (1, Some(1)) => "1 argument".to_owned(),
            (least, Some(most)) if least == most => format!("{most} arguments"),
            (least, Some(most)) if least + 1 == most || !self.takes(least + 1) => {
                format!("{least} or {most} arguments")
            }
            (least, Some(most)) => format!("{least} to {most} arguments"),
            (1, None) => "1 argument or more".to_owned(),
            (least, None) => format!("{least} arguments or more"),
        }
    }

    /// What the argument at `index` accepts.
    pub(crate) fn accepts(&self, index: usize) -> Accepts {
        self.arguments
            .get(index)
            .or(self.arguments.last())
            .map_or(Accepts::Anything, |argument| argument.accepts)
    }

    /// How it is called, for people: `substring(start, [end])`.
    pub fn usage(&self) -> String {
        let arguments: Vec<String> = self
            .arguments
            .iter()
            .map(|argument| match (argument.optional, argument.repeated) {
                (true, _) => format!("[{}]", argument.name),
                (_, true) => format!("{}, ...", argument.name),
                _ => argument.name.to_owned(),
            })
            .collect();
        format!("{}({})", self.name, arguments.join(", "))
    }
}

/// All functions of the language by subject, for documentation and completion.
pub fn sections() -> &'static [Section] {
    list::SECTIONS
}

/// All functions of the language.
pub fn functions() -> impl Iterator<Item = &'static FunctionSpec> {
    list::SECTIONS.iter().flat_map(|section| section.functions)
}

static BY_NAME: LazyLock<HashMap<(&'static str, FunctionKind), &'static FunctionSpec>> =
    LazyLock::new(|| {
        functions().map(|function| ((function.name, function.kind), function)).collect()
    });

/// The function of this name that is called in this way.
pub(crate) fn find(name: &str, kind: FunctionKind) -> Option<&'static FunctionSpec> {
    BY_NAME.get(&(name, kind)).copied()
}

/// Whether a word means something to the language and cannot be an attribute without quotes.
pub(crate) fn is_reserved(name: &str) -> bool {
    matches!(name, "true" | "false" | "null")
        || [FunctionKind::Method, FunctionKind::Standalone, FunctionKind::ManyAttributes]
            .into_iter()
            .any(|kind| find(name, kind).is_some())
}

/// The function whose name is most like `name`, if any is.
pub fn similar(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let likeness =
        |known: &str| strsim::normalized_damerau_levenshtein(&lower, &known.to_lowercase());
    let candidates = functions().map(|function| (likeness(function.name), function.name));
    candidates
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[expect(clippy::unnecessary_wraps, reason = "one of several functions that prepare")]
pub(crate) fn prepare_nothing(_: &[Node]) -> Result<Prepared, Failure> {
    Ok(Prepared::Nothing)
}

/// What is known of an argument before it is evaluated.
enum Constant<'a> {
    Text(&'a str),
    Null,
    Unknown,
}

/// The argument at `index`, if it is constant.
fn constant(arguments: &[Node], index: usize) -> Constant<'_> {
    match arguments.get(index).map(|argument| &argument.kind) {
        Some(NodeKind::Text(text)) => Constant::Text(text),
        Some(NodeKind::Null) => Constant::Null,
        _ => Constant::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_documented_and_known_once() {
        assert_eq!(BY_NAME.len(), functions().count());
        for function in functions() {
            assert!(function.summary.len() > 10, "{}", function.name);
            let repeated = function.arguments.iter().position(|argument| argument.repeated);
            assert!(repeated.is_none_or(|index| index + 1 == function.arguments.len()));
        }
    }

    #[test]
    fn similar_names_are_found() {
        assert_eq!(similar("toupper"), Some("toUpper"));
        assert_eq!(similar("substringAfterlst"), Some("substringAfterLast"));
        assert_eq!(similar("qqqqqq"), None);
    }
}
