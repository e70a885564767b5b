//! The properties of a processor or service: known, given, allowed, right.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::codes::Code;
use crate::definition::Property;
use crate::diagnostic::{Diagnostic, Element};
use crate::spec::{
    Dependency, DynamicPropertySpec, ExpressionScope, PropertyKind, PropertySpec, ValueCheck,
    ValueError,
};
use crate::text::{Located, Place};
use crate::valid::ValidProperties;
use crate::value::Value;

use super::Validation;
use super::contexts::Scope;
use super::effects::{Effect, effect};
use super::services::Services;
use super::substitute::Substituted;

/// What a type says of its properties.
#[derive(Clone, Copy)]
pub(super) struct Declared<'f> {
    pub(super) type_name: &'f str,
    pub(super) specs: &'f [PropertySpec],
    pub(super) dynamic: Option<&'f DynamicPropertySpec>,
}

/// What properties are validated against.
pub(super) struct Against<'v, 'f> {
    pub(super) declared: Declared<'f>,
    pub(super) scope: Option<&'v Rc<Scope<'f>>>,
    pub(super) services: &'v Services<'v>,
    pub(super) element: &'v Element,
    /// Whether the thing takes part in the flow.
    pub(super) is_enabled: bool,
}

/// A declared property that the flow gives a value.
struct Given<'f> {
    property: &'f Property,
    substituted: Substituted,
}

impl<'f> Validation<'f> {
    /// Checks `properties` of the thing at `place`, and fills in defaults.
    pub(super) fn properties(
        &mut self,
        properties: &'f BTreeMap<String, Property>,
        place: &Place,
        against: &Against<'_, 'f>,
    ) -> ValidProperties {
        let mut valid = ValidProperties::default();
        let mut given: HashMap<&str, Given<'f>> = HashMap::new();
        let specs: HashMap<&str, &PropertySpec> =
            against.declared.specs.iter().map(|spec| (&*spec.name, spec)).collect();
        for (name, property) in properties {
            if let Some(spec) = specs.get(name.as_str()) {
                let value = &property.value;
                let substituted =
                    self.substitute(value, spec.expression, against.scope, against.element);
                given.insert(&*spec.name, Given { property, substituted });
            } else if let Some(dynamic) = against.declared.dynamic {
                if let Some(value) = self.dynamic_property(name, property, dynamic, against) {
                    valid.dynamic.insert(name.clone(), value);
                }
            } else {
                self.report_unknown_property(name, property, properties, against);
                // Whether it could hold expressions nobody knows; its parameters are used.
                let scope = ExpressionScope::FlowFile;
                self.substitute(&property.value, scope, against.scope, against.element);
            }
        }
        let values = known_values(against.declared.specs, &given);
        for spec in against.declared.specs {
            let effect = effect(spec, &specs, &values);
            let value = if let Some(given) = given.remove(&*spec.name) {
                self.declared_property(spec, given, effect, &mut valid, against)
            } else {
                self.absent_property(spec, effect, place, against);
                spec.default.as_deref().map(Value::plain)
            };
            if let Some(value) = value {
                valid.declared.insert(spec.name.to_string(), value);
            }
        }
        valid
    }

    fn declared_property(
        &mut self,
        spec: &'f PropertySpec,
        given: Given<'f>,
        effect: Effect,
        valid: &mut ValidProperties,
        against: &Against<'_, 'f>,
    ) -> Option<Value> {
        let Given { property, substituted } = given;
        self.check_secrecy(spec, property, &substituted, against);
        if effect == Effect::No {
            self.report_no_effect(spec, property, against);
            return spec.default.as_deref().map(Value::plain);
        }
        let value = substituted.value.clone()?;
        let checked = Checked {
            name: &spec.name,
            kind: &spec.kind,
            check: &spec.check,
            is_secret: spec.sensitive || value.is_sensitive(),
        };
        self.check_value(&checked, &property.value, &value, &substituted, against);
        if let PropertyKind::Service { service: wanted } = &spec.kind
            && let Some(path) = self.service_of(&value, wanted, property, against)
        {
            valid.services.insert(spec.name.to_string(), path);
        }
        if spec.exclusive.is_some() {
            self.resources.claim(spec, &value, &property.value.place, against.element);
        }
        Some(if spec.sensitive { Value::sensitive(value.expose()) } else { value })
    }

    fn absent_property(
        &mut self,
        spec: &PropertySpec,
        effect: Effect,
        place: &Place,
        against: &Against<'_, 'f>,
    ) {
        if !spec.required || spec.default.is_some() || effect != Effect::Yes {
            return;
        }
        let message =
            format!("{} needs the property \"{}\"", against.declared.type_name, spec.name);
        let first = spec.description.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        let example = spec.example.as_ref();
        let example = example.map(|value| format!(", as in {:?}: {value:?}", spec.name));
        let example = example.unwrap_or_default();
        let help = format!("add it to \"properties\"{example}: {first}");
        let diagnostic = Diagnostic::new(Code::MissingProperty, place, message)
            .with_help(help)
            .with_missing(&*spec.name);
        self.say(against.element, diagnostic);
    }

    fn dynamic_property(
        &mut self,
        name: &str,
        property: &'f Property,
        dynamic: &'f DynamicPropertySpec,
        against: &Against<'_, 'f>,
    ) -> Option<Value> {
        let value = &property.value;
        let substituted =
            self.substitute(value, dynamic.expression, against.scope, against.element);
        self.report_similar(name, property, &substituted, dynamic, against);
        self.report_leak(name, property, &substituted, against);
        let replaced = substituted.value.clone()?;
        let checked = Checked {
            name,
            kind: &dynamic.kind,
            check: &dynamic.check,
            is_secret: replaced.is_sensitive(),
        };
        self.check_value(&checked, value, &replaced, &substituted, against);
        Some(replaced)
    }

    /// Tells of a name that is like that of a declared property; it is an error where a secret
    /// stands in the text for that.
    fn report_similar(
        &mut self,
        name: &str,
        property: &Property,
        substituted: &Substituted,
        dynamic: &DynamicPropertySpec,
        against: &Against<'_, 'f>,
    ) {
        let specs = against.declared.specs;
        let secrets = || specs.iter().filter(|spec| spec.sensitive).map(|spec| &*spec.name);
        let secret = secrets().find(|secret| is_like_secret(name, secret));
        let known = specs.iter().map(|spec| &*spec.name);
        let Some(similar) = self.report.nearest(name, known).or(secret) else { return };
        let is_literal = substituted.parameters.is_empty()
            && !property.value.trim().is_empty()
            && !property.value.contains("${");
        let (code, place, message) = if is_literal && secrets().any(|secret| secret == similar) {
            self.report.hide(&property.value.place);
            let message = format!(
                "the value of \"{name}\" is probably a secret; it stands in the text, and as a {} \
                 it would be shown",
                dynamic.name
            );
            (Code::LiteralSecret, &property.value.place, message)
        } else {
            let article =
                if dynamic.name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            let message = format!("\"{name}\" is taken for {article} {}", dynamic.name);
            (Code::SimilarProperty, &property.name_place, message)
        };
        let diagnostic = Diagnostic::new(code, place, message)
            .with_help(format!("did you mean the property \"{similar}\"?"));
        self.say(against.element, diagnostic);
    }

    fn report_unknown_property(
        &mut self,
        name: &str,
        property: &Property,
        properties: &BTreeMap<String, Property>,
        against: &Against<'_, 'f>,
    ) {
        let message = format!("{} has no property \"{name}\"", against.declared.type_name);
        let unused = against.declared.specs.iter().map(|spec| &*spec.name);
        let unused = unused.filter(|name| !properties.contains_key(*name));
        let type_name = &against.declared.type_name;
        let help = self.report.suggest(name, unused).unwrap_or_else(|| {
            format!("\"tutti processors show {type_name}\" tells what there is")
        });
        let diagnostic =
            Diagnostic::new(Code::UnknownProperty, &property.name_place, message).with_help(help);
        // What it should have been may be a secret.
        if against.declared.specs.iter().any(|spec| spec.sensitive) {
            self.report.hide(&property.value.place);
        }
        self.say(against.element, diagnostic);
    }

    fn report_no_effect(
        &mut self,
        spec: &PropertySpec,
        property: &Property,
        against: &Against<'_, 'f>,
    ) {
        let Some(Dependency { property: other, values }) = &spec.depends_on else { return };
        let message = format!("\"{}\" has no effect here", spec.name);
        let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        let help = format!("remove it, or set \"{other}\" to {}", values.join(" or "));
        let diagnostic =
            Diagnostic::new(Code::PropertyWithoutEffect, &property.name_place, message)
                .with_help(help);
        self.say(against.element, diagnostic);
    }

    /// Secrets stand in sensitive parameters and nowhere else, and go nowhere but to properties
    /// that keep them.
    fn check_secrecy(
        &mut self,
        spec: &PropertySpec,
        property: &Property,
        substituted: &Substituted,
        against: &Against<'_, 'f>,
    ) {
        if !spec.sensitive {
            self.report_leak(&spec.name, property, substituted, against);
            return;
        }
        // That there is no such parameter is told already; a name is no secret.
        if substituted.is_secret || substituted.is_unknown || property.value.is_empty() {
            return;
        }
        let plain = match (substituted.parameters.as_slice(), substituted.leak.as_ref()) {
            ([name], None) if property.value.starts_with("#{") => Some(name),
            _ => None,
        };
        let (message, help) = if let Some(name) = plain {
            (
                format!("\"{}\" is a secret, and the parameter \"{name}\" is not", spec.name),
                format!("declare \"{name}\" with \"sensitive\": true"),
            )
        } else {
            self.report.hide(&property.value.place);
            (
                format!("the value of \"{}\" is a secret and stands in the text", spec.name),
                "put all of it into a sensitive parameter, and write \"#{NAME}\" here".to_owned(),
            )
        };
        let diagnostic =
            Diagnostic::new(Code::LiteralSecret, &property.value.place, message).with_help(help);
        self.say(against.element, diagnostic);
    }

    fn report_leak(
        &mut self,
        name: &str,
        property: &Property,
        substituted: &Substituted,
        against: &Against<'_, 'f>,
    ) {
        let Some(parameter) = &substituted.leak else { return };
        let message =
            format!("the sensitive parameter \"{parameter}\" would be seen in \"{name}\"");
        let diagnostic = Diagnostic::new(Code::LeakedSecret, &property.value.place, message)
            .with_help("use it in sensitive properties only");
        self.say(against.element, diagnostic);
    }

    /// Warns of what is hardly meant, in words that repeat nothing of the value.
    fn report_doubt(
        &mut self,
        checked: &Checked<'_>,
        text: &Located<String>,
        value: &Value,
        substituted: &Substituted,
        against: &Against<'_, 'f>,
    ) {
        let doubt = checked.check.doubt(value.expose()).filter(|_| !checked.is_secret);
        let Some(ValueError { message, help, position, .. }) = doubt else { return };
        let place = self.place_in_value(text, position, substituted);
        let message = format!("{}: {message}", checked.name);
        let diagnostic =
            Diagnostic::new(Code::DoubtfulValue, &place, message).with_maybe_help(help);
        self.say(against.element, diagnostic);
    }

    fn place_in_value(
        &self,
        text: &Located<String>,
        position: Option<usize>,
        substituted: &Substituted,
    ) -> Place {
        match position {
            Some(position) if substituted.is_verbatim => {
                self.flow.source.place_in_string(&text.place, position)
            }
            _ => text.place.clone(),
        }
    }

    fn check_value(
        &mut self,
        checked: &Checked<'_>,
        text: &Located<String>,
        value: &Value,
        substituted: &Substituted,
        against: &Against<'_, 'f>,
    ) {
        let Err(error) = checked.check.check(value.expose()) else {
            self.report_doubt(checked, text, value, substituted, against);
            return;
        };
        if checked.is_secret {
            if substituted.parameters.is_empty() {
                self.report.hide(&text.place);
            }
            let message = format!("the value of \"{}\" is refused", checked.name);
            let diagnostic = Diagnostic::new(Code::BadValue, &text.place, message)
                .with_help("it is secret, so that no more can be said here: see its description");
            self.say_of_value(checked, value, &error.message, substituted, against, diagnostic);
            return;
        }
        let ValueError { message, mut help, position, hides_value } = error;
        if hides_value && substituted.parameters.is_empty() {
            self.report.hide(&text.place);
        }
        let place = self.place_in_value(text, position, substituted);
        if let PropertyKind::Choice { choices } = checked.kind {
            let values = choices.iter().map(|choice| &*choice.value);
            if let Some(near) = self.report.nearest(value.expose(), values) {
                help = Some(format!("did you mean \"{near}\"?"));
            }
        }
        let from = match substituted.parameters.as_slice() {
            [] => String::new(),
            [one] => format!(" (the parameter \"{one}\" is in it)"),
            some => format!(" (the parameters \"{}\" are in it)", some.join("\", \"")),
        };
        let told = format!("{}: {message}{from}", checked.name);
        let diagnostic = Diagnostic::new(Code::BadValue, &place, told).with_maybe_help(help);
        self.say_of_value(checked, value, &message, substituted, against, diagnostic);
    }

    /// Says what is wrong with a value: of one that parameters gave once for all that use it.
    fn say_of_value(
        &mut self,
        checked: &Checked<'_>,
        value: &Value,
        message: &str,
        substituted: &Substituted,
        against: &Against<'_, 'f>,
        mut diagnostic: Diagnostic,
    ) {
        if substituted.parameters.is_empty() {
            self.say(against.element, diagnostic);
            return;
        }
        diagnostic.element = Some(against.element.clone());
        let here = format!("\"{}\" of {}", checked.name, against.element);
        let identity = (&*substituted.parameters, value.expose(), message);
        self.report.push_of_parameters(identity, here, diagnostic);
    }
}

/// Words that by themselves say that a value is a secret.
const TELLING: [&str; 6] = ["secret", "password", "passphrase", "passwd", "token", "credentials"];

/// Whether a name has nothing but words of a secret's name, or all of them: "Secret Key" for
/// "Secret Access Key". One word is enough only where it tells by itself: "key" may be one of
/// music.
fn is_like_secret(name: &str, secret: &str) -> bool {
    let (own, wanted) = (words(name), words(secret));
    let is_within = own.is_subset(&wanted) || wanted.is_subset(&own);
    let common = own.intersection(&wanted).count();
    is_within && common >= 2
        || own.iter().any(|word| TELLING.contains(&word.as_str()) && wanted.contains(word))
}

/// The words of a name, in lower case, whichever way they are joined.
fn words(name: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut word = String::new();
    let mut was_lower = false;
    for letter in name.chars() {
        let begins = letter.is_uppercase() && was_lower;
        if (begins || !letter.is_alphanumeric()) && !word.is_empty() {
            words.insert(std::mem::take(&mut word));
        }
        word.extend(letter.to_lowercase().filter(|letter| letter.is_alphanumeric()));
        was_lower = letter.is_lowercase();
    }
    if !word.is_empty() {
        words.insert(word);
    }
    words
}

/// A property, as its value is checked.
struct Checked<'c> {
    name: &'c str,
    kind: &'c PropertyKind,
    check: &'c ValueCheck,
    is_secret: bool,
}

/// The values that other properties can depend on: those that are known, with defaults.
/// `None` is a value that cannot be known before a flowfile or a parameter comes.
fn known_values<'s>(
    specs: &'s [PropertySpec],
    given: &HashMap<&str, Given<'_>>,
) -> HashMap<&'s str, Option<String>> {
    let mut values = HashMap::new();
    for spec in specs {
        match given.get(&*spec.name) {
            Some(Given { property, substituted }) => {
                let is_open =
                    spec.expression == ExpressionScope::FlowFile && property.value.contains("${");
                let value = substituted.value.as_ref().filter(|_| !is_open);
                values.insert(&*spec.name, value.map(|value| value.expose().to_owned()));
            }
            None => {
                if let Some(default) = &spec.default {
                    values.insert(&*spec.name, Some(default.to_string()));
                }
            }
        }
    }
    values
}
