//! What processors say of themselves, as JSON and as text.

use serde_json::{Value, json};
use tutti_model::spec::{
    AttributeSpec, ExpressionScope, InputRequirement, ProcessorSpec, PropertyKind, PropertySpec,
};

/// A processor's declaration as JSON.
pub(crate) fn json(spec: &ProcessorSpec) -> Value {
    let relationships = spec.relationships.iter();
    json!({
        "type": spec.type_name,
        "summary": spec.summary,
        "description": spec.description,
        "tags": spec.tags,
        "input": input(spec.input),
        "relationships": relationships
            .map(|each| json!({ "name": each.name, "description": each.description }))
            .collect::<Vec<_>>(),
        "properties": spec.properties.iter().map(property).collect::<Vec<_>>(),
        "dynamicProperties": spec.dynamic.as_ref().map(|dynamic| json!({
            "name": dynamic.name,
            "description": dynamic.description,
            "kind": kind(&dynamic.kind),
            "expressions": expressions(dynamic.expression),
            "relationships": dynamic.relationships,
        })),
        "reads": attributes(&spec.reads),
        "writes": attributes(&spec.writes),
        "period": spec.period,
        "serial": spec.serial,
        "exampleFlow": spec.example_flow,
    })
}

fn property(spec: &PropertySpec) -> Value {
    json!({
        "name": spec.name,
        "description": spec.description,
        "kind": kind(&spec.kind),
        "required": spec.required,
        "default": spec.default,
        "example": spec.example,
        "expressions": expressions(spec.expression),
        "sensitive": spec.sensitive,
        "dependsOn": spec
            .depends_on
            .map(|(name, values)| json!({ "property": name, "values": values })),
        "exclusive": spec.exclusive,
    })
}

fn kind(kind: &PropertyKind) -> Value {
    match kind {
        PropertyKind::Text => json!({ "type": "text" }),
        PropertyKind::Integer { min, max } => json!({ "type": "integer", "min": min, "max": max }),
        PropertyKind::Number { min, max } => json!({ "type": "number", "min": min, "max": max }),
        PropertyKind::Boolean => json!({ "type": "boolean" }),
        PropertyKind::Duration => json!({ "type": "duration" }),
        PropertyKind::DataSize => json!({ "type": "data size" }),
        PropertyKind::Regex => json!({ "type": "regular expression" }),
        PropertyKind::Directory => json!({ "type": "directory" }),
        PropertyKind::Url => json!({ "type": "url" }),
        PropertyKind::Choice(choices) => json!({
            "type": "choice",
            "choices": choices
                .iter()
                .map(|choice| json!({ "value": choice.value, "description": choice.description }))
                .collect::<Vec<_>>(),
        }),
        PropertyKind::Service(name) => json!({ "type": "service", "service": name }),
    }
}

fn input(input: InputRequirement) -> &'static str {
    match input {
        InputRequirement::Required => "required",
        InputRequirement::Allowed => "allowed",
        InputRequirement::Forbidden => "forbidden",
    }
}

fn expressions(scope: ExpressionScope) -> &'static str {
    match scope {
        ExpressionScope::None => "none",
        ExpressionScope::FlowFile => "flowfile",
    }
}

fn attributes(attributes: &[AttributeSpec]) -> Vec<Value> {
    let attributes = attributes.iter();
    attributes.map(|each| json!({ "name": each.name, "description": each.description })).collect()
}

/// A processor's declaration as lines for people.
pub(crate) fn text(spec: &ProcessorSpec) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", spec.type_name, spec.summary)];
    if !spec.description.is_empty() {
        lines.extend([String::new(), spec.description.to_owned()]);
    }
    lines.extend([String::new(), format!("Input: {}", input(spec.input))]);
    lines.extend([String::new(), "Properties:".to_owned()]);
    for property in &spec.properties {
        lines.push(format!("  {}{}", property.name, remarks(property)));
        paragraph(&mut lines, property.description);
        if let PropertyKind::Choice(choices) = &property.kind {
            let choices = choices.iter();
            lines.extend(choices.map(|each| format!("      {}: {}", each.value, each.description)));
        }
    }
    if let Some(dynamic) = &spec.dynamic {
        lines.push(format!("  <{}>", dynamic.name));
        paragraph(&mut lines, dynamic.description);
    }
    let relationships = spec.relationships.iter().map(|each| (each.name, each.description));
    section(&mut lines, "Relationships", relationships);
    let pair = |each: &AttributeSpec| (each.name, each.description);
    section(&mut lines, "Reads attributes", spec.reads.iter().map(pair));
    section(&mut lines, "Writes attributes", spec.writes.iter().map(pair));
    lines
}

fn paragraph(lines: &mut Vec<String>, text: &str) {
    lines.extend(text.lines().map(|line| format!("      {line}")));
}

fn section<'a>(
    lines: &mut Vec<String>,
    title: &str,
    entries: impl Iterator<Item = (&'a str, &'a str)>,
) {
    let mut entries = entries.peekable();
    if entries.peek().is_some() {
        lines.extend([String::new(), format!("{title}:")]);
        lines.extend(entries.map(|(name, description)| format!("  {name}: {description}")));
    }
}

fn remarks(property: &PropertySpec) -> String {
    let mut remarks = Vec::new();
    if property.required && property.default.is_none() {
        remarks.push("required".to_owned());
    }
    if let Some(default) = property.default {
        remarks.push(format!("default \"{default}\""));
    }
    if property.expression == ExpressionScope::FlowFile {
        remarks.push("expressions".to_owned());
    }
    if property.sensitive {
        remarks.push("secret".to_owned());
    }
    if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) }
}
