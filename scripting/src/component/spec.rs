//! What a component says of itself, as a catalog has it; or why that cannot be.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tutti_sdk::model::spec::{
    Choice, ExpressionScope, FitCheck, InputRequirement, ProcessorSpec, PropertyError,
    PropertyKind, PropertySpec, RelationshipSpec, ValueCheck, ValueError,
};
use tutti_sdk::property::{DataSize, Dynamic, Evaluated, PropertyType, Regex, check, not_a_choice};
use tutti_sdk::{FAILURE, is_failure};

use super::describe::{shortened, validate};
use super::processor::{ComponentLimits, LIMIT_NAMES};
use crate::program::LinkedComponent;
use crate::wit::types::{self, Descriptor};

/// Digits of the digest that a type's name has.
const DIGITS: usize = 12;
/// Characters of a name.
const NAME_MAX: usize = 64;
/// Relationships, properties, tags and choices.
const PARTS_MAX: usize = 100;
/// Bytes of a description.
const TEXT_BYTES_MAX: usize = 16 << 10;

/// The type that `descriptor` describes.
pub(super) fn spec(
    linked: &Arc<LinkedComponent>,
    descriptor: Descriptor,
) -> Result<ProcessorSpec, String> {
    let Descriptor { name, version, description, tags, relationships, properties, .. } = descriptor;
    if !is_type_name(&name) {
        let name = shortened(name);
        return Err(format!(
            "it calls itself \"{name}\"; a type has letters and digits, {NAME_MAX} at most"
        ));
    }
    let parts = [
        ("tags", tags.len()),
        ("relationships", relationships.len()),
        ("properties", properties.len()),
    ];
    if let Some((what, count)) = parts.into_iter().find(|(_, count)| *count > PARTS_MAX) {
        return Err(format!("it has {count} {what}; there may be {PARTS_MAX}"));
    }
    if description.len() > TEXT_BYTES_MAX || version.len() > NAME_MAX {
        return Err("its description or its version is too long".to_owned());
    }
    let (summary, rest) = parted(&description);
    let digits = linked.digest.get(..DIGITS).unwrap_or(&linked.digest);
    let mut specs = properties.into_iter().map(property).collect::<Result<Vec<_>, _>>()?;
    specs.extend(<ComponentLimits as tutti_sdk::Properties>::specs());
    distinct("property", specs.iter().map(|one| &*one.name))?;
    let mut ways = relationships.into_iter().map(relationship).collect::<Result<Vec<_>, _>>()?;
    if !ways.iter().any(|way| is_failure(&way.name)) {
        ways.push(RelationshipSpec {
            name: FAILURE.into(),
            description: "What it failed with, or took too long for.".into(),
        });
    }
    distinct("relationship", ways.iter().map(|one| &*one.name))?;
    let dynamic = descriptor.dynamic_properties.then(|| {
        Dynamic::<Evaluated<String>>::spec("property", "As the component understands it.", false)
    });
    let of = Arc::clone(linked);
    Ok(ProcessorSpec {
        type_name: format!("{name}@{digits}").into(),
        aliases: Vec::new(),
        summary: summary.into(),
        description: format!("{rest}\n\nVersion {version}, of the component `{}`.", linked.file)
            .trim()
            .to_owned()
            .into(),
        tags: tags
            .into_iter()
            .map(shortened)
            .chain(["component".to_owned()])
            .map(Into::into)
            .collect(),
        input: if descriptor.source {
            InputRequirement::Forbidden
        } else {
            InputRequirement::Required
        },
        accepts: Vec::new(),
        makes: Vec::new(),
        relationships: ways,
        properties: specs,
        dynamic,
        reads: Vec::new(),
        writes: Vec::new(),
        period: if descriptor.source { "1 sec" } else { "0 sec" }.into(),
        serial: false,
        endless: false,
        outside: false,
        removes: None,
        example_flow: None,
        fits: FitCheck::new(move |declared, dynamic| {
            let own = declared.iter().filter(|(name, _)| !LIMIT_NAMES.contains(&name.as_str()));
            let own = own.map(|(name, value)| (name.clone(), value.clone()));
            let all: Vec<_> = own.chain(dynamic.iter().cloned()).collect();
            wrong(&of, &all)
        }),
    })
}

/// What the component itself finds wrong.
fn wrong(linked: &LinkedComponent, properties: &[(String, String)]) -> Vec<PropertyError> {
    match validate(linked, properties) {
        Ok(wrong) => wrong
            .into_iter()
            .take(PARTS_MAX)
            .map(|(name, why)| PropertyError::of(shortened(name), ValueError::new(shortened(why))))
            .collect(),
        Err(why) => {
            let error =
                ValueError::new(format!("the component cannot check its properties: {why}"));
            vec![PropertyError { properties: Vec::new(), error }]
        }
    }
}

fn is_type_name(name: &str) -> bool {
    name.len() <= NAME_MAX
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// Its first sentence, and the rest.
fn parted(description: &str) -> (String, String) {
    let description = description.trim();
    let end = description.find(". ").or_else(|| description.find(".\n")).map(|dot| dot + 1);
    let (summary, rest) = description.split_at(end.unwrap_or(description.len()));
    let summary = if summary.is_empty() { "A component without a description." } else { summary };
    (summary.replace('\n', " "), rest.trim().to_owned())
}

fn distinct<'n>(what: &str, names: impl Iterator<Item = &'n str>) -> Result<(), String> {
    let mut known = BTreeSet::new();
    for name in names {
        if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control)
        {
            let name = shortened(name.to_owned());
            return Err(format!("\"{name}\" is no name of a {what}"));
        }
        if !known.insert(name) {
            return Err(format!("it has two of the {what} \"{name}\""));
        }
    }
    Ok(())
}

fn relationship(one: types::Relationship) -> Result<RelationshipSpec, String> {
    let types::Relationship { name, description } = one;
    if description.len() > TEXT_BYTES_MAX {
        return Err(format!("the description of \"{}\" is too long", shortened(name)));
    }
    Ok(RelationshipSpec { name: name.into(), description: description.into() })
}

fn property(one: types::Property) -> Result<PropertySpec, String> {
    let types::Property { name, description, kind, required, sensitive, .. } = one;
    let texts = one.allowed.iter().chain(&one.default).chain([&description]);
    if texts.into_iter().any(|text| text.len() > TEXT_BYTES_MAX) || one.allowed.len() > PARTS_MAX {
        return Err(format!("what it says of \"{}\" is too long", shortened(name)));
    }
    let (kind, check) = kind_of(kind, one.allowed, one.expression_language)
        .map_err(|why| format!("\"{}\" {why}", shortened(name.clone())))?;
    if let Some(default) = &one.default {
        check.check(default).map_err(|error| {
            format!("the default of \"{}\" is none: {}", shortened(name.clone()), error.message)
        })?;
    }
    Ok(PropertySpec {
        name: name.into(),
        description: description.into(),
        kind,
        required: required && one.default.is_none(),
        default: one.default.map(Into::into),
        example: None,
        expression: if one.expression_language {
            ExpressionScope::FlowFile
        } else {
            ExpressionScope::None
        },
        sensitive,
        depends_on: None,
        exclusive: None,
        script: None,
        check,
    })
}

/// The kind of a property, and what checks its values.
fn kind_of(
    kind: types::PropertyKind,
    allowed: Vec<String>,
    is_evaluated: bool,
) -> Result<(PropertyKind, ValueCheck), &'static str> {
    fn of<T: PropertyType>(is_evaluated: bool) -> (PropertyKind, ValueCheck)
    where
        Evaluated<T>: PropertyType,
    {
        let kind = T::kind();
        let check = if is_evaluated { check::<Evaluated<T>>(&kind) } else { check::<T>(&kind) };
        (kind, check)
    }
    Ok(match kind {
        types::PropertyKind::Text => of::<String>(is_evaluated),
        types::PropertyKind::Integer => of::<i64>(is_evaluated),
        types::PropertyKind::Number => of::<f64>(is_evaluated),
        types::PropertyKind::Boolean => of::<bool>(is_evaluated),
        types::PropertyKind::Duration => of::<Duration>(is_evaluated),
        types::PropertyKind::DataSize => of::<DataSize>(is_evaluated),
        types::PropertyKind::RegularExpression => of::<Regex>(is_evaluated),
        types::PropertyKind::Choice => {
            if is_evaluated {
                return Err("is a choice, which has no expressions");
            }
            if allowed.is_empty() {
                return Err("is a choice of nothing");
            }
            let choice = |value: String| Choice { value: value.into(), description: "".into() };
            let kind = PropertyKind::Choice { choices: allowed.into_iter().map(choice).collect() };
            let of = kind.clone();
            let check = ValueCheck::new(move |text| {
                let PropertyKind::Choice { choices } = &of else { return Ok(()) };
                let is_one = choices.iter().any(|choice| choice.value == text);
                if is_one { Ok(()) } else { Err(not_a_choice(text, &of)) }
            });
            (kind, check)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_is_the_summary() {
        assert_eq!(
            parted("Does a. Then b.\n\nMore."),
            ("Does a.".into(), "Then b.\n\nMore.".into())
        );
        assert_eq!(parted("Does a"), ("Does a".into(), String::new()));
        assert_eq!(parted(" ").0, "A component without a description.");
    }

    #[test]
    fn names_are_those_of_types() {
        assert!(is_type_name("TagSongs2"));
        for wrong in ["", "2Tag", "Tag Songs", "Tag@1", "Täg", &"a".repeat(65)] {
            assert!(!is_type_name(wrong), "{wrong}");
        }
    }
}
