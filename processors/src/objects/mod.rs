//! Objects in stores: what all processors have in common that put, list, fetch or delete them.
//!
//! Everything that a store answers is bounded, but for the content of an object, which is streamed.

pub(crate) mod access;
pub(crate) mod address;
#[cfg(test)]
pub(crate) mod fake;
pub(crate) mod header;
pub(crate) mod key;
pub(crate) mod requests;
pub(crate) mod store;
pub(crate) mod trials;

/// What a store is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Objects are put; with `creates` an object that is there is left.
    Put { creates: bool },
    /// They are listed.
    List,
    /// Their content is fetched.
    Fetch,
    /// They are deleted.
    Delete,
}
