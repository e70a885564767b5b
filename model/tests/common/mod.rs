//! A small catalogue of types, enough for every rule of validation.

#![allow(dead_code, reason = "each test uses its own part")]
#![allow(clippy::expect_used, reason = "a test that cannot begin is to fail")]

mod content;

use std::fs;
use std::path::{Path, PathBuf};

use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::parameter::ParameterValues;
use tutti_model::spec::{
    Choice, Dependency, DynamicPropertySpec, ExpressionScope, FitCheck, InputRequirement,
    ProcessorSpec, PropertyError, PropertyKind, PropertySpec, RelationshipSpec, ServiceSpec,
    SpecSource, ValueCheck, ValueError,
};
use tutti_model::valid::ValidFlow;
use tutti_model::{data_size, duration};

/// The types that the tests know.
pub(crate) struct Catalog {
    processors: Vec<ProcessorSpec>,
    services: Vec<ServiceSpec>,
}

impl SpecSource for Catalog {
    fn spec(&self, type_name: &str) -> Option<&ProcessorSpec> {
        self.processors.iter().find(|spec| spec.has_name(type_name))
    }

    fn type_names(&self) -> Vec<&str> {
        let aliases = self.processors.iter().flat_map(|spec| &spec.aliases);
        let names = self.processors.iter().map(|spec| &spec.type_name);
        let mut all: Vec<&str> = names.chain(aliases).map(|name| &**name).collect();
        all.sort_unstable();
        all
    }

    fn service_spec(&self, type_name: &str) -> Option<&ServiceSpec> {
        self.services.iter().find(|spec| spec.type_name == type_name)
    }

    fn service_type_names(&self) -> Vec<&str> {
        self.services.iter().map(|spec| &*spec.type_name).collect()
    }
}

fn is_regex(value: &str) -> Result<(), ValueError> {
    let Some(position) = value.chars().position(|letter| letter == '(') else { return Ok(()) };
    if value.contains(')') {
        return Ok(());
    }
    let message = "\"(\" is not closed".to_owned();
    Err(ValueError { position: Some(position), ..ValueError::new(message).with_help("add \")\"") })
}

fn is_boolean(value: &str) -> Result<(), ValueError> {
    match value {
        "true" | "false" => Ok(()),
        _ => Err(ValueError::new(format!("\"{value}\" is neither \"true\" nor \"false\""))),
    }
}

fn is_duration(value: &str) -> Result<(), ValueError> {
    let error =
        |error: duration::DurationError| ValueError::new(error.to_string()).with_help(error.help());
    duration::parse(value).map(drop).map_err(error)
}

fn is_size(value: &str) -> Result<(), ValueError> {
    data_size::parse(value).map(drop).map_err(|error| ValueError::new(error.to_string()))
}

fn is_conflict(value: &str) -> Result<(), ValueError> {
    match value {
        "fail" | "replace" | "ignore" => Ok(()),
        _ => Err(ValueError::new(format!("\"{value}\" is not one of the choices"))),
    }
}

fn is_long(value: &str) -> Result<(), ValueError> {
    let wrong = || ValueError::new(format!("\"{value}\" is too short"));
    if value.len() >= 8 { Ok(()) } else { Err(wrong()) }
}

/// An expression whose round brackets match.
fn is_expression(value: &str) -> Result<(), ValueError> {
    if value.matches('(').count() <= value.matches(')').count() {
        return Ok(());
    }
    let position = value.find('(').map(|at| value[..at].chars().count());
    let help = Some("add \")\"".to_owned());
    Err(ValueError { help, position, ..ValueError::new("a bracket without its end") })
}

/// A `${` behind which no `}` comes.
fn unclosed(value: &str) -> Option<ValueError> {
    let begin = value.rfind("${").filter(|begin| !value[*begin..].contains('}'))?;
    let position = Some(value[..begin].chars().count());
    let message = "an expression without its end is text".to_owned();
    Some(ValueError { position, ..ValueError::new(message).with_help("add \"}\"") })
}

fn depends(property: &'static str, value: &'static str) -> Dependency {
    Dependency { property: property.into(), values: vec![value.into()] }
}

fn property(name: &'static str) -> PropertySpec {
    PropertySpec {
        name: name.into(),
        description: "What it is.".into(),
        kind: PropertyKind::Text,
        required: false,
        default: None,
        example: None,
        expression: ExpressionScope::None,
        sensitive: false,
        depends_on: None,
        exclusive: None,
        script: None,
        check: ValueCheck::any(),
    }
}

fn relationships(all: &[(&'static str, &'static str)]) -> Vec<RelationshipSpec> {
    let spec = |&(name, description): &(&'static str, &'static str)| RelationshipSpec {
        name: name.into(),
        description: description.into(),
    };
    all.iter().map(spec).collect()
}

fn processor(type_name: &'static str, input: InputRequirement) -> ProcessorSpec {
    ProcessorSpec {
        type_name: type_name.into(),
        aliases: Vec::new(),
        summary: "Does something.".into(),
        description: "".into(),
        tags: Vec::new(),
        input,
        accepts: Vec::new(),
        makes: Vec::new(),
        relationships: relationships(&[("success", "What went well.")]),
        properties: Vec::new(),
        dynamic: None,
        reads: Vec::new(),
        writes: Vec::new(),
        period: "0 sec".into(),
        serial: false,
        endless: false,
        outside: false,
        removes: None,
        example_flow: None,
        fits: FitCheck::any(),
    }
}

/// At most as many coefficients as there are bands.
fn extract_features() -> ProcessorSpec {
    let count = |name, default: &'static str| PropertySpec {
        default: Some(default.into()),
        ..property(name)
    };
    ProcessorSpec {
        accepts: vec!["audio/*".into()],
        makes: vec![content::makes(Some("success"), Some("application/json"), None)],
        relationships: relationships(&[("success", "Made."), ("failure", "Not made.")]),
        properties: vec![count("n_mels", "128"), count("n_mfcc", "13")],
        fits: FitCheck::new(|declared, _| {
            let number = |name: &str| declared.get(name).and_then(|text| text.parse::<u32>().ok());
            if number("n_mfcc") <= number("n_mels") {
                return Vec::new();
            }
            let error = ValueError::new("more coefficients than bands").with_help("lower n_mfcc");
            vec![PropertyError::together("n_mfcc", ["n_mels"], error)]
        }),
        ..processor("ExtractFeatures", InputRequirement::Required)
    }
}

fn get_file() -> ProcessorSpec {
    ProcessorSpec {
        properties: vec![
            PropertySpec {
                kind: PropertyKind::Directory,
                required: true,
                example: Some("/data/in".into()),
                exclusive: Some("folder".into()),
                description: "The folder that files are picked up from.".into(),
                ..property("Directory")
            },
            PropertySpec {
                kind: PropertyKind::Regex,
                default: Some(".*".into()),
                check: ValueCheck::new(is_regex),
                ..property("File Filter")
            },
            PropertySpec {
                kind: PropertyKind::Boolean,
                default: Some("false".into()),
                check: ValueCheck::new(is_boolean),
                ..property("Keep Source File")
            },
            PropertySpec {
                kind: PropertyKind::Boolean,
                default: Some("true".into()),
                check: ValueCheck::new(is_boolean),
                ..property("Recurse Subdirectories")
            },
            PropertySpec {
                kind: PropertyKind::Regex,
                depends_on: Some(depends("Recurse Subdirectories", "true")),
                check: ValueCheck::new(is_regex),
                ..property("Path Filter")
            },
            PropertySpec {
                kind: PropertyKind::Duration,
                default: Some("30 days".into()),
                depends_on: Some(depends("Keep Source File", "true")),
                check: ValueCheck::new(is_duration),
                ..property("Remember For")
            },
        ],
        period: "1 min".into(),
        serial: true,
        endless: false,
        outside: false,
        removes: None,
        ..processor("GetFile", InputRequirement::Forbidden)
    }
}

fn put_object() -> ProcessorSpec {
    let choice =
        |value: &'static str| Choice { value: value.into(), description: "A choice.".into() };
    ProcessorSpec {
        relationships: relationships(&[("success", "Stored."), ("failure", "Not stored.")]),
        properties: vec![
            PropertySpec {
                required: true,
                kind: PropertyKind::Url,
                ..property("Object Store URL")
            },
            PropertySpec { expression: ExpressionScope::FlowFile, ..property("Bucket") },
            PropertySpec {
                default: Some("${filename}".into()),
                expression: ExpressionScope::FlowFile,
                check: ValueCheck::new(is_expression).with_doubt(unclosed),
                ..property("Object Key")
            },
            PropertySpec {
                sensitive: true,
                check: ValueCheck::new(is_long),
                ..property("Secret Access Key")
            },
            PropertySpec {
                kind: PropertyKind::Choice {
                    choices: vec![choice("fail"), choice("replace"), choice("ignore")],
                },
                default: Some("fail".into()),
                check: ValueCheck::new(is_conflict),
                ..property("Conflict Resolution Strategy")
            },
            PropertySpec {
                required: true,
                depends_on: Some(depends("Conflict Resolution Strategy", "ignore")),
                ..property("Ignore Reason")
            },
            PropertySpec {
                kind: PropertyKind::DataSize,
                check: ValueCheck::new(is_size),
                ..property("Part Size")
            },
            PropertySpec {
                kind: PropertyKind::Service { service: "proxy".into() },
                ..property("Proxy")
            },
        ],
        ..processor("PutObject", InputRequirement::Required)
    }
}

/// As `PutObject`, and takes metadata; of these none may be called odd.
fn put_metadata() -> ProcessorSpec {
    ProcessorSpec {
        type_name: "PutMetadata".into(),
        aliases: vec!["PutOzoneMetadata".into()],
        dynamic: Some(DynamicPropertySpec {
            name: "metadata name".into(),
            description: "Metadata.".into(),
            kind: PropertyKind::Text,
            expression: ExpressionScope::FlowFile,
            relationships: false,
            check: ValueCheck::any(),
        }),
        fits: FitCheck::new(|_, dynamic| {
            let odd = dynamic.iter().filter(|(name, _)| name.starts_with("odd"));
            let error = |name: &String| ValueError::new(format!("\"{name}\" is odd"));
            odd.map(|(name, _)| PropertyError::of(name.clone(), error(name))).collect()
        }),
        ..put_object()
    }
}

fn detect_duplicate() -> ProcessorSpec {
    ProcessorSpec {
        relationships: relationships(&[
            ("non-duplicate", "First."),
            ("duplicate", "Not first."),
            ("failure", "Failed."),
        ]),
        properties: vec![
            PropertySpec {
                expression: ExpressionScope::FlowFile,
                ..property("Cache Entry Identifier")
            },
            PropertySpec {
                kind: PropertyKind::Service { service: "map cache".into() },
                required: true,
                ..property("Distributed Cache Service")
            },
        ],
        ..processor("DetectDuplicate", InputRequirement::Required)
    }
}

fn route_on_attribute() -> ProcessorSpec {
    ProcessorSpec {
        relationships: relationships(&[("unmatched", "The rest.")]),
        properties: vec![property("Routing Strategy")],
        dynamic: Some(DynamicPropertySpec {
            name: "route".into(),
            description: "A route of its own.".into(),
            kind: PropertyKind::Text,
            expression: ExpressionScope::FlowFile,
            relationships: true,
            check: ValueCheck::new(is_expression).with_doubt(unclosed),
        }),
        ..processor("RouteOnAttribute", InputRequirement::Required)
    }
}

fn update_attribute() -> ProcessorSpec {
    ProcessorSpec {
        properties: vec![property("Delete Attributes Expression")],
        dynamic: Some(DynamicPropertySpec {
            name: "attribute name".into(),
            description: "A value.".into(),
            kind: PropertyKind::Text,
            expression: ExpressionScope::FlowFile,
            relationships: false,
            check: ValueCheck::new(is_expression).with_doubt(unclosed),
        }),
        ..processor("UpdateAttribute", InputRequirement::Required)
    }
}

/// The catalogue.
pub(crate) fn catalog() -> Catalog {
    let proxy = ServiceSpec {
        type_name: "ProxyService".into(),
        summary: "A proxy.".into(),
        description: "".into(),
        tags: Vec::new(),
        offers: "proxy".into(),
        properties: vec![PropertySpec { required: true, ..property("Host") }],
        dynamic: None,
        example_flow: None,
        fits: FitCheck::new(|declared, _| {
            let is_odd = declared.get("Host").is_some_and(|host| host.starts_with("odd"));
            let error = || PropertyError::of("Host", ValueError::new("it is odd"));
            is_odd.then(error).into_iter().collect()
        }),
    };
    let other = ServiceSpec {
        type_name: "KeyService".into(),
        offers: "key store".into(),
        properties: vec![
            PropertySpec {
                kind: PropertyKind::Service { service: "key store".into() },
                ..property("Parent")
            },
            PropertySpec {
                kind: PropertyKind::Service { service: "proxy".into() },
                ..property("Proxy")
            },
        ],
        summary: "Keys.".into(),
        ..proxy.clone()
    };
    let map_cache = ServiceSpec {
        type_name: "MapCache".into(),
        offers: "map cache".into(),
        properties: Vec::new(),
        summary: "Entries.".into(),
        ..proxy.clone()
    };
    let [decode, describe, evaluate] = content::types();
    Catalog {
        processors: vec![
            get_file(),
            decode,
            describe,
            evaluate,
            ProcessorSpec {
                properties: vec![PropertySpec {
                    expression: ExpressionScope::FlowFile,
                    check: ValueCheck::any().with_doubt(unclosed),
                    ..property("Custom Text")
                }],
                ..processor("GenerateFlowFile", InputRequirement::Forbidden)
            },
            processor("LogAttribute", InputRequirement::Required),
            processor("Merge", InputRequirement::Allowed),
            extract_features(),
            put_metadata(),
            put_object(),
            detect_duplicate(),
            route_on_attribute(),
            update_attribute(),
        ],
        services: vec![other, map_cache, proxy],
    }
}

/// The flow in `text`.
pub(crate) fn read(text: &str) -> FlowDefinition {
    let document = Document::parse(text, "flows/example.json").expect("the text is JSON");
    FlowDefinition::parse(&document)
}

/// What is wrong with `text`, with `values` given.
pub(crate) fn validate(text: &str, values: &[(&str, &str)]) -> Result<ValidFlow, Vec<Diagnostic>> {
    let document = Document::parse(text, "flows/example.json")?;
    let values: ParameterValues = values.iter().copied().collect();
    tutti_model::validate(&FlowDefinition::parse(&document), &catalog(), &values)
}

/// The codes of what is wrong with `text`.
pub(crate) fn codes(text: &str, values: &[(&str, &str)]) -> Vec<&'static str> {
    let diagnostics = match validate(text, values) {
        Ok(flow) => flow.warnings,
        Err(diagnostics) => diagnostics,
    };
    diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

/// The file `name` beside the tests.
pub(crate) fn file(name: &str) -> PathBuf {
    // Relative to the package, where Cargo runs its tests: a build may be found again from another
    // checkout.
    Path::new(name).to_path_buf()
}

/// The example of the description of the format, which has everything that a flow can have, and
/// that of a layout.
pub(crate) fn documented() -> (String, String) {
    let text = fs::read_to_string(file("../docs/flow-format.md")).expect("the description");
    let mut blocks = text.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut next = || blocks.next().expect("an example").to_owned();
    (next(), next())
}

/// Values for the parameters of the documented example.
pub(crate) const VALUES: &[(&str, &str)] =
    &[("input", "/data/in"), ("output", "s3://music"), ("key", "correct horse battery")];
