//! Markdown as text for a terminal or a pipe: wrapped, and without the signs of Markdown.
//!
//! Values in `backticks` come in quotes, as in all messages, or in colour where there are colours.

mod styled;
mod table;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use styled::{Style, Styled};
use table::Table;

/// How wide the text is, in characters.
const WIDTH: usize = 80;
/// By how much each level is indented.
const INDENT: usize = 2;

/// The text of `markdown`, with an end of line at its end.
pub(crate) fn render(markdown: &str, has_colours: bool) -> String {
    let mut writer = Writer { has_colours, ..Writer::default() };
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        writer.take(event);
    }
    writer.text
}

#[derive(Default)]
struct Writer {
    has_colours: bool,
    text: String,
    /// How far what stands under the last heading is indented.
    indent: usize,
    /// The numbers of the lists that are open; none for those without.
    lists: Vec<Option<u64>>,
    /// What the next block begins with, as "- ".
    marker: Option<String>,
    /// What is said in the block so far.
    line: Styled,
    styles: Vec<Style>,
    /// Where the link leads that is open.
    links: Vec<String>,
    table: Option<Table>,
    is_code_block: bool,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.is_code_block => self.code_block(&text),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.say(&text),
            Event::Code(text) => self.code(&text),
            Event::SoftBreak => self.say(" "),
            Event::HardBreak => self.say("\n"),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.gap(),
            Tag::Heading { level, .. } => {
                self.gap();
                self.indent = if level >= HeadingLevel::H3 { INDENT } else { 0 };
                self.styles.push(Style::Strong);
            }
            Tag::List(first) => {
                self.flush();
                if self.lists.is_empty() {
                    self.gap();
                }
                self.lists.push(first);
            }
            Tag::Item => {
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                });
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.gap();
                self.is_code_block = true;
            }
            Tag::Strong | Tag::Emphasis => self.styles.push(Style::Strong),
            Tag::Link { dest_url, .. } => self.links.push(dest_url.into_string()),
            Tag::Table(_) => {
                self.gap();
                self.table = Some(Table::default());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Item | TagEnd::HtmlBlock => self.flush(),
            TagEnd::Heading(level) => {
                self.styles.pop();
                if level == HeadingLevel::H2 {
                    self.line.capitalize();
                }
                self.flush();
                self.indent += INDENT;
            }
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::CodeBlock => self.is_code_block = false,
            TagEnd::Strong | TagEnd::Emphasis => drop(self.styles.pop()),
            TagEnd::Link => {
                // A path leads somewhere only from the page that it stands in.
                let target = self.links.pop().filter(|target| target.contains("://"));
                if let Some(target) = target.filter(|target| !self.line.ends_with(target)) {
                    self.say(&format!(" ({target})"));
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.line);
                self.table.iter_mut().for_each(|table| table.cell(cell.clone()));
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                self.table.iter_mut().for_each(Table::end_row);
            }
            TagEnd::Table => {
                for row in self.table.take().iter().flat_map(Table::rows) {
                    self.write(&row);
                }
            }
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        self.line.push(text, self.styles.last().copied().unwrap_or_default());
    }

    fn code(&mut self, text: &str) {
        if self.has_colours || text.contains('"') {
            self.line.push(text, Style::Code);
        } else {
            self.line.push(&format!("\"{text}\""), Style::Code);
        }
    }

    /// Lines that stay as they are.
    fn code_block(&mut self, text: &str) {
        for line in text.lines() {
            let mut styled = Styled::default();
            styled.push(&" ".repeat(INDENT), Style::Plain);
            styled.push(line, Style::Code);
            self.write(&styled);
        }
    }

    /// An empty line before a block that is not the first, nor the first of an item.
    fn gap(&mut self) {
        if !self.text.is_empty() && self.marker.is_none() {
            self.text.push('\n');
        }
    }

    /// Ends the block that is open.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() && self.marker.is_none() {
            return;
        }
        let depth = self.indent + self.lists.len().saturating_sub(1) * INDENT;
        let marker = self.marker.take();
        let hanging = match (&marker, self.lists.is_empty()) {
            (Some(marker), _) => marker.chars().count(),
            (None, true) => 0,
            (None, false) => INDENT,
        };
        let mut before = " ".repeat(depth) + marker.as_deref().unwrap_or_default();
        if marker.is_none() {
            before.push_str(&" ".repeat(hanging));
        }
        for line in line.wrapped(WIDTH.saturating_sub(depth + hanging)) {
            self.text.push_str(&before);
            line.write(self.has_colours, &mut self.text);
            self.text.push('\n');
            before = " ".repeat(depth + hanging);
        }
    }

    /// One line as it is.
    fn write(&mut self, line: &Styled) {
        self.text.push_str(&" ".repeat(self.indent + self.lists.len() * INDENT));
        line.write(self.has_colours, &mut self.text);
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signs_of_markdown_become_text() {
        let markdown = "# Get\n\nReads `a\\b`, **not** `\"c\"`: see [a page](https://x.example/y),\
                        \n<https://z.example> and [here](../here.md).\n\n- one\n  - `1`: deep\n\
                        - two\n\n1. first\n2. second\n\n## Some more\n\n### Size\n\nHow *large*.\
                        \n\n```json\n{ \"a\":  1 }\n```\n";
        let expected = "Get\n\n  Reads \"a\\b\", not \"c\": see a page (https://x.example/y), \
                        https://z.example and\n  here.\n\n  - one\n    - \"1\": deep\n  - two\n\n  \
                        1. first\n  2. second\n\nSOME MORE\n\n  Size\n\n    How large.\n\n      \
                        { \"a\":  1 }\n";
        assert_eq!(render(markdown, false), expected);
    }

    #[test]
    fn columns_of_tables_line_up() {
        let table = "| name | what |\n| --- | --- |\n| `a` | **b** |\n| longer | c |\n";
        assert_eq!(render(table, false), "name    what\n\"a\"     b\nlonger  c\n");
    }

    #[test]
    fn long_lines_are_wrapped_under_their_beginning() {
        let text = render(&format!("# x\n\n- {}", "words and ".repeat(40)), false);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert!(lines.len() > 4 && lines[0].starts_with("  - words"), "{text}");
        assert!(lines[1..].iter().all(|line| line.starts_with("    ") && &line[4..5] != " "));
        assert!(
            lines
                .iter()
                .all(|line| (60..=WIDTH).contains(&line.len()) || line == &lines[lines.len() - 1]),
            "{text}"
        );
    }

    #[test]
    fn colours_stand_for_quotes() {
        let text = render("**a** `b` c", true);
        assert_eq!(text, "\u{1b}[1ma\u{1b}[0m \u{1b}[36mb\u{1b}[0m c\n");
    }
}
