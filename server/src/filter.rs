//! Flowfiles that an expression is true of.
//!
//! It sees a flowfile and nothing else: no parameter, and no state.

use std::borrow::Cow;

use tutti_expression::{Context, Expression, MapContext, ParseError};
use tutti_model::flowfile::{FlowFile, PSEUDO_ATTRIBUTES};
use tutti_runtime::Machine;

use crate::clock;

/// Bytes that an expression of a client may have.
pub(crate) const BYTES_MAX: usize = 64 << 10;

/// A condition for flowfiles.
pub(crate) struct Filter {
    expression: Expression,
    /// What it sees of the time and the machine.
    surroundings: MapContext,
}

/// Why a text is no condition.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FilterError {
    #[error("a filter may have {BYTES_MAX} bytes")]
    Long,
    #[error("the filter is wrong at character {}: {}", .0.position + 1, .0.message)]
    Syntax(ParseError),
    #[error("the filter names the parameter \"{0}\": it sees flowfiles only")]
    Parameter(String),
}

impl Filter {
    pub(crate) fn parse(text: &str) -> Result<Self, FilterError> {
        if text.len() > BYTES_MAX {
            return Err(FilterError::Long);
        }
        let expression = Expression::parse(text).map_err(FilterError::Syntax)?;
        if let Some(parameter) = expression.parameters().next() {
            return Err(FilterError::Parameter(parameter.to_owned()));
        }
        let machine = Machine::this();
        let surroundings = MapContext {
            now_ms: clock::now_ms(),
            host_name: machine.name,
            host_address: machine.address,
            ..MapContext::default()
        };
        Ok(Self { expression, surroundings })
    }

    /// Whether it gives `true`; what it gives no value for is not wanted.
    pub(crate) fn wants(&self, flowfile: &FlowFile) -> bool {
        let seen = Seen { flowfile, surroundings: &self.surroundings };
        self.expression.evaluate(&seen).is_ok_and(|value| value.trim() == "true")
    }
}

/// What it sees of one flowfile.
struct Seen<'s> {
    flowfile: &'s FlowFile,
    surroundings: &'s MapContext,
}

impl Context for Seen<'_> {
    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let own = self.flowfile.attribute(name).map(Cow::Borrowed);
        own.or_else(|| self.flowfile.pseudo_attribute(name).map(Cow::Owned))
    }

    fn attribute_names(&self) -> Vec<String> {
        let attributes = self.flowfile.attributes();
        let pseudo = PSEUDO_ATTRIBUTES.iter().filter(|name| attributes.get(name).is_none());
        let own = attributes.iter().map(|(name, _)| name.to_owned());
        own.chain(pseudo.map(|name| (*name).to_owned())).collect()
    }

    fn parameter(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }

    fn state(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }

    fn now_ms(&self) -> i64 {
        self.surroundings.now_ms()
    }

    fn random(&self) -> u64 {
        self.surroundings.random()
    }

    fn next_int(&self) -> i64 {
        self.surroundings.next_int()
    }

    fn host_name(&self) -> Cow<'_, str> {
        self.surroundings.host_name()
    }

    fn host_address(&self) -> Cow<'_, str> {
        self.surroundings.host_address()
    }
}

#[cfg(test)]
mod tests {
    use tutti_model::flowfile::{FlowFileId, Timestamp};

    use super::*;

    fn wants(text: &str) -> bool {
        let mut flowfile = FlowFile::new(FlowFileId(7), Timestamp(5));
        flowfile.set_attribute("filename", "song.flac");
        flowfile.set_attribute("n", "x");
        Filter::parse(text).unwrap().wants(&flowfile)
    }

    #[test]
    fn a_flowfile_is_wanted_where_it_gives_true() {
        for (text, right) in [
            ("${filename:endsWith('.flac')}", true),
            ("${filename:endsWith('.wav')}", false),
            ("${fileSize:lt(1)}", true),
            ("${entryDate:equals('5')}", true),
            ("${flowFileId:equals('7')}", true),
            ("true", true),
            ("yes", false),
            ("", false),
            ("${absent}", false),
            // What has no value is not wanted either.
            ("${n:toNumber():gt(1)}", false),
            ("${anyAttribute('filename', 'n'):equals('x')}", true),
        ] {
            assert_eq!(wants(text), right, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_told_with_its_place() {
        let error = |text: &str| Filter::parse(text).err().unwrap().to_string();
        assert!(error("${filename:nothing()}").contains("at character"), "no place");
        assert!(error("#{key}").contains("\"key\""), "no parameter");
        assert!(error(&"a".repeat(BYTES_MAX + 1)).contains("65536"), "no bound");
    }
}
