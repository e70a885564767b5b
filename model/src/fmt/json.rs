//! JSON text as people like to read it.

use std::fmt::Write;

/// The longest line that several values share, in characters.
const LINE_MAX: usize = 100;

/// A JSON value to be written.
pub(crate) enum Json {
    /// A text, number or boolean.
    Scalar(serde_json::Value),
    /// Elements on one line where they fit.
    List(Vec<Json>),
    /// Elements on a line each.
    Lines(Vec<Json>),
    /// Members on one line where they fit.
    Record(Vec<(String, Json)>),
    /// Members on a line each.
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn text(text: &str) -> Self {
        Self::Scalar(text.into())
    }

    /// The whole text, with a line end.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0, 0);
        text.push('\n');
        text
    }

    /// Appends itself to `text`. Its line is indented by `depth` levels, and on its first line
    /// `taken` characters besides stand before or after it.
    fn write(&self, text: &mut String, depth: usize, taken: usize) {
        let may_share = matches!(self, Self::Scalar(_) | Self::List(_) | Self::Record(_));
        if may_share || self.is_empty() {
            let line = self.on_one_line();
            let fits = 2 * depth + taken + line.chars().count() <= LINE_MAX;
            if fits || matches!(self, Self::Scalar(_)) {
                text.push_str(&line);
                return;
            }
        }
        match self {
            Self::Scalar(_) => {}
            Self::List(elements) | Self::Lines(elements) => {
                let elements = elements.iter().map(|element| (String::new(), element));
                write_lines(text, depth, ['[', ']'], elements);
            }
            Self::Record(members) | Self::Object(members) => {
                let members = members.iter().map(|(name, value)| (key(name), value));
                write_lines(text, depth, ['{', '}'], members);
            }
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::List(elements) | Self::Lines(elements) => elements.is_empty(),
            Self::Record(members) | Self::Object(members) => members.is_empty(),
        }
    }

    fn on_one_line(&self) -> String {
        match self {
            Self::Scalar(value) => value.to_string(),
            Self::List(elements) | Self::Lines(elements) => {
                let elements: Vec<String> = elements.iter().map(Self::on_one_line).collect();
                format!("[{}]", elements.join(", "))
            }
            Self::Record(members) | Self::Object(members) if members.is_empty() => "{}".to_owned(),
            Self::Record(members) | Self::Object(members) => {
                let members: Vec<String> =
                    members.iter().map(|(name, value)| key(name) + &value.on_one_line()).collect();
                format!("{{ {} }}", members.join(", "))
            }
        }
    }
}

fn key(name: &str) -> String {
    format!("{}: ", serde_json::Value::from(name))
}

fn write_lines<'j>(
    text: &mut String,
    depth: usize,
    [open, close]: [char; 2],
    values: impl Iterator<Item = (String, &'j Json)>,
) {
    text.push(open);
    let mut separator = "";
    for (key, value) in values {
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}\n{:indent$}{key}", "", indent = 2 * (depth + 1));
        value.write(text, depth + 1, key.chars().count() + 1);
        separator = ",";
    }
    let _ = write!(text, "\n{:indent$}{close}", "", indent = 2 * depth);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_shares_a_line_and_what_does_not_is_broken() {
        let long = || Json::List(vec![Json::text(&"a".repeat(60)), Json::text(&"b".repeat(60))]);
        let json = Json::Object(vec![
            ("a".to_owned(), Json::Record(vec![("b".to_owned(), Json::List(vec![]))])),
            ("c".to_owned(), long()),
            ("d".to_owned(), Json::Object(vec![])),
        ]);
        let (a, b) = ("a".repeat(60), "b".repeat(60));
        let expected = format!(
            "{{\n  \"a\": {{ \"b\": [] }},\n  \"c\": [\n    \"{a}\",\n    \"{b}\"\n  ],\n  \
             \"d\": {{}}\n}}\n"
        );
        assert_eq!(json.to_text(), expected);
    }

    #[test]
    fn a_line_is_filled_to_its_end_and_no_further() {
        for (length, lines) in [(85, 3), (86, 5)] {
            let list = Json::List(vec![Json::text(&"x".repeat(length))]);
            let text = Json::Object(vec![("name".to_owned(), list)]).to_text();
            assert_eq!(text.lines().count(), lines, "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= LINE_MAX), "{text}");
        }
    }
}
