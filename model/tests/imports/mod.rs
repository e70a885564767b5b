//! What holds for any text that is imported, for tests and for the fuzz target alike: it is no
//! flow, or becomes one that is valid where nothing is refused.

use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::fmt;
use tutti_model::layout;
use tutti_model::nifi::{self, Imported};
use tutti_model::parameter::ParameterValues;
use tutti_model::spec::SpecSource;

/// Panics where it does not hold for `text`; hands back what became of it, all that is told or
/// written of it in one text included.
pub(crate) fn imports(text: &str, specs: &dyn SpecSource) -> Option<(Imported, String)> {
    let imported = nifi::import(text, None, specs).ok()?;
    let Imported { flow, layout, refused, changed, secrets } = &imported;
    let (written, laid_out) = (fmt::write(flow), layout.format());
    if refused.is_empty() {
        let document = Document::parse(&written, &format!("{}.json", flow.name.value));
        assert!(document.is_ok(), "what was written is no JSON: {written}");
        let Ok(document) = document else { return None };
        let read = FlowDefinition::parse(&document);
        assert_eq!(read, *flow, "{written}");
        let findings = tutti_model::check(&read, specs, &ParameterValues::new());
        let errors: Vec<&Diagnostic> = findings.iter().filter(|one| one.is_error()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{written}");
        let strays = layout::check(&laid_out, "a.layout.json", Some(&read));
        assert!(strays.is_empty(), "{strays:?}\n{laid_out}");
    }
    let all = format!("{written}\n{laid_out}\n{refused:?}\n{changed:?}\n{secrets:?}");
    Some((imported, all))
}
