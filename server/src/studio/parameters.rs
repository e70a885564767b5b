//! The parameters that a group of a draft sees, whether the draft is right or not.

use std::collections::BTreeSet;

use tutti_editing::Refusal;
use tutti_model::definition::{FlowDefinition, Group};
use tutti_model::parameter::{ParameterValues, Parameters};
use tutti_model::value::Value;

use super::{NoDraft, Studio};

/// Why nobody knows the values of parameters of a draft.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnknownValues {
    #[error(transparent)]
    NoDraft(#[from] NoDraft),
    #[error(transparent)]
    Draft(#[from] Refusal),
    #[error("the values of parameters cannot be read: {0}")]
    Unread(String),
}

impl Studio {
    /// The parameters that the group at `path` sees, with the values that they have here. A group
    /// that there is not sees those of the one that it would be in.
    pub(crate) fn parameters(&self, flow: &str, path: &str) -> Result<Parameters, UnknownValues> {
        let (definition, values) = self.with_values(flow)?;
        Ok(seen(&definition, path, &values))
    }

    /// The flow that a draft is, and the values that its parameters have here.
    pub(super) fn with_values(
        &self,
        flow: &str,
    ) -> Result<(FlowDefinition, ParameterValues), UnknownValues> {
        let desk = self.desk(flow)?;
        let (revision, sheet) = desk.now();
        let definition = desk.findings.definition(revision, &sheet)?;
        let values = (self.parameters)(&definition).map_err(UnknownValues::Unread)?;
        Ok((definition, values))
    }
}

fn seen(flow: &FlowDefinition, path: &str, values: &ParameterValues) -> Parameters {
    let Some(context) = context(&flow.root, path) else { return Parameters::new() };
    let (mut seen, mut known) = (Parameters::new(), BTreeSet::new());
    // What a context has itself comes before what it inherits, and that of the first before that
    // of the second.
    let mut waiting = vec![context];
    while let Some(name) = waiting.pop() {
        if !known.insert(name) {
            continue;
        }
        let Some((_, context)) = flow.parameter_contexts.get_key_value(name) else { continue };
        for (parameter, declared) in &context.value.parameters {
            let own = declared.value.value.as_ref().map(|value| value.value.as_str());
            let Some(text) = values.get(name, parameter).or(own) else { continue };
            let is_sensitive = declared.value.sensitive;
            let value = if is_sensitive { Value::sensitive(text) } else { Value::plain(text) };
            seen.entry(parameter.clone()).or_insert(value);
        }
        waiting.extend(context.value.inherits.iter().rev().map(|other| other.value.as_str()));
    }
    seen
}

/// The name of the context that counts in a group.
fn context<'f>(root: &'f Group, path: &str) -> Option<&'f str> {
    let own = |group: &'f Group| group.parameter_context.as_ref().map(|name| name.value.as_str());
    let (mut group, mut counts) = (root, own(root));
    for name in path.split('/').filter(|name| !name.is_empty()) {
        let Some(inner) = group.groups.get(name) else { break };
        group = &inner.value;
        counts = own(group).or(counts);
    }
    counts
}

#[cfg(test)]
mod tests {
    use tutti_model::document::Document;

    use super::*;

    const FLOW: &str = r#"{ "format": 1, "name": "a", "parameterContext": "main",
        "parameterContexts": {
            "main": { "inherits": ["shared", "more"], "parameters": {
                "own": { "value": "1" }, "both": { "value": "main" }, "given": {},
                "secret": { "sensitive": true } } },
            "shared": { "inherits": ["main"], "parameters": {
                "both": { "value": "shared" }, "third": { "value": "shared" } } },
            "more": { "parameters": { "third": { "value": "more" }, "nothing": {} } },
            "other": { "parameters": { "own": { "value": "2" } } } },
        "groups": { "In": { "groups": { "Deep": { "parameterContext": "other" } } } } }"#;

    fn told(path: &str) -> String {
        let flow = FlowDefinition::parse(&Document::parse(FLOW, "a.json").unwrap());
        let given = [("main:given", "g"), ("given", "no"), ("secret", "hunter2")];
        let values = ParameterValues::from_iter(given);
        let seen = seen(&flow, path, &values);
        seen.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_context_comes_before_what_it_inherits() {
        let main = "both=main given=g own=1 secret=(sensitive) third=shared";
        for path in ["", "In", "In/", "nowhere/Deep"] {
            assert_eq!(told(path), main, "{path}");
        }
        assert_eq!(told("In/Deep"), "own=2");
        assert_eq!(told("In/Deep/nowhere"), "own=2");
    }
}
