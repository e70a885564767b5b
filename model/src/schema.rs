//! The JSON Schema of flows (draft 2020-12): completion and checks in every editor.
//!
//! Made from what the types say of themselves. It is a help while writing: validation proper
//! knows more (names, connections, expressions) and is [`crate::check`].

use serde_json::{Map, Value, json};

use crate::definition::{
    Backoff, BulletinLevel, FORMAT_VERSION, Prioritizer, Processor, Retry, ScheduledState, Word,
};
use crate::spec::{
    DynamicPropertySpec, ExpressionScope, ProcessorSpec, PropertyKind, PropertySpec, SpecSource,
    Text,
};

/// The schema of flows that use the types of `specs`.
pub fn flow_schema(specs: &dyn SpecSource) -> Value {
    let mut flow = group_members();
    flow.insert("$schema".to_owned(), json!({ "type": "string" }));
    flow.insert(
        "format".to_owned(),
        json!({
            "const": FORMAT_VERSION,
            "description": "The version of this format.",
        }),
    );
    flow.insert(
        "name".to_owned(),
        json!({
            "type": "string",
            "pattern": r"^[\p{L}\p{N}_-][\p{L}\p{N}._-]{0,127}$",
            "description": "The name of the flow, that of its file without `.json`.",
        }),
    );
    flow.insert(
        "parameterContexts".to_owned(),
        named(
            "parameterContext",
            "Sets of parameters: values that differ between places, and secrets.",
        ),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A flow",
        "type": "object",
        "required": ["format", "name"],
        "additionalProperties": false,
        "properties": flow,
        "$defs": definitions(specs),
    })
}

fn definitions(specs: &dyn SpecSource) -> Value {
    json!({
        "name": {
            "type": "string",
            "minLength": 1,
            "maxLength": 128,
            "pattern": r"^[^/\p{Cc}]+$",
        },
        "names": { "type": "array", "items": { "type": "string" }, "uniqueItems": true },
        "duration": {
            "type": "string",
            "description": "A time: a number and a unit.",
            "examples": ["500 millis", "10 sec", "5 mins", "2 hours", "1 day"],
        },
        "size": {
            "type": "string",
            "description": "An amount of data: a number and a unit; 1 KB is 1,024 B.",
            "examples": ["10 KB", "1 GB"],
        },
        "state": choice("Whether it takes part in the flow.", Some(ScheduledState::default())),
        "parameterContext": parameter_context(),
        "service": typed(
            specs.service_type_names().into_iter().filter_map(|name| specs.service_spec(name)).map(
                |spec| Typed {
                    name: &spec.type_name,
                    aliases: &[],
                    summary: &spec.summary,
                    properties: &spec.properties,
                    dynamic: spec.dynamic.as_ref(),
                    relationships: None,
                },
            ),
            service_members(),
        ),
        "processor": typed(
            processors(specs).map(|spec| {
                let is_open = spec.dynamic.as_ref().is_some_and(|dynamic| dynamic.relationships);
                let names = spec.relationships.iter().map(|one| &*one.name).collect();
                Typed {
                    name: &spec.type_name,
                    aliases: &spec.aliases,
                    summary: &spec.summary,
                    properties: &spec.properties,
                    dynamic: spec.dynamic.as_ref(),
                    relationships: (!is_open).then_some(names),
                }
            }),
            processor_members(),
        ),
        "connection": connection(),
        "port": object(&[], json!({
            "description": { "type": "string", "description": "What it is for." },
            "state": { "$ref": "#/$defs/state" },
        })),
        "label": object(&["text"], json!({
            "text": { "type": "string", "description": "The remark, in Markdown." },
        })),
        "group": object(&[], Value::Object(group_members())),
    })
}

fn object(required: &[&str], properties: Value) -> Value {
    let mut schema = json!({ "type": "object", "additionalProperties": false });
    if let Some(members) = schema.as_object_mut() {
        if !required.is_empty() {
            members.insert("required".to_owned(), json!(required));
        }
        members.insert("properties".to_owned(), properties);
    }
    schema
}

fn named(definition: &str, description: &str) -> Value {
    json!({
        "type": "object",
        "description": description,
        "propertyNames": { "$ref": "#/$defs/name" },
        "additionalProperties": { "$ref": format!("#/$defs/{definition}") },
    })
}

fn choice<T: Word>(description: &str, default: Option<T>) -> Value {
    let words: Vec<&str> = T::WORDS.iter().map(|(_, word)| *word).collect();
    let mut schema = json!({ "enum": words, "description": description });
    if let (Some(default), Some(members)) = (default, schema.as_object_mut()) {
        members.insert("default".to_owned(), default.word().into());
    }
    schema
}

fn with_default(definition: &str, description: &str, default: &str) -> Value {
    json!({
        "$ref": format!("#/$defs/{definition}"),
        "description": description,
        "default": default,
    })
}

fn group_members() -> Map<String, Value> {
    let members = json!({
        "description": { "type": "string", "description": "What it is for." },
        "parameterContext": {
            "type": "string",
            "description": "The parameter context that `#{NAME}` refers to; without one that of \
                            the group around.",
        },
        "services": named("service", "Things configured once and used by several processors."),
        "processors": named("processor", "What works on flowfiles."),
        "connections": {
            "type": "array",
            "description": "The queues between them.",
            "items": { "$ref": "#/$defs/connection" },
        },
        "funnels": { "$ref": "#/$defs/names", "description": "Places where connections meet." },
        "inputPorts": named("port", "Ports through which flowfiles enter."),
        "outputPorts": named("port", "Ports through which flowfiles leave."),
        "labels": named("label", "Remarks on the canvas."),
        "groups": named("group", "Parts with ports of their own."),
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn parameter_context() -> Value {
    object(
        &[],
        json!({
            "description": { "type": "string", "description": "What it is for." },
            "inherits": {
                "$ref": "#/$defs/names",
                "description": "Contexts whose parameters it has as well, the first first.",
            },
            "parameters": {
                "type": "object",
                "propertyNames": { "pattern": r"^[A-Za-z0-9._ -]{1,128}$" },
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "description": { "type": "string", "description": "What it is for." },
                        "sensitive": {
                            "type": "boolean",
                            "default": false,
                            "description": "Whether nobody is to see its value: it has none here.",
                        },
                        "value": {
                            "type": "string",
                            "description": "Its value when none is given from outside.",
                        },
                    },
                    "not": {
                        "properties": { "sensitive": { "const": true } },
                        "required": ["sensitive", "value"],
                    },
                },
            },
        }),
    )
}

fn service_members() -> Value {
    json!({
        "type": { "type": "string", "description": "The type of service." },
        "description": { "type": "string", "description": "What it is for." },
        "properties": { "type": "object", "additionalProperties": { "type": "string" } },
        "state": { "$ref": "#/$defs/state" },
    })
}

fn processor_members() -> Value {
    json!({
        "type": { "type": "string", "description": "The type of processor." },
        "description": { "type": "string", "description": "What it is for." },
        "properties": { "type": "object", "additionalProperties": { "type": "string" } },
        "schedule": {
            "type": "object",
            "description": "When it is triggered; without one as its type prefers.",
            "additionalProperties": false,
            "properties": {
                "period": {
                    "$ref": "#/$defs/duration",
                    "description": "Again so long after the last time; `0 sec` is at once.",
                },
                "cron": {
                    "type": "string",
                    "description": "Six fields: second, minute, hour, day of the month, month, day \
                                    of the week.",
                    "examples": ["0 30 6 * * MON-FRI"],
                },
                "zone": {
                    "type": "string",
                    "description": "The IANA time zone of `cron`; without one that of the machine.",
                    "examples": ["Europe/Vienna"],
                },
            },
            "oneOf": [{ "required": ["period"] }, { "required": ["cron"] }],
        },
        "concurrentTasks": {
            "type": "integer",
            "minimum": 1,
            "maximum": Processor::CONCURRENT_TASKS_MAX,
            "default": 1,
            "description": "How many tasks may run at a time.",
        },
        "penaltyDuration":
            with_default("duration", "How long a penalized flowfile waits.", "30 sec"),
        "yieldDuration":
            with_default("duration", "How long it pauses when it has yielded.", "1 sec"),
        "bulletinLevel":
            choice("The least severe bulletins that it shows.", Some(BulletinLevel::default())),
        "retry": {
            "type": "object",
            "description": "What is tried again before it leaves.",
            "additionalProperties": false,
            "required": ["relationships"],
            "properties": {
                "relationships": { "$ref": "#/$defs/names" },
                "attempts": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": Retry::ATTEMPTS_MAX,
                    "default": Retry::ATTEMPTS,
                },
                "backoff": choice("What happens in between.", Some(Backoff::default())),
                "maximum": with_default("duration", "The longest time in between.", "10 mins"),
            },
        },
        "autoTerminate": {
            "$ref": "#/$defs/names",
            "description": "Relationships whose flowfiles end here.",
        },
        "state": { "$ref": "#/$defs/state" },
    })
}

fn connection() -> Value {
    object(
        &["from", "to"],
        json!({
            "from": {
                "type": "string",
                "description": "A processor, a funnel, an input port, or `GROUP/PORT`.",
            },
            "relationships": {
                "$ref": "#/$defs/names",
                "description": "The relationships of the processor that it carries.",
            },
            "to": {
                "type": "string",
                "description": "A processor, a funnel, an output port, or `GROUP/PORT`.",
            },
            "backPressure": object(&[], json!({
                "count": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": u32::MAX,
                    "default": 10_000,
                    "description": "So many flowfiles fill it; 0 is no limit.",
                },
                "size": with_default("size", "So much fills it; `0 B` is no limit.", "1 GB"),
            })),
            "expiration": with_default(
                "duration",
                "How long flowfiles may wait; `0 sec` is for ever.",
                "0 sec",
            ),
            "prioritizers": {
                "type": "array",
                "description": "Which flowfiles go first.",
                "uniqueItems": true,
                "items": choice::<Prioritizer>("A rule; the next decides what it leaves.", None),
            },
        }),
    )
}

/// All types of processors, each once.
fn processors(specs: &dyn SpecSource) -> impl Iterator<Item = &ProcessorSpec> {
    let named = move |name| specs.spec(name).filter(|spec| spec.type_name == name);
    specs.type_names().into_iter().filter_map(named)
}

/// A type as the schema shows it.
struct Typed<'s> {
    name: &'s str,
    aliases: &'s [Text],
    summary: &'s str,
    properties: &'s [PropertySpec],
    dynamic: Option<&'s DynamicPropertySpec>,
    /// Its relationships, where properties cannot add to them.
    relationships: Option<Vec<&'s str>>,
}

/// An object with `members` whose `type` decides its properties.
fn typed<'s>(types: impl Iterator<Item = Typed<'s>>, members: Value) -> Value {
    let types: Vec<Typed<'s>> = types.collect();
    let option = |one: &Typed<'_>, name: &str| json!({ "const": name, "description": one.summary });
    let options = types.iter().flat_map(|one| {
        let aliases = one.aliases.iter().map(|alias| option(one, alias));
        std::iter::once(option(one, one.name)).chain(aliases)
    });
    let names: Vec<Value> = options.collect();
    let rules: Vec<Value> = types.iter().map(rule).collect();
    let mut schema = object(&["type"], members);
    if let Some(all) = schema.as_object_mut() {
        if !names.is_empty()
            && let Some(of) = all.get_mut("properties").and_then(|all| all.get_mut("type"))
            && let Some(of) = of.as_object_mut()
        {
            of.insert("oneOf".to_owned(), Value::Array(names));
        }
        if !rules.is_empty() {
            all.insert("allOf".to_owned(), Value::Array(rules));
        }
    }
    schema
}

fn rule(one: &Typed<'_>) -> Value {
    let properties: Map<String, Value> =
        one.properties.iter().map(|spec| (spec.name.to_string(), property(spec))).collect();
    let others = one.dynamic.map_or(json!(false), |dynamic| {
        let mut schema = json!({ "type": "string", "description": dynamic.description });
        let is_fixed = dynamic.expression == ExpressionScope::None;
        restrict(&mut schema, &dynamic.kind, is_fixed);
        schema
    });
    let required: Vec<&str> = one
        .properties
        .iter()
        .filter(|spec| spec.required && spec.default.is_none() && spec.depends_on.is_none())
        .map(|spec| &*spec.name)
        .collect();
    let mut all = json!({ "properties": properties, "additionalProperties": others });
    let mut then = json!({});
    if let (Some(all), Some(then)) = (all.as_object_mut(), then.as_object_mut()) {
        if !required.is_empty() {
            all.insert("required".to_owned(), json!(required));
            then.insert("required".to_owned(), json!(["properties"]));
        }
        let mut members = json!({ "properties": all });
        if let (Some(names), Some(members)) = (&one.relationships, members.as_object_mut()) {
            members.insert("autoTerminate".to_owned(), json!({ "items": { "enum": names } }));
        }
        then.insert("properties".to_owned(), members);
    }
    let of = if one.aliases.is_empty() {
        json!({ "const": one.name })
    } else {
        let aliases = one.aliases.iter().map(|alias| &**alias);
        json!({ "enum": std::iter::once(one.name).chain(aliases).collect::<Vec<_>>() })
    };
    json!({
        "if": { "properties": { "type": of }, "required": ["type"] },
        "then": then,
    })
}

fn property(spec: &PropertySpec) -> Value {
    let mut schema = json!({ "type": "string", "description": spec.description });
    if let Some(members) = schema.as_object_mut() {
        if let Some(default) = &spec.default {
            members.insert("default".to_owned(), default.as_ref().into());
        }
        if let Some(example) = &spec.example {
            members.insert("examples".to_owned(), json!([example]));
        }
        if spec.sensitive {
            members.insert("pattern".to_owned(), r"^(#\{[^}]+\})?$".into());
        }
    }
    restrict(&mut schema, &spec.kind, spec.expression == ExpressionScope::None);
    schema
}

/// Offers the choices of `kind`. A parameter may stand for each of them, and an expression where
/// these are allowed.
fn restrict(schema: &mut Value, kind: &PropertyKind, is_fixed: bool) {
    let choices: Vec<Value> = match kind {
        PropertyKind::Boolean => vec![json!({ "const": "true" }), json!({ "const": "false" })],
        PropertyKind::Choice { choices } => choices
            .iter()
            .map(|one| json!({ "const": one.value, "description": one.description }))
            .collect(),
        PropertyKind::Integer { min, max } => {
            return comment(schema, format!("A whole number from {min} to {max}."));
        }
        PropertyKind::Number { min, max } => {
            return comment(schema, format!("A number from {min} to {max}."));
        }
        _ => return,
    };
    let reference = if is_fixed { r"#\{" } else { r"[#$]\{" };
    let mut any = choices;
    any.push(json!({ "pattern": reference }));
    if let Some(members) = schema.as_object_mut() {
        members.insert("anyOf".to_owned(), Value::Array(any));
    }
}

fn comment(schema: &mut Value, text: String) {
    if let Some(members) = schema.as_object_mut() {
        members.insert("$comment".to_owned(), text.into());
    }
}
