//! What travels through a flow: attributes and a reference to content.
//!
//! A flowfile never holds content bytes, only the claim that names them.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

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

/// Attribute names and values, sorted by name; a copy shares them until one is changed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(Arc<BTreeMap<Box<str>, Box<str>>>);

impl Attributes {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Borrow::borrow)
    }

    /// Sets `name` to `value` and hands back the value that was there.
    pub fn insert(&mut self, name: &str, value: impl Into<Box<str>>) -> Option<Box<str>> {
        Arc::make_mut(&mut self.0).insert(name.into(), value.into())
    }

    /// Removes `name` and hands back its value.
    pub fn remove(&mut self, name: &str) -> Option<Box<str>> {
        if self.0.contains_key(name) { Arc::make_mut(&mut self.0).remove(name) } else { None }
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes of all names and values.
    pub fn text_bytes(&self) -> usize {
        self.iter().map(|(name, value)| name.len() + value.len()).sum()
    }

    /// Whether both are one and the same map, so that neither can have changed.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<N: AsRef<str>, V: Into<Box<str>>> FromIterator<(N, V)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(Arc::new(
            pairs.into_iter().map(|(name, value)| (name.as_ref().into(), value.into())).collect(),
        ))
    }
}

/// Where bytes lie in the content repository. Claims are written once and never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Claim {
    /// The segment file.
    pub segment: u64,
    /// Where the claim begins in the segment file, in bytes of the file.
    pub offset: u64,
    /// How many bytes of content it holds.
    pub length: u64,
}

/// A part of a claim: content that was split off without being copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ContentSlice {
    /// The claim that holds the bytes.
    pub claim: Claim,
    /// Where the slice begins in the claim's content, in bytes.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u64,
}

impl ContentSlice {
    /// All of `claim`.
    pub fn whole(claim: Claim) -> Self {
        Self { claim, offset: 0, length: claim.length }
    }
}

/// Content that is made from other content whenever it is read, and takes no room of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivedContent {
    /// What it is made from.
    pub source: ContentSlice,
    /// Which deriver makes it, e.g. `audio/frames`.
    pub kind: Box<str>,
    /// What the deriver needs to know, in a form of its own (JSON by convention).
    pub recipe: Arc<str>,
}

/// The content of a flowfile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// No bytes.
    #[default]
    Empty,
    /// Bytes in the content repository.
    Stored(ContentSlice),
    /// Bytes that are made from stored ones on demand.
    Derived(DerivedContent),
}

impl Content {
    /// The claim that must outlive this content.
    pub fn claim(&self) -> Option<Claim> {
        match self {
            Self::Empty => None,
            Self::Stored(slice) => Some(slice.claim),
            Self::Derived(derived) => Some(derived.source.claim),
        }
    }

    /// Bytes that it stands for in the repository. For derived content those of its source: what
    /// a reader will make of it is not known before it is read.
    pub fn size_bytes(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Stored(slice) => slice.length,
            Self::Derived(derived) => derived.source.length,
        }
    }

    /// What it is made from, where it is derived; else itself.
    #[must_use]
    pub fn original(&self) -> Self {
        match self {
            Self::Derived(derived) => Self::Stored(derived.source),
            other => other.clone(),
        }
    }
}

/// One thing on its way through a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowFile {
    /// Its place in the order of creation.
    pub id: FlowFileId,
    /// When it entered the flow.
    pub entry_date: Timestamp,
    /// When its eldest ancestor entered the flow.
    pub lineage_start: Timestamp,
    /// Not to be worked on before this moment.
    pub penalized_until: Option<Timestamp>,
    /// How often its present processor has tried it and was told to try again.
    pub attempts: u32,
    /// Names and values, `uuid` always among them.
    pub attributes: Attributes,
    /// The bytes.
    pub content: Content,
}

impl FlowFile {
    /// The value of the attribute `name`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)
    }

    /// The value of the attribute `uuid`.
    pub fn uuid(&self) -> &str {
        self.attributes.get(core_attribute::UUID).unwrap_or_default()
    }

    /// Bytes of content, as [`Content::size_bytes`].
    pub fn size_bytes(&self) -> u64 {
        self.content.size_bytes()
    }
}

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
    fn a_copy_of_attributes_is_not_changed_with_the_original() {
        let mut first = Attributes::from_iter([("a", "1")]);
        let second = first.clone();
        assert!(first.is_same(&second));
        first.insert("a", "2");
        assert_eq!((first.get("a"), second.get("a")), (Some("2"), Some("1")));
        assert_eq!(first.remove("missing"), None);
    }

    #[test]
    fn time_does_not_wrap() {
        assert_eq!(Timestamp(i64::MAX).plus_ms(1), Timestamp(i64::MAX));
        assert_eq!(Timestamp(5).since_ms(Timestamp(9)), 0);
        assert_eq!(Timestamp(9).since_ms(Timestamp(5)), 4);
    }
}
