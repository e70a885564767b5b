//! The types of processors that a flow may use.

use std::collections::BTreeMap;
use std::sync::Arc;

use tutti_model::spec::{ProcessorSpec, SpecSource};

use crate::derive::Deriver;
use crate::processor::ProcessorType;

/// An explicit list of processor types and of derivers. Its order is that of the reference.
#[derive(Default)]
pub struct Catalog {
    types: Vec<ProcessorType>,
    by_name: BTreeMap<&'static str, usize>,
    derivers: BTreeMap<&'static str, Arc<dyn Deriver>>,
}

impl Catalog {
    /// A catalog of these. Of two types of one name the later counts; a test of whoever lists
    /// them makes sure that there are none.
    pub fn new(types: Vec<ProcessorType>, derivers: Vec<Arc<dyn Deriver>>) -> Self {
        let by_name =
            types.iter().enumerate().map(|(index, each)| (each.spec().type_name, index)).collect();
        let derivers = derivers.into_iter().map(|deriver| (deriver.kind(), deriver)).collect();
        Self { types, by_name, derivers }
    }

    /// All types, in the order of the reference.
    pub fn types(&self) -> impl Iterator<Item = &ProcessorType> {
        self.types.iter()
    }

    /// The type of that name.
    pub fn get(&self, type_name: &str) -> Option<&ProcessorType> {
        self.types.get(*self.by_name.get(type_name)?)
    }

    /// Who reads derived content of that kind.
    pub fn deriver(&self, kind: &str) -> Option<&Arc<dyn Deriver>> {
        self.derivers.get(kind)
    }
}

impl SpecSource for Catalog {
    fn spec(&self, type_name: &str) -> Option<&ProcessorSpec> {
        self.get(type_name).map(ProcessorType::spec)
    }

    fn type_names(&self) -> Vec<&str> {
        self.by_name.keys().copied().collect()
    }
}
