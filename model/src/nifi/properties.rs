//! Properties: NiFi's names for ours, ids of services for their names, and no secrets.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::definition::Property;
use crate::diff;
use crate::spec::{DynamicPropertySpec, PropertyKind, PropertySpec};

use super::contexts::is_encrypted;
use super::value::{self, Fields};
use super::{Import, known};

/// What our type says of its properties.
pub(super) struct Declared<'s> {
    pub(super) type_name: &'s str,
    pub(super) specs: &'s [PropertySpec],
    pub(super) dynamic: Option<&'s DynamicPropertySpec>,
}

/// What has the properties; without a type of ours they are taken as they are.
pub(super) struct Of<'s> {
    pub(super) kind: &'static str,
    pub(super) path: &'s str,
    pub(super) declared: Option<Declared<'s>>,
}

/// A property as NiFi knows it: by a name for programs, and one for people.
struct Theirs<'v> {
    name: &'v str,
    shown: &'v str,
    is_sensitive: bool,
    names_service: bool,
    /// Whether the user named it; before version 2 NiFi does not say.
    is_dynamic: Option<bool>,
}

impl<'v> Theirs<'v> {
    fn of(name: &'v str, fields: Fields<'v>) -> Self {
        let descriptor = fields.get("propertyDescriptors").and_then(|all| all.get(name));
        let known = descriptor.map(Fields::new);
        let says = |member: &str| known.is_some_and(|known| known.is_true(member));
        let shown = known.and_then(|known| known.text("displayName"));
        Self {
            name,
            shown: shown.filter(|shown| !shown.is_empty()).unwrap_or(name),
            is_sensitive: says("sensitive"),
            is_dynamic: known.and_then(|known| known.get("dynamic")?.as_bool()),
            names_service: says("identifiesControllerService"),
        }
    }

    fn spec<'s>(&self, declared: &Declared<'s>) -> Option<&'s PropertySpec> {
        let renamed = [self.name, self.shown]
            .into_iter()
            .find_map(|name| known::renamed(declared.type_name, name));
        let names = renamed.into_iter().chain([self.name, self.shown]);
        let find =
            |name: &str| declared.specs.iter().find(|spec| spec.name.eq_ignore_ascii_case(name));
        names.into_iter().find_map(find)
    }
}

impl<'v> Import<'v> {
    pub(super) fn properties(
        &mut self,
        of: &Of<'_>,
        fields: Fields<'v>,
    ) -> BTreeMap<String, Property> {
        let mut properties = BTreeMap::new();
        let all = fields.get("properties").and_then(Value::as_object);
        for (name, value) in all.into_iter().flatten() {
            let theirs = Theirs::of(name, fields);
            let Some(value) = self.value(of, &theirs, value) else { continue };
            let Some(declared) = &of.declared else {
                properties.insert(theirs.name.to_owned(), Property::new(value));
                continue;
            };
            if let Some((name, value)) = self.property(of, declared, &theirs, &value) {
                properties.insert(name, Property::new(value));
            }
        }
        self.unset(of, fields);
        properties
    }

    /// The value of a property, if it has one that may be taken over.
    fn value(
        &mut self,
        of: &Of<'_>,
        theirs: &Theirs<'_>,
        value: &'v Value,
    ) -> Option<Cow<'v, str>> {
        let text = value::scalar(value)?;
        let spec = of.declared.as_ref().and_then(|declared| theirs.spec(declared));
        let is_sensitive = theirs.is_sensitive || spec.is_some_and(|spec| spec.sensitive);
        if (is_sensitive && !diff::is_reference(&text)) || is_encrypted(&text) {
            let reason = "secrets are not taken over: make it a sensitive parameter, and give its \
                          value when the flow is run";
            self.report.secret(of.kind, of.path, Some(theirs.shown), reason);
            self.report.refused(of.kind, of.path, Some(theirs.shown), reason);
            return None;
        }
        let is_service = theirs.names_service
            || spec.is_some_and(|spec| matches!(spec.kind, PropertyKind::Service { .. }));
        if !is_service || diff::is_reference(&text) {
            return Some(text);
        }
        if let Some(name) = self.plan.service(&text) {
            return Some(Cow::Owned(name.to_owned()));
        }
        let reason = "it names a controller service from outside what was exported";
        self.report.refused(of.kind, of.path, Some(theirs.shown), reason);
        None
    }

    fn property(
        &mut self,
        of: &Of<'_>,
        declared: &Declared<'_>,
        theirs: &Theirs<'_>,
        value: &str,
    ) -> Option<(String, String)> {
        let spec = theirs.spec(declared);
        if let Some(spec) = spec.filter(|_| theirs.is_dynamic != Some(true)) {
            let value = chosen(value, &spec.kind);
            let is_default = spec.default.as_deref().is_some_and(|default| {
                diff::meaning(default, Some(&spec.kind)) == diff::meaning(value, Some(&spec.kind))
            });
            return (!is_default).then(|| (spec.name.to_string(), value.to_owned()));
        }
        let needless = [theirs.name, theirs.shown]
            .into_iter()
            .any(|name| known::is_needless(declared.type_name, name, value));
        if needless && theirs.is_dynamic != Some(true) {
            return None;
        }
        let may_be_own = theirs.is_dynamic.unwrap_or(true);
        if declared.dynamic.is_some() && may_be_own && spec.is_none() {
            return Some((theirs.name.to_owned(), value.to_owned()));
        }
        let reason = match spec {
            Some(spec) => format!("here \"{}\" is a property of {}", spec.name, declared.type_name),
            None => format!("{} has no such property here", declared.type_name),
        };
        self.report.refused(of.kind, of.path, Some(theirs.shown), reason);
        None
    }

    /// Tells of properties that NiFi lists without a value, and that have one here.
    fn unset(&mut self, of: &Of<'_>, fields: Fields<'v>) {
        let Some(declared) = &of.declared else { return };
        let all = fields.get("properties").and_then(Value::as_object);
        for (name, value) in all.into_iter().flatten() {
            let theirs = Theirs::of(name, fields);
            let spec = theirs
                .spec(declared)
                .filter(|_| value.is_null() && theirs.is_dynamic != Some(true));
            let Some(spec) = spec else { continue };
            if spec.sensitive {
                let reason = "if it was set in NiFi: give it a sensitive parameter";
                self.report.secret(of.kind, of.path, Some(theirs.shown), reason);
            } else if let Some(default) = spec.default.as_deref().filter(|text| !text.is_empty()) {
                let reason = format!("it is not set in NiFi; here it is {default:?} then");
                self.report.changed(of.kind, of.path, Some(theirs.shown), reason);
            }
        }
    }
}

/// The choice that a value means, however it is written.
fn chosen<'a>(value: &'a str, kind: &'a PropertyKind) -> &'a str {
    let PropertyKind::Choice { choices } = kind else { return value };
    if choices.iter().any(|choice| choice.value == value) {
        return value;
    }
    let same = choices.iter().find(|choice| choice.value.eq_ignore_ascii_case(value));
    same.map_or(value, |choice| &choice.value)
}
