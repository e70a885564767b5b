//! Files of this machine, for all processors that read or write them.

pub(crate) mod emptied;
pub(crate) mod folder;
pub(crate) mod paths;
