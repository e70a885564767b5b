//! What travels through a flow: attributes and a reference to content.
//!
//! A flowfile never holds content bytes, only the claim that names them.

mod attributes;
mod content;
mod time;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::attributes::Attributes;
pub use self::content::{Claim, Content, ContentSlice, DerivedContent};

/// NiFi's names of the attributes that every flowfile has or may have.
pub mod core_attribute {
    /// The identity of a flowfile, an RFC 4122 UUID; set at creation, never changed.
    pub const UUID: &str = "uuid";
    /// The name of the file or object that the content came from, without its folder.
    pub const FILENAME: &str = "filename";
    /// The folder of the file, relative to where it was picked up; ends with `/`.
    pub const PATH: &str = "path";
    /// The folder of the file, absolute; ends with `/`.
    pub const ABSOLUTE_PATH: &str = "absolute.path";
    /// The type of the content, told by content and not by name where possible.
    pub const MIME_TYPE: &str = "mime.type";
    /// A number; the lower, the sooner a priority prioritizer lets it pass.
    pub const PRIORITY: &str = "priority";
    /// Why a flowfile went to `failure` the last time: the message, with its causes.
    pub const FAILURE_REASON: &str = "failure.reason";
    /// The processor that sent it there, by its path of names in the flow.
    pub const FAILURE_PROCESSOR: &str = "failure.processor";
}

/// A moment of the injected clock: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment `milliseconds` later; stops at the end of time instead of wrapping.
    pub fn plus_ms(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add_unsigned(milliseconds))
    }

    /// Milliseconds from `earlier` to `self`; 0 when `earlier` is later.
    pub fn since_ms(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }
}

/// The order in which a repository created its flowfiles; unique within one data folder.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct FlowFileId(pub u64);

/// One thing on its way through a flow. A copy is a handle of the same, until one of both changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FlowFile(Arc<Fields>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Fields {
    id: FlowFileId,
    entry_date: Timestamp,
    lineage_start: Timestamp,
    penalized_until: Option<Timestamp>,
    attempts: u32,
    attributes: Attributes,
    content: Content,
}

impl FlowFile {
    /// A flowfile without attributes and content that enters a flow at `entry_date`, without
    /// ancestors.
    pub fn new(id: FlowFileId, entry_date: Timestamp) -> Self {
        Self(Arc::new(Fields {
            id,
            entry_date,
            lineage_start: entry_date,
            penalized_until: None,
            attempts: 0,
            attributes: Attributes::new(),
            content: Content::Empty,
        }))
    }

    /// The same with another beginning of its lineage.
    #[must_use]
    pub fn with_lineage_start(mut self, lineage_start: Timestamp) -> Self {
        self.fields().lineage_start = lineage_start;
        self
    }

    /// The same with these attributes.
    #[must_use]
    pub fn with_attributes(mut self, attributes: Attributes) -> Self {
        self.fields().attributes = attributes;
        self
    }

    /// The same with this content.
    #[must_use]
    pub fn with_content(mut self, content: Content) -> Self {
        self.set_content(content);
        self
    }

    /// Whether it is a handle of the same, which nobody has changed.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn fields(&mut self) -> &mut Fields {
        Arc::make_mut(&mut self.0)
    }

    /// Its place in the order of creation.
    pub fn id(&self) -> FlowFileId {
        self.0.id
    }

    /// When it entered the flow.
    pub fn entry_date(&self) -> Timestamp {
        self.0.entry_date
    }

    /// When its eldest ancestor entered the flow.
    pub fn lineage_start(&self) -> Timestamp {
        self.0.lineage_start
    }

    /// Not to be worked on before this moment.
    pub fn penalized_until(&self) -> Option<Timestamp> {
        self.0.penalized_until
    }

    /// How often its present processor has tried it and was told to try again.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Names and values, `uuid` always among them.
    pub fn attributes(&self) -> &Attributes {
        &self.0.attributes
    }

    /// What names its bytes.
    pub fn content(&self) -> &Content {
        &self.0.content
    }

    /// The value of the attribute `name`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.0.attributes.get(name)
    }

    /// What NiFi lets an expression see besides the attributes, as if it were one: the value of one
    /// of [`PSEUDO_ATTRIBUTES`].
    pub fn pseudo_attribute(&self, name: &str) -> Option<String> {
        Some(match name {
            "fileSize" => self.size_bytes().to_string(),
            "entryDate" => self.entry_date().0.to_string(),
            "lineageStartDate" => self.lineage_start().0.to_string(),
            "flowFileId" => self.id().0.to_string(),
            _ => return None,
        })
    }

    /// The value of the attribute `uuid`.
    pub fn uuid(&self) -> &str {
        self.attribute(core_attribute::UUID).unwrap_or_default()
    }

    /// Bytes of content, as [`Content::size_bytes`].
    pub fn size_bytes(&self) -> u64 {
        self.0.content.size_bytes()
    }

    /// Sets the attribute `name`.
    pub fn set_attribute(&mut self, name: &str, value: impl AsRef<str>) {
        let value = value.as_ref();
        if self.attribute(name) != Some(value) {
            self.fields().attributes.insert(name, value);
        }
    }

    /// Removes the attribute `name` and hands back its value.
    pub fn remove_attribute(&mut self, name: &str) -> Option<String> {
        self.attribute(name)?;
        self.fields().attributes.remove(name)
    }

    /// Gives it another identity in the order of creation, and that `uuid`.
    pub fn set_identity(&mut self, id: FlowFileId, uuid: &str) {
        self.fields().id = id;
        self.set_attribute(core_attribute::UUID, uuid);
    }

    /// Sets what names its bytes.
    pub fn set_content(&mut self, content: Content) {
        if self.0.content != content {
            self.fields().content = content;
        }
    }

    /// Lets it wait until this moment, or not at all.
    pub fn set_penalized_until(&mut self, penalized_until: Option<Timestamp>) {
        if self.0.penalized_until != penalized_until {
            self.fields().penalized_until = penalized_until;
        }
    }

    /// Sets how often its present processor has tried it.
    pub fn set_attempts(&mut self, attempts: u32) {
        if self.0.attempts != attempts {
            self.fields().attempts = attempts;
        }
    }
}

/// What an expression sees of a flowfile besides its attributes; an attribute of that name hides
/// it.
pub const PSEUDO_ATTRIBUTES: [&str; 4] =
    ["fileSize", "entryDate", "lineageStartDate", "flowFileId"];

/// What a filter says of one flowfile in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// Take it and go on.
    Take,
    /// Leave it and go on.
    Skip,
    /// Take it and look no further.
    TakeAndStop,
    /// Leave it and look no further.
    Stop,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_does_not_change_with_the_original() {
        let mut first = FlowFile::new(FlowFileId(1), Timestamp(5));
        first.set_attribute("a", "1");
        let second = first.clone();
        first.set_attribute("a", "2");
        first.set_attempts(3);
        assert_eq!((first.attribute("a"), second.attribute("a")), (Some("2"), Some("1")));
        assert_eq!((first.attempts(), second.attempts()), (3, 0));
        assert_eq!(second.clone().remove_attribute("a").as_deref(), Some("1"));
        assert_eq!(second.attribute("a"), Some("1"));
    }

    #[test]
    fn setting_what_is_so_already_keeps_what_is_shared() {
        let mut first = FlowFile::new(FlowFileId(1), Timestamp(5));
        first.set_attribute("a", "1");
        let second = first.clone();
        first.set_attribute("a", "1");
        first.set_attempts(0);
        first.set_penalized_until(None);
        first.set_content(Content::Empty);
        assert!(first.is_same(&second));
    }

    #[test]
    fn time_does_not_wrap() {
        assert_eq!(Timestamp(i64::MAX).plus_ms(1), Timestamp(i64::MAX));
        assert_eq!(Timestamp(5).since_ms(Timestamp(9)), 0);
        assert_eq!(Timestamp(9).since_ms(Timestamp(5)), 4);
    }
}
