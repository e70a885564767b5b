//! The canonical text of a flow: equal flows have equal text, and a diff reads like the change.
//!
//! Members stand in a fixed order, things and properties in that of their names, times and sizes
//! in one spelling; defaults are left out; properties, parameters and connections take a line
//! each.

mod json;
mod members;

use crate::definition::FlowDefinition;
use crate::diagnostic::Diagnostic;
use crate::document::Document;

pub(crate) use json::Json;

/// The canonical text of the flow in `document`.
///
/// What is certain to be meant is mended: what is almost JSON, and values without quotes. Refused
/// is a text with mistakes in its structure, with all of these; whether its names and values make
/// sense is for [`crate::check`].
pub fn format(document: &Document) -> Result<String, Vec<Diagnostic>> {
    let flow = FlowDefinition::parse(document);
    let unread = flow.unread();
    if unread.is_empty() { Ok(write(&flow)) } else { Err(unread) }
}

/// The canonical text of `flow`.
pub fn write(flow: &FlowDefinition) -> String {
    members::flow(flow).to_text()
}
