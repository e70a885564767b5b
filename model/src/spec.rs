//! What a processor says about itself: the one declaration from which validation messages, forms,
//! JSON Schema, command line help and reference pages are made.
//!
//! Pure data, and owned: a type may be made known while the program runs, by whoever describes it
//! then. How a value is checked comes along as a function, so that this crate knows neither the
//! Expression Language nor any processor.

mod content;
mod removal;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use content::{ContentSpec, Made};
pub use removal::{RemovalSpec, Removed};

/// A text of a declaration: in the program's code, or made while it runs.
pub type Text = Cow<'static, str>;

use serde::Serialize;
use utoipa::ToSchema;

/// Whether a processor takes flowfiles from connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InputRequirement {
    /// It works on what comes in, and is idle without.
    Required,
    /// It runs with and without.
    Allowed,
    /// It is a source.
    Forbidden,
}

/// Which expressions a property's value may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExpressionScope {
    /// None: `${` is text. `#{parameters}` are replaced all the same.
    None,
    /// Evaluated for each flowfile with its attributes.
    FlowFile,
}

/// One of a property's allowed values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PropertyChoice)]
pub struct Choice {
    /// The value as it stands in the flow.
    #[schema(value_type = String)]
    pub value: Text,
    /// What it means.
    #[schema(value_type = String)]
    pub description: Text,
}

/// What a property's value is, for forms, schemas and messages.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
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
    #[serde(rename = "regularExpression")]
    Regex,
    /// A folder on this machine.
    Directory,
    /// A URL.
    Url,
    /// One of some values.
    Choice {
        /// The values, in the order of the form.
        choices: Vec<Choice>,
    },
    /// The name of a controller service.
    Service {
        /// The kind that the service must be of, as its type offers it.
        #[schema(value_type = String)]
        service: Text,
    },
}

type CheckValue = dyn Fn(&str) -> Result<(), ValueError> + Send + Sync;
type DoubtValue = dyn Fn(&str) -> Option<ValueError> + Send + Sync;

/// Says what is wrong with a value and what would be right.
#[derive(Clone)]
pub struct ValueCheck {
    check: Arc<CheckValue>,
    doubt: Arc<DoubtValue>,
}

impl ValueCheck {
    /// A check that asks `check`.
    pub fn new(check: impl Fn(&str) -> Result<(), ValueError> + Send + Sync + 'static) -> Self {
        Self { check: Arc::new(check), doubt: Arc::new(|_| None) }
    }

    /// The same, and says with `doubt` what of a value that is allowed is hardly meant.
    pub fn with_doubt(
        mut self,
        doubt: impl Fn(&str) -> Option<ValueError> + Send + Sync + 'static,
    ) -> Self {
        self.doubt = Arc::new(doubt);
        self
    }

    /// Any value is right.
    pub fn any() -> Self {
        Self::new(|_| Ok(()))
    }

    /// Checks a value.
    pub fn check(&self, value: &str) -> Result<(), ValueError> {
        (self.check)(value)
    }

    /// What of a value that is allowed is hardly meant.
    pub fn doubt(&self, value: &str) -> Option<ValueError> {
        (self.doubt)(value)
    }
}

impl fmt::Debug for ValueCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ValueCheck")
    }
}

/// What is wrong with a property's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    /// What is wrong, e.g. `"10 parsecs" is not a duration`.
    pub message: String,
    /// What would be right, e.g. `write a number and a unit, as in "10 sec"`.
    pub help: Option<String>,
    /// Where in the value, in characters from 0, when it is one place.
    pub position: Option<usize>,
    /// Whether the value may hold a secret and must not be shown.
    pub hides_value: bool,
}

impl ValueError {
    /// An error without help or position.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, position: None, hides_value: false }
    }

    /// The same of a value that must not be shown, as it may hold a secret.
    pub fn hiding_value(self) -> Self {
        Self { hides_value: true, ..self }
    }

    /// The same with a word on what would be right.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// What is wrong with the value of a property, or with those of several together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyError {
    /// The property that is told of, then those that it does not go together with; none where no
    /// property is to blame.
    pub properties: Vec<Text>,
    /// What is wrong with it.
    pub error: ValueError,
}

impl PropertyError {
    /// The value of `property` is wrong by itself.
    pub fn of(property: impl Into<Text>, error: ValueError) -> Self {
        Self { properties: vec![property.into()], error }
    }

    /// The value of `property` does not go together with those of `others`.
    pub fn together(
        property: impl Into<Text>,
        others: impl IntoIterator<Item = &'static str>,
        error: ValueError,
    ) -> Self {
        let others = others.into_iter().map(Text::from);
        Self { properties: [property.into()].into_iter().chain(others).collect(), error }
    }
}

impl fmt::Display for PropertyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.properties.first() {
            Some(property) => write!(formatter, "property \"{property}\": {}", self.error.message),
            None => formatter.write_str(&self.error.message),
        }
    }
}

/// Values of another property with which a property matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PropertyDependency)]
pub struct Dependency {
    /// The name of the other property.
    #[schema(value_type = String)]
    pub property: Text,
    /// The values of it.
    #[schema(value_type = Vec<String>)]
    pub values: Vec<Text>,
}

/// One property of a processor or service.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PropertySpec {
    /// Its name in the flow and in forms: NiFi's where NiFi has it.
    #[schema(value_type = String)]
    pub name: Text,
    /// What it does, in Markdown.
    #[schema(value_type = String)]
    pub description: Text,
    /// What its value is.
    pub kind: PropertyKind,
    /// Whether the flow must give it.
    pub required: bool,
    /// The value when the flow gives none.
    #[schema(required, value_type = Option<String>)]
    pub default: Option<Text>,
    /// An example value for the reference page.
    #[schema(required, value_type = Option<String>)]
    pub example: Option<Text>,
    /// Which expressions it may hold.
    #[serde(rename = "expressions")]
    pub expression: ExpressionScope,
    /// Whether its value is a secret: only a `#{parameter}` may stand for it in a flow.
    pub sensitive: bool,
    /// It matters only when another property has one of these values.
    #[schema(required)]
    pub depends_on: Option<Dependency>,
    /// Its value names a thing that only one processor of a flow may use, e.g. a folder that is
    /// emptied: the sort of resource.
    #[schema(required, value_type = Option<String>)]
    pub exclusive: Option<Text>,
    /// Where its value is a script: the property that says its language.
    #[schema(required, value_type = Option<String>)]
    pub script: Option<Text>,
    /// Checks a value after parameters have been replaced.
    #[serde(skip)]
    pub check: ValueCheck,
}

/// Properties that the user names.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DynamicPropertySpec {
    /// What their names stand for, e.g. `attribute name`.
    #[schema(value_type = String)]
    pub name: Text,
    /// What they do, in Markdown.
    #[schema(value_type = String)]
    pub description: Text,
    /// What their values are.
    pub kind: PropertyKind,
    /// Which expressions they may hold.
    #[serde(rename = "expressions")]
    pub expression: ExpressionScope,
    /// Whether each becomes a relationship of its own name.
    pub relationships: bool,
    /// Checks a value after parameters have been replaced.
    #[serde(skip)]
    pub check: ValueCheck,
}

/// A way out of a processor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RelationshipSpec {
    /// Its name.
    #[schema(value_type = String)]
    pub name: Text,
    /// What goes there.
    #[schema(value_type = String)]
    pub description: Text,
}

/// An attribute that a processor reads or writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttributeSpec {
    /// Its name, or a pattern such as `audio.tag.*`.
    #[schema(value_type = String)]
    pub name: Text,
    /// What it holds, with its unit.
    #[schema(value_type = String)]
    pub description: Text,
}

type CheckFit =
    dyn Fn(&BTreeMap<String, String>, &[(String, String)]) -> Vec<PropertyError> + Send + Sync;

/// Checks properties together.
#[derive(Clone)]
pub struct FitCheck(Arc<CheckFit>);

impl FitCheck {
    /// A check that asks `check` with the properties that are declared, with defaults, and with
    /// those that the user named, in the flow's order, for everything that is wrong.
    pub fn new(
        check: impl Fn(&BTreeMap<String, String>, &[(String, String)]) -> Vec<PropertyError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self(Arc::new(check))
    }

    /// Any properties go together.
    pub fn any() -> Self {
        Self::new(|_, _| Vec::new())
    }

    /// Everything that is wrong with properties that are declared, with defaults, and those that
    /// the user named.
    pub fn check(
        &self,
        declared: &BTreeMap<String, String>,
        dynamic: &[(String, String)],
    ) -> Vec<PropertyError> {
        (self.0)(declared, dynamic)
    }
}

impl fmt::Debug for FitCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FitCheck")
    }
}

/// Everything that a type of processor says about itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProcessorType)]
pub struct ProcessorSpec {
    /// The name of the type, as flows call it.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub type_name: Text,
    /// Other names by which flows may call it, sorted.
    #[schema(value_type = Vec<String>)]
    pub aliases: Vec<Text>,
    /// One sentence.
    #[schema(value_type = String)]
    pub summary: Text,
    /// The rest, in Markdown: guarantees, limits, sources.
    #[schema(value_type = String)]
    pub description: Text,
    /// Words that find it.
    #[schema(value_type = Vec<String>)]
    pub tags: Vec<Text>,
    /// Whether it takes input.
    pub input: InputRequirement,
    /// Media types of content that it works on, as `audio/*`; none: any.
    #[schema(value_type = Vec<String>)]
    pub accepts: Vec<Text>,
    /// What is known of the content that it hands on: of what says of the same relationship the
    /// first that holds counts.
    pub makes: Vec<ContentSpec>,
    /// Its ways out, `success` first.
    pub relationships: Vec<RelationshipSpec>,
    /// Its properties, in the order of the form.
    pub properties: Vec<PropertySpec>,
    /// Properties that the user names, if it has any.
    #[serde(rename = "dynamicProperties")]
    #[schema(required)]
    pub dynamic: Option<DynamicPropertySpec>,
    /// Attributes that it reads.
    pub reads: Vec<AttributeSpec>,
    /// Attributes that it writes.
    pub writes: Vec<AttributeSpec>,
    /// How often a source is triggered when the flow does not say, e.g. `1 min`; `0 sec` is as
    /// often as possible.
    #[schema(value_type = String)]
    pub period: Text,
    /// Whether only one task may run at a time.
    pub serial: bool,
    /// Whether it is a source that never runs dry, so that a flow with it ends by a stop only.
    pub endless: bool,
    /// Whether it reads or writes outside of its flow: files, objects, networks. Tests of flows put
    /// something else in its place.
    pub outside: bool,
    /// What it takes away there, if it does.
    #[schema(required)]
    pub removes: Option<RemovalSpec>,
    /// A runnable example: the name of a flow in `flows/`.
    #[schema(required, value_type = Option<String>)]
    pub example_flow: Option<Text>,
    /// Checks whether all properties go together, when each of them is right.
    #[serde(skip)]
    pub fits: FitCheck,
}

impl ProcessorSpec {
    /// Whether flows may call it so.
    pub fn has_name(&self, name: &str) -> bool {
        self.type_name == name || self.aliases.iter().any(|alias| alias == name)
    }

    /// The property of that name.
    pub fn property(&self, name: &str) -> Option<&PropertySpec> {
        self.properties.iter().find(|property| property.name == name)
    }
}

/// Everything that a type of controller service says about itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ServiceType)]
pub struct ServiceSpec {
    /// The name of the type, as flows call it.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub type_name: Text,
    /// One sentence.
    #[schema(value_type = String)]
    pub summary: Text,
    /// The rest, in Markdown: guarantees, limits.
    #[schema(value_type = String)]
    pub description: Text,
    /// Words that find it.
    #[schema(value_type = Vec<String>)]
    pub tags: Vec<Text>,
    /// The kind of service that it is to those who use it, e.g. `map cache`.
    #[schema(value_type = String)]
    pub offers: Text,
    /// Its properties, in the order of the form.
    pub properties: Vec<PropertySpec>,
    /// Properties that the user names, if it has any.
    #[serde(rename = "dynamicProperties")]
    #[schema(required)]
    pub dynamic: Option<DynamicPropertySpec>,
    /// A runnable example: the name of a flow in `flows/`.
    #[schema(required, value_type = Option<String>)]
    pub example_flow: Option<Text>,
    /// Checks whether all properties go together, when each of them is right.
    #[serde(skip)]
    pub fits: FitCheck,
}

impl ServiceSpec {
    /// The property of that name.
    pub fn property(&self, name: &str) -> Option<&PropertySpec> {
        self.properties.iter().find(|property| property.name == name)
    }
}

/// Who knows the types that a flow may use.
pub trait SpecSource {
    /// The type of processor of that name, or with that alias.
    fn spec(&self, type_name: &str) -> Option<&ProcessorSpec>;

    /// The names of all types of processors, and their aliases, sorted.
    fn type_names(&self) -> Vec<&str>;

    /// The type of controller service of that name.
    fn service_spec(&self, _type_name: &str) -> Option<&ServiceSpec> {
        None
    }

    /// The names of all types of controller services, sorted.
    fn service_type_names(&self) -> Vec<&str> {
        Vec::new()
    }
}
