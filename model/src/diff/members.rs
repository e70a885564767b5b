//! What things are made of, as lists of members in one spelling, defaults included.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use crate::definition::{
    BackPressure, Backoff, BulletinLevel, Connection, FlowDefinition, Group, Label, Parameter,
    ParameterContext, Port, Processor, Property, Retry, Schedule, ScheduledState, Service,
};
use crate::parameter::{Piece, pieces};
use crate::spec::{DynamicPropertySpec, ExpressionScope, PropertyKind, PropertySpec, SpecSource};
use crate::text::Located;
use crate::{data_size, duration};

use super::{HIDDEN, MemberChange};

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    name: String,
    /// What it means: equal where no difference is.
    meaning: String,
    /// What is shown of it.
    shown: String,
    /// Whether it would be so if nobody said it.
    is_default: bool,
    is_secret: bool,
}

impl Member {
    fn new(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            meaning: value.to_owned(),
            shown: value.to_owned(),
            is_default: false,
            is_secret: false,
        }
    }

    /// A member whose `default` is understood where nothing is said.
    fn or(name: &str, value: &str, default: &str) -> Self {
        Self { is_default: value == default, ..Self::new(name, value) }
    }

    fn time(name: &str, value: Duration, default: Duration) -> Self {
        Self::or(name, &duration::format(value), &duration::format(default))
    }

    fn shown(&self) -> String {
        if self.is_secret { HIDDEN.to_owned() } else { self.shown.clone() }
    }

    /// What tells it from others, as far as things are the same without it.
    pub(super) fn identity(&self) -> (&str, &str) {
        (&self.name, &self.meaning)
    }

    /// Whether it says something.
    pub(super) fn is_said(&self) -> bool {
        !self.is_default
    }
}

/// All that was said of a thing that is there now.
pub(super) fn added(members: &[Member]) -> Vec<MemberChange> {
    let said = members.iter().filter(|member| member.is_said());
    said.map(|one| MemberChange {
        member: one.name.clone(),
        before: None,
        after: Some(one.shown()),
    })
    .collect()
}

/// All that was said of a thing that is not there any more.
pub(super) fn removed(members: &[Member]) -> Vec<MemberChange> {
    let turned = added(members).into_iter();
    turned.map(|one| MemberChange { before: one.after, after: None, ..one }).collect()
}

/// The members that mean something else.
pub(super) fn changes<'m>(before: &'m [Member], after: &'m [Member]) -> Vec<MemberChange> {
    let index = |all: &'m [Member]| -> HashMap<&'m str, &'m Member> {
        all.iter().map(|one| (one.name.as_str(), one)).collect()
    };
    let (olds, news) = (index(before), index(after));
    let only_new = after.iter().filter(|one| !olds.contains_key(one.name.as_str()));
    let mut changes = Vec::new();
    for Member { name, .. } in before.iter().chain(only_new) {
        let (old, new) = (olds.get(name.as_str()), news.get(name.as_str()));
        let is_same = match (old, new) {
            (Some(old), Some(new)) => old.meaning == new.meaning,
            (Some(only), None) | (None, Some(only)) => only.is_default,
            (None, None) => true,
        };
        if is_same {
            continue;
        }
        changes.push(MemberChange {
            member: name.clone(),
            before: old.map(|one| one.shown()),
            after: new.map(|one| one.shown()),
        });
    }
    changes
}

/// A name in the old flow, and what it is called in the new one.
pub(super) type Renamed = BTreeMap<String, String>;

fn renamed<'n>(name: &'n str, names: &'n Renamed) -> &'n str {
    names.get(name).map_or(name, String::as_str)
}

pub(super) fn flow(flow: &FlowDefinition, contexts: &Renamed) -> Vec<Member> {
    let mut members = vec![
        Member::new("name", &flow.name),
        Member::or("$schema", flow.schema.as_deref().unwrap_or_default(), ""),
    ];
    members.extend(group(&flow.root, contexts));
    members
}

pub(super) fn group(group: &Group, contexts: &Renamed) -> Vec<Member> {
    let context = group.parameter_context.as_ref().map(|name| renamed(name, contexts));
    vec![
        Member::or("description", &group.description, ""),
        Member::or("parameterContext", context.unwrap_or_default(), ""),
    ]
}

pub(super) fn context(context: &ParameterContext, contexts: &Renamed) -> Vec<Member> {
    let inherits = context.inherits.iter().map(|name| renamed(name, contexts));
    vec![
        Member::or("description", &context.description, ""),
        Member::or("inherits", &inherits.collect::<Vec<_>>().join(", "), ""),
    ]
}

/// A parameter of a context. That a value is a secret may be known of its partner alone.
pub(super) fn parameter(parameter: &Parameter, is_secret: bool) -> Vec<Member> {
    let mut members = vec![
        Member::or("description", &parameter.description, ""),
        Member::or("sensitive", &parameter.sensitive.to_string(), "false"),
    ];
    if let Some(value) = &parameter.value {
        let is_secret = is_secret || parameter.sensitive;
        members.push(Member { is_secret, ..Member::new("value", value) });
    }
    members
}

pub(super) fn port(port: &Port) -> Vec<Member> {
    vec![Member::or("description", &port.description, ""), state(port.state)]
}

pub(super) fn label(label: &Label) -> Vec<Member> {
    vec![Member::or("text", &label.text, "")]
}

pub(super) fn service(service: &Service, specs: &dyn SpecSource) -> Vec<Member> {
    let spec = specs.service_spec(&service.type_name);
    let mut members = vec![
        Member::new("type", &service.type_name),
        Member::or("description", &service.description, ""),
    ];
    let declared = spec.map(|spec| (&spec.properties[..], spec.dynamic.as_ref()));
    properties(&mut members, &service.properties, declared);
    members.push(state(service.state));
    members
}

pub(super) fn processor(processor: &Processor, specs: &dyn SpecSource) -> Vec<Member> {
    let spec = specs.spec(&processor.type_name);
    // By an alias it is the same type.
    let type_name = spec.map_or(processor.type_name.value.as_str(), |spec| &spec.type_name);
    let mut members =
        vec![Member::new("type", type_name), Member::or("description", &processor.description, "")];
    let declared = spec.map(|spec| (&spec.properties[..], spec.dynamic.as_ref()));
    properties(&mut members, &processor.properties, declared);
    let preferred = spec.and_then(|spec| duration::parse(&spec.period).ok());
    schedule(&mut members, processor.schedule.as_ref(), preferred);
    let tasks = processor.concurrent_tasks.value.to_string();
    let (penalty, pause) = (processor.penalty_duration, processor.yield_duration);
    let level = processor.bulletin_level.to_string();
    members.extend([
        Member::or("concurrentTasks", &tasks, "1"),
        Member::time("penaltyDuration", penalty, Processor::PENALTY_DURATION),
        Member::time("yieldDuration", pause, Processor::YIELD_DURATION),
        Member::or("bulletinLevel", &level, &BulletinLevel::default().to_string()),
    ]);
    if let Some(value) = &processor.retry {
        retry(&mut members, value);
    }
    members.push(Member::or("autoTerminate", &list(&processor.auto_terminate), ""));
    members.push(state(processor.state));
    members
}

pub(super) fn connection(connection: &Connection) -> Vec<Member> {
    let (own, default) = (connection.back_pressure, BackPressure::default());
    let (size, size_default) =
        (data_size::format(own.size_bytes), data_size::format(default.size_bytes));
    let first: Vec<_> = connection.prioritizers.iter().map(ToString::to_string).collect();
    vec![
        Member::or("relationships", &list(&connection.relationships), ""),
        Member::or("backPressure.count", &own.count.to_string(), &default.count.to_string()),
        Member::or("backPressure.size", &size, &size_default),
        Member::time("expiration", connection.expiration, Duration::ZERO),
        Member::or("prioritizers", &first.join(", "), ""),
    ]
}

fn list(names: &[Located<String>]) -> String {
    names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(", ")
}

fn state(state: ScheduledState) -> Member {
    Member::or("state", &state.to_string(), &ScheduledState::default().to_string())
}

fn schedule(
    members: &mut Vec<Member>,
    schedule: Option<&Located<Schedule>>,
    preferred: Option<Duration>,
) {
    match (schedule.map(|schedule| &schedule.value), preferred) {
        (Some(Schedule::Cron(cron)), _) => {
            members.push(Member::new("schedule.cron", cron.text()));
            let zone = cron.zone().map_or("", |zone| zone.name());
            members.push(Member::or("schedule.zone", zone, ""));
        }
        (Some(Schedule::Period(period)), preferred) => {
            let is_default = preferred == Some(*period);
            let text = duration::format(*period);
            members.push(Member { is_default, ..Member::new("schedule.period", &text) });
        }
        (None, Some(preferred)) => {
            members.push(Member::time("schedule.period", preferred, preferred));
        }
        (None, None) => {}
    }
}

fn retry(members: &mut Vec<Member>, retry: &Retry) {
    let attempts = Retry::ATTEMPTS.to_string();
    members.extend([
        Member::new("retry.relationships", &list(&retry.relationships)),
        Member::or("retry.attempts", &retry.attempts.to_string(), &attempts),
        Member::or("retry.backoff", &retry.backoff.to_string(), &Backoff::default().to_string()),
        Member::time("retry.maximum", retry.maximum, Retry::MAXIMUM),
    ]);
}

type Declared<'s> = (&'s [PropertySpec], Option<&'s DynamicPropertySpec>);

/// Properties that are given, and those that have a value without.
fn properties(
    members: &mut Vec<Member>,
    given: &BTreeMap<String, Property>,
    declared: Option<Declared<'_>>,
) {
    let spec =
        |name: &str| declared.and_then(|(specs, _)| specs.iter().find(|spec| spec.name == name));
    let dynamic = declared.and_then(|(_, dynamic)| dynamic);
    for (name, property) in given {
        let value = &*property.value;
        let (kind, default, is_secret) = match (spec(name), dynamic) {
            (Some(spec), _) => (Some(&spec.kind), spec.default.as_deref(), spec.sensitive),
            (None, Some(dynamic)) => (Some(&dynamic.kind), None, may_be_secret(name, declared)),
            // Nobody knows what it is.
            (None, None) => (None, None, true),
        };
        let meaning = meaning(value, kind);
        let is_default = default.is_some_and(|default| self::meaning(default, kind) == meaning);
        members.push(Member {
            meaning,
            is_default,
            is_secret: is_secret && !is_reference(value),
            ..Member::new(&format!("properties.{name}"), value)
        });
    }
    for spec in declared.map(|(specs, _)| specs).unwrap_or_default() {
        if let Some(default) = spec.default.as_deref().filter(|_| !given.contains_key(&*spec.name))
        {
            let name = format!("properties.{}", spec.name);
            let meaning = meaning(default, Some(&spec.kind));
            members.push(Member { meaning, is_default: true, ..Member::new(&name, default) });
        }
    }
}

/// Whether the name that a user gave is nearly that of a property that holds a secret.
fn may_be_secret(name: &str, declared: Option<Declared<'_>>) -> bool {
    let specs = declared.map(|(specs, _)| specs).unwrap_or_default();
    let names = specs.iter().map(|spec| &*spec.name);
    let meant = crate::nearest(name, names);
    specs.iter().any(|spec| spec.sensitive && meant == Some(&*spec.name))
}

/// Whether a value is a reference to a parameter and nothing besides, which is no secret itself.
pub(crate) fn is_reference(value: &str) -> bool {
    let found = pieces(value, ExpressionScope::None);
    matches!(found.as_deref(), Ok([Piece::Reference { .. }]))
}

/// The one spelling of a value. What is not of its kind, as with a parameter in it, means itself.
pub(crate) fn meaning(value: &str, kind: Option<&PropertyKind>) -> String {
    let same = || value.to_owned();
    match kind {
        Some(PropertyKind::Duration) => {
            duration::parse(value).map_or_else(|_| same(), duration::format)
        }
        Some(PropertyKind::DataSize) => {
            data_size::parse(value).map_or_else(|_| same(), data_size::format)
        }
        Some(PropertyKind::Boolean) => value.to_lowercase(),
        Some(PropertyKind::Integer { .. }) => {
            value.parse::<i64>().map_or_else(|_| same(), |number| number.to_string())
        }
        Some(PropertyKind::Number { .. }) => {
            value.parse::<f64>().map_or_else(|_| same(), |number| number.to_string())
        }
        _ => same(),
    }
}
