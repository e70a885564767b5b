//! What a flow's text holds by name: the lists of a group, and what is true of all in one.
//!
//! For whoever goes through a flow as JSON, without reading what the things in it mean. A list that
//! this did not know would pass for a single value there: the schema of flows is held against it.

use crate::diagnostic::ElementKind;

/// A list of things that a group holds by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    /// The member of the group.
    pub member: &'static str,
    /// What its things are.
    pub kind: ElementKind,
    /// The members of a layout that say how its things lie.
    pub laid_by: &'static [&'static str],
    /// Whether no thing of another such list of the group may have the same name: connections tell
    /// them apart by nothing else.
    pub shares_names: bool,
}

const POSITIONS: &str = "positions";
const SIZES: &str = "sizes";
const BENDS: &str = "bends";

/// What a layout says of things, each by the things' paths.
pub const LAID: [&str; 3] = [POSITIONS, SIZES, BENDS];

/// The lists of a group.
pub const LISTS: [List; 8] = [
    placed("services", ElementKind::Service),
    end("processors", ElementKind::Processor),
    List { laid_by: &[BENDS], ..placed("connections", ElementKind::Connection) },
    end("funnels", ElementKind::Funnel),
    end("inputPorts", ElementKind::InputPort),
    end("outputPorts", ElementKind::OutputPort),
    List { laid_by: &[POSITIONS, SIZES], ..placed("labels", ElementKind::Label) },
    end("groups", ElementKind::Group),
];

/// The member of a flow that holds its parameter contexts by their names.
pub const CONTEXTS: &str = "parameterContexts";

/// The member of a parameter context that holds its parameters by their names.
pub const PARAMETERS: &str = "parameters";

/// The member of a thing that holds values by their names.
pub const PROPERTIES: &str = "properties";

const fn placed(member: &'static str, kind: ElementKind) -> List {
    List { member, kind, laid_by: &[POSITIONS], shares_names: false }
}

const fn end(member: &'static str, kind: ElementKind) -> List {
    List { shares_names: true, ..placed(member, kind) }
}

/// The list that a group's `member` is.
pub fn list(member: &str) -> Option<&'static List> {
    LISTS.iter().find(|list| list.member == member)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::schema::flow_schema;
    use crate::spec::{ProcessorSpec, SpecSource};

    struct NoTypes;

    impl SpecSource for NoTypes {
        fn spec(&self, _: &str) -> Option<&ProcessorSpec> {
            None
        }

        fn type_names(&self) -> Vec<&str> {
            Vec::new()
        }
    }

    /// The members of an object in the schema that hold others: by name, or as a list of things.
    fn holding(object: &Value) -> BTreeSet<&str> {
        let members = object["properties"].as_object().unwrap();
        let holds = |schema: &Value| {
            schema["additionalProperties"].is_object() || schema["items"].get("$ref").is_some()
        };
        let named = members.iter().filter(|(_, schema)| holds(schema));
        named.map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn all_that_the_schema_holds_by_name_is_known() {
        let flow = flow_schema(&NoTypes);
        let defs = flow["$defs"].as_object().unwrap();
        // A list of names, which is a list of things here.
        let lists = LISTS.iter().map(|list| list.member).filter(|member| *member != "funnels");
        let lists: BTreeSet<&str> = lists.collect();
        assert!(defs["group"]["properties"].get("funnels").is_some());
        assert_eq!(holding(&defs["group"]), lists);
        assert_eq!(holding(&flow), lists.iter().copied().chain([CONTEXTS]).collect());
        assert_eq!(holding(&defs["parameterContext"]), [PARAMETERS].into());
        for thing in ["service", "processor"] {
            assert_eq!(holding(&defs[thing]), [PROPERTIES].into(), "{thing}");
        }
        for thing in ["connection", "port", "label"] {
            assert_eq!(holding(&defs[thing]), [].into(), "{thing}");
        }
    }
}
