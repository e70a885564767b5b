//! Paths into a JSON document, as RFC 9535 writes them.

use std::fmt;
use std::sync::Arc;

/// Where in a JSON document, e.g. `$.processors["Get recordings"].type`. Cheap to copy: a path
/// shares its beginning with those of its neighbours.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct JsonPath(Option<Arc<Step>>);

#[derive(PartialEq, Eq)]
struct Step {
    before: JsonPath,
    last: Key,
}

#[derive(PartialEq, Eq)]
enum Key {
    Name(Box<str>),
    Index(usize),
}

impl JsonPath {
    /// The document itself, `$`.
    pub fn root() -> Self {
        Self::default()
    }

    /// The member `name` of the object here.
    pub fn member(&self, name: &str) -> Self {
        self.then(Key::Name(name.into()))
    }

    /// The element `index`, from 0, of the array here.
    pub fn index(&self, index: usize) -> Self {
        self.then(Key::Index(index))
    }

    fn then(&self, last: Key) -> Self {
        Self(Some(Arc::new(Step { before: self.clone(), last })))
    }
}

/// Whether `name` can follow a dot.
fn is_plain(name: &str) -> bool {
    !name.starts_with(|letter: char| letter.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|letter| letter == '_' || letter.is_alphanumeric())
}

impl fmt::Display for JsonPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(step) = &self.0 else { return formatter.write_str("$") };
        fmt::Display::fmt(&step.before, formatter)?;
        match &step.last {
            Key::Index(index) => write!(formatter, "[{index}]"),
            Key::Name(name) if is_plain(name) => write!(formatter, ".{name}"),
            Key::Name(name) => {
                let quoted = serde_json::Value::from(&**name);
                write!(formatter, "[{quoted}]")
            }
        }
    }
}

impl fmt::Debug for JsonPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_plain_are_quoted() {
        let path = JsonPath::root().member("processors").member("Get \"it\"").member("type");
        assert_eq!(path.index(3).to_string(), r#"$.processors["Get \"it\""].type[3]"#);
        assert_eq!(JsonPath::root().member("1st").to_string(), r#"$["1st"]"#);
        assert_eq!(JsonPath::root().to_string(), "$");
    }
}
