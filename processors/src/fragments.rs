//! The parts that a flowfile is split into, and the attributes that tell where each belongs.
//!
//! Parts are slices of one content: none is copied by itself.

use tutti_sdk::model::flowfile::{Content, ContentSlice, FlowFile, core_attribute};
use tutti_sdk::{ProcessError, Session, host};

/// The same for all parts of a flowfile, and for itself.
pub(crate) const IDENTIFIER: &str = "fragment.identifier";
pub(crate) const INDEX: &str = "fragment.index";
pub(crate) const COUNT: &str = "fragment.count";
pub(crate) const ORIGINAL_FILENAME: &str = "segment.original.filename";
/// Where flowfiles go that were split.
pub(crate) const ORIGINAL: &str = "original";
/// The property that bounds how many parts there may be.
pub(crate) const MAXIMUM_SPLITS: &str = "Maximum Splits";

/// What all that split say that they write.
pub(crate) const WRITES: [(&str, &str); 4] = [
    (IDENTIFIER, "The same for all parts of a flowfile, and for the original."),
    (INDEX, "The number of the part."),
    (COUNT, "How many parts there are; the original has it too."),
    (ORIGINAL_FILENAME, "The `filename` of the original."),
];

/// A part of a flowfile.
pub(crate) struct Part<N = &'static str> {
    pub(crate) content: Content,
    /// Attributes besides those that all parts have.
    pub(crate) attributes: Vec<(N, String)>,
}

/// `length` bytes of stored content from `offset` on.
pub(crate) fn slice(content: &Content, offset: u64, length: u64) -> Result<Content, ProcessError> {
    match content {
        _ if length == 0 => Ok(Content::Empty),
        Content::Stored(whole) if offset.saturating_add(length) <= whole.length => {
            let offset = whole.offset + offset;
            Ok(Content::Stored(ContentSlice { claim: whole.claim, offset, length }))
        }
        _ => Err(ProcessError::internal("a part of content lies outside of it")),
    }
}

/// There are more parts than `max`.
pub(crate) fn too_many(max: u32, instead: &str) -> ProcessError {
    ProcessError::user(format!(
        "there are more parts than \"{MAXIMUM_SPLITS}\" allows, which is {max}"
    ))
    .with_help(format!("{instead}, or raise \"{MAXIMUM_SPLITS}\": each takes about 2 KB of memory"))
}

/// Sends `parts`, numbered from `first` on, to the relationship `to`, and what was split to
/// `original`.
pub(crate) fn send(
    session: &mut Session,
    original: FlowFile,
    parts: Vec<Part>,
    (to, first): (&str, usize),
) {
    let filename = original.attribute(core_attribute::FILENAME).unwrap_or_default().to_owned();
    send_named(session, original, parts, (to, first), &filename);
}

/// As [`send`], of an original that `filename` names.
pub(crate) fn send_named<N: AsRef<str>>(
    session: &mut Session,
    mut original: FlowFile,
    parts: Vec<Part<N>>,
    (to, first): (&str, usize),
    filename: &str,
) {
    let identifier = host::new_uuid(session.random());
    let count = parts.len().to_string();
    for (index, part) in parts.into_iter().enumerate() {
        let mut child = session.create_child(&original);
        for (name, value) in part.attributes {
            child.set_attribute(name.as_ref(), value);
        }
        child.set_attribute(IDENTIFIER, identifier.as_str());
        child.set_attribute(INDEX, (first + index).to_string());
        child.set_attribute(COUNT, count.as_str());
        child.set_attribute(ORIGINAL_FILENAME, filename);
        session.set_content(&mut child, part.content);
        session.transfer(child, to);
    }
    original.set_attribute(IDENTIFIER, identifier);
    original.set_attribute(COUNT, count);
    session.transfer(original, ORIGINAL);
}
