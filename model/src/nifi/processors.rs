//! Processors and controller services.
//!
//! One of a type that is not here is taken over as it is, so that the flow keeps its shape: it is
//! refused, and the flow is not valid until something takes its place.

use serde_json::Value;

use crate::definition::{Processor, Service};

use super::caches::{self, Joined};
use super::components::state;
use super::plan::Planned;
use super::properties::{Declared, Of};
use super::value::{self, Fields};
use super::{Import, known};

impl<'v> Import<'v> {
    pub(super) fn processor(&mut self, path: &str, value: &'v Value) -> Processor {
        const KIND: &str = "processor";
        self.place(path, value);
        let fields = Fields::new(value);
        let theirs = fields.text("type").unwrap_or_default();
        let (short, is_nifis) = known::type_name(theirs);
        let specs = self.specs;
        let spec = specs.spec(short).filter(|_| is_nifis);
        // One that is called as one of ours, and is none, keeps its whole name.
        let is_other = spec.is_none() && specs.spec(short).is_some();
        let mut processor = Processor::new(if is_other { theirs } else { short });
        if spec.is_none() {
            let reason = format!("there is no {short} here: put something in its place");
            self.report.refused(KIND, path, Some("type"), reason);
        }
        fields.text("comments").unwrap_or_default().clone_into(&mut processor.description);
        let declared = spec.map(|spec| Declared {
            type_name: short,
            specs: &spec.properties,
            dynamic: spec.dynamic.as_ref(),
        });
        processor.properties = self.properties(&Of { kind: KIND, path, declared }, fields);
        self.settings(path, fields, spec, &mut processor);
        let terminated = fields.texts("autoTerminatedRelationships").into_iter();
        processor.auto_terminate = terminated.map(|name| name.to_owned().into()).collect();
        processor.state = state(fields);
        if fields.text("annotationData").is_some_and(|data| !data.trim().is_empty()) {
            let reason = "there are no advanced rules here: route and set attributes with several \
                          processors";
            self.report.refused(KIND, path, Some("annotationData"), reason);
        }
        value::unknown(value, known::PROCESSOR, &mut self.report, KIND, path);
        processor
    }

    pub(super) fn service(&mut self, path: &str, planned: &Planned<'v>) -> Service {
        const KIND: &str = "service";
        let value = planned.value;
        self.place(path, value);
        let fields = Fields::new(value);
        let theirs = fields.text("type").unwrap_or_default();
        let (short, is_nifis) = known::type_name(theirs);
        let specs = self.specs;
        if let Some(joined) = &planned.cache {
            return self.cache(path, fields, joined);
        }
        let spec = specs.service_spec(short).filter(|_| is_nifis);
        let is_other = spec.is_none() && specs.service_spec(short).is_some();
        if spec.is_none() && !self.report.is_refused(KIND, path) {
            let reason = format!("there is no {short} here: put something in its place");
            self.report.refused(KIND, path, Some("type"), reason);
        }
        let declared = spec.map(|spec| Declared {
            type_name: short,
            specs: &spec.properties,
            dynamic: spec.dynamic.as_ref(),
        });
        if fields.text("annotationData").is_some_and(|data| !data.trim().is_empty()) {
            let reason = "nothing is known of such data";
            self.report.refused(KIND, path, Some("annotationData"), reason);
        }
        value::unknown(value, known::SERVICE, &mut self.report, KIND, path);
        Service {
            type_name: (if is_other { theirs } else { short }).to_owned().into(),
            description: fields.text("comments").unwrap_or_default().to_owned(),
            properties: self.properties(&Of { kind: KIND, path, declared }, fields),
            state: state(fields),
        }
    }
    /// The cache in the place of the client `fields`, with what its server says of it.
    fn cache(&mut self, path: &str, fields: Fields<'v>, joined: &Joined<'v>) -> Service {
        const KIND: &str = "service";
        let specs = self.specs;
        let declared = specs.service_spec(caches::OURS).map(|spec| Declared {
            type_name: caches::OURS,
            specs: &spec.properties,
            dynamic: spec.dynamic.as_ref(),
        });
        let of = Of { kind: KIND, path, declared };
        let properties = joined.server.map(|server| self.properties(&of, Fields::new(server)));
        Service {
            type_name: caches::OURS.to_owned().into(),
            description: fields.text("comments").unwrap_or_default().to_owned(),
            properties: properties.unwrap_or_default(),
            state: state(fields),
        }
    }
}
