//! What a test puts in place of what a flow has: sources, mocks, and flowfiles in queues.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tutti_model::definition::Schedule;
use tutti_model::flowfile::Timestamp;
use tutti_model::spec::{
    ExpressionScope, InputRequirement, ProcessorSpec, PropertyKind, SpecSource,
};
use tutti_model::suite::{Given, NewContent, Test};
use tutti_model::valid::{
    EndpointKind, ValidConnection, ValidFlow, ValidGroup, ValidProcessor, ValidProperties,
};
use tutti_model::value::Value;
use tutti_sdk::property::{Evaluated, PropertyType};
use tutti_sdk::{Catalog, ProcessorType, Runnable};

use crate::failure::Failure;
use crate::files;
use crate::mock::{Making, Mock, Prepared, Properties, PropertyText, Source, Told};

/// How long a source sleeps that has nothing left to make.
const ASLEEP: Duration = Duration::from_hours(24 * 365);

/// A flow as a test has it.
pub(crate) struct Stage {
    pub(crate) flow: ValidFlow,
    pub(crate) catalog: Arc<Catalog>,
    /// Flowfiles to be put before processors: the path of the connection, and what.
    pub(crate) queued: Vec<(String, Making)>,
    /// What the properties of stand-ins come to.
    pub(crate) told: Arc<Told>,
}

/// Who stands in for which processor, by its path.
type StandIns = HashMap<String, Arc<dyn Runnable>>;

struct Setting<'t> {
    test: &'t Test,
    folder: &'t Path,
    start: Timestamp,
    catalog: &'t Catalog,
    connections: Vec<ValidConnection>,
    stand_ins: StandIns,
    queued: Vec<(String, Making)>,
    told: Arc<Told>,
    failures: Vec<Failure>,
}

/// Sets `flow` up for `test`.
pub(crate) fn set(
    mut flow: ValidFlow,
    test: &Test,
    catalog: &Arc<Catalog>,
    folder: &Path,
) -> Result<Stage, Vec<Failure>> {
    let mut setting = Setting {
        test,
        folder,
        start: test.clock,
        catalog,
        connections: flow.connections().cloned().collect(),
        stand_ins: StandIns::new(),
        queued: Vec::new(),
        told: Arc::default(),
        failures: Vec::new(),
    };
    setting.group(&mut flow.root);
    let Setting { stand_ins, queued, told, failures, .. } = setting;
    if !failures.is_empty() {
        return Err(failures);
    }
    let catalog = with(&flow, catalog, stand_ins);
    Ok(Stage { flow, catalog: Arc::new(catalog), queued, told })
}

/// A catalog whose types build stand-ins where there are some.
fn with(flow: &ValidFlow, catalog: &Arc<Catalog>, stand_ins: StandIns) -> Catalog {
    let stand_ins = Arc::new(stand_ins);
    let types = flow.processors().filter_map(|processor| {
        let spec = catalog.spec(&processor.type_name)?.clone();
        let (original, stand_ins) = (Arc::clone(catalog), Arc::clone(&stand_ins));
        let name = spec.type_name.clone();
        Some(ProcessorType::new(spec, move |values, context| {
            if let Some(stand_in) = stand_ins.get(&context.component) {
                return Ok(Arc::clone(stand_in));
            }
            let known = original.get(&name).ok_or_else(|| {
                tutti_sdk::ProcessError::internal(format!("the type \"{name}\" is gone"))
            })?;
            known.build(values, context)
        }))
    });
    catalog.with(types.collect::<Vec<_>>())
}

impl Setting<'_> {
    fn group(&mut self, group: &mut ValidGroup) {
        for processor in &mut group.processors {
            self.processor(processor);
        }
        for inner in &mut group.groups {
            self.group(inner);
        }
    }

    fn processor(&mut self, processor: &mut ValidProcessor) {
        let path = &processor.path;
        let Some(spec) = self.catalog.spec(&processor.type_name) else { return };
        let input = self.connections.iter().find(|connection| {
            let (from, to) = (&connection.from, &connection.to);
            to.kind == EndpointKind::Processor && to.path == *path && from != to
        });
        let input = input.map(|connection| connection.path.clone());
        let is_source = input.is_none() && spec.input != InputRequirement::Required;
        // What is given is all that comes in.
        let is_silent = is_source && !self.test.given.is_empty();
        let is_replaced = spec.outside && !self.test.outside || is_silent;
        let given = self.test.given.get(path);
        let mocked = self.test.mocks.get(path);
        if let (Some(given), Some(input)) = (given, &input) {
            for making in self.makings(&given.value, "") {
                self.queued.push((input.clone(), making));
            }
        }
        let properties = self.properties(processor, spec);
        let stand_in: Arc<dyn Runnable> = if is_source && (given.is_some() || is_replaced) {
            let first = processor.relationships.first().map_or("", String::as_str);
            let makings = given.map(|given| self.makings(&given.value, first));
            processor.schedule = Schedule::Period(Duration::ZERO);
            processor.yield_duration = ASLEEP;
            processor.concurrent_tasks = 1;
            Arc::new(Source::new(makings.unwrap_or_default(), properties))
        } else if let Some(answers) = mocked {
            let prepared = answers.value.iter().map(|answer| Prepared {
                content: self.bytes(answer.content.as_ref()),
                contents: answer
                    .makes
                    .iter()
                    .map(|made| self.bytes(made.content.as_ref()))
                    .collect(),
                left: answer.times,
                answer: answer.clone(),
            });
            let prepared = prepared.collect();
            Arc::new(Mock::new(processor.relationships.clone(), prepared, properties))
        } else if is_replaced {
            Arc::new(Mock::new(processor.relationships.clone(), Vec::new(), properties))
        } else {
            return;
        };
        self.stand_ins.insert(processor.path.clone(), stand_in);
    }

    /// The properties of `processor`, without those that nobody is to see.
    fn properties(&self, processor: &ValidProcessor, spec: &ProcessorSpec) -> Properties {
        let ValidProperties { declared, dynamic, .. } = &processor.properties;
        let visible = declared.iter().chain(dynamic).filter(|(_, value)| !value.is_sensitive());
        let value = |(name, value): (&String, &Value)| {
            let scope = match spec.property(name) {
                Some(property) => property.expression,
                None => spec.dynamic.as_ref().map_or(ExpressionScope::None, |one| one.expression),
            };
            let text = value.expose();
            let evaluated = match scope {
                ExpressionScope::None => None,
                ExpressionScope::FlowFile => Evaluated::parse(text, &PropertyKind::Text).ok(),
            };
            // What validation let pass can be parsed.
            let literal = || PropertyText::Literal(text.to_owned());
            (name.clone(), evaluated.map_or_else(literal, PropertyText::Evaluated))
        };
        let values = visible.map(value).collect();
        Properties { values, told: Arc::clone(&self.told) }
    }

    fn makings(&mut self, given: &[Given], first: &str) -> Vec<Making> {
        let mut all = Vec::new();
        for one in given {
            let content = self.bytes(one.content.as_ref());
            let after = one.after.as_ref().map_or(Duration::ZERO, |after| after.value);
            let after_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            let making = Making {
                relationship: one
                    .relationship
                    .as_ref()
                    .map_or_else(|| first.to_owned(), |name| name.value.clone()),
                attributes: one.attributes.clone(),
                content,
                due: self.start.plus_ms(after_ms),
            };
            for _ in 0..one.times {
                all.push(making.clone());
            }
        }
        all
    }

    fn bytes(&mut self, content: Option<&NewContent>) -> Option<Arc<[u8]>> {
        match content? {
            NewContent::Bytes(bytes) => Some(bytes.as_slice().into()),
            NewContent::File(name) => match files::read(self.folder, &name.value) {
                Ok(bytes) => Some(bytes.into()),
                Err(error) => {
                    let path = self.folder.join(&name.value);
                    let message = format!("cannot read \"{}\": {error}", path.display());
                    self.failures.push(Failure::at(message, &name.place));
                    None
                }
            },
        }
    }
}
