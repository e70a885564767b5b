//! Processors that are components: files beside flows, each a type like any other.
//!
//! A type is called by the component's name and the beginning of its file's digest, `Name@1f3c…`:
//! what a flow runs is what it was written for, and two versions stand side by side. What a
//! component says of itself is not believed before it was looked at.

mod describe;
mod processor;
mod spec;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tutti_sdk::ProcessorType;
use tutti_sdk::model::spec::ProcessorSpec;

use crate::program::LinkedComponent;

/// Bytes that a component's file may have.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Components that are looked for in one folder.
const FILES_MAX: usize = 200;
/// How files of components end.
const EXTENSION: &str = "wasm";

/// A component that was looked at.
pub struct ComponentFile {
    /// What it says of itself, as a catalog has it.
    pub spec: ProcessorSpec,
    /// The version that it gives itself.
    pub version: String,
    /// The digits of the SHA-256 of its file.
    pub digest: String,
    linked: Arc<LinkedComponent>,
}

/// Why a file is no processor.
#[derive(Debug, thiserror::Error)]
#[error("\"{file}\" is no component that can be a processor: {why}")]
pub struct ComponentFault {
    /// The file.
    pub file: String,
    /// Why.
    pub why: String,
}

impl ComponentFile {
    /// Reads a file and asks the component what it is. Takes seconds where it is large and was
    /// never compiled before.
    ///
    /// # Errors
    /// When it is no component of the world `tutti:processor/processor`, or says of itself what
    /// cannot be.
    pub fn open(file: &Path) -> Result<Self, ComponentFault> {
        let fault = |why: String| ComponentFault { file: file.display().to_string(), why };
        let bytes = read(file).map_err(|error| fault(error.to_string()))?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(fault(format!("it has more than {} MB", FILE_BYTES_MAX >> 20)));
        }
        let linked = LinkedComponent::of(file, bytes).map_err(fault)?;
        let linked = Arc::new(linked);
        let descriptor = describe::describe(&linked).map_err(fault)?;
        let version = descriptor.version.clone();
        let spec = spec::spec(&linked, descriptor).map_err(fault)?;
        let digest = linked.digest.clone();
        Ok(Self { spec, version, digest, linked })
    }

    /// The type of processor that it is.
    pub fn into_type(self) -> ProcessorType {
        let Self { spec, linked, .. } = self;
        let of = spec.clone();
        ProcessorType::new(spec, move |values, context| {
            processor::build(&of, &linked, values, context)
        })
    }
}

/// The processors that the components of a folder are, and what is none. A folder that cannot be
/// read has none.
pub fn components_in(folder: &Path) -> (Vec<ComponentFile>, Vec<ComponentFault>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path()).filter(|path| is_component(path));
    let mut files: Vec<PathBuf> = files.take(FILES_MAX).collect();
    files.sort();
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for file in files {
        match ComponentFile::open(&file) {
            Ok(component) => found.push(component),
            Err(fault) => faults.push(fault),
        }
    }
    (found, faults)
}

fn is_component(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == EXTENSION) && path.is_file()
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(file)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
