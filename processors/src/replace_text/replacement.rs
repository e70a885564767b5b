//! What a match is replaced by: text and groups, in Java's syntax.

use std::borrow::Cow;
use std::sync::Arc;

use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::{Groups, PropertyType};

/// Text with references to groups. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement(Arc<[Part]>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The digits behind a `$`.
    Group(String),
}

impl PropertyType for Replacement {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => plain.push(letters.next().unwrap_or('\\')),
                '$' => {
                    let mut digits = String::new();
                    while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                        digits.push(digit);
                    }
                    if digits.is_empty() {
                        plain.push('$');
                        continue;
                    }
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(Part::Group(digits));
                }
                _ => plain.push(letter),
            }
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self(parts.into()))
    }

    /// What an expression gives stands for itself.
    fn quote(value: &str) -> Cow<'_, str> {
        if value.contains(['\\', '$']) {
            Cow::Owned(value.replace('\\', "\\\\").replace('$', "\\$"))
        } else {
            Cow::Borrowed(value)
        }
    }
}

impl Replacement {
    /// What a match with `groups` is replaced by, part by part.
    pub(super) fn each<'s, E>(
        &'s self,
        groups: &Groups<'s>,
        mut push: impl FnMut(&'s str) -> Result<(), E>,
    ) -> Result<(), E> {
        for part in &*self.0 {
            match part {
                Part::Text(text) => push(text)?,
                Part::Group(digits) => {
                    if let Some((number, rest)) = group(digits, groups.len()) {
                        push(groups.get(number).unwrap_or_default())?;
                        push(rest)?;
                    } else {
                        push("$")?;
                        push(digits)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The group that the longest beginning of `digits` names, of `count` groups, and what is behind
/// it; none where there is no such group.
fn group(digits: &str, count: usize) -> Option<(usize, &str)> {
    let mut number = None;
    for (at, digit) in digits.bytes().enumerate() {
        let longer = number.unwrap_or(0) * 10 + usize::from(digit - b'0');
        if longer >= count {
            return Some((number?, digits.get(at..).unwrap_or_default()));
        }
        number = Some(longer);
    }
    Some((number?, ""))
}

#[cfg(test)]
mod tests {
    use tutti_sdk::property::Regex;

    use super::*;

    /// What `(b)(c)?` is replaced by in `abx`.
    fn replaced(text: &str) -> String {
        let replacement = Replacement::parse(text, &PropertyKind::Text).unwrap();
        let regex = Regex::parse("(b)(c)?", &PropertyKind::Regex).unwrap();
        let groups = regex.find_all("abx").next().unwrap().unwrap();
        let mut out = String::new();
        let mut push = |part: &str| {
            out.push_str(part);
            Ok::<(), ()>(())
        };
        replacement.each(&groups, &mut push).unwrap();
        out
    }

    #[test]
    fn groups_are_those_of_java() {
        for (text, expected) in [
            ("", ""),
            ("<$0>", "<b>"),
            ("$1$2$1", "bb"),
            ("$13", "b3"),
            ("$01", "b"),
            ("$3", "$3"),
            ("$9 and $1", "$9 and b"),
            ("$x $1 $", "$x b $"),
            (r"\$1 \\ \n", r"$1 \ n"),
            (r"end\", r"end\"),
        ] {
            assert_eq!(replaced(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_quoted_text_stands_for_itself() {
        for text in ["", "$1", r"\$1\", "plain"] {
            assert_eq!(replaced(&Replacement::quote(text)), text);
        }
    }
}
