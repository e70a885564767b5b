//! Parameters: values from outside, and references to them in texts.

mod reference;
mod scope;

use std::collections::BTreeMap;
use std::fmt;

pub use reference::{Piece, ReferenceError, pieces};
pub use scope::parameters_of;
pub(crate) use scope::{Declared, declared, lineage};

use crate::value::Value;

/// Parameters by name, as one group of a flow sees them.
pub type Parameters = BTreeMap<String, Value>;

/// Values of parameters that come from outside the flow: command line, environment, a file.
///
/// `NAME` is for every context that declares the parameter, `CONTEXT:NAME` for one.
#[derive(Clone, Default)]
pub struct ParameterValues(BTreeMap<String, String>);

impl ParameterValues {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives `name` a `value`; the last one counts.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// The value for `name` as `context` declares it, which may be a secret.
    pub fn get(&self, context: &str, name: &str) -> Option<&str> {
        let own = self.0.get(&format!("{context}:{name}"));
        own.or_else(|| self.0.get(name)).map(String::as_str)
    }

    /// What they were given for, and the values, which may be secrets.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What they were given for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for ParameterValues {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for ParameterValues {
    /// Names only: which values are secret only the flow knows.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.names()).finish()
    }
}
