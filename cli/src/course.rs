//! The course that flowfiles take through a flow: what comes after what.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tutti_model::valid::ValidFlow;

/// The course of one flow.
pub(crate) struct Course {
    positions: BTreeMap<String, usize>,
}

impl Course {
    pub(crate) fn of(flow: &ValidFlow) -> Self {
        let mut next = BTreeMap::<&str, Vec<&str>>::new();
        let mut starts: BTreeSet<&str> = flow.processors().map(|each| &*each.path).collect();
        for connection in flow.connections().filter(|each| each.from != each.to) {
            next.entry(&connection.from.path).or_default().push(&connection.to.path);
            starts.remove(&*connection.to.path);
        }
        let mut positions = BTreeMap::new();
        // What nothing of these leads to, as two that feed each other, comes last.
        let rest = flow.processors().map(|each| &*each.path);
        for start in starts.into_iter().chain(rest) {
            let mut waiting = VecDeque::from([start]);
            while let Some(path) = waiting.pop_front() {
                let position = positions.len();
                if !positions.contains_key(path) {
                    positions.insert(path.to_owned(), position);
                    waiting.extend(next.get(path).into_iter().flatten());
                }
            }
        }
        Self { positions }
    }

    /// Where this stands when what comes first is told first.
    pub(crate) fn position(&self, path: &str) -> usize {
        self.positions.get(path).copied().unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = r#"{ "format": 1, "name": "x",
        "processors": {
            "A": { "type": "LogAttribute", "autoTerminate": ["success"] },
            "B": { "type": "RouteOnAttribute", "autoTerminate": ["unmatched"],
                   "properties": { "again": "${a:isNull()}", "on": "${a:isEmpty()}" } },
            "C": { "type": "GenerateFlowFile" },
            "D": { "type": "LogAttribute" },
            "E": { "type": "LogAttribute" } },
        "connections": [
            { "from": "C", "relationships": ["success"], "to": "B" },
            { "from": "B", "relationships": ["again"], "to": "B" },
            { "from": "B", "relationships": ["on"], "to": "A" },
            { "from": "D", "relationships": ["success"], "to": "E" },
            { "from": "E", "relationships": ["success"], "to": "D" } ] }"#;

    #[test]
    fn what_gets_nothing_from_others_comes_first_and_circles_end() {
        let document = tutti_model::document::Document::parse(FLOW, "x.json").unwrap();
        let flow = tutti_model::definition::FlowDefinition::parse(&document);
        let values = tutti_model::parameter::ParameterValues::new();
        let flow = tutti_model::validate(&flow, &tutti_processors::catalog(), &values).unwrap();
        let course = Course::of(&flow);
        let mut sorted = ["A", "B", "C", "D", "E"];
        sorted.sort_by_key(|name| course.position(name));
        assert_eq!(sorted, ["C", "B", "A", "D", "E"]);
    }
}
