//! `String.replaceFirst` and `String.replaceAll`, with Java's `$1`, `${name}` and `\` in the
//! replacement.

use super::{Regex, next_start, too_hard};
use crate::error::Failure;
use crate::functions::TEXT_BYTES_MAX;

impl Regex {
    /// Replaces the first match, or every match where `all` is set.
    pub(crate) fn replace(
        &self,
        text: &str,
        replacement: &str,
        all: bool,
    ) -> Result<String, Failure> {
        let mut out = String::new();
        let mut copied = 0;
        let mut at = 0;
        while at <= text.len() {
            let found =
                self.compiled.captures_from_pos(text, at).map_err(|error| too_hard(&error))?;
            let Some(groups) = found else { break };
            let Some(whole) = groups.get(0) else { break };
            out.push_str(text.get(copied..whole.start()).unwrap_or_default());
            self.append(&groups, replacement, &mut out)?;
            if out.len() > TEXT_BYTES_MAX {
                return Err(crate::functions::too_long());
            }
            copied = whole.end();
            at = next_start(text, whole.start(), whole.end());
            if !all {
                break;
            }
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Ok(out)
    }

    fn append(
        &self,
        groups: &fancy_regex::Captures<'_, str>,
        replacement: &str,
        out: &mut String,
    ) -> Result<(), Failure> {
        let mut letters = replacement.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some(escaped) => out.push(escaped),
                    None => return Err("the replacement ends with a lone backslash".into()),
                },
                '$' if letters.peek() == Some(&'{') => {
                    letters.next();
                    let name: String = letters.by_ref().take_while(|c| *c != '}').collect();
                    if !self.compiled.capture_names().flatten().any(|known| known == name) {
                        return Err(format!("the pattern has no group named '{name}'").into());
                    }
                    out.push_str(groups.name(&name).map_or("", |group| group.as_str()));
                }
                '$' => {
                    let Some(first) = letters.peek().and_then(|c| c.to_digit(10)) else {
                        return Err(
                            "'$' in a replacement needs a group: write '\\\\$' for the sign".into(),
                        );
                    };
                    letters.next();
                    let mut group = first as usize;
                    if group >= groups.len() {
                        return Err(format!("the pattern has no group {group}").into());
                    }
                    while let Some(digit) = letters.peek().and_then(|c| c.to_digit(10)) {
                        let longer = group * 10 + digit as usize;
                        if longer >= groups.len() {
                            break;
                        }
                        group = longer;
                        letters.next();
                    }
                    out.push_str(groups.get(group).map_or("", |group| group.as_str()));
                }
                _ => out.push(letter),
            }
        }
        Ok(())
    }
}
