//! The built-in processors, one file each, and the catalog that lists them.
//!
//! Knows the SDK and the audio library, and nothing of the engine.

mod audio;
mod catalog;
mod decode_audio;
mod emptied;
mod extract_features;
mod folder;
mod generate_flow_file;
mod get_file;
mod hash_content;
mod log_attribute;
mod paths;
mod put_file;
mod put_object;
mod route_on_attribute;
mod turns;
mod update_attribute;
mod writers;

pub use catalog::catalog;
