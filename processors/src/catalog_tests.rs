use std::collections::BTreeSet;

use tutti_sdk::model::spec::{Dependency, InputRequirement, ProcessorSpec};
use tutti_sdk::{ServiceType, is_failure, reference};

use super::catalog;

/// Processors that have input and no `failure`, as in NiFi, and what they do instead.
const WITHOUT_FAILURE: [(&str, &str); 4] = [
    ("UpdateAttribute", "stays in its queue"),
    ("RouteOnAttribute", "stays in its queue"),
    ("RouteOnContent", "stays in its queue"),
    ("LogAttribute", "goes on all the same"),
];

fn for_each(check: impl Fn(&ProcessorSpec)) {
    let catalog = catalog();
    assert!(catalog.types().count() > 0);
    catalog.types().for_each(|each| check(each.spec()));
}

#[test]
fn names_are_unique() {
    let catalog = catalog();
    let names = |spec: &ProcessorSpec| {
        let aliases = spec.aliases.iter().map(ToString::to_string);
        std::iter::once(spec.type_name.to_string()).chain(aliases).collect::<Vec<_>>()
    };
    let all: Vec<String> = catalog.types().flat_map(|each| names(each.spec())).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    for_each(|spec| {
        let properties: BTreeSet<_> = spec.properties.iter().map(|each| &each.name).collect();
        assert_eq!(properties.len(), spec.properties.len(), "{}", spec.type_name);
        let relationships: BTreeSet<_> = spec.relationships.iter().map(|each| &each.name).collect();
        assert_eq!(relationships.len(), spec.relationships.len(), "{}", spec.type_name);
    });
}

#[test]
fn what_is_taken_away_is_said_by_properties_that_there_are() {
    for_each(|spec| {
        let Some(removes) = &spec.removes else { return };
        assert!(spec.outside, "{}", spec.type_name);
        for name in &removes.from {
            assert!(spec.property(name).is_some(), "{} of {}", name, spec.type_name);
        }
        if let Some(when) = &removes.when {
            let property = spec.property(&when.property).unwrap();
            assert!(when.values.iter().all(|value| property.check.check(value).is_ok()));
        }
    });
    let catalog = catalog();
    let all = catalog.types().filter(|each| each.spec().removes.is_some());
    let who: BTreeSet<_> = all.map(|each| each.spec().type_name.to_string()).collect();
    assert_eq!(who, ["DeleteObject", "FetchFile", "GetFile"].map(str::to_owned).into());
}

#[test]
fn everything_is_described_in_sentences() {
    for_each(|spec| {
        let name = &spec.type_name;
        assert!(!spec.tags.is_empty(), "{name}");
        let mut texts = vec![&spec.summary];
        texts.extend(spec.properties.iter().map(|each| &each.description));
        texts.extend(spec.dynamic.iter().map(|each| &each.description));
        texts.extend(spec.relationships.iter().map(|each| &each.description));
        texts.extend(spec.reads.iter().chain(&spec.writes).map(|each| &each.description));
        for text in texts {
            assert!(text.ends_with('.') && text.len() > 8, "{name}: {text:?}");
        }
    });
}

#[test]
fn defaults_and_examples_pass_their_own_check() {
    for_each(|spec| {
        for property in &spec.properties {
            for value in property.default.iter().chain(&property.example) {
                let checked = property.check.check(value);
                assert!(checked.is_ok(), "{} {}: {checked:?}", spec.type_name, property.name);
            }
            if let Some(Dependency { property: other, values }) = &property.depends_on {
                let other = spec.property(other).unwrap();
                for value in values {
                    assert!(
                        other.check.check(value).is_ok(),
                        "{} {}",
                        spec.type_name,
                        property.name
                    );
                }
            }
        }
    });
}

#[test]
fn what_is_said_of_content_is_of_ways_out_and_values_that_are_there() {
    for_each(|spec| {
        let name = &spec.type_name;
        for each in &spec.makes {
            let by = each.relationship.as_deref();
            let is_there = |by| spec.relationships.iter().any(|one| one.name == by);
            assert!(by.is_none_or(is_there), "{name} {by:?}");
            let Some(Dependency { property, values }) = &each.when else { continue };
            let property = spec.property(property).unwrap();
            let all_right = values.iter().all(|value| property.check.check(value).is_ok());
            assert!(all_right, "{name} {values:?}");
        }
        let types = spec.makes.iter().filter_map(|each| each.media_type.as_ref());
        for media_type in spec.accepts.iter().chain(types) {
            let parts = media_type.split_once('/').is_some_and(|(family, rest)| {
                !family.is_empty() && !family.contains('*') && !rest.is_empty()
            });
            assert!(parts, "{name} {media_type}");
        }
    });
}

#[test]
fn what_fails_has_a_way_out_or_a_reason() {
    for_each(|spec| {
        let has_failure = spec.relationships.iter().any(|each| is_failure(&each.name));
        let reason = WITHOUT_FAILURE.iter().find(|(name, _)| *name == spec.type_name);
        match (spec.input, reason) {
            (InputRequirement::Forbidden, _) => {}
            (_, Some((_, reason))) => {
                assert!(!has_failure && spec.description.contains(reason), "{}", spec.type_name);
            }
            (_, None) => assert!(has_failure, "{}", spec.type_name),
        }
    });
}

#[test]
fn every_example_flow_is_there_and_uses_its_processor() {
    for_each(|spec| {
        let name =
            spec.example_flow.as_ref().unwrap_or_else(|| panic!("{}: no example", spec.type_name));
        let path = format!("../flows/{name}.json");
        let flow: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let processors = flow["processors"].as_object().unwrap();
        let is_of_it = |each: &serde_json::Value| {
            each["type"].as_str().is_some_and(|name| spec.has_name(name))
        };
        assert!(processors.values().any(is_of_it), "{name}");
        for processor in processors.values() {
            let catalog = catalog();
            let used = catalog.get(processor["type"].as_str().unwrap()).unwrap().spec();
            let properties = processor["properties"].as_object().cloned().unwrap_or_default();
            for property in properties.keys() {
                let known = used.property(property).is_some() || used.dynamic.is_some();
                assert!(known, "{name}: {} has no \"{property}\"", used.type_name);
            }
        }
    });
}

#[test]
fn every_page_names_everything() {
    for_each(|spec| {
        let page = reference::page(spec);
        assert!(page.starts_with(&format!("# {}\n\n{}\n", spec.type_name, spec.summary)));
        for property in &spec.properties {
            assert!(page.contains(&format!("\n### {}\n", property.name)));
        }
        for relationship in &spec.relationships {
            assert!(page.contains(&format!("- **{}**:", relationship.name)));
        }
        for attribute in spec.reads.iter().chain(&spec.writes) {
            assert!(page.contains(&format!("- `{}`:", attribute.name)));
        }
        assert!(!page.contains("\n\n\n"), "{}", spec.type_name);
    });
}

#[test]
fn services_are_described_shown_and_have_their_page() {
    let catalog = catalog();
    let specs: Vec<_> = catalog.services().map(ServiceType::spec).collect();
    let names: BTreeSet<_> = specs.iter().map(|spec| &spec.type_name).collect();
    assert!(names.len() == specs.len() && !specs.is_empty());
    for spec in specs {
        let name = &spec.type_name;
        assert!(!spec.tags.is_empty() && !spec.offers.is_empty(), "{name}");
        let mut texts = vec![&spec.summary];
        texts.extend(spec.properties.iter().map(|each| &each.description));
        assert!(texts.iter().all(|text| text.ends_with('.') && text.len() > 8), "{name}");
        for property in &spec.properties {
            for value in property.default.iter().chain(&property.example) {
                assert!(property.check.check(value).is_ok(), "{name} {}", property.name);
            }
        }
        let page = reference::service_page(spec);
        assert!(page.starts_with(&format!("# {name}\n\n{}\n", spec.summary)));
        assert!(page.contains(&spec.offers.to_string()) && !page.contains("\n\n\n"), "{name}");
        let headings = spec.properties.iter().map(|each| format!("\n### {}\n", each.name));
        headings.for_each(|heading| assert!(page.contains(&heading), "{name}{heading}"));
        let flow = spec.example_flow.as_ref().unwrap_or_else(|| panic!("{name}: no example"));
        let text = std::fs::read_to_string(format!("../flows/{flow}.json")).unwrap();
        let flow: serde_json::Value = serde_json::from_str(&text).unwrap();
        let services = flow["services"].as_object().unwrap();
        assert!(services.values().any(|each| each["type"] == **name), "{name}");
    }
}
