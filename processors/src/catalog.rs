//! The only list of processors and services; its order is that of the reference.

use std::sync::Arc;

use tutti_sdk::{Catalog, ProcessorType, ServiceType};

use crate::attributes_to_json::AttributesToJson;
use crate::audio::Frames;
use crate::compress_content::CompressContent;
use crate::control_rate::ControlRate;
use crate::decode_audio::DecodeAudio;
use crate::delete_object::DeleteObject;
use crate::detect_duplicate::DetectDuplicate;
use crate::evaluate_json_path::EvaluateJsonPath;
use crate::extract_features::ExtractFeatures;
use crate::fetch_file::FetchFile;
use crate::fetch_object::FetchObject;
use crate::generate_flow_file::GenerateFlowFile;
use crate::get_file::GetFile;
use crate::handle_http_request::HandleHttpRequest;
use crate::handle_http_response::HandleHttpResponse;
use crate::hash_content::HashContent;
use crate::http_context_map::StandardHttpContextMap;
use crate::identify_mime_type::IdentifyMimeType;
use crate::invoke_http::InvokeHttp;
use crate::list_file::ListFile;
use crate::list_objects::ListObjects;
use crate::listen_http::ListenHttp;
use crate::log_attribute::LogAttribute;
use crate::map_cache::MapCacheService;
use crate::merge_content::MergeContent;
use crate::notify::Notify;
use crate::put_file::PutFile;
use crate::put_object::PutObject;
use crate::replace_text::ReplaceText;
use crate::route_on_attribute::RouteOnAttribute;
use crate::route_on_content::RouteOnContent;
use crate::split_json::SplitJson;
use crate::split_text::SplitText;
use crate::unpack_content::UnpackContent;
use crate::update_attribute::UpdateAttribute;
use crate::wait::Wait;

/// All built-in processors, services and derivers.
pub fn catalog() -> Catalog {
    Catalog::new(
        vec![
            ProcessorType::of::<GetFile>(),
            ProcessorType::of::<ListFile>(),
            ProcessorType::of::<FetchFile>(),
            ProcessorType::of::<ListObjects>(),
            ProcessorType::of::<FetchObject>(),
            ProcessorType::of::<ListenHttp>(),
            ProcessorType::of::<HandleHttpRequest>(),
            ProcessorType::of::<GenerateFlowFile>(),
            ProcessorType::of::<DecodeAudio>(),
            ProcessorType::of::<ExtractFeatures>(),
            ProcessorType::of::<HashContent>(),
            ProcessorType::of::<IdentifyMimeType>(),
            ProcessorType::of::<CompressContent>(),
            ProcessorType::of::<MergeContent>(),
            ProcessorType::of::<UnpackContent>(),
            ProcessorType::of::<UpdateAttribute>(),
            ProcessorType::of::<AttributesToJson>(),
            ProcessorType::of::<EvaluateJsonPath>(),
            ProcessorType::of::<ReplaceText>(),
            ProcessorType::of::<SplitText>(),
            ProcessorType::of::<SplitJson>(),
            ProcessorType::of::<RouteOnAttribute>(),
            ProcessorType::of::<RouteOnContent>(),
            ProcessorType::of::<ControlRate>(),
            ProcessorType::of::<DetectDuplicate>(),
            ProcessorType::of::<Wait>(),
            ProcessorType::of::<Notify>(),
            ProcessorType::of::<LogAttribute>(),
            ProcessorType::of::<PutFile>(),
            ProcessorType::of::<PutObject>(),
            ProcessorType::of::<DeleteObject>(),
            ProcessorType::of::<InvokeHttp>(),
            ProcessorType::of::<HandleHttpResponse>(),
        ],
        vec![Arc::new(Frames)],
    )
    .with_services([
        ServiceType::of::<MapCacheService>(),
        ServiceType::of::<StandardHttpContextMap>(),
    ])
}

#[cfg(test)]
#[path = "catalog_tests.rs"]
mod tests;
