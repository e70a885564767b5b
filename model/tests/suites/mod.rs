//! What holds for any text as the tests of a flow, for tests and for the fuzz target alike: it is
//! read or refused, and every mistake has its place.

use tutti_model::codes::Code;
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::spec::SpecSource;
use tutti_model::suite::{self, Suite};

/// Panics where it does not hold for `text`.
pub(crate) fn survives(text: &str, flow: &FlowDefinition, specs: &dyn SpecSource) {
    let document = match Document::parse(text, "example.tests.json") {
        Ok(document) => document,
        Err(diagnostics) => {
            assert!(diagnostics.iter().any(Diagnostic::is_error));
            return;
        }
    };
    let found = suite::check(&Suite::parse(&document), flow, specs);
    for one in found {
        // Too many mistakes are told of the text as a whole.
        let is_placed = one.place.line > 0 && one.place.column > 0;
        assert!(is_placed || one.code == Code::Limit, "{one}");
        assert!(!one.to_string().is_empty());
    }
}
