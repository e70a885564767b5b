//! Processors and services.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use crate::codes::Code;
use crate::definition::{Processor, Property, Schedule, ScheduledState, Service};
use crate::diagnostic::{Diagnostic, Element, ElementKind};
use crate::duration;
use crate::spec::{FitCheck, ProcessorSpec, PropertyError, ServiceSpec, Text};
use crate::text::{Located, Place};
use crate::valid::{ValidProcessor, ValidProperties, ValidRetry, ValidService};
use crate::value::Value;

use super::contexts::Scope;
use super::properties::{Against, Declared};
use super::services::Services;
use super::{Validation, element};

/// What a group offers to the things in it.
pub(super) struct Surroundings<'v, 'f> {
    pub(super) scope: Option<&'v Rc<Scope<'f>>>,
    pub(super) services: &'v Services<'v>,
}

/// A processor or a service, as it was written.
struct Written<'f> {
    type_name: &'f Located<String>,
    properties: &'f BTreeMap<String, Property>,
    place: &'f Place,
    state: ScheduledState,
}

impl<'f> Validation<'f> {
    /// Checks a processor by itself: its connections come later. One of an unknown type is taken
    /// for what was probably meant; when nobody knows what that is, there is little to check.
    pub(super) fn processor(
        &mut self,
        path: String,
        processor: &'f Located<Processor>,
        around: &Surroundings<'_, 'f>,
    ) -> ValidProcessor {
        let element = element(ElementKind::Processor, &path);
        let spec = self.processor_spec(&processor.type_name, &element);
        // What its relationships are a guess does not say well enough.
        let assumed = spec.or_else(|| self.meant(&processor.type_name));
        let declared = assumed.map(|spec| Declared {
            type_name: &spec.type_name,
            specs: &spec.properties,
            dynamic: spec.dynamic.as_ref(),
        });
        let written = Written {
            type_name: &processor.type_name,
            properties: &processor.properties,
            place: &processor.place,
            state: processor.state,
        };
        let fits = assumed.map(|spec| &spec.fits);
        let properties = self.configured(declared, fits, &written, around, &element);
        let retry = processor.retry.as_ref().map(|retry| ValidRetry {
            relationships: retry.relationships.iter().map(|name| name.value.clone()).collect(),
            attempts: retry.attempts,
            backoff: retry.backoff,
            maximum: retry.maximum,
        });
        ValidProcessor {
            type_name: spec.map_or_else(
                || processor.type_name.value.clone(),
                |spec| spec.type_name.to_string(),
            ),
            description: processor.description.clone(),
            parameters: around.scope.map(|scope| scope.values.clone()).unwrap_or_default(),
            relationships: relationships(spec, &processor.properties),
            properties,
            schedule: self.schedule(processor, assumed, &element),
            concurrent_tasks: self.concurrent_tasks(processor, spec, &element),
            penalty_duration: processor.penalty_duration,
            yield_duration: processor.yield_duration,
            bulletin_level: processor.bulletin_level,
            retry,
            auto_terminate: BTreeSet::new(),
            state: processor.state,
            path,
        }
    }

    /// Checks properties together, each of which is right.
    fn fit(
        &mut self,
        (type_name, fits): (&str, &FitCheck),
        properties: &ValidProperties,
        thing: &Written<'_>,
        element: &Element,
    ) {
        let text = |(name, value): (&String, &Value)| (name.clone(), value.expose().to_owned());
        let ValidProperties { declared, dynamic, .. } = properties;
        let named_by_user: Vec<_> = dynamic.iter().map(text).collect();
        let known = declared.iter().map(text).collect();
        for PropertyError { properties: names, error } in fits.check(&known, &named_by_user) {
            let value = |name: &str| declared.get(name).or_else(|| dynamic.get(name));
            let is_secret = |name: &Text| value(name).is_some_and(Value::is_sensitive);
            // The message may quote values: of its properties, or of who knows which.
            let hides = match &names[..] {
                [] => declared.values().chain(dynamic.values()).any(Value::is_sensitive),
                names => names.iter().any(is_secret),
            };
            // A default stands nowhere: then the place is that of what it does not go with.
            let written = names.iter().find_map(|name| {
                let property = thing.properties.get(&**name)?;
                let is_declared = declared.contains_key(&**name);
                let place = if is_declared { &property.value.place } else { &property.name_place };
                Some((name, place))
            });
            let place = written.map_or(&thing.type_name.place, |(_, place)| place);
            let (message, help) = if hides {
                (format!("the properties of this {type_name} do not go together"), None)
            } else {
                let about =
                    names.first().filter(|first| written.is_none_or(|(name, _)| name != *first));
                let message = match about {
                    Some(name) => format!("{name}: {}", error.message),
                    None => error.message,
                };
                (message, error.help)
            };
            let diagnostic = Diagnostic::new(Code::Unfitting, place, message).with_maybe_help(help);
            self.say(element, diagnostic);
        }
    }

    /// The type that a misspelt name probably means.
    fn meant(&self, type_name: &str) -> Option<&'f ProcessorSpec> {
        let meant = self.report.nearest(type_name, self.specs.type_names().into_iter())?;
        self.specs.spec(meant)
    }

    pub(super) fn service(
        &mut self,
        path: String,
        service: &'f Located<Service>,
        around: &Surroundings<'_, 'f>,
    ) -> ValidService {
        let element = element(ElementKind::Service, &path);
        let spec = self.service_spec(&service.type_name, &element);
        let declared = spec.map(|spec| Declared {
            type_name: &spec.type_name,
            specs: &spec.properties,
            dynamic: spec.dynamic.as_ref(),
        });
        let written = Written {
            type_name: &service.type_name,
            properties: &service.properties,
            place: &service.place,
            state: service.state,
        };
        let fits = spec.map(|spec| &spec.fits);
        let properties = self.configured(declared, fits, &written, around, &element);
        ValidService {
            path,
            type_name: service.type_name.value.clone(),
            description: service.description.clone(),
            properties,
            parameters: around.scope.map(|scope| scope.values.clone()).unwrap_or_default(),
            state: service.state,
        }
    }

    /// Checks the properties of `thing`, each by itself and then whether they fit.
    fn configured(
        &mut self,
        declared: Option<Declared<'f>>,
        fits: Option<&FitCheck>,
        thing: &Written<'f>,
        around: &Surroundings<'_, 'f>,
        element: &Element,
    ) -> ValidProperties {
        let Surroundings { scope, services } = around;
        let Some(declared) = declared else {
            self.pass_over(thing.properties, *scope, element);
            return ValidProperties::default();
        };
        let before = self.report.count();
        let is_enabled = thing.state == ScheduledState::Enabled;
        let against = Against { declared, scope: *scope, services, element, is_enabled };
        let valid = self.properties(thing.properties, thing.place, &against);
        // A parameter whose value is not known yet leaves its property without one.
        let ValidProperties { declared: values, dynamic, .. } = &valid;
        let is_known = |name: &String| values.contains_key(name) || dynamic.contains_key(name);
        let is_whole = self.report.count() == before && thing.properties.keys().all(is_known);
        if let Some(fits) = fits.filter(|_| is_whole) {
            self.fit((declared.type_name, fits), &valid, thing, element);
        }
        valid
    }

    fn processor_spec(
        &mut self,
        type_name: &Located<String>,
        element: &Element,
    ) -> Option<&'f ProcessorSpec> {
        let spec = self.specs.spec(type_name);
        // Without a name its absence has been told.
        if spec.is_none() && !type_name.is_empty() {
            let message = format!("there is no type of processor \"{}\"", type_name.value);
            let help = self
                .report
                .suggest(type_name, self.specs.type_names())
                .or_else(|| Some("\"tutti processors list\" shows what there is".to_owned()));
            let diagnostic =
                Diagnostic::new(Code::UnknownType, &type_name.place, message).with_maybe_help(help);
            self.say(element, diagnostic);
        }
        spec
    }

    fn service_spec(
        &mut self,
        type_name: &Located<String>,
        element: &Element,
    ) -> Option<&'f ServiceSpec> {
        let spec = self.specs.service_spec(type_name);
        if spec.is_none() && !type_name.is_empty() {
            let message = format!("there is no type of service \"{}\"", type_name.value);
            let help = self
                .report
                .suggest(type_name, self.specs.service_type_names())
                .or_else(|| Some("\"tutti services list\" shows what there is".to_owned()));
            let diagnostic = Diagnostic::new(Code::UnknownServiceType, &type_name.place, message)
                .with_maybe_help(help);
            self.say(element, diagnostic);
        }
        spec
    }

    fn schedule(
        &mut self,
        processor: &Located<Processor>,
        spec: Option<&ProcessorSpec>,
        element: &Element,
    ) -> Schedule {
        if let Some(schedule) = &processor.schedule {
            return schedule.value.clone();
        }
        let default = spec.map_or("0 sec", |spec| &*spec.period);
        let period = duration::parse(default).unwrap_or_else(|error| {
            let message = format!("the period that its type prefers cannot be read: {error}");
            let diagnostic = Diagnostic::new(Code::BadDuration, &processor.place, message)
                .with_help("give it a \"schedule\", and tell the author of the type");
            self.say(element, diagnostic);
            Duration::ZERO
        });
        Schedule::Period(period)
    }

    fn concurrent_tasks(
        &mut self,
        processor: &Located<Processor>,
        spec: Option<&ProcessorSpec>,
        element: &Element,
    ) -> u32 {
        let tasks = &processor.concurrent_tasks;
        if tasks.value <= 1 || !spec.is_some_and(|spec| spec.serial) {
            return tasks.value;
        }
        let message = format!("{} runs one task at a time", processor.type_name.value);
        let diagnostic = Diagnostic::new(Code::Serial, &tasks.place, message)
            .with_help("remove \"concurrentTasks\"");
        self.say(element, diagnostic);
        1
    }
}

/// The ways out of a processor: those of its type, then those that its properties make.
pub(crate) fn relationships(
    spec: Option<&ProcessorSpec>,
    properties: &BTreeMap<String, Property>,
) -> Vec<String> {
    let Some(spec) = spec else { return Vec::new() };
    let mut all: Vec<String> = spec.relationships.iter().map(|one| one.name.to_string()).collect();
    if spec.dynamic.as_ref().is_some_and(|dynamic| dynamic.relationships) {
        let own = properties.keys().filter(|name| spec.property(name).is_none());
        let own: Vec<String> = own.filter(|name| !all.contains(name)).cloned().collect();
        all.extend(own);
    }
    all
}
