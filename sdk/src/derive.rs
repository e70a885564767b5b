//! Content that is made from other content while it is read.

use std::io::Read;

use std::sync::Arc;

use tutti_model::flowfile::{Content, ContentSlice, DerivedContent};

use crate::ProcessError;
use crate::host::ReadSeek;

/// Makes the bytes of derived content of one kind.
pub trait Deriver: Send + Sync {
    /// The kind, as it stands in [`DerivedContent::kind`].
    fn kind(&self) -> &'static str;
    /// The bytes, streamed in constant memory. `source` is the content that it is made from.
    fn open(
        &self,
        source: Box<dyn ReadSeek>,
        recipe: &str,
    ) -> Result<Box<dyn DerivedRead>, ProcessError>;
}

/// Bytes that are made while they are read.
pub trait DerivedRead: Read + Send + Sync {
    /// What in the source turned out to be broken and was made up for, with how much of it there
    /// was; asked when all was read. Whoever read is told of it as of a warning.
    fn remark(&self) -> Option<String>;
}

/// Derived content of `kind`, made from stored content.
///
/// Returns `None` for content that is empty or itself derived: derivations do not nest.
pub fn derived(source: &Content, kind: &str, recipe: &str) -> Option<Content> {
    let source: ContentSlice = match source {
        Content::Stored(slice) => *slice,
        Content::Empty | Content::Derived(_) => return None,
    };
    let derived = DerivedContent { source, kind: kind.into(), recipe: recipe.into() };
    Some(Content::Derived(Arc::new(derived)))
}
