//! What holds for any text, for tests and for the fuzz target alike: it is read or refused, and
//! what is read has a canonical text that means the same, does not differ, and is its own.

use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::fmt;
use tutti_model::parameter::ParameterValues;
use tutti_model::spec::SpecSource;

/// Panics where it does not hold for `text`.
pub(crate) fn survives(text: &str, specs: &dyn SpecSource, values: &ParameterValues) {
    let document = match Document::parse(text, "flows/example.json") {
        Ok(document) => document,
        Err(diagnostics) => {
            assert!(diagnostics.iter().any(Diagnostic::is_error));
            return;
        }
    };
    let flow = FlowDefinition::parse(&document);
    let mut all = tutti_model::check(&flow, specs, values);
    all.extend(tutti_model::validate(&flow, specs, values).err().unwrap_or_default());
    for one in all {
        assert!(one.place.line > 0 && one.place.column > 0, "{one}");
    }
    let Ok(canonical) = fmt::format(&document) else { return };
    let again = Document::parse(&canonical, "flows/example.json");
    assert!(again.is_ok(), "canonical text is no JSON: {canonical}");
    let Ok(again) = again else { return };
    let again_flow = FlowDefinition::parse(&again);
    assert_eq!(again_flow, flow);
    assert_eq!(tutti_model::diff::diff(&flow, &again_flow, specs), []);
    assert_eq!(fmt::format(&again), Ok(canonical));
}
