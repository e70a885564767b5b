//! Whether what was merged is a flow without secrets, and how that is spelled.

use tutti_model::document::TEXT_MAX_BYTES;

use super::{Check, Draft};
use crate::change::Merged;
use crate::difference::of_part;
use crate::{Part, Refusal, Sheet, difference, excerpt};

impl Draft {
    /// What was merged, when it can be, in the spelling of files: what is written and read again
    /// is the same.
    pub(super) fn checked(&mut self, merged: Merged, check: &Check<'_>) -> Result<Merged, Refusal> {
        if !merged.changes.iter().any(|change| change.part == Part::Flow) {
            return layout(&self.sheet, merged);
        }
        if self.spare_bytes > 0
            && let Some(spelled) = excerpt::checked(&self.sheet, &merged, check)
        {
            self.spare_bytes = self.spare_bytes.saturating_sub(spelled.bytes);
            return Ok(spelled.of(merged));
        }
        let merged = whole(&self.sheet, merged, check)?;
        self.spare_bytes = TEXT_MAX_BYTES.saturating_sub(merged.sheet.length());
        Ok(merged)
    }
}

fn layout(old: &Sheet, merged: Merged) -> Result<Merged, Refusal> {
    let layout = merged.sheet.layout_spelled()?;
    if layout == *merged.sheet.layout() {
        return Ok(merged);
    }
    let changes = of_part(Part::Layout, old.layout(), &layout);
    let mut sheet = merged.sheet;
    *sheet.part_mut(Part::Layout) = layout;
    Ok(Merged { sheet, changes })
}

/// The same by reading all of it.
pub(crate) fn whole(old: &Sheet, merged: Merged, check: &Check<'_>) -> Result<Merged, Refusal> {
    let flow = merged.sheet.definition()?;
    let layout = merged.sheet.layout_of(&flow)?;
    let secrets = check(&flow);
    if !secrets.is_empty() {
        return Err(Refusal::Findings(secrets));
    }
    let spelled = Sheet::new(&flow, &layout)?;
    if spelled == merged.sheet {
        return Ok(merged);
    }
    let changes = difference(old, &spelled);
    Ok(Merged { sheet: spelled, changes })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::{Value, json};
    use tutti_model::definition::FlowDefinition;
    use tutti_model::diagnostic::Diagnostic;
    use tutti_model::document::Document;
    use tutti_model::layout::Layout;

    use super::*;
    use crate::Change;
    use crate::change::merge;

    const FLOW: &str = r#"{ "format": 1, "name": "a", "parameterContexts": {
            "main": { "parameters": { "key": { "sensitive": true }, "in": { "value": "x" } } } },
        "parameterContext": "main",
        "processors": { "A": { "type": "X", "properties": { "a": "1" } }, "B": { "type": "Y" } },
        "services": { "A": { "type": "S" } }, "labels": { "B": { "text": "t" } },
        "funnels": ["All"],
        "connections": [{ "from": "A", "relationships": ["one", "two"], "to": "All" },
            { "from": "All", "to": "B", "backPressure": { "count": 5 } }],
        "groups": { "G": { "description": "d", "inputPorts": { "In": {} }, "funnels": ["F"],
            "connections": [{ "from": "In", "to": "F" }],
            "groups": { "H": { "processors": { "A": { "type": "X" } } } } } } }"#;
    const LAYOUT: &str = r#"{ "format": 1, "positions": { "A": { "x": 1, "y": 2 },
        "All": { "x": 1, "y": 2 }, "G/F": { "x": 1, "y": 2 }, "G/H/A": { "x": 3, "y": 4 } },
        "sizes": { "B": { "width": 1, "height": 2 } },
        "bends": { "All -> B": [{ "x": 1, "y": 1 }], "G/In -> F": [{ "x": 1, "y": 1 }] } }"#;

    fn sheet() -> Sheet {
        let flow = FlowDefinition::parse(&Document::parse(FLOW, "a.json").unwrap());
        Sheet::new(&flow, &Layout::parse(LAYOUT).unwrap()).unwrap()
    }

    /// As if every property of this name were secret, in a group that has parameters.
    fn secrets(flow: &FlowDefinition) -> Vec<Diagnostic> {
        let has_context = flow.root.parameter_context.is_some();
        let all = flow.root.processors.values().flat_map(|one| one.value.properties.keys());
        let has_secret = has_context && all.into_iter().any(|name| name == "secret");
        if has_secret { Document::parse("", "any finding").unwrap_err() } else { Vec::new() }
    }

    fn paths() -> impl Strategy<Value = Vec<String>> {
        let group = select(vec![vec![], vec!["groups", "G"], vec!["groups", "G", "groups", "H"]]);
        let list = select(vec![
            "processors",
            "services",
            "connections",
            "funnels",
            "inputPorts",
            "outputPorts",
            "labels",
            "groups",
            "parameterContexts",
            "description",
            "parameterContext",
            "other",
        ]);
        let names = [
            "A",
            "B",
            "All",
            "In",
            "F",
            "New",
            "a/b",
            "A [one, two] -> All",
            "All -> B",
            "In -> F",
        ];
        let name = proptest::option::of(select(names.to_vec()));
        let members = ["type", "properties", "to", "from", "relationships", "text", "state"];
        let member = proptest::option::weighted(0.3, select(members.to_vec()));
        (group, list, name, member).prop_map(|(mut path, list, name, member)| {
            path.push(list);
            path.extend(name.iter().chain(name.and(member.as_ref())));
            path.into_iter().map(ToOwned::to_owned).collect()
        })
    }

    fn values() -> impl Strategy<Value = Option<Value>> {
        proptest::option::weighted(
            0.7,
            select(vec![
                json!({ "type": "X" }),
                json!({ "type": "X", "properties": { "a": 1 } }),
                json!({ "type": "X", "concurrentTasks": 1 }),
                json!({ "typ": "X" }),
                json!({}),
                json!({ "type": "X", "properties": { "secret": "x" } }),
                json!("x"),
                json!(1),
                json!({ "text": "x" }),
                json!(["one"]),
                json!({ "in": { "value": "y" } }),
                json!({ "from": "All", "to": "B" }),
                json!({ "from": " All", "to": "B" }),
                json!({ "from": "A", "relationships": ["two", "one"], "to": "All" }),
                json!({ "from": "In", "to": "F", "expiration": "60 sec" }),
                json!("main"),
            ]),
        )
    }

    fn layouts() -> impl Strategy<Value = (Vec<String>, Option<Value>)> {
        let list = select(vec!["positions", "sizes", "bends"]);
        let name = select(vec!["A", "B", "New", "All -> B", "G/H/A"]);
        let value = proptest::option::of(select(vec![
            json!({ "x": 1.4, "y": 2 }),
            json!({ "x": 7, "y": 2 }),
            json!([{ "x": 1, "y": 1 }]),
            json!({ "width": 3, "height": 4 }),
        ]));
        (list, name, value)
            .prop_map(|(list, name, value)| (vec![list.to_owned(), name.to_owned()], value))
    }

    fn changes() -> impl Strategy<Value = Vec<Change>> {
        let of_flow = (paths(), values()).prop_map(|(path, after)| (Part::Flow, path, after));
        let of_layout = layouts().prop_map(|(path, after)| (Part::Layout, path, after));
        let one = prop_oneof![4 => of_flow, 1 => of_layout];
        proptest::collection::vec(one, 1..4).prop_map(|all| {
            let sheet = sheet();
            let change = |(part, path, after): (Part, Vec<String>, Option<Value>)| {
                let before = crate::value::get(sheet.part(part), &path).cloned();
                Change { part, path, before, after }
            };
            all.into_iter().map(change).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn an_excerpt_is_accepted_and_spelled_as_the_whole_is(changes in changes()) {
            let old = sheet();
            let merge = || merge(&old, &changes);
            let Ok(merged) = merge() else { return Ok(()) };
            if let Some(spelled) = excerpt::checked(&old, &merged, &secrets) {
                let excerpt = spelled.of(merged);
                let whole = whole(&old, merge().unwrap(), &secrets);
                prop_assert!(whole.is_ok(), "{whole:?}");
                let whole = whole.unwrap();
                prop_assert_eq!(excerpt.sheet, whole.sheet);
                prop_assert_eq!(excerpt.changes, whole.changes);
            }
        }
    }

    #[test]
    fn what_is_changed_in_one_thing_is_read_by_itself() {
        let old = sheet();
        let change = |path: &[&str], after: Value| {
            let path: Vec<_> = path.iter().map(|name| (*name).to_owned()).collect();
            let before = crate::value::get(old.flow(), &path).cloned();
            Change { part: Part::Flow, path, before, after: Some(after) }
        };
        let checked = |change: Change| {
            let merged = merge(&old, &[change]).unwrap();
            excerpt::checked(&old, &merged, &secrets).map(|spelled| spelled.bytes)
        };
        let all = old.length();
        let new = json!({ "type": "X", "properties": { "a": 1 } });
        for (path, after) in [
            (&["processors", "New"][..], new.clone()),
            (&["processors", "A", "properties", "a"], json!(2)),
            (&["groups", "G", "groups", "H", "processors", "A", "type"], json!("Z")),
            (&["groups", "G", "description"], json!("e")),
            (&["connections", "All -> B", "expiration"], json!("1 min")),
        ] {
            let bytes = checked(change(path, after));
            assert!(bytes.is_some_and(|bytes| bytes < all / 2), "{path:?}: {bytes:?} of {all}");
        }
        // What depends on more than itself, or is wrong.
        for (path, after) in [
            (&["processors", "All"][..], new),
            (&["processors", "New"], json!({ "typ": "X" })),
            (&["processors", "B", "properties"], json!({ "secret": "x" })),
            (&["parameterContext"], json!("other")),
            (&["parameterContexts", "main", "parameters", "in", "value"], json!("y")),
            (&["groups", "New"], json!({})),
        ] {
            assert_eq!(checked(change(path, after)), None, "{path:?}");
        }
    }
}
