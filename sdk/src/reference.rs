//! The reference page of a type of processor or service, made from what it says about itself.
//!
//! Only for people: nothing reads a page back.

use std::fmt::Write as _;

use tutti_model::flowfile::core_attribute;
use tutti_model::spec::{
    AttributeSpec, ContentSpec, Dependency, DynamicPropertySpec, ExpressionScope, InputRequirement,
    ProcessorSpec, PropertyKind, PropertySpec, ServiceSpec,
};

use crate::{FAILURE, is_failure};

/// The page of a type of processor in Markdown.
pub fn page(spec: &ProcessorSpec) -> String {
    joined(&[
        format!("# {}", spec.type_name),
        spec.summary.to_string(),
        spec.description.to_string(),
        facts(spec),
        properties(&spec.properties, spec.dynamic.as_ref()),
        relationships(spec),
        content(spec),
        attributes("Reads", &spec.reads),
        attributes("Writes", &spec.writes),
        example(spec.example_flow.as_deref()),
    ])
}

/// The page of a type of service in Markdown.
pub fn service_page(spec: &ServiceSpec) -> String {
    joined(&[
        format!("# {}", spec.type_name),
        spec.summary.to_string(),
        spec.description.to_string(),
        format!("- It is a {}.\n- Tags: {}.", spec.offers, spec.tags.join(", ")),
        properties(&spec.properties, spec.dynamic.as_ref()),
        example(spec.example_flow.as_deref()),
    ])
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> =
        parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

fn example(flow: Option<&str>) -> String {
    let link = |flow| format!("## Example\n\n[`flows/{flow}.json`](../../flows/{flow}.json)");
    flow.map(link).unwrap_or_default()
}

fn facts(spec: &ProcessorSpec) -> String {
    let input = match spec.input {
        InputRequirement::Required => "works on what comes in",
        InputRequirement::Allowed => "runs with and without input",
        InputRequirement::Forbidden => "is a source",
    };
    let mut facts = format!("- It {input}.\n");
    if spec.input != InputRequirement::Required {
        let _ = writeln!(
            facts,
            "- It is triggered every {} unless the flow says otherwise.",
            spec.period
        );
    }
    if spec.serial {
        facts.push_str("- Only one task runs at a time.\n");
    }
    if spec.outside {
        facts.push_str(
            "- It works outside of its flow; [tests](../testing-flows.md) put something else in \
             its place.\n",
        );
    }
    if !spec.aliases.is_empty() {
        let names: Vec<String> = spec.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        let _ = writeln!(facts, "- A flow may call it {}, too.", names.join(" or "));
    }
    let _ = writeln!(facts, "- Tags: {}.", spec.tags.join(", "));
    facts
}

fn properties(declared: &[PropertySpec], dynamic: Option<&DynamicPropertySpec>) -> String {
    let mut text = String::new();
    if !declared.is_empty() {
        text.push_str("## Properties\n");
    }
    for property in declared {
        let _ = write!(
            text,
            "\n### {}\n\n{}\n\n{}",
            property.name,
            property.description,
            lines(property)
        );
    }
    if let Some(dynamic) = dynamic {
        let _ = write!(
            text,
            "\n## Properties that you name\n\nThe name is the {}. {}\n\n- Value: {}\n{}",
            dynamic.name,
            dynamic.description,
            kind(&dynamic.kind),
            expression(dynamic.expression)
        );
        if dynamic.relationships {
            text.push_str("- Each becomes a relationship of its name.\n");
        }
    }
    text
}

fn lines(property: &PropertySpec) -> String {
    let mut lines = format!("- Value: {}\n", kind(&property.kind));
    if let PropertyKind::Choice { choices } = &property.kind {
        for choice in choices {
            let _ = writeln!(lines, "  - `{}`: {}", choice.value, choice.description);
        }
    }
    if property.required {
        lines.push_str("- Required\n");
    }
    if let Some(default) = &property.default {
        let _ = writeln!(lines, "- Default: `{default}`");
    }
    if let Some(example) = &property.example {
        let _ = writeln!(lines, "- Example: `{example}`");
    }
    lines.push_str(expression(property.expression));
    if property.sensitive {
        lines.push_str("- Secret: only a `#{parameter}` may stand for it in a flow\n");
    }
    if let Some(Dependency { property: name, values }) = &property.depends_on {
        let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        let _ = writeln!(lines, "- Matters only when **{name}** is {}", values.join(" or "));
    }
    if let Some(exclusive) = &property.exclusive {
        let _ = writeln!(lines, "- Only one processor of a flow may use the same {exclusive}");
    }
    lines
}

fn expression(scope: ExpressionScope) -> &'static str {
    match scope {
        ExpressionScope::None => "",
        ExpressionScope::FlowFile => {
            "- May hold [expressions](../expression-language.md) over the flowfile's attributes\n"
        }
    }
}

fn kind(kind: &PropertyKind) -> String {
    match kind {
        PropertyKind::Text => "text".into(),
        PropertyKind::Integer { min: i64::MIN, max: i64::MAX } => "a whole number".into(),
        PropertyKind::Integer { min, max: i64::MAX } => format!("a whole number, {min} or more"),
        PropertyKind::Integer { min, max } => format!("a whole number from {min} to {max}"),
        PropertyKind::Number { min, max } => match (*min > f64::MIN, *max < f64::MAX) {
            (true, true) => format!("a number from {min} to {max}"),
            (true, false) => format!("a number, {min} or more"),
            (false, true) => format!("a number, {max} or less"),
            (false, false) => "a number".into(),
        },
        PropertyKind::Boolean => "`true` or `false`".into(),
        PropertyKind::Duration => "a time, such as `10 sec`".into(),
        PropertyKind::DataSize => "an amount of data, such as `1 MB`".into(),
        PropertyKind::Regex => "a regular expression".into(),
        PropertyKind::Directory => "a folder".into(),
        PropertyKind::Url => "a URL".into(),
        PropertyKind::Choice { .. } => "one of".into(),
        PropertyKind::Service { service } => {
            format!("the name of a service that is a {service}, see [services](../services)")
        }
    }
}

fn relationships(spec: &ProcessorSpec) -> String {
    let mut text = String::from("## Relationships\n\n");
    for each in &spec.relationships {
        let _ = writeln!(text, "- **{}**: {}", each.name, each.description);
    }
    if spec.relationships.iter().any(|each| each.name == FAILURE) {
        let _ = writeln!(
            text,
            "\nWhat goes to **{FAILURE}** says why: the attribute `{}` is the message, \
             `{}` the processor, by its path of names in the flow.",
            core_attribute::FAILURE_REASON,
            core_attribute::FAILURE_PROCESSOR
        );
    }
    text
}

fn content(spec: &ProcessorSpec) -> String {
    let mut text = String::new();
    if !spec.accepts.is_empty() {
        let types: Vec<String> = spec.accepts.iter().map(|each| format!("`{each}`")).collect();
        let _ = writeln!(text, "- It works on {}.", types.join(", "));
    }
    for ContentSpec { relationship, when, media_type } in &spec.makes {
        // That of failure goes without saying.
        if relationship.as_deref().is_some_and(is_failure) && media_type.is_none() {
            continue;
        }
        let by = relationship.as_ref().map_or("each".to_owned(), |by| format!("**{by}**"));
        let what = media_type.as_ref().map_or("what came in".to_owned(), |it| format!("`{it}`"));
        let only = when.as_ref().map_or(String::new(), |Dependency { property, values }| {
            let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            format!(", where **{property}** is {}", values.join(" or "))
        });
        let _ = writeln!(text, "- By {by} goes {what}{only}.");
    }
    if text.is_empty() { text } else { format!("## Content\n\n{text}") }
}

fn attributes(title: &str, attributes: &[AttributeSpec]) -> String {
    if attributes.is_empty() {
        return String::new();
    }
    let mut text = format!("## {title}\n\n");
    for each in attributes {
        let _ = writeln!(text, "- `{}`: {}", each.name, each.description);
    }
    text
}
