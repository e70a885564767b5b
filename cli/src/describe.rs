//! What processors say of themselves, as text.

use tutti_model::spec::{
    AttributeSpec, ExpressionScope, InputRequirement, ProcessorSpec, PropertyKind, PropertySpec,
};

/// A processor's declaration as lines for people.
pub(crate) fn text(spec: &ProcessorSpec) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", spec.type_name, spec.summary)];
    if !spec.description.is_empty() {
        lines.extend([String::new(), spec.description.to_string()]);
    }
    lines.extend([String::new(), format!("Input: {}", input(spec.input))]);
    lines.extend([String::new(), "Properties:".to_owned()]);
    for property in &spec.properties {
        lines.push(format!("  {}{}", property.name, remarks(property)));
        paragraph(&mut lines, &property.description);
        if let PropertyKind::Choice { choices } = &property.kind {
            let choices = choices.iter();
            lines.extend(choices.map(|each| format!("      {}: {}", each.value, each.description)));
        }
    }
    if let Some(dynamic) = &spec.dynamic {
        lines.push(format!("  <{}>", dynamic.name));
        paragraph(&mut lines, &dynamic.description);
    }
    let relationships = spec.relationships.iter().map(|each| (&*each.name, &*each.description));
    section(&mut lines, "Relationships", relationships);
    section(&mut lines, "Reads attributes", spec.reads.iter().map(described));
    section(&mut lines, "Writes attributes", spec.writes.iter().map(described));
    lines
}

fn described(attribute: &AttributeSpec) -> (&str, &str) {
    (&attribute.name, &attribute.description)
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
    if let Some(default) = &property.default {
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

fn input(input: InputRequirement) -> &'static str {
    match input {
        InputRequirement::Required => "required",
        InputRequirement::Allowed => "allowed",
        InputRequirement::Forbidden => "forbidden",
    }
}
