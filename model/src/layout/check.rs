//! Whether a layout can be read and lays out what its flow has.

use std::collections::{BTreeMap, BTreeSet};

use super::{Layout, LayoutError};
use crate::codes::Code;
use crate::definition::{FlowDefinition, Group};
use crate::diagnostic::{Diagnostic, join};
use crate::document::{Document, Node, NodeKind};
use crate::report::Report;
use crate::shape;
use crate::text::{JsonPath, Place, Source};

/// The paths of the things in a flow, by the members of a layout that say how these lie.
type Things = BTreeMap<&'static str, BTreeSet<String>>;

/// What is wrong with the layout in `text`, in the order of the text. `file` is its name in
/// messages. Without a flow, or with one that could not be read as a whole, nothing is said of the
/// names in it.
pub fn check(text: &str, file: &str, flow: Option<&FlowDefinition>) -> Vec<Diagnostic> {
    let source = Source::new(file, text);
    let mut report = Report::default();
    if let Err(error) = Layout::parse(text) {
        report.push(unreadable(&source, &error));
    } else if let Some(flow) = flow.filter(|flow| is_whole(flow))
        && let Ok(document) = Document::parse(text, file)
    {
        // What was read as JSON could be read with its places.
        strays(&source, &document.root, flow, &mut report);
    }
    report.finish(&source)
}

/// The layout without what lies where the flow has nothing.
pub fn fitting(mut layout: Layout, flow: &FlowDefinition) -> Layout {
    let things = things(flow);
    layout.positions.retain(|path, _| things["positions"].contains(path));
    layout.sizes.retain(|path, _| things["sizes"].contains(path));
    layout.bends.retain(|path, _| things["bends"].contains(path));
    layout
}

/// Whether all that the flow has is known.
fn is_whole(flow: &FlowDefinition) -> bool {
    !flow.is_opaque && !flow.report.has_errors()
}

fn unreadable(source: &Source, error: &LayoutError) -> Diagnostic {
    let (message, place, help) = match error {
        LayoutError::Text { message, line, column } => (
            format!("this is not a layout: {message}"),
            place(source, *line, *column),
            "mend it, or remove the file: without it things are laid out anew",
        ),
        LayoutError::Version(_) => (
            error.to_string(),
            source.place(0..0, JsonPath::root()),
            "write \"format\": 1, or use a newer program",
        ),
    };
    Diagnostic::new(Code::UnreadableLayout, &place, message).with_help(help)
}

/// The place of a byte by its line and column, both from 1.
fn place(source: &Source, line: usize, column: usize) -> Place {
    let text = source.text();
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (before + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let end = text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8());
    source.place(at..end, JsonPath::root())
}

fn strays(source: &Source, root: &Node, flow: &FlowDefinition, report: &mut Report) {
    let things = things(flow);
    let NodeKind::Object(members) = &root.kind else { return };
    for member in members {
        let Some(known) = things.get(&*member.name) else { continue };
        let what = match &*member.name {
            "sizes" => "label",
            "bends" => "connection",
            _ => "thing",
        };
        let NodeKind::Object(named) = &member.value.kind else { continue };
        for one in named.iter().filter(|one| !known.contains(&*one.name)) {
            let path = JsonPath::root().member(&member.name).member(&one.name);
            let place = source.place(one.name_range.clone(), path);
            let message = format!("the flow has no {what} \"{}\"", one.name);
            let help = match report.nearest(&one.name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "remove it".to_owned(),
            };
            report.push(Diagnostic::new(Code::StrayLayout, &place, message).with_help(help));
        }
    }
}

fn things(flow: &FlowDefinition) -> Things {
    let mut things = shape::LAID.into_iter().map(|member| (member, BTreeSet::new())).collect();
    gather(&flow.root, "", &mut things);
    things
}

fn gather(group: &Group, path: &str, things: &mut Things) {
    for list in &shape::LISTS {
        let paths: Vec<_> = group.names(list.kind).iter().map(|name| join(path, name)).collect();
        for member in list.laid_by {
            things.entry(member).or_default().extend(paths.iter().cloned());
        }
    }
    for (name, inner) in &group.groups {
        gather(inner, &join(path, name), things);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = r#"{ "format": 1, "name": "a", "processors": { "Get": { "type": "A" } },
        "labels": { "Why": { "text": "" } }, "groups": { "In": { "funnels": ["All"] } },
        "connections": [{ "from": "Get", "relationships": ["b"], "to": "Get" }] }"#;

    fn found(text: &str) -> Vec<(Code, u32, u32)> {
        let flow = Document::parse(FLOW, "a.json").map(|document| FlowDefinition::parse(&document));
        let found = check(text, "a.layout.json", flow.as_ref().ok());
        found.iter().map(|one| (one.code, one.place.line, one.place.column)).collect()
    }

    const FITTING: &str = r#"{ "format": 1, "positions": { "Get": { "x": 1, "y": 2 },
        "In/All": { "x": 1, "y": 2 }, "In": { "x": 1, "y": 2 }, "Why": { "x": 1, "y": 2 } },
        "sizes": { "Why": { "width": 1, "height": 1 } },
        "bends": { "Get [b] -> Get": [] } }"#;

    #[test]
    fn what_the_flow_has_is_known() {
        assert_eq!(found(FITTING), []);
    }

    #[test]
    fn what_lies_where_the_flow_has_nothing_is_left_out() {
        let fits = Layout::parse(FITTING).unwrap();
        let mut more = fits.clone();
        more.positions.insert("Put".to_owned(), super::super::Position::default());
        more.sizes.insert("Get".to_owned(), super::super::Size::default());
        more.bends.insert("Get [a] -> Get".to_owned(), Vec::new());
        let flow = Document::parse(FLOW, "a.json").map(|document| FlowDefinition::parse(&document));
        assert_eq!(fitting(more, &flow.unwrap()), fits);
    }

    #[test]
    fn what_the_flow_has_not_is_told_with_its_place() {
        let text = "{ \"format\": 1, \"sizes\": {\n \"Get\": { \"width\": 1, \"height\": 1 } } }";
        assert_eq!(found(text), [(Code::StrayLayout, 2, 2)]);
    }

    #[test]
    fn what_is_no_layout_is_told_with_its_place() {
        for (text, line, column) in
            [("", 1, 1), ("{ \"format\": 2 }", 1, 1), ("{ \"format\": 1,\n  \"é\": 2 }", 2, 5)]
        {
            assert_eq!(found(text), [(Code::UnreadableLayout, line, column)], "{text}");
        }
    }
}
