//! What a flowfile's content is: a name for bytes, never the bytes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

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
    Derived(Arc<DerivedContent>),
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
