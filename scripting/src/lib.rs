//! Processors that cannot escape: scripts and components in a WASM sandbox (wasmtime).
//!
//! What runs here was written by users: it is handed flowfiles and nothing else, and is stopped
//! when it takes too long or wants too much. Nothing of it may ever run outside of the sandbox, and
//! nothing that one processor's script leaves behind may be seen by another's.

mod cache;
mod calls;
mod component;
mod execute_script;
mod guest;
mod handles;
mod library;
mod limits;
mod program;
mod runners;
mod sandbox;
mod script;
mod tasks;
mod templates;
mod ticker;
mod wasi;
mod wit;

use tutti_sdk::ProcessorType;

pub use component::{ComponentFault, ComponentFile, components_in};
pub use sandbox::keep_compiled_in;
pub use templates::{TEMPLATES, TemplateFile};

/// The processors that run scripts.
pub fn types() -> Vec<ProcessorType> {
    vec![ProcessorType::of::<execute_script::ExecuteScript>()]
}
