//! A text as JSON, with the place of everything in it. Knows nothing of flows.
//!
//! What is almost JSON (a comma too many, single quotes) is read all the same and noted, so that
//! the mistakes behind it are found in the same go.

mod loose;

use std::fmt;
use std::ops::Range;

use jsonc_parser::ast::{ObjectPropName, Value as Parsed};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::report::Report;
use crate::text::{JsonPath, Source};

/// The longest text that is read, in bytes.
pub const TEXT_MAX_BYTES: usize = 16 << 20;

/// A text that is JSON, or so nearly that one can tell what is meant.
pub struct Document {
    pub(crate) source: Source,
    pub(crate) root: Node,
    pub(crate) report: Report,
}

/// A JSON value and the bytes that it takes.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) range: Range<usize>,
    pub(crate) kind: NodeKind,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Null,
    Boolean(bool),
    /// As it was written.
    Number(Box<str>),
    Text(Box<str>),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

/// One member of an object. An object may have several of one name: that is for its reader to say.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: Box<str>,
    pub(crate) name_range: Range<usize>,
    pub(crate) value: Node,
}

impl Document {
    /// Reads `text`. `file` is its name in messages.
    ///
    /// Fails when no structure can be made out at all.
    pub fn parse(text: &str, file: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut report = Report::default();
        if text.len() > TEXT_MAX_BYTES {
            let source = Source::new(file, "");
            let message = format!("the text has {} bytes, more than {TEXT_MAX_BYTES}", text.len());
            report.push(Diagnostic::new(
                Code::Limit,
                &source.place(0..0, JsonPath::root()),
                message,
            ));
            return Err(report.finish(&source));
        }
        let has_mark = text.starts_with('\u{feff}');
        let source = Source::new(file, text.trim_start_matches('\u{feff}'));
        if has_mark {
            let place = source.place(0..0, JsonPath::root());
            report.push(
                Diagnostic::new(Code::Loose, &place, "the text begins with a byte order mark")
                    .with_help("save it as UTF-8 without one"),
            );
        }
        let collect =
            CollectOptions { comments: CommentCollectionStrategy::AsTokens, tokens: true };
        let options =
            ParseOptions { allow_extended_string_escapes: false, ..ParseOptions::default() };
        let parsed = match parse_to_ast(source.text(), &collect, &options) {
            Ok(parsed) => parsed,
            Err(error) => {
                report.push(syntax_error(&source, error.range(), error.kind()));
                return Err(report.finish(&source));
            }
        };
        loose::check(&source, parsed.tokens.as_deref().unwrap_or_default(), &mut report);
        let Some(root) = parsed.value else {
            let place = source.place(0..source.text().len(), JsonPath::root());
            report.push(
                Diagnostic::new(Code::Syntax, &place, "the text is empty")
                    .with_help(r#"the least flow is { "format": 1, "name": "NAME" }"#),
            );
            return Err(report.finish(&source));
        };
        let root = node(root);
        Ok(Self { source, root, report })
    }

    /// The text and the name of its file.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What is not quite JSON in it.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.report.clone().finish(&self.source)
    }
}

impl fmt::Debug for Document {
    /// Without its values, which may hold what nobody is to see.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Document({:?})", self.source)
    }
}

fn node(value: Parsed<'_>) -> Node {
    let range = value.range();
    let kind = match value {
        Parsed::NullKeyword(_) => NodeKind::Null,
        Parsed::BooleanLit(literal) => NodeKind::Boolean(literal.value),
        Parsed::NumberLit(literal) => NodeKind::Number(literal.value.into()),
        Parsed::StringLit(literal) => NodeKind::Text(literal.value.into()),
        Parsed::Array(array) => NodeKind::Array(array.elements.into_iter().map(node).collect()),
        Parsed::Object(object) => {
            NodeKind::Object(object.properties.into_iter().map(member).collect())
        }
    };
    Node { range: range.start..range.end, kind }
}

fn member(property: jsonc_parser::ast::ObjectProp<'_>) -> Member {
    let range = match &property.name {
        ObjectPropName::String(name) => name.range,
        ObjectPropName::Word(name) => name.range,
    };
    Member {
        name: property.name.into_string().into(),
        name_range: range.start..range.end,
        value: node(property.value),
    }
}

fn syntax_error(
    source: &Source,
    range: jsonc_parser::common::Range,
    kind: &ParseErrorKind,
) -> Diagnostic {
    use ParseErrorKind as Kind;
    let (message, help) = match kind {
        Kind::UnterminatedObject => ("this object has no end", "add a \"}\""),
        Kind::UnterminatedArray => ("this list has no end", "add a \"]\""),
        Kind::UnterminatedCommentBlock => ("this comment has no end", "remove it"),
        Kind::ExpectedColonAfterObjectKey => ("a name without a value", "add \":\" and a value"),
        Kind::ExpectedObjectValue => ("a name without a value", "add a value after the \":\""),
        Kind::UnexpectedComma => ("a comma where a value should be", "remove it"),
        Kind::UnexpectedColon => ("a colon where a value should be", "put the name in quotes"),
        Kind::UnexpectedCloseBrace | Kind::UnexpectedCloseBracket => {
            ("a bracket is closed that is not open", "compare it with those before")
        }
        Kind::UnexpectedWord => ("a word that is not in quotes", "put it in double quotes"),
        Kind::MultipleRootJsonValues => {
            ("something comes after the end of the flow", "remove it, or check the brackets before")
        }
        Kind::NestingDepthExceeded => ("the text is nested too deeply", "use fewer levels"),
        Kind::String(_) => (
            "a text that cannot be read",
            "close it with a quotation mark, and write \"\\\\\" for a backslash",
        ),
        _ => ("this is not JSON", "write a value, a name or a bracket here"),
    };
    let place = source.place(range.start..range.end, JsonPath::root());
    Diagnostic::new(Code::Syntax, &place, message).with_help(help)
}
