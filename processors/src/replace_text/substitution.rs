//! Variables in a text, in the syntax of Apache Commons Text, which NiFi has them from.

use tutti_sdk::ProcessError;
use tutti_sdk::model::flowfile::Attributes;

/// How deep values may refer to further values.
const DEPTH_MAX: usize = 32;
/// What a text may come to for each byte that it may have, as variables in values multiply.
const GROWTH_MAX: u64 = 16;

/// Puts the values of attributes where a text names them.
pub(super) struct Substitution<'a> {
    attributes: &'a Attributes,
    /// Bytes that may still be added.
    left: u64,
    pub(super) is_changed: bool,
    push: &'a mut dyn FnMut(&str) -> Result<(), ProcessError>,
}

impl<'a> Substitution<'a> {
    /// Of texts of at most `max` bytes, from `attributes`; what they come to goes to `push`.
    pub(super) fn new(
        attributes: &'a Attributes,
        max: u64,
        push: &'a mut dyn FnMut(&str) -> Result<(), ProcessError>,
    ) -> Self {
        Self { attributes, left: max.saturating_mul(GROWTH_MAX), is_changed: false, push }
    }

    /// Adds what `text` comes to.
    pub(super) fn add(&mut self, text: &str) -> Result<(), ProcessError> {
        self.within(text, &mut Vec::new())
    }

    /// As [`Substitution::add`], where `names` are the variables that led there.
    fn within(&mut self, text: &str, names: &mut Vec<String>) -> Result<(), ProcessError> {
        let mut rest = text;
        while let Some(begin) = rest.find("${") {
            let (before, behind) = (&rest[..begin], &rest[begin + 2..]);
            if let Some(before) = before.strip_suffix('$') {
                self.is_changed = true;
                self.push(before)?;
                self.push("${")?;
                rest = behind;
                continue;
            }
            let Some(end) = behind.find('}') else { break };
            self.push(before)?;
            let variable = &behind[..end];
            rest = &behind[end + 1..];
            let (name, default) = match variable.split_once(":-") {
                Some((name, default)) => (name, Some(default)),
                None => (variable, None),
            };
            let attributes = self.attributes;
            let Some(value) = attributes.get(name).or(default) else {
                self.push("${")?;
                self.push(variable)?;
                self.push("}")?;
                continue;
            };
            self.is_changed = true;
            if names.iter().any(|other| other == name) || names.len() >= DEPTH_MAX {
                return Err(ProcessError::user(format!(
                    "the variable \"{name}\" leads back to itself, or through too many others"
                ))
                .with_help("see that no attribute refers to itself"));
            }
            names.push(name.to_owned());
            self.within(value, names)?;
            names.pop();
        }
        self.push(rest)
    }

    fn push(&mut self, text: &str) -> Result<(), ProcessError> {
        self.left = self.left.checked_sub(text.len() as u64).ok_or_else(|| {
            ProcessError::user(format!(
                "with its variables the text comes to more than {GROWTH_MAX} times \"{}\"",
                crate::bounded::MAXIMUM_BUFFER_SIZE
            ))
            .with_help("see what the attributes hold that it names")
        })?;
        (self.push)(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn substituted(text: &str, attributes: &[(&str, &str)]) -> Result<(String, bool), String> {
        let attributes: Attributes = attributes.iter().copied().collect();
        let mut out = String::new();
        let mut push = |part: &str| {
            out.push_str(part);
            Ok(())
        };
        let mut substitution = Substitution::new(&attributes, 100, &mut push);
        let outcome = substitution.add(text).map_err(|error| error.chain());
        let is_changed = substitution.is_changed;
        outcome.map(|()| (out, is_changed))
    }

    #[test]
    fn variables_are_substituted() {
        let attributes = [("a", "1"), ("b", "<${a}>"), ("x:-y", "no")];
        for (text, expected, is_changed) in [
            ("${a}-${b}", "1-<1>", true),
            ("${c} ${c:-${a} ${c:-", "${c} ${a ${c:-", true),
            ("${c:-d}${a:-d}", "d1", true),
            ("$${a} $$${a}", "${a} $${a}", true),
            ("${c} $a {a} ${", "${c} $a {a} ${", false),
            ("", "", false),
        ] {
            let substituted = substituted(text, &attributes);
            assert_eq!(substituted, Ok((expected.to_owned(), is_changed)), "{text:?}");
        }
    }

    #[test]
    fn circles_and_what_grows_are_told() {
        let circle = substituted("${a}", &[("a", "${b}"), ("b", "${a}")]);
        assert!(circle.unwrap_err().contains("\"a\" leads back to itself"));
        let ten = |name: &str| format!("${{{name}}}").repeat(10);
        let (b, c, d) = (ten("c"), ten("d"), "x".repeat(100));
        let grown = substituted("${b}", &[("b", &b), ("c", &c), ("d", &d)]);
        assert!(grown.unwrap_err().contains("more than 16 times"));
    }
}
