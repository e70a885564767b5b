//! A flow and its layout as one edits them: JSON objects, in which everything has a path.
//!
//! The format of flows has lists of connections and funnels; here they are objects by name, like
//! all else, so that who changes one of them does not touch the others.

use serde_json::{Map, Value, json};
use tutti_model::definition::{FlowDefinition, connection_id};
use tutti_model::layout::{Layout, LayoutError};
use tutti_model::{fmt, layout};

use crate::Refusal;
use crate::spot::Part;

/// A flow and its layout. Two that are equal mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    flow: Value,
    layout: Value,
}

impl Sheet {
    /// How `flow` and `layout` are edited.
    ///
    /// # Errors
    /// When two connections of the flow have one name.
    pub fn new(flow: &FlowDefinition, layout: &Layout) -> Result<Self, Refusal> {
        let flow = serde_json::from_str(&fmt::write(flow));
        let layout = serde_json::from_str(&layout.format());
        // Both are texts that were just written.
        let (Ok(mut flow), Ok(layout)) = (flow, layout) else {
            return Err(Refusal::Malformed("the flow cannot be written as JSON".to_owned()));
        };
        name_all(&mut flow)?;
        Ok(Self { flow, layout })
    }

    /// What a log holds.
    pub(crate) fn from_values(flow: Value, layout: Value) -> Self {
        Self { flow, layout }
    }

    /// The flow.
    pub fn flow(&self) -> &Value {
        &self.flow
    }

    /// The layout.
    pub fn layout(&self) -> &Value {
        &self.layout
    }

    /// How long the flow's text is at most.
    pub(crate) fn length(&self) -> usize {
        serde_json::to_string_pretty(&self.flow).map_or(usize::MAX, |text| text.len())
    }

    /// Both, the flow first.
    pub fn into_parts(self) -> (Value, Value) {
        (self.flow, self.layout)
    }

    pub(crate) fn part(&self, part: Part) -> &Value {
        match part {
            Part::Flow => &self.flow,
            Part::Layout => &self.layout,
        }
    }

    pub(crate) fn part_mut(&mut self, part: Part) -> &mut Value {
        match part {
            Part::Flow => &mut self.flow,
            Part::Layout => &mut self.layout,
        }
    }

    /// The flow as it is written and validated.
    ///
    /// # Errors
    /// With what makes it no flow: of what it means nothing is said here.
    pub fn definition(&self) -> Result<FlowDefinition, Refusal> {
        let mut flow = self.flow.clone();
        list_all(&mut flow)?;
        let text = serde_json::to_string_pretty(&flow).unwrap_or_default();
        FlowDefinition::read(&text, "").map_err(Refusal::Findings)
    }

    /// The layout in the spelling of files; what of it is for nothing in the flow goes when the
    /// flow is edited.
    pub(crate) fn layout_spelled(&self) -> Result<Value, Refusal> {
        let text = self.read_layout()?.format();
        Ok(serde_json::from_str(&text).unwrap_or_else(|_| self.layout.clone()))
    }

    /// The layout as it is written, without what lies where the flow has nothing.
    ///
    /// # Errors
    /// With what makes it no layout.
    pub fn layout_of(&self, flow: &FlowDefinition) -> Result<Layout, Refusal> {
        Ok(layout::fitting(self.read_layout()?, flow))
    }

    fn read_layout(&self) -> Result<Layout, Refusal> {
        let layout = Layout::parse(&self.layout.to_string());
        layout.map_err(|error| match error {
            LayoutError::Text { message, .. } => Refusal::Malformed(format!(
                "the change would make a layout that cannot be read: {message}"
            )),
            other @ LayoutError::Version(_) => Refusal::Malformed(other.to_string()),
        })
    }
}

/// Makes the lists of a group, and of all groups in it, objects by name.
fn name_all(group: &mut Value) -> Result<(), Refusal> {
    let Value::Object(members) = group else { return Ok(()) };
    if let Some(Value::Array(list)) = members.get_mut("connections") {
        let mut named = Map::new();
        for connection in std::mem::take(list) {
            let name = connection_name(&connection);
            if named.insert(name.clone(), connection).is_some() {
                return Err(Refusal::Malformed(format!("two connections are called \"{name}\"")));
            }
        }
        members.insert("connections".to_owned(), named.into());
    }
    if let Some(Value::Array(list)) = members.get_mut("funnels") {
        let funnels = std::mem::take(list).into_iter();
        let by_name = funnels.map(|name| (name.as_str().unwrap_or_default().to_owned(), json!({})));
        members.insert("funnels".to_owned(), by_name.collect::<Map<_, _>>().into());
    }
    for group in groups(members) {
        name_all(group)?;
    }
    Ok(())
}

/// The opposite. A connection's name says what it connects, or it is refused.
fn list_all(group: &mut Value) -> Result<(), Refusal> {
    let Value::Object(members) = group else { return Ok(()) };
    if let Some(Value::Object(named)) = members.get_mut("connections") {
        let mut list = Vec::with_capacity(named.len());
        for (name, connection) in std::mem::take(named) {
            let right = connection_name(&connection);
            if name != right {
                return Err(Refusal::Malformed(format!(
                    "the connection \"{name}\" would connect what is called \"{right}\": remove \
                     it, and add it by that name"
                )));
            }
            list.push(connection);
        }
        members.insert("connections".to_owned(), list.into());
    }
    if let Some(Value::Object(named)) = members.get_mut("funnels") {
        let names: Vec<Value> =
            std::mem::take(named).into_iter().map(|(name, _)| name.into()).collect();
        members.insert("funnels".to_owned(), names.into());
    }
    for group in groups(members) {
        list_all(group)?;
    }
    Ok(())
}

fn groups(members: &mut Map<String, Value>) -> impl Iterator<Item = &mut Value> {
    members.get_mut("groups").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
}

/// What is no connection has some other name.
fn connection_name(connection: &Value) -> String {
    let text = |name: &str| connection.get(name).and_then(Value::as_str).unwrap_or_default();
    let relationships = connection.get("relationships").and_then(Value::as_array);
    let relationships = relationships.into_iter().flatten().filter_map(Value::as_str);
    connection_id(text("from"), relationships, text("to"))
}

#[cfg(test)]
mod tests {
    use tutti_model::document::Document;

    use super::*;

    fn definition(text: &str) -> FlowDefinition {
        FlowDefinition::parse(&Document::parse(text, "a.json").unwrap())
    }

    const FLOW: &str = r#"{ "format": 1, "name": "a",
        "processors": { "A": { "type": "X" }, "B": { "type": "Y" } },
        "funnels": ["All"],
        "connections": [
            { "from": "A", "relationships": ["two", "one"], "to": "All" },
            { "from": "All", "to": "B", "backPressure": { "count": 5 } }
        ],
        "groups": { "G": { "inputPorts": { "In": {} }, "funnels": ["F"],
            "connections": [{ "from": "In", "to": "F" }] } } }"#;

    #[test]
    fn lists_are_objects_by_name_and_come_back_the_same() {
        let flow = definition(FLOW);
        let sheet = Sheet::new(&flow, &Layout::new()).unwrap();
        let connections = sheet.flow()["connections"].as_object().unwrap();
        let names: Vec<_> = connections.keys().collect();
        assert_eq!(names, ["A [one, two] -> All", "All -> B"]);
        assert_eq!(sheet.flow()["groups"]["G"]["funnels"], json!({ "F": {} }));
        let again = sheet.definition().unwrap();
        assert_eq!(again, flow);
        assert_eq!(fmt::write(&again), fmt::write(&flow));
        let ids: Vec<_> = flow.root.connections.iter().map(|each| each.value.id()).collect();
        assert_eq!(ids, ["A [one, two] -> All", "All -> B"]);
    }

    #[test]
    fn a_connection_that_is_called_otherwise_is_refused() {
        let mut sheet = Sheet::new(&definition(FLOW), &Layout::new()).unwrap();
        sheet.flow["connections"]["All -> B"]["to"] = json!("A");
        let refused = sheet.definition().unwrap_err();
        assert!(refused.to_string().contains("\"All -> A\""), "{refused}");
    }

    #[test]
    fn what_is_no_flow_says_what_is_wrong() {
        let mut sheet = Sheet::new(&definition(FLOW), &Layout::new()).unwrap();
        sheet.flow["processors"]["A"] = json!({ "typ": "X" });
        let Err(Refusal::Findings(findings)) = sheet.definition() else { panic!() };
        assert!(findings.iter().all(|finding| finding.place.path.contains("processors.A")));
    }
}
