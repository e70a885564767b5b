//! What is wrong with a flow, where, and what would be right.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::codes::{Code, Severity};
use crate::text::{Place, Source};

/// The most characters of a line that a message shows.
const EXCERPT_CHARACTERS: usize = 100;

/// What kind of thing in a flow a mistake belongs to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum ElementKind {
    /// A processor.
    Processor,
    /// A controller service.
    Service,
    /// A connection.
    Connection,
    /// A port through which flowfiles enter a group.
    InputPort,
    /// A port through which flowfiles leave a group.
    OutputPort,
    /// A funnel.
    Funnel,
    /// A label.
    Label,
    /// A process group.
    Group,
    /// A parameter context.
    ParameterContext,
    /// A parameter.
    Parameter,
    /// A test of a flow.
    Test,
}

impl fmt::Display for ElementKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Processor => "processor",
            Self::Service => "service",
            Self::Connection => "connection",
            Self::InputPort => "input port",
            Self::OutputPort => "output port",
            Self::Funnel => "funnel",
            Self::Label => "label",
            Self::Group => "group",
            Self::ParameterContext => "parameter context",
            Self::Parameter => "parameter",
            Self::Test => "test",
        })
    }
}

/// The thing in a flow that a mistake belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Element {
    /// What it is.
    pub kind: ElementKind,
    /// Its path of names, e.g. `Analysis/Decode`; for a parameter `CONTEXT:NAME`.
    pub path: String,
}

impl fmt::Display for Element {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} \"{}\"", self.kind, self.path)
    }
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Place)]
pub struct Location {
    /// The file, as it was named when the text was read; empty for a flow that never was text.
    pub file: String,
    /// The line, from 1; 0 for a flow that never was text, and for a text as a whole.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
    /// How many characters of the line are meant.
    pub length: u32,
    /// The JSON path, e.g. `$.processors.Decode.type`.
    pub path: String,
}

/// One mistake.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct Diagnostic {
    /// The kind of mistake, which has a page of its own.
    #[schema(value_type = String)]
    pub code: Code,
    /// Whether the flow can run with it.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    #[schema(required)]
    pub help: Option<String>,
    /// Where.
    pub place: Location,
    /// What it belongs to; nothing for the flow as a whole.
    #[schema(required)]
    pub element: Option<Element>,
    /// The property or the relationship of it that is missing, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    #[serde(skip)]
    excerpt: Option<Excerpt>,
    #[serde(skip)]
    span: (u32, u32),
}

/// The line of the mistake, without what nobody is to see.
#[derive(Clone, PartialEq, Eq)]
struct Excerpt {
    text: String,
    /// Characters before the caret.
    indent: usize,
    carets: usize,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, place: &Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            help: None,
            place: Location {
                file: String::new(),
                line: place.line,
                column: place.column,
                length: place.length,
                path: place.path.to_string(),
            },
            element: None,
            missing: None,
            excerpt: None,
            span: (place.start, place.end),
        }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn with_maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    pub(crate) fn with_missing(mut self, name: impl Into<String>) -> Self {
        self.missing = Some(name.into());
        self
    }

    pub(crate) fn of(mut self, kind: ElementKind, path: impl Into<String>) -> Self {
        self.element = Some(Element { kind, path: path.into() });
        self
    }

    /// Whether the flow cannot run with it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// What sorts diagnostics as their text is read.
    pub(crate) fn order(&self) -> impl Ord + use<> {
        (self.span, self.code, self.message.clone())
    }

    /// Adds file and line, with `secrets` (sorted ranges of bytes) hidden.
    pub(crate) fn show(&mut self, source: &Source, secrets: &[(u32, u32)]) {
        source.file().clone_into(&mut self.place.file);
        if self.place.line > 0 {
            self.excerpt = Some(self.excerpt(source.text(), secrets));
        }
    }

    /// Looks at no more of the text than it shows: a line may be very long.
    fn excerpt(&self, text: &str, secrets: &[(u32, u32)]) -> Excerpt {
        let column = (self.place.column as usize).saturating_sub(1);
        let before =
            if column < EXCERPT_CHARACTERS * 3 / 4 { column } else { EXCERPT_CHARACTERS / 2 };
        let start = self.span.0 as usize;
        let first = text.get(..start).unwrap_or_default().char_indices().rev().take(before).last();
        let begin = first.map_or(start, |(position, _)| position);
        let is_secret = |position: usize| {
            let position = (begin + position) as u32;
            let next = secrets.partition_point(|(_, end)| *end <= position);
            secrets.get(next).is_some_and(|(start, _)| *start <= position)
        };
        let rest = text.get(begin..).unwrap_or_default();
        let mut letters = rest.char_indices().take_while(|(_, letter)| *letter != '\n');
        let shown =
            letters.by_ref().take(EXCERPT_CHARACTERS).map(|(position, letter)| match letter {
                _ if is_secret(position) => '*',
                _ if letter.is_control() => ' ',
                _ => letter,
            });
        let mut shown = shown.collect::<String>().trim_end().to_owned();
        if letters.next().is_some() {
            shown.push('…');
        }
        let carets = (self.place.length as usize).clamp(1, EXCERPT_CHARACTERS - before);
        if before == column {
            return Excerpt { text: shown, indent: before, carets };
        }
        Excerpt { text: format!("…{shown}"), indent: before + 1, carets }
    }
}

impl fmt::Display for Diagnostic {
    /// Several lines, the last without an end. What could steer a terminal is escaped.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Location { file, line, column, path, .. } = &self.place;
        let message = visible(&self.message);
        write!(formatter, "{}[{}]: {message}", self.severity, self.code)?;
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        if *line > 0 {
            write!(formatter, "\n{margin}--> {}:{line}:{column}", visible(file))?;
        } else if !file.is_empty() {
            write!(formatter, "\n{margin}--> {}", visible(file))?;
        }
        if let Some(Excerpt { text, indent, carets }) = &self.excerpt {
            let (space, carets) = (" ".repeat(*indent), "^".repeat(*carets));
            write!(formatter, "\n{margin} |\n{number} | {text}\n{margin} | {space}{carets}")?;
        }
        let path = visible(path);
        match &self.element {
            Some(element) => {
                let element = element.to_string();
                write!(formatter, "\n{margin} = in {}, {path}", visible(&element))?;
            }
            None => write!(formatter, "\n{margin} = at {path}")?,
        }
        if let Some(help) = &self.help {
            write!(formatter, "\n{margin} = help: {}", visible(help))?;
        }
        Ok(())
    }
}

/// `text` with control characters written out.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().map(|letter| {
        if letter.is_control() { letter.escape_default().to_string() } else { letter.to_string() }
    });
    Cow::Owned(escaped.collect())
}

impl fmt::Debug for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The path of names of `name` in `parent`, which is empty for the flow itself.
pub(crate) fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::JsonPath;

    fn shown(text: &str, range: std::ops::Range<usize>, secrets: &[(u32, u32)]) -> String {
        let source = Source::new("a.json", text);
        let place = source.place(range, JsonPath::root());
        let mut diagnostic = Diagnostic::new(Code::Syntax, &place, "wrong");
        diagnostic.show(&source, secrets);
        diagnostic.to_string()
    }

    #[test]
    fn the_place_is_shown_with_its_line() {
        let expected = "error[T0001]: wrong\n --> a.json:2:3\n  |\n2 | b cé d\n  |   ^^\n  = at $";
        assert_eq!(shown("a\nb c\u{e9} d\n", 4..7, &[]), expected);
    }

    #[test]
    fn long_lines_are_cut_on_both_sides() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let shown = shown(&text, 500..501, &[]);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[3], format!("1 | …{}X{}…", "a".repeat(50), "b".repeat(49)));
        assert_eq!(lines[4].chars().position(|letter| letter == '^'), Some(4 + 1 + 50));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let place = Source::new("", "a\u{1b}[31mb").place(0..1, JsonPath::root().member("\u{9b}x"));
        let mut diagnostic = Diagnostic::new(Code::Syntax, &place, "the \u{1b}[2Jname\n")
            .with_help("\u{7}")
            .of(ElementKind::Label, "\r");
        diagnostic.show(&Source::new("\u{8}", "a\u{1b}[31mb"), &[]);
        let shown = diagnostic.to_string();
        assert!(!shown.replace('\n', "").contains(char::is_control), "{shown:?}");
        assert!(shown.starts_with("error[T0001]: the \\u{1b}[2Jname\\n\n"), "{shown}");
    }

    #[test]
    fn secrets_are_masked_and_what_is_around_is_not() {
        let shown = shown("ab SECRET cd SECOND ef", 0..2, &[(3, 9), (13, 19)]);
        assert!(shown.contains("1 | ab ****** cd ****** ef"), "{shown}");
    }
}
