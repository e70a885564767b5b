//! The services of a flow: enabled when somebody needs them, disabled when nobody does any more.
//!
//! Each has a driver of its own while it is needed, so that one that fails holds up nobody but
//! those who use it.

mod surroundings;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tutti_model::definition::ScheduledState;
use tutti_model::valid::{ValidFlow, ValidProperties, ValidService};
use tutti_model::value::Value;
use tutti_sdk::{
    BuildContext, BuildError, Catalog, EnabledService, Offer, ProcessError, ServiceContext,
};

use crate::compile::CompileError;
use crate::environment::milliseconds;
use crate::node::{Base, Shared};
use crate::scheduler::{Pauses, panicked};

pub(crate) use surroundings::Surroundings;

/// What a service is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nobody needs it.
    Off,
    Enabling,
    Enabled,
    Disabling,
}

pub(crate) struct ServiceNode {
    pub(crate) path: String,
    pub(crate) type_name: String,
    /// Whose state it is, unique in the repository.
    pub(crate) state_name: Box<str>,
    /// Whether the flow says that it takes part.
    pub(crate) is_enabled: bool,
    pub(crate) offer: Offer,
    /// Services that it refers to, indices of the flow's.
    uses: Vec<usize>,
    service: Arc<dyn EnabledService>,
    context: ServiceContext,
    /// Whether somebody needs it.
    is_wanted: Arc<AtomicBool>,
    standing: Mutex<Standing>,
    /// Nobody needs it any more. Only its driver waits for it.
    wake: Notify,
}

struct Standing {
    /// How many need it: the flow, processors, other services.
    users: usize,
    phase: Phase,
    has_driver: bool,
    /// Why it could not be enabled, as long as it could not.
    failure: Option<String>,
}

impl ServiceNode {
    pub(crate) fn phase(&self) -> Phase {
        self.standing.lock().phase
    }

    pub(crate) fn failure(&self) -> Option<String> {
        self.standing.lock().failure.clone()
    }

    fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::SeqCst)
    }

    /// Begins to disable it if nobody needs it; whether it did. Under the lock: whoever sees that
    /// it is enabled may rely on it.
    fn begins_to_end(&self) -> bool {
        let mut standing = self.standing.lock();
        if standing.users == 0 {
            standing.phase = Phase::Disabling;
        }
        standing.users == 0
    }
}

/// The place of each service in the list, by its path.
pub(crate) type Indices = BTreeMap<String, usize>;

/// Builds every service of `flow`.
pub(crate) fn compile(
    flow: &ValidFlow,
    catalog: &Catalog,
    base: &Arc<Base>,
    errors: &mut Vec<CompileError>,
) -> (Vec<ServiceNode>, Indices) {
    let services = || flow.groups().flat_map(|group| &group.services);
    let mut built: Vec<Arc<dyn EnabledService>> = Vec::new();
    for service in services() {
        match build(service, catalog) {
            Ok(service) => built.push(service),
            Err(source) => {
                errors.push(CompileError::BuildService { path: service.path.clone(), source });
            }
        }
    }
    if built.len() < services().count() {
        return (Vec::new(), Indices::new());
    }
    let indices: Indices =
        services().enumerate().map(|(index, service)| (service.path.clone(), index)).collect();
    let offers: Vec<Offer> = built.iter().map(|service| Arc::clone(service).offer()).collect();
    let nodes = services().zip(built).zip(&offers).map(|((valid, service), offer)| {
        // The name of a flow and of what is in it has no `/`: nothing else is called so.
        let state_name: Box<str> = format!("{}//{}", flow.name, valid.path).into();
        let named = named(&valid.properties, &indices);
        let is_wanted = Arc::<AtomicBool>::default();
        let surroundings = Surroundings {
            flow: flow.name.as_str().into(),
            path: valid.path.as_str().into(),
            state_name: state_name.clone(),
            parameters: Arc::clone(&valid.parameters),
            offers: named
                .iter()
                .map(|(name, index)| (name.clone(), offers[*index].clone()))
                .collect(),
            base: Arc::clone(base),
            is_wanted: Arc::clone(&is_wanted),
        };
        ServiceNode {
            path: valid.path.clone(),
            type_name: valid.type_name.clone(),
            state_name,
            is_enabled: valid.state == ScheduledState::Enabled,
            offer: offer.clone(),
            uses: named.into_values().collect(),
            service,
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
    });
    (nodes.collect(), indices)
}

fn build(service: &ValidService, catalog: &Catalog) -> Result<Arc<dyn EnabledService>, BuildError> {
    let text = |(name, value): (&String, &Value)| (name.clone(), value.expose().to_owned());
    let values = service.properties.declared.iter().map(text).collect();
    let context = BuildContext {
        component: service.path.clone(),
        dynamic: service.properties.dynamic.iter().map(text).collect(),
    };
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

impl Shared {
    /// The flow itself needs all services that take part, or does not any more.
    pub(crate) fn hold_services(self: &Arc<Self>, holds: bool) {
        if self.holds_services.swap(holds, Ordering::SeqCst) == holds {
            return;
        }
        for index in (0..self.services.len()).filter(|index| self.services[*index].is_enabled) {
            if holds {
                acquire(self, index);
            } else {
                release(self, index);
            }
        }
    }

    /// Ends when no service is enabled any more.
    pub(crate) async fn services_off(&self) {
        loop {
            let activity = self.activity.notified();
            tokio::pin!(activity);
            activity.as_mut().enable();
            if self.services.iter().all(|service| service.phase() == Phase::Off) {
                return;
            }
            activity.await;
        }
    }

    /// The service that is to blame that not all of these are enabled, and why, if one failed.
    pub(crate) fn hindrance(&self, services: &[usize]) -> Option<(&str, String)> {
        services.iter().find_map(|index| {
            let service = &self.services[*index];
            match service.failure() {
                Some(why) => Some((service.path.as_str(), why)),
                None if service.phase() == Phase::Enabled => None,
                None => self.hindrance(&service.uses),
            }
        })
    }
}

fn acquire(shared: &Arc<Shared>, index: usize) {
    let service = &shared.services[index];
    let mut standing = service.standing.lock();
    standing.users += 1;
    service.is_wanted.store(true, Ordering::SeqCst);
    if !standing.has_driver {
        standing.has_driver = true;
        standing.phase = Phase::Enabling;
        shared.runtime.spawn(drive(Arc::clone(shared), index));
    }
}

fn release(shared: &Shared, index: usize) {
    let service = &shared.services[index];
    let mut standing = service.standing.lock();
    standing.users -= 1;
    if standing.users == 0 {
        service.is_wanted.store(false, Ordering::SeqCst);
        service.wake.notify_one();
    }
}

/// Services that somebody needs, as long as this lives.
pub(crate) struct Using {
    shared: Arc<Shared>,
    services: Vec<usize>,
}

impl Using {
    pub(crate) fn of(shared: &Arc<Shared>, services: &[usize]) -> Self {
        for index in services {
            acquire(shared, *index);
        }
        Self { shared: Arc::clone(shared), services: services.to_vec() }
    }

    /// Ends when all are enabled; whether they are: not when whoever needs them does not `want`
    /// them any more, of which `wake` tells.
    pub(crate) async fn enabled(&self, want: impl Fn() -> bool, wake: &Notify) -> bool {
        let is_enabled = |index: &usize| self.shared.services[*index].phase() == Phase::Enabled;
        loop {
            let activity = self.shared.activity.notified();
            tokio::pin!(activity);
            activity.as_mut().enable();
            if !want() {
                return false;
            }
            if self.services.iter().all(is_enabled) {
                return true;
            }
            tokio::select! {
                biased;
                () = activity => {}
                () = wake.notified() => {}
            }
        }
    }
}

impl Drop for Using {
    fn drop(&mut self) {
        for index in &self.services {
            release(&self.shared, *index);
        }
    }
}

/// Keeps a service enabled as long as somebody needs it.
async fn drive(shared: Arc<Shared>, index: usize) {
    let service = &shared.services[index];
    let using = Using::of(&shared, &service.uses);
    loop {
        if enable(&shared, service, &using).await {
            tell(&shared, service, Phase::Enabled);
            while !service.begins_to_end() {
                service.wake.notified().await;
            }
            disable(service).await;
        }
        let mut standing = service.standing.lock();
        standing.failure = None;
        if standing.users == 0 {
            standing.phase = Phase::Off;
            standing.has_driver = false;
            break;
        }
        standing.phase = Phase::Enabling;
    }
    drop(using);
    shared.activity.notify_waiters();
}

fn tell(shared: &Shared, service: &ServiceNode, phase: Phase) {
    {
        let mut standing = service.standing.lock();
        standing.phase = phase;
        standing.failure = None;
    }
    shared.activity.notify_waiters();
}

/// Enables it, again and again until that succeeds; whether it did before nobody needed it.
async fn enable(shared: &Shared, service: &ServiceNode, using: &Using) -> bool {
    if !using.enabled(|| service.is_wanted(), &service.wake).await {
        return false;
    }
    let mut pauses = Pauses::new();
    while service.is_wanted() {
        let enabled = AssertUnwindSafe(service.service.on_enabled(&service.context));
        let error = match enabled.catch_unwind().await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => error,
            Err(panic) => {
                panicked("service", &*panic, "this is a bug of the service; it is tried again")
            }
        };
        service.context.report_error(&error);
        service.standing.lock().failure = Some(error.chain());
        shared.wake_sources();
        shared.activity.notify_waiters();
        pause(shared, service, pauses.next()).await;
    }
    false
}

/// Ends when the time has passed, or nobody needs the service any more.
async fn pause(shared: &Shared, service: &ServiceNode, time: Duration) {
    let sleep = shared.environment.clock.sleep_ms(milliseconds(time));
    tokio::pin!(sleep);
    while service.is_wanted() {
        tokio::select! {
            biased;
            () = &mut sleep => return,
            () = service.wake.notified() => {}
        }
    }
}

async fn disable(service: &ServiceNode) {
    let disabled = AssertUnwindSafe(service.service.on_disabled(&service.context));
    if let Err(panic) = disabled.catch_unwind().await {
        let help = "this is a bug of the service; it is disabled all the same";
        service.context.report_error(&panicked("service", &*panic, help));
    }
}
