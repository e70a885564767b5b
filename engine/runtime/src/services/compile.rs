//! Makes the services of a flow, and takes over those that another version of it has.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tutti_model::definition::ScheduledState;
use tutti_model::valid::{ValidFlow, ValidProperties, ValidService};
use tutti_sdk::{BuildError, Catalog, EnabledService, ProcessError, ServiceContext};

use super::surroundings::Surroundings;
use super::{Phase, ServiceNode, Standing};
use crate::compile::{self, CompileError};
use crate::node::Base;

/// The place of each service in the list, by its path.
pub(crate) type Indices = BTreeMap<String, usize>;

/// Builds every service of `flow` but those in `kept`.
pub(crate) fn compile(
    flow: &ValidFlow,
    base: &Arc<Base>,
    kept: &[Arc<ServiceNode>],
    errors: &mut Vec<CompileError>,
) -> Vec<Arc<ServiceNode>> {
    let mut made: BTreeMap<&str, Arc<ServiceNode>> =
        kept.iter().map(|service| (service.path.as_str(), Arc::clone(service))).collect();
    let services = || flow.groups().flat_map(|group| &group.services);
    let mut left: Vec<_> = services().filter(|each| !made.contains_key(&*each.path)).collect();
    // Those first that the others use.
    while !left.is_empty() {
        let count = left.len();
        left.retain(|valid| {
            let used = valid.properties.services.values();
            let used: Option<Vec<_>> = used.map(|path| made.get(&**path).cloned()).collect();
            let Some(used) = used else { return true };
            match build(valid, &base.catalog) {
                Ok(service) => {
                    made.insert(&valid.path, Arc::new(node(valid, base, service, used)));
                }
                Err(source) => {
                    errors.push(CompileError::BuildService { path: valid.path.clone(), source });
                }
            }
            false
        });
        if left.len() == count {
            // They use one that could not be built.
            break;
        }
    }
    services().filter_map(|valid| made.remove(&*valid.path)).collect()
}

/// What a service's state is called in a repository. The name of a flow and of what is in it has no
/// `/`: nothing else is called so.
pub(crate) fn state_name(flow: &str, path: &str) -> Box<str> {
    format!("{flow}//{path}").into()
}

fn node(
    valid: &ValidService,
    base: &Arc<Base>,
    service: Arc<dyn EnabledService>,
    uses: Vec<Arc<ServiceNode>>,
) -> ServiceNode {
    let state_name = state_name(&base.name, &valid.path);
    let indices = uses.iter().enumerate().map(|(index, each)| (each.path.clone(), index)).collect();
    let named = named(&valid.properties, &indices);
    let is_wanted = Arc::new(watch::Sender::new(false));
    let surroundings = Surroundings {
        flow: Arc::clone(&base.name),
        path: valid.path.as_str().into(),
        state_name: state_name.clone(),
        parameters: Arc::clone(&valid.parameters),
        offers: named.into_iter().map(|(name, index)| (name, uses[index].offer.clone())).collect(),
        base: Arc::clone(base),
        is_wanted: Arc::clone(&is_wanted),
    };
    ServiceNode {
        path: valid.path.clone(),
        type_name: valid.type_name.clone(),
        state_name,
        is_enabled: valid.state == ScheduledState::Enabled,
        offer: Arc::clone(&service).offer(),
        uses,
        base: Arc::clone(base),
        service,
        is_held: AtomicBool::new(false),
        context: ServiceContext::new(Arc::new(surroundings)),
        is_wanted,
        standing: Mutex::new(Standing {
            users: 0,
            phase: Phase::Off,
            has_driver: false,
            failure: None,
        }),
        wake: Notify::new(),
    }
}

fn build(service: &ValidService, catalog: &Catalog) -> Result<Arc<dyn EnabledService>, BuildError> {
    let (values, context) = compile::given(&service.path, &service.properties);
    let service_type = catalog.service(&service.type_name).ok_or_else(|| {
        ProcessError::internal(format!("there is no type \"{}\" in the catalog", service.type_name))
    })?;
    service_type.build(&values, &context)
}

/// The services that properties name, by these names.
pub(crate) fn named(properties: &ValidProperties, indices: &Indices) -> BTreeMap<String, usize> {
    let place = |(property, path): (&String, &String)| {
        let name = properties.declared.get(property)?.expose().to_owned();
        Some((name, *indices.get(path)?))
    };
    properties.services.iter().filter_map(place).collect()
}
