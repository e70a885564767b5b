//! The members of a flow in their order, without those that say what holds anyhow.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::definition::{
    BackPressure, Backoff, BulletinLevel, Connection, FORMAT_VERSION, FlowDefinition, Group, Named,
    Parameter, ParameterContext, Port, Processor, Property, Retry, Schedule, ScheduledState,
    Service, Word,
};
use crate::text::Located;
use crate::{data_size, duration};

use super::Json;

/// Members in the order in which they are added.
#[derive(Default)]
struct Members(Vec<(String, Json)>);

impl Members {
    fn add(&mut self, name: &str, value: Json) {
        self.0.push((name.to_owned(), value));
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.add(name, Json::text(text));
        }
    }

    fn word<T: Word>(&mut self, name: &str, value: T, default: T) {
        if value != default {
            self.add(name, Json::text(value.word()));
        }
    }

    fn duration(&mut self, name: &str, value: Duration, default: Duration) {
        if value != default {
            self.add(name, Json::text(&duration::format(value)));
        }
    }

    fn number(&mut self, name: &str, value: u64, default: u64) {
        if value != default {
            self.add(name, Json::Scalar(value.into()));
        }
    }

    fn texts(&mut self, name: &str, texts: &[Located<String>]) {
        if !texts.is_empty() {
            let texts = texts.iter().map(|text| Json::text(text));
            self.add(name, Json::List(texts.collect()));
        }
    }

    fn named<T>(&mut self, name: &str, things: &Named<T>, json: impl Fn(&T) -> Json) {
        if !things.is_empty() {
            let members = things.iter().map(|(name, thing)| (name.clone(), json(thing)));
            self.add(name, Json::Object(members.collect()));
        }
    }

    fn properties(&mut self, properties: &BTreeMap<String, Property>) {
        if !properties.is_empty() {
            let members = properties
                .iter()
                .map(|(name, property)| (name.clone(), Json::text(&property.value)));
            self.add("properties", Json::Object(members.collect()));
        }
    }
}

pub(super) fn flow(flow: &FlowDefinition) -> Json {
    let mut members = Members::default();
    if let Some(schema) = &flow.schema {
        members.add("$schema", Json::text(schema));
    }
    members.add("format", Json::Scalar(FORMAT_VERSION.into()));
    members.add("name", Json::text(&flow.name));
    let contexts = &flow.parameter_contexts;
    group_members(&mut members, &flow.root, |members| {
        members.named("parameterContexts", contexts, parameter_context);
    });
    Json::Object(members.0)
}

fn group(group: &Group) -> Json {
    let mut members = Members::default();
    group_members(&mut members, group, |_| {});
    Json::Object(members.0)
}

/// The members that a flow and a group have in common; `after_context` adds those of the flow.
fn group_members(members: &mut Members, group: &Group, after_context: impl Fn(&mut Members)) {
    members.text("description", &group.description);
    if let Some(context) = &group.parameter_context {
        members.add("parameterContext", Json::text(context));
    }
    after_context(members);
    members.named("services", &group.services, service);
    members.named("processors", &group.processors, processor);
    if !group.connections.is_empty() {
        let connections = group.connections.iter().map(|one| connection(one)).collect();
        members.add("connections", Json::Lines(connections));
    }
    if !group.funnels.is_empty() {
        let names = group.funnels.keys().map(|name| Json::text(name)).collect();
        members.add("funnels", Json::List(names));
    }
    members.named("inputPorts", &group.input_ports, port);
    members.named("outputPorts", &group.output_ports, port);
    members.named("labels", &group.labels, |label| {
        Json::Record(vec![("text".to_owned(), Json::text(&label.text))])
    });
    members.named("groups", &group.groups, self::group);
}

fn parameter_context(context: &ParameterContext) -> Json {
    let mut members = Members::default();
    members.text("description", &context.description);
    members.texts("inherits", &context.inherits);
    members.named("parameters", &context.parameters, parameter);
    Json::Object(members.0)
}

fn parameter(parameter: &Parameter) -> Json {
    let mut members = Members::default();
    members.text("description", &parameter.description);
    if parameter.sensitive {
        members.add("sensitive", Json::Scalar(true.into()));
    } else if let Some(value) = &parameter.value {
        members.add("value", Json::text(value));
    }
    Json::Record(members.0)
}

fn service(service: &Service) -> Json {
    let mut members = Members::default();
    members.add("type", Json::text(&service.type_name));
    members.text("description", &service.description);
    members.properties(&service.properties);
    members.word("state", service.state, ScheduledState::default());
    Json::Object(members.0)
}

fn processor(processor: &Processor) -> Json {
    let mut members = Members::default();
    members.add("type", Json::text(&processor.type_name));
    members.text("description", &processor.description);
    members.properties(&processor.properties);
    if let Some(value) = &processor.schedule {
        members.add("schedule", schedule(value));
    }
    members.number("concurrentTasks", processor.concurrent_tasks.value.into(), 1);
    let (penalty, pause) = (processor.penalty_duration, processor.yield_duration);
    members.duration("penaltyDuration", penalty, Processor::PENALTY_DURATION);
    members.duration("yieldDuration", pause, Processor::YIELD_DURATION);
    members.word("bulletinLevel", processor.bulletin_level, BulletinLevel::default());
    if let Some(value) = &processor.retry {
        members.add("retry", retry(value));
    }
    members.texts("autoTerminate", &processor.auto_terminate);
    members.word("state", processor.state, ScheduledState::default());
    Json::Object(members.0)
}

fn schedule(schedule: &Schedule) -> Json {
    let mut members = Members::default();
    match schedule {
        Schedule::Period(period) => members.add("period", Json::text(&duration::format(*period))),
        Schedule::Cron(cron) => {
            members.add("cron", Json::text(cron.text()));
            if let Some(zone) = cron.zone() {
                members.add("zone", Json::text(zone.name()));
            }
        }
    }
    Json::Record(members.0)
}

fn retry(retry: &Retry) -> Json {
    let mut members = Members::default();
    let names = retry.relationships.iter().map(|name| Json::text(name)).collect();
    members.add("relationships", Json::List(names));
    members.number("attempts", retry.attempts.into(), Retry::ATTEMPTS.into());
    members.word("backoff", retry.backoff, Backoff::default());
    members.duration("maximum", retry.maximum, Retry::MAXIMUM);
    Json::Record(members.0)
}

fn connection(connection: &Connection) -> Json {
    let mut members = Members::default();
    members.add("from", Json::text(&connection.from.to_string()));
    members.texts("relationships", &connection.relationships);
    members.add("to", Json::text(&connection.to.to_string()));
    let (own, default) = (connection.back_pressure, BackPressure::default());
    if own != default {
        let mut limits = Members::default();
        limits.number("count", own.count, default.count);
        if own.size_bytes != default.size_bytes {
            limits.add("size", Json::text(&data_size::format(own.size_bytes)));
        }
        members.add("backPressure", Json::Record(limits.0));
    }
    members.duration("expiration", connection.expiration, Duration::ZERO);
    if !connection.prioritizers.is_empty() {
        let words = connection.prioritizers.iter().map(|one| Json::text(one.word())).collect();
        members.add("prioritizers", Json::List(words));
    }
    Json::Record(members.0)
}

fn port(port: &Port) -> Json {
    let mut members = Members::default();
    members.text("description", &port.description);
    members.word("state", port.state, ScheduledState::default());
    Json::Record(members.0)
}
