//! Parameter contexts.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::definition::{Named, Parameter, ParameterContext};
use crate::read::check_parameter_name;

use super::names::{self, Taken};
use super::value::{self, Fields};
use super::{Import, known};

const KIND: &str = "parameter context";

impl<'v> Import<'v> {
    /// All parameter contexts. A secret has no value in an export, and none is taken over.
    pub(super) fn parameter_contexts(&mut self, value: &'v Value) -> Named<ParameterContext> {
        let all = value::things(value.get("parameterContexts"));
        let mut taken = Taken::default();
        let mut ours = BTreeMap::new();
        for context in &all {
            let theirs = Fields::new(context).text("name").unwrap_or_default();
            let name = taken.unique(names::name(theirs, "parameters"));
            if name != theirs {
                let reason = format!("in NiFi it is called {theirs:?}: names are unique here");
                self.report.changed(KIND, &name, None, reason);
            }
            ours.entry(theirs.to_owned()).or_insert_with(|| name.clone());
        }
        self.contexts = ours;
        let mut contexts = Named::new();
        for value in all {
            let fields = Fields::new(value);
            let theirs = fields.text("name").unwrap_or_default();
            // The second of one name is what nobody refers to.
            let Some(name) = self.contexts.get(theirs).cloned() else { continue };
            if contexts.contains_key(&name) {
                let reason = "another context has the same name in NiFi";
                self.report.refused(KIND, theirs, None, reason);
                continue;
            }
            let context = self.parameter_context(&name, fields);
            contexts.insert(name, context.into());
        }
        contexts
    }

    fn parameter_context(&mut self, name: &str, fields: Fields<'v>) -> ParameterContext {
        let mut context = ParameterContext {
            description: fields.text("description").unwrap_or_default().to_owned(),
            ..ParameterContext::default()
        };
        let inherited = fields.get("inheritedParameterContexts").and_then(Value::as_array);
        for inherited in inherited.into_iter().flatten().filter_map(Value::as_str) {
            let ours = self.contexts.get(inherited).cloned();
            let ours = ours.unwrap_or_else(|| names::name(inherited, "parameters"));
            if context.inherits.iter().all(|one| one.value != ours) {
                context.inherits.push(ours.into());
            }
        }
        if fields.text("parameterProvider").is_some_and(|provider| !provider.is_empty()) {
            let reason = "there are no parameter providers: give values when the flow is run";
            self.report.refused(KIND, name, Some("parameterProvider"), reason);
        }
        for parameter in value::things(fields.get("parameters")) {
            self.parameter(name, Fields::new(parameter), &mut context.parameters);
        }
        value::unknown(fields.value(), known::CONTEXT, &mut self.report, KIND, name);
        context
    }

    fn parameter(&mut self, context: &str, fields: Fields<'v>, parameters: &mut Named<Parameter>) {
        const KIND: &str = "parameter";
        let name = fields.text("name").unwrap_or_default();
        let path = format!("{context}:{name}");
        if let Err((message, _)) = check_parameter_name(name) {
            self.report.refused(KIND, &path, None, message);
            return;
        }
        let sensitive = fields.is_true("sensitive");
        let value = fields.scalar("value").filter(|value| !is_encrypted(value));
        if sensitive {
            let reason = "NiFi exports no secrets: give its value when the flow is run";
            self.report.secret(KIND, &path, None, reason);
        } else if fields.scalar("value").is_some() && value.is_none() {
            let reason = "its value is encrypted: give one when the flow is run";
            self.report.refused(KIND, &path, Some("value"), reason);
        } else if value.is_none() {
            let reason = "it has no value in NiFi: give one when the flow is run";
            self.report.changed(KIND, &path, None, reason);
        }
        if !value::things(fields.get("referencedAssets")).is_empty() {
            let reason = "there are no assets here: make its value the path of a file";
            self.report.refused(KIND, &path, Some("referencedAssets"), reason);
        }
        value::unknown(fields.value(), known::PARAMETER, &mut self.report, KIND, &path);
        let parameter = Parameter {
            description: fields.text("description").unwrap_or_default().to_owned(),
            sensitive,
            value: value.filter(|_| !sensitive).map(|value| value.into_owned().into()),
        };
        if parameters.insert(name.to_owned(), parameter.into()).is_some() {
            let reason = "the context has two of this name";
            self.report.refused(KIND, &path, None, reason);
        }
    }
}

/// Whether a value is a secret as an instance keeps it.
pub(super) fn is_encrypted(value: &str) -> bool {
    value.trim_start().starts_with("enc{")
}
