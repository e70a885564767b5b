//! The only list of processors; its order is that of the reference.

use tutti_sdk::{Catalog, ProcessorType};

use crate::get_file::GetFile;
use crate::put_object::PutObject;

/// All built-in processors and derivers.
pub fn catalog() -> Catalog {
    Catalog::new(vec![ProcessorType::of::<GetFile>(), ProcessorType::of::<PutObject>()], vec![])
}
