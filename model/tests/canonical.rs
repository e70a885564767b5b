//! The canonical text: what it mends, what it refuses, that it keeps the meaning and itself.

mod common;
mod survives;

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use tutti_model::cron::{Cron, Zone};
use tutti_model::definition::{
    BackPressure, Backoff, BulletinLevel, Connection, EndpointName, FlowDefinition, Funnel, Group,
    Label, Parameter, ParameterContext, Port, Prioritizer, Processor, Property, Retry, Schedule,
    ScheduledState, Service,
};
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::fmt;
use tutti_model::parameter::ParameterValues;
use tutti_model::text::Located;

fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    fmt::format(&Document::parse(text, "flows/example.json")?)
}

#[test]
fn what_is_certain_is_mended() {
    let text = "\u{feff}{ format: 1, 'name': \"example\", \"processors\": { \"Get\": {
        \"properties\": { \"b\": true, \"a\": 1.50, \"c\": \"x\ty\", }, \"type\": \"GetFile\",
        \"penaltyDuration\": \"30 seconds\" \"yieldDuration\": \"60 s\",
        \"state\": \"enabled\" } } }";
    let expected = r#"{
  "format": 1,
  "name": "example",
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": {
        "a": "1.50",
        "b": "true",
        "c": "x\ty"
      },
      "yieldDuration": "1 min"
    }
  }
}
"#;
    assert_eq!(format(text).as_deref(), Ok(expected));
}

#[test]
fn what_cannot_be_kept_is_refused_with_all_reasons() {
    for (text, expected) in [
        (
            r#"{ "format": 1, "name": "example" // why
            }"#,
            &["T0002"] as &[_],
        ),
        (
            r#"{ "format": 1, "name": "example", "processor": {}, "funnels": 1 }"#,
            &["T0007", "T0005"],
        ),
        (r#"{ "format": 2, "name": "example" }"#, &["T0009"]),
        (r#"{ "format": 1, "name": "example", "name": "other" }"#, &["T0004"]),
        ("{", &["T0001"]),
        ("", &["T0001"]),
        ("[]", &["T0005"]),
    ] {
        let found = format(text).expect_err(text);
        let codes: Vec<&str> = found.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, expected, "{text}");
    }
}

#[test]
fn order_spelling_and_defaults_do_not_make_flows_differ() {
    let one = r#"{ "format": 1, "name": "example",
        "processors": {
            "B": { "type": "X", "autoTerminate": ["b", "a"], "yieldDuration": "1000 ms" },
            "A": { "type": "X" } },
        "connections": [
            { "from": "B", "to": "A", "relationships": ["y", "x"],
                "backPressure": { "size": "1024 MB" } },
            { "from": "A", "to": "B" } ] }"#;
    let same = r#"{ "format": 1, "name": "example",
        "connections": [
            { "to": "B", "from": "A" },
            { "from": "B", "to": "A", "relationships": ["x", "y"] } ],
        "processors": {
            "A": { "type": "X", "concurrentTasks": 1 },
            "B": { "type": "X", "autoTerminate": ["a", "b"] } } }"#;
    assert_eq!(common::read(one), common::read(same));
    assert_eq!(format(one), format(same));
    let other = same.replace("\"a\", \"b\"", "\"a\"");
    assert_ne!(common::read(one), common::read(&other));
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9é#\"\\\\]([ a-z0-9{}$.'-]{0,10}[a-z0-9}'\"])?"
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,30}", "[a-z \\n\\t\"\\\\]{0,150}"]
}

fn names() -> impl Strategy<Value = Vec<Located<String>>> {
    proptest::collection::btree_set(name(), 0..3)
        .prop_map(|names| names.into_iter().map(Located::from).collect())
}

fn time() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0_u64..100).prop_map(Duration::from_secs),
        any::<u64>().prop_map(Duration::from_nanos),
    ]
}

fn state() -> impl Strategy<Value = ScheduledState> {
    prop_oneof![Just(ScheduledState::Enabled), Just(ScheduledState::Disabled)]
}

fn properties() -> impl Strategy<Value = BTreeMap<String, Property>> {
    btree_map(words(), words().prop_map(Property::new), 0..3)
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let cron = ("[0-9]/[1-9] [0-9] (\\*|1[0-9]-2[0-3]) \\? \\* (MON|[1-5]-6)", any::<bool>());
    prop_oneof![
        time().prop_map(Schedule::Period),
        cron.prop_filter_map("a time", |(text, is_there)| {
            let zone = if is_there { Zone::named("Europe/Vienna") } else { None };
            Cron::parse(&text, zone).ok().map(Schedule::Cron)
        }),
    ]
}

fn retry() -> impl Strategy<Value = Retry> {
    let backoff = prop_oneof![Just(Backoff::Penalize), Just(Backoff::Yield)];
    (names(), 1_u32..=Retry::ATTEMPTS_MAX, backoff, time()).prop_map(
        |(relationships, attempts, backoff, maximum)| Retry {
            relationships,
            attempts,
            backoff,
            maximum,
        },
    )
}

fn processor() -> impl Strategy<Value = Processor> {
    let level = prop_oneof![Just(BulletinLevel::Debug), Just(BulletinLevel::Warning)];
    (
        (name(), words(), properties(), option::of(schedule()), 1_u32..=1024),
        (time(), time(), level, option::of(retry()), names(), state()),
    )
        .prop_map(|((type_name, description, properties, schedule, tasks), rest)| {
            let (penalty_duration, yield_duration, bulletin_level, retry, auto_terminate, state) =
                rest;
            Processor {
                description,
                properties,
                schedule: schedule.map(Located::from),
                concurrent_tasks: tasks.into(),
                penalty_duration,
                yield_duration,
                bulletin_level,
                retry,
                auto_terminate,
                state,
                ..Processor::new(&type_name)
            }
        })
}

fn endpoint() -> impl Strategy<Value = EndpointName> {
    (option::of(name()), name()).prop_map(|(group, name)| EndpointName { group, name })
}

fn connection() -> impl Strategy<Value = Connection> {
    let prioritizers = proptest::sample::subsequence(
        vec![Prioritizer::FirstInFirstOut, Prioritizer::PriorityAttribute],
        0..=2,
    );
    let limits = (0..=u64::from(u32::MAX), any::<u64>());
    (endpoint(), names(), endpoint(), limits, time(), prioritizers).prop_map(
        |(from, relationships, to, (count, size_bytes), expiration, prioritizers)| Connection {
            relationships,
            back_pressure: BackPressure { count, size_bytes },
            expiration,
            prioritizers,
            ..Connection::new(from, &[], to)
        },
    )
}

/// The connections of a group that was read are sorted; this is as good an order for one or none.
fn connections() -> impl Strategy<Value = Vec<Located<Connection>>> {
    option::of(connection()).prop_map(|one| one.into_iter().map(Located::from).collect())
}

fn group() -> impl Strategy<Value = Group> {
    fn named<T: std::fmt::Debug>(
        prefix: &'static str,
        thing: impl Strategy<Value = T>,
    ) -> impl Strategy<Value = BTreeMap<String, Located<T>>> {
        btree_map(
            name().prop_map(move |name| format!("{prefix}{name}")),
            thing.prop_map(Located::from),
            0..3,
        )
    }
    let port = || (words(), state()).prop_map(|(description, state)| Port { description, state });
    let service = (name(), words(), properties(), state()).prop_map(
        |(type_name, description, properties, state)| Service {
            type_name: type_name.into(),
            description,
            properties,
            state,
        },
    );
    let leaf = (
        (words(), option::of(name()), named("s", service), named("p", processor())),
        (connections(), named("f", Just(Funnel {})), named("i", port()), named("o", port())),
        named("l", words().prop_map(|text| Label { text })),
    )
        .prop_map(|((description, context, services, processors), rest, labels)| {
            let (connections, funnels, input_ports, output_ports) = rest;
            Group {
                description,
                parameter_context: context.map(Located::from),
                services,
                processors,
                connections,
                funnels,
                input_ports,
                output_ports,
                labels,
                groups: BTreeMap::new(),
            }
        });
    leaf.prop_recursive(2, 6, 2, move |inner| {
        (inner.clone(), named("g", inner)).prop_map(|(group, groups)| Group { groups, ..group })
    })
}

fn parameter_context() -> impl Strategy<Value = ParameterContext> {
    let parameter = (words(), any::<bool>(), option::of(words())).prop_map(
        |(description, sensitive, value)| Parameter {
            description,
            sensitive,
            value: value.filter(|_| !sensitive).map(Located::from),
        },
    );
    let parameters = btree_map("[a-z][a-z0-9._-]{0,8}", parameter.prop_map(Located::from), 0..3);
    (words(), names(), parameters).prop_map(|(description, inherits, parameters)| {
        ParameterContext { description, inherits, parameters }
    })
}

fn flow() -> impl Strategy<Value = FlowDefinition> {
    let contexts = btree_map(name(), parameter_context().prop_map(Located::from), 0..3);
    ("[a-z][a-z0-9_-]{0,8}", option::of(words()), contexts, group()).prop_map(
        |(name, schema, parameter_contexts, root)| {
            let mut flow = FlowDefinition::new(&name);
            flow.schema = schema;
            flow.parameter_contexts = parameter_contexts;
            flow.root = root;
            flow
        },
    )
}

/// The documented example with some of its text replaced.
fn damaged() -> impl Strategy<Value = String> {
    let (text, _) = common::documented();
    let pieces = prop_oneof![
        "\\PC{0,3}",
        proptest::sample::select(vec![
            "", "\"", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e9", "\\", "\\u00",
            "#{", "##{", "${", "'", "//", "/*", "\n", "\u{feff}", "é", "\"\"", "{}", "[[",
            "\"type\"",
        ])
        .prop_map(str::to_owned),
    ];
    vec((any::<proptest::sample::Index>(), 0_usize..12, pieces), 1..6).prop_map(move |changes| {
        let mut letters: Vec<char> = text.chars().collect();
        for (at, length, new) in changes {
            let start = at.index(letters.len());
            let end = (start + length).min(letters.len());
            letters.splice(start..end, new.chars());
            if letters.is_empty() {
                letters.push(' ');
            }
        }
        letters.into_iter().collect()
    })
}

/// Whatever `text` is, it is read or refused, and what is read is written canonically.
fn survives(text: &str) {
    let values: ParameterValues = common::VALUES.iter().copied().collect();
    survives::survives(text, &common::catalog(), &values);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_the_same(flow in flow()) {
        let text = fmt::write(&flow);
        let document = Document::parse(&text, &format!("{}.json", flow.name.value));
        let read = FlowDefinition::parse(&document.expect("what was written is JSON"));
        prop_assert_eq!(read.diagnostics(), []);
        prop_assert_eq!(&read, &flow);
        prop_assert_eq!(fmt::write(&read), text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}|[\\[\\]{}:,\"'a1 \\\\/*.\\n-]{0,60}") {
        survives(&text);
    }

    #[test]
    fn a_damaged_flow_is_read_or_refused(text in damaged()) {
        survives(&text);
    }
}
