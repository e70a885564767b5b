//! A text as JSON, with the place of everything in it. Knows nothing of flows.
//!
//! What is almost JSON (a comma too many, single quotes) is read all the same and noted, so that
//! the mistakes behind it are found in the same go.

mod decode;
mod loose;
mod syntax;

use std::fmt;
use std::ops::Range;

use jsonc_parser::ast::{ObjectPropName, Value as Parsed};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::report::Report;
use crate::text::{JsonPath, Place, Source};

pub use decode::decode;

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
            return Err(too_long(file));
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
                report.push(syntax::error(&source, error.range(), error.kind()));
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

/// What is said of a text that nobody reads to its end, so that its length is not known.
fn too_long(file: &str) -> Vec<Diagnostic> {
    let message = format!("the text is longer than {} MB", TEXT_MAX_BYTES >> 20);
    let help = "split it into several flows; is it a flow at all?";
    whole(file, Diagnostic::new(Code::Limit, &Place::default(), message).with_help(help))
}

/// The one thing that is said of a text as a whole.
fn whole(file: &str, diagnostic: Diagnostic) -> Vec<Diagnostic> {
    let mut report = Report::default();
    report.push(diagnostic);
    report.finish(&Source::new(file, ""))
}
