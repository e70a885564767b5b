//! Text that may be a secret.

use std::fmt;
use std::sync::Arc;

/// The text of a property or parameter. A sensitive one shows itself to nobody who does not ask
/// for it by [`Value::expose`]: neither in `Debug` nor in `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    text: Arc<str>,
    sensitive: bool,
}

impl Value {
    /// Text that anybody may see.
    pub fn plain(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), sensitive: false }
    }

    /// Text that nobody is to see.
    pub fn sensitive(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), sensitive: true }
    }

    /// The text, also of a sensitive value: never to be logged, stored or shown.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whether nobody is to see it.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.sensitive { "(sensitive)" } else { &self.text })
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sensitive { formatter.write_str("(sensitive)") } else { self.text.fmt(formatter) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_itself_only_when_asked() {
        let secret = Value::sensitive("hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "(sensitive) (sensitive)");
        assert_eq!(secret.expose(), "hunter2");
        let plain = Value::plain("a\"b");
        assert_eq!(format!("{plain} {plain:?}"), "a\"b \"a\\\"b\"");
    }
}
