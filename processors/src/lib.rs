//! The built-in processors, one file each, and the catalog that lists them.
//!
//! Knows the SDK and the audio library, and nothing of the engine.

mod archives;
mod attributes_to_json;
mod audio;
mod bounded;
mod catalog;
mod compress_content;
mod control_rate;
mod decode_audio;
mod delete_object;
mod detect_duplicate;
mod evaluate_json_path;
mod extract_features;
mod fetch_file;
mod fetch_object;
mod files;
mod fragments;
mod generate_flow_file;
mod get_file;
mod handle_http_request;
mod handle_http_response;
mod hash_content;
mod http;
mod http_context_map;
mod identify_mime_type;
mod inflater;
mod invoke_http;
mod json;
mod list_file;
mod list_objects;
mod listed;
mod listen_http;
mod log_attribute;
mod log_level;
mod map_cache;
mod merge_content;
mod mime_type;
mod news;
mod notify;
mod objects;
mod put_file;
mod put_object;
mod replace_text;
mod route_on_attribute;
mod route_on_content;
mod routes;
mod signals;
mod sinks;
mod split_json;
mod split_text;
#[cfg(test)]
mod template;
mod text;
mod unpack_content;
mod update_attribute;
mod wait;

pub use catalog::catalog;
