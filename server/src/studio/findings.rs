//! What is wrong with a draft, found out once for each of its revisions and each set of values that
//! its parameters have.
//!
//! Must never tell of another revision than was asked for, nor take values that could not be read
//! for values that are not there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tutti_editing::{Refusal, Sheet};
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::parameter::ParameterValues;
use tutti_model::spec::SpecSource;

use super::Parameters;

/// For how long values that were read count: their files may be changed by anybody.
const VALUES_AGE_MAX: Duration = Duration::from_secs(2);

/// What was found out of one draft last.
#[derive(Default)]
pub(super) struct Findings(Mutex<Option<Known>>);

struct Known {
    revision: u64,
    flow: FlowDefinition,
    /// Found out when somebody asks.
    found: Option<Arc<Found>>,
}

struct Found {
    read: Instant,
    values: Result<ParameterValues, String>,
    findings: Arc<[Diagnostic]>,
}

/// What is wrong.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) findings: Arc<[Diagnostic]>,
    /// Why nobody knows the values of parameters.
    pub(super) parameters: Option<String>,
}

impl Findings {
    /// The flow that `sheet` is, which is the draft at `revision`.
    pub(super) fn definition(
        &self,
        revision: u64,
        sheet: &Sheet,
    ) -> Result<FlowDefinition, Refusal> {
        let mut known = self.0.lock();
        Ok(at(&mut known, revision, sheet)?.flow.clone())
    }

    /// What is wrong with `sheet`, which is the draft at `revision`.
    pub(super) fn of(
        &self,
        revision: u64,
        sheet: &Sheet,
        specs: &dyn SpecSource,
        parameters: &Parameters,
    ) -> Wrong {
        let (flow, before) = match at(&mut self.0.lock(), revision, sheet) {
            Ok(Known { found: Some(found), .. }) if found.read.elapsed() <= VALUES_AGE_MAX => {
                return found.wrong();
            }
            Ok(known) => (known.flow.clone(), known.found.clone()),
            Err(Refusal::Findings(findings)) => {
                return Wrong { findings: findings.into(), parameters: None };
            }
            // A draft is a flow, however wrong: nothing else gets into it.
            Err(_) => return Wrong { findings: Arc::default(), parameters: None },
        };
        // Without the lock: files are read, and whoever else looks does not wait for them.
        let values = parameters(&flow);
        let findings = match before.filter(|found| is_same(&found.values, &values)) {
            Some(found) => Arc::clone(&found.findings),
            None => findings(&flow, specs, &values),
        };
        let found = Arc::new(Found { read: Instant::now(), values, findings });
        let wrong = found.wrong();
        if let Some(known) = self.0.lock().as_mut().filter(|known| known.revision == revision) {
            known.found = Some(found);
        }
        wrong
    }
}

impl Found {
    fn wrong(&self) -> Wrong {
        let parameters = self.values.as_ref().err().cloned();
        Wrong { findings: Arc::clone(&self.findings), parameters }
    }
}

/// What is known of the draft at `revision`, with its flow.
fn at<'k>(
    known: &'k mut Option<Known>,
    revision: u64,
    sheet: &Sheet,
) -> Result<&'k mut Known, Refusal> {
    let is_known = known.as_ref().is_some_and(|known| known.revision == revision);
    if is_known && let Some(known) = known {
        return Ok(known);
    }
    let flow = sheet.definition()?;
    Ok(known.insert(Known { revision, flow, found: None }))
}

/// What is wrong with a flow that is no revision of a draft.
pub(super) fn of(sheet: &Sheet, specs: &dyn SpecSource, parameters: &Parameters) -> Wrong {
    match sheet.definition() {
        Ok(flow) => {
            let values = parameters(&flow);
            let findings = findings(&flow, specs, &values);
            Found { read: Instant::now(), values, findings }.wrong()
        }
        Err(Refusal::Findings(findings)) => Wrong { findings: findings.into(), parameters: None },
        Err(_) => Wrong { findings: Arc::default(), parameters: None },
    }
}

fn findings(
    flow: &FlowDefinition,
    specs: &dyn SpecSource,
    values: &Result<ParameterValues, String>,
) -> Arc<[Diagnostic]> {
    let found = match values {
        Ok(values) => match tutti_model::validate(flow, specs, values) {
            Ok(valid) => valid.warnings,
            Err(findings) => findings,
        },
        Err(_) => tutti_model::check(flow, specs, &ParameterValues::new()),
    };
    found.into()
}

fn is_same(one: &Result<ParameterValues, String>, other: &Result<ParameterValues, String>) -> bool {
    let (one, other) = match (one, other) {
        (Ok(one), Ok(other)) => (one, other),
        // Of neither a value counts.
        (one, other) => return one.is_err() && other.is_err(),
    };
    let value = |of: &ParameterValues, name: &str| {
        let (context, name) = name.rsplit_once(':').unwrap_or(("", name));
        of.get(context, name).map(ToOwned::to_owned)
    };
    one.names().eq(other.names()) && one.names().all(|name| value(one, name) == value(other, name))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tutti_model::codes::Code;
    use tutti_model::document::Document;
    use tutti_model::layout::Layout;
    use tutti_model::spec::ProcessorSpec;

    use super::*;

    /// What is known is looked up again.
    fn grow_old(known: &Findings) {
        let mut known = known.0.lock();
        let found = known.as_mut().unwrap().found.as_mut().unwrap();
        Arc::get_mut(found).unwrap().read -= 2 * VALUES_AGE_MAX;
    }

    #[derive(Default)]
    struct Specs(AtomicUsize);

    impl SpecSource for Specs {
        fn spec(&self, _: &str) -> Option<&ProcessorSpec> {
            self.0.fetch_add(1, Ordering::Relaxed);
            None
        }

        fn type_names(&self) -> Vec<&str> {
            Vec::new()
        }
    }

    fn sheet() -> Sheet {
        let text = r##"{ "format": 1, "name": "a", "parameterContext": "main",
            "parameterContexts": { "main": { "parameters": { "in": {} } } },
            "processors": { "A": { "type": "X", "properties": { "a": "#{in}" } } } }"##;
        let flow = FlowDefinition::parse(&Document::parse(text, "a.json").unwrap());
        Sheet::new(&flow, &Layout::new()).unwrap()
    }

    fn codes(wrong: &Wrong) -> Vec<Code> {
        wrong.findings.iter().map(|one| one.code).collect()
    }

    #[test]
    fn a_revision_is_looked_at_once_and_the_values_are_read_once_in_a_while() {
        let (known, specs, sheet) = (Findings::default(), Specs::default(), sheet());
        let reads = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&reads);
        let parameters: Parameters = Box::new(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok([("in", "x")].into_iter().collect())
        });
        let looked = || (specs.0.load(Ordering::Relaxed), reads.load(Ordering::Relaxed));
        let first = known.of(1, &sheet, &specs, &parameters);
        assert!(codes(&first).contains(&Code::UnknownType) && first.parameters.is_none());
        let once = looked();
        assert_eq!(once.1, 1);
        known.of(1, &sheet, &specs, &parameters);
        assert_eq!(looked(), once);
        grow_old(&known);
        known.of(1, &sheet, &specs, &parameters);
        assert_eq!(looked(), (once.0, 2), "the same values need no other look");
        known.of(2, &sheet, &specs, &parameters);
        assert_eq!(looked().1, 3);
        assert!(looked().0 > once.0);
    }

    #[test]
    fn values_that_cannot_be_read_are_told_and_are_no_missing_values() {
        let (known, specs, sheet) = (Findings::default(), Specs::default(), sheet());
        let none: Parameters = Box::new(|_| Ok(ParameterValues::new()));
        assert!(codes(&known.of(1, &sheet, &specs, &none)).contains(&Code::MissingValue));
        let broken: Parameters = Box::new(|_| Err("\"p.json\" cannot be read".to_owned()));
        let wrong = known.of(2, &sheet, &specs, &broken);
        assert!(!codes(&wrong).contains(&Code::MissingValue));
        assert_eq!(wrong.parameters.as_deref(), Some("\"p.json\" cannot be read"));
        let other: Parameters = Box::new(|_| Ok([("in", "x")].into_iter().collect()));
        grow_old(&known);
        assert_eq!(known.of(2, &sheet, &specs, &other).parameters, None, "it was mended");
    }
}
