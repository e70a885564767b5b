//! Which parameters a group of a flow sees, and what they stand for there.

use std::collections::{BTreeMap, HashSet};

use super::{ParameterValues, Parameters};
use crate::definition::{FlowDefinition, Group, Named, Parameter, ParameterContext};
use crate::text::Located;
use crate::value::Value;

/// A parameter, and the context that declares it.
#[derive(Clone, Copy)]
pub(crate) struct Declared<'f> {
    pub(crate) context: &'f str,
    pub(crate) name: &'f str,
    pub(crate) parameter: &'f Located<Parameter>,
}

impl Declared<'_> {
    /// What it stands for: what is given from outside, or else what the flow says.
    pub(crate) fn value(&self, values: &ParameterValues) -> Option<Value> {
        let given = values.get(self.context, self.name);
        let own = self.parameter.value.value.as_ref().map(|value| value.value.as_str());
        let text = given.or(own)?;
        let is_sensitive = self.parameter.sensitive;
        Some(if is_sensitive { Value::sensitive(text) } else { Value::plain(text) })
    }
}

/// The contexts that `name` takes parameters from, itself first, each once.
pub(crate) fn lineage<'f>(contexts: &'f Named<ParameterContext>, name: &str) -> Vec<&'f str> {
    let (mut lineage, mut known) = (Vec::new(), HashSet::new());
    let mut waiting = vec![name];
    while let Some(name) = waiting.pop() {
        let Some((name, context)) = contexts.get_key_value(name) else { continue };
        if known.insert(name) {
            lineage.push(name.as_str());
            waiting.extend(context.inherits.iter().rev().map(|parent| parent.value.as_str()));
        }
    }
    lineage
}

/// The parameters of the context `name` by their names: its own come before those it inherits, and
/// those of the first context that it inherits from before those of the second.
pub(crate) fn declared<'f>(
    contexts: &'f Named<ParameterContext>,
    name: &str,
) -> BTreeMap<&'f str, Declared<'f>> {
    let mut all = BTreeMap::new();
    for context in lineage(contexts, name) {
        for (name, parameter) in &contexts[context].parameters {
            all.entry(name.as_str()).or_insert(Declared { context, name, parameter });
        }
    }
    all
}

/// The parameters that have a value in the group of `flow` with this path of names, whether the
/// flow is right or not. A group that there is not sees those of the one that it would be in.
pub fn parameters_of(flow: &FlowDefinition, values: &ParameterValues, group: &str) -> Parameters {
    let Some(context) = context(&flow.root, group) else { return Parameters::new() };
    let declared = declared(&flow.parameter_contexts, context).into_values();
    declared.filter_map(|one| Some((one.name.to_owned(), one.value(values)?))).collect()
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
    use serde_json::Value as Json;

    use super::*;
    use crate::document::Document;

    /// What the canvas is held to as well.
    const GOLDEN: &str = include_str!("../../tests/golden/parameters.json");

    fn golden() -> (FlowDefinition, Json) {
        let golden: Json = serde_json::from_str(GOLDEN).unwrap();
        let document = Document::parse(&golden["flow"].to_string(), "a.json").unwrap();
        (FlowDefinition::parse(&document), golden["groups"].clone())
    }

    #[test]
    fn a_group_sees_what_its_context_declares_and_inherits() {
        let (flow, groups) = golden();
        for (group, expected) in groups.as_object().unwrap() {
            let context = context(&flow.root, group).unwrap();
            let declared = declared(&flow.parameter_contexts, context);
            let found = declared.iter().map(|(name, one)| ((*name).to_owned(), one.context.into()));
            assert_eq!(&Json::Object(found.collect()), expected, "{group:?}");
        }
    }

    #[test]
    fn what_is_given_comes_before_what_the_flow_says() {
        let (flow, _) = golden();
        let given = [("main:given", "g"), ("given", "no"), ("secret", "hunter2")];
        let values = ParameterValues::from_iter(given);
        let told = |path: &str| {
            let seen = parameters_of(&flow, &values, path);
            seen.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
        };
        // "unset" is what the own context declares, without a value, not what it inherits.
        let main = "both=main given=g own=1 secret=(sensitive) third=shared";
        for path in ["", "In", "In/", "nowhere/Deep"] {
            assert_eq!(told(path), main, "{path}");
        }
        assert_eq!(told("In/Deep"), "own=2");
        assert_eq!(told("In/Deep/nowhere"), "own=2");
    }
}
