//! The only list of processors; its order is that of the reference.

use std::sync::Arc;

use tutti_sdk::{Catalog, ProcessorType};

use crate::audio::Frames;
use crate::decode_audio::DecodeAudio;
use crate::extract_features::ExtractFeatures;
use crate::generate_flow_file::GenerateFlowFile;
use crate::get_file::GetFile;
use crate::hash_content::HashContent;
use crate::log_attribute::LogAttribute;
use crate::put_file::PutFile;
use crate::put_object::PutObject;
use crate::route_on_attribute::RouteOnAttribute;
use crate::update_attribute::UpdateAttribute;

/// All built-in processors and derivers.
pub fn catalog() -> Catalog {
    Catalog::new(
        vec![
            ProcessorType::of::<GetFile>(),
            ProcessorType::of::<GenerateFlowFile>(),
            ProcessorType::of::<DecodeAudio>(),
            ProcessorType::of::<ExtractFeatures>(),
            ProcessorType::of::<HashContent>(),
            ProcessorType::of::<UpdateAttribute>(),
            ProcessorType::of::<RouteOnAttribute>(),
            ProcessorType::of::<LogAttribute>(),
            ProcessorType::of::<PutFile>(),
            ProcessorType::of::<PutObject>(),
        ],
        vec![Arc::new(Frames)],
    )
}

#[cfg(test)]
#[path = "catalog_tests.rs"]
mod tests;
