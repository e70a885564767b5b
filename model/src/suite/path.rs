//! Paths to values in a JSON document: `$.mfccs[0]`, `$["my name"].first`.

use std::fmt;

use serde_json::Value;

/// A path to one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuePath {
    text: Box<str>,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(Box<str>),
    Index(usize),
}

/// Why a text is no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a path to a value: {reason}")]
pub struct PathError {
    text: String,
    reason: &'static str,
}

impl ValuePath {
    /// Reads a path.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let wrong = |reason| PathError { text: text.to_owned(), reason };
        let mut rest = text.strip_prefix('$').ok_or_else(|| wrong("it begins with \"$\""))?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let step;
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let (name, left) = after.split_at(end);
                if name.is_empty() || name == "*" {
                    return Err(wrong("a name follows a \".\""));
                }
                (step, rest) = (Step::Name(name.into()), left);
            } else if let Some(after) = rest.strip_prefix('[') {
                (step, rest) = bracket(after).map_err(wrong)?;
            } else {
                return Err(wrong("a \".\" or a \"[\" follows"));
            }
            steps.push(step);
        }
        Ok(Self { text: text.into(), steps })
    }

    /// The value at the path in `document`.
    pub fn read<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        self.steps.iter().try_fold(document, |value, step| match step {
            Step::Name(name) => value.as_object()?.get(&**name),
            Step::Index(index) => value.as_array()?.get(*index),
        })
    }
}

/// What stands behind a `[`, and the rest behind its `]`.
fn bracket(text: &str) -> Result<(Step, &str), &'static str> {
    const UNCLOSED: &str = "a \"[\" has no \"]\"";
    if text.starts_with('"') {
        let mut names = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let Some(Ok(name)) = names.next() else { return Err("a name in quotes does not end") };
        let rest = text.get(names.byte_offset()..).and_then(|rest| rest.strip_prefix(']'));
        return Ok((Step::Name(name.into()), rest.ok_or(UNCLOSED)?));
    }
    let (index, rest) = text.split_once(']').ok_or(UNCLOSED)?;
    let index = index.parse().map_err(|_| "a number from 0 or a name in quotes stands in [ ]")?;
    Ok((Step::Index(index), rest))
}

impl fmt::Display for ValuePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::text::JsonPath;

    #[test]
    fn a_path_leads_to_a_value() {
        let document = json!({ "a": [{ "b c": 1 }, 2], "\"]": 3 });
        let read = |path: &str| ValuePath::parse(path).unwrap().read(&document).cloned();
        assert_eq!(read("$"), Some(document.clone()));
        assert_eq!(read("$.a[0].b c"), Some(json!(1)));
        assert_eq!(read(r#"$["a"][1]"#), Some(json!(2)));
        assert_eq!(read(r#"$["\"]"]"#), Some(json!(3)));
        assert_eq!((read("$.a[2]"), read("$.a.b"), read("$[0]")), (None, None, None));
    }

    #[test]
    fn what_is_no_path_is_told() {
        for text in ["", "a", "$a", "$.", "$..a", "$.*", "$[", "$[*]", "$[-1]", "$[\"a", "$[\"a\""]
        {
            let error = ValuePath::parse(text).unwrap_err().to_string();
            assert!(error.contains(&format!("\"{text}\" is not a path")), "{error}");
        }
    }

    proptest! {
        #[test]
        fn what_messages_write_can_be_read(names in proptest::collection::vec(".{1,6}", 0..4)) {
            let mut document = json!(1);
            for name in names.iter().rev() {
                document = json!({ name: document });
            }
            let path = names.iter().fold(JsonPath::root(), |path, name| path.member(name));
            let read = ValuePath::parse(&path.to_string());
            prop_assert_eq!(read.unwrap().read(&document), Some(&json!(1)));
        }

        #[test]
        fn nothing_is_too_odd(text in "[$.\\[\\]\"a0-9\\\\]{0,20}") {
            let _ = ValuePath::parse(&text);
        }
    }
}
