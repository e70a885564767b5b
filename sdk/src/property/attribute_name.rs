//! Names of attributes, as flows choose them.

use tutti_model::flowfile::core_attribute;
use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;

/// The name of an attribute that a processor sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeName(Box<str>);

impl AttributeName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an attribute of that name can be set: it can be seen and told from others, and is
    /// not the identity of a flowfile.
    pub(super) fn check(name: &str) -> Result<(), ValueError> {
        if name.trim().is_empty() {
            return Err(ValueError::new("an attribute needs a name")
                .with_help("write one, such as \"hash.value\""));
        }
        if name.trim() != name || name.contains(char::is_control) {
            return Err(ValueError::new(format!("{name:?} cannot be the name of an attribute"))
                .with_help("leave out line ends and the like, and blanks at both ends"));
        }
        if name == core_attribute::UUID {
            return Err(ValueError::new("the identity of a flowfile cannot be set")
                .with_help("use another attribute, such as \"alternate.identifier\""));
        }
        Ok(())
    }
}

impl PropertyType for AttributeName {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        Self::check(text)?;
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_seen_and_is_not_the_identity() {
        for name in ["hash.value", "a b", "Künstler", "uuid2"] {
            assert_eq!(AttributeName::check(name), Ok(()), "{name:?}");
        }
        for (name, told) in [
            ("", "needs a name"),
            (" \t", "needs a name"),
            ("a\nb", "\"a\\nb\" cannot be"),
            ("a\0", "cannot be"),
            (" a", "cannot be"),
            ("a\u{a0}", "cannot be"),
            ("uuid", "cannot be set"),
        ] {
            let error = AttributeName::check(name).unwrap_err();
            assert!(error.message.contains(told) && error.help.is_some(), "{name:?}: {error:?}");
        }
    }
}
