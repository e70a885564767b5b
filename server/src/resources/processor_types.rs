//! `/api/v1/processor-types`: what flows may be made of, as the processors declare it.

use serde::Serialize;
use tutti_model::spec::{
    self, AttributeSpec, Choice, ExpressionScope, InputRequirement, RelationshipSpec,
};

/// What a type of processor says of itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessorType {
    /// The name of the type, as flows call it.
    #[serde(rename = "type")]
    pub type_name: spec::Text,
    /// One sentence.
    pub summary: spec::Text,
    /// The rest, in Markdown: guarantees, limits, sources.
    pub description: spec::Text,
    /// Words that find it.
    pub tags: Vec<spec::Text>,
    /// Whether it takes flowfiles from connections.
    pub input: InputRequirement,
    /// Its ways out, `success` first.
    pub relationships: Vec<RelationshipSpec>,
    /// Its properties, in the order of the form.
    pub properties: Vec<Property>,
    /// Properties that the user names, if it has any.
    pub dynamic_properties: Option<DynamicProperty>,
    /// Attributes that it reads.
    pub reads: Vec<AttributeSpec>,
    /// Attributes that it writes.
    pub writes: Vec<AttributeSpec>,
    /// How often a source is triggered when the flow does not say, e.g. `1 min`.
    pub period: spec::Text,
    /// Whether only one task may run at a time.
    pub serial: bool,
    /// The name of an example flow.
    pub example_flow: Option<spec::Text>,
}

/// One property.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Property {
    /// Its name in the flow and in forms.
    pub name: spec::Text,
    /// What it does, in Markdown.
    pub description: spec::Text,
    /// What its value is.
    pub kind: PropertyKind,
    /// Whether the flow must give it.
    pub required: bool,
    /// The value when the flow gives none.
    pub default: Option<spec::Text>,
    /// An example value.
    pub example: Option<spec::Text>,
    /// Which expressions it may hold.
    pub expressions: ExpressionScope,
    /// Whether its value is a secret.
    pub sensitive: bool,
    /// It matters only when another property has one of these values.
    pub depends_on: Option<Dependency>,
    /// Its value names a thing that only one processor of a flow may use: the sort of it.
    pub exclusive: Option<spec::Text>,
}

/// What a property depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dependency {
    /// The name of the other property.
    pub property: spec::Text,
    /// The values of it.
    pub values: Vec<spec::Text>,
}

/// Properties that the user names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DynamicProperty {
    /// What their names stand for.
    pub name: spec::Text,
    /// What they do, in Markdown.
    pub description: spec::Text,
    /// What their values are.
    pub kind: PropertyKind,
    /// Which expressions they may hold.
    pub expressions: ExpressionScope,
    /// Whether each becomes a relationship of its own name.
    pub relationships: bool,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum PropertyKind {
    /// Any text.
    Text,
    /// A whole number.
    Integer {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// A number.
    Number {
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// `true` or `false`.
    Boolean,
    /// A time such as `10 sec`.
    Duration,
    /// An amount such as `1 MB`.
    DataSize,
    /// A regular expression.
    RegularExpression,
    /// A folder on the engine's machine.
    Directory,
    /// A URL.
    Url,
    /// One of some values.
    Choice {
        /// The values.
        choices: Vec<Choice>,
    },
    /// The name of a controller service.
    Service {
        /// The type of the service.
        service: spec::Text,
    },
}

impl From<&spec::ProcessorSpec> for ProcessorType {
    fn from(spec: &spec::ProcessorSpec) -> Self {
        Self {
            type_name: spec.type_name.clone(),
            summary: spec.summary.clone(),
            description: spec.description.clone(),
            tags: spec.tags.clone(),
            input: spec.input,
            relationships: spec.relationships.clone(),
            properties: spec.properties.iter().map(Property::from).collect(),
            dynamic_properties: spec.dynamic.as_ref().map(DynamicProperty::from),
            reads: spec.reads.clone(),
            writes: spec.writes.clone(),
            period: spec.period.clone(),
            serial: spec.serial,
            example_flow: spec.example_flow.clone(),
        }
    }
}

impl From<&spec::PropertySpec> for Property {
    fn from(spec: &spec::PropertySpec) -> Self {
        Self {
            name: spec.name.clone(),
            description: spec.description.clone(),
            kind: (&spec.kind).into(),
            required: spec.required,
            default: spec.default.clone(),
            example: spec.example.clone(),
            expressions: spec.expression,
            sensitive: spec.sensitive,
            depends_on: spec
                .depends_on
                .clone()
                .map(|(property, values)| Dependency { property, values }),
            exclusive: spec.exclusive.clone(),
        }
    }
}

impl From<&spec::DynamicPropertySpec> for DynamicProperty {
    fn from(spec: &spec::DynamicPropertySpec) -> Self {
        Self {
            name: spec.name.clone(),
            description: spec.description.clone(),
            kind: (&spec.kind).into(),
            expressions: spec.expression,
            relationships: spec.relationships,
        }
    }
}

impl From<&spec::PropertyKind> for PropertyKind {
    fn from(kind: &spec::PropertyKind) -> Self {
        match kind {
            spec::PropertyKind::Text => Self::Text,
            spec::PropertyKind::Integer { min, max } => Self::Integer { min: *min, max: *max },
            spec::PropertyKind::Number { min, max } => Self::Number { min: *min, max: *max },
            spec::PropertyKind::Boolean => Self::Boolean,
            spec::PropertyKind::Duration => Self::Duration,
            spec::PropertyKind::DataSize => Self::DataSize,
            spec::PropertyKind::Regex => Self::RegularExpression,
            spec::PropertyKind::Directory => Self::Directory,
            spec::PropertyKind::Url => Self::Url,
            spec::PropertyKind::Choice(choices) => Self::Choice { choices: choices.clone() },
            spec::PropertyKind::Service(service) => Self::Service { service: service.clone() },
        }
    }
}
