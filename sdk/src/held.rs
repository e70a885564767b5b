//! What a session knows of the flowfiles that a processor has in its hands.

use tutti_model::flowfile::FlowFile;

/// A flowfile in the hands of a processor, and what it was when it came there.
pub(crate) enum Held {
    /// As it was taken.
    Taken(FlowFile),
    /// This session made it, with that `uuid`.
    Made(Box<str>),
}

impl Held {
    /// The identity that it has, whatever was done to its attributes.
    pub(crate) fn uuid(&self) -> &str {
        match self {
            Self::Taken(original) => original.uuid(),
            Self::Made(uuid) => uuid,
        }
    }

    /// As it was taken, where it was.
    pub(crate) fn original(self) -> Option<FlowFile> {
        match self {
            Self::Taken(original) => Some(original),
            Self::Made(_) => None,
        }
    }
}
