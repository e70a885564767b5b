//! The only list of processors; its order is that of the reference.

use tutti_sdk::{Catalog, ProcessorType};

use crate::get_file::GetFile;

/// All built-in processors and derivers.
pub fn catalog() -> Catalog {
    Catalog::new(vec![ProcessorType::of::<GetFile>()], vec![])
}
