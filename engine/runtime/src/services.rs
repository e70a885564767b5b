//! The services of a flow: enabled when somebody needs them, disabled when nobody does any more.
//!
//! Each has a driver of its own while it is needed, so that one that fails holds up nobody but
//! those who use it.

mod compile;
mod surroundings;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tutti_sdk::{EnabledService, Offer, ServiceContext};

use crate::environment::milliseconds;
use crate::node::{Base, Shared};
use crate::scheduler::{Pauses, panicked};

pub(crate) use compile::{Indices, compile, named, state_name};

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
    /// Services that it refers to.
    pub(crate) uses: Vec<Arc<ServiceNode>>,
    base: Arc<Base>,
    service: Arc<dyn EnabledService>,
    context: ServiceContext,
    /// Whether the flow itself needs it.
    is_held: AtomicBool,
    /// Whether somebody needs it.
    is_wanted: Arc<watch::Sender<bool>>,
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
        *self.is_wanted.borrow()
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

    /// The flow itself needs it, if it takes part, or does not any more.
    pub(crate) fn hold(self: &Arc<Self>, holds: bool) {
        if !self.is_enabled || self.is_held.swap(holds, Ordering::SeqCst) == holds {
            return;
        }
        if holds {
            acquire(self);
        } else {
            release(self);
        }
    }

    fn tell(&self, phase: Phase) {
        {
            let mut standing = self.standing.lock();
            standing.phase = phase;
            standing.failure = None;
        }
        self.base.activity.notify_waiters();
    }
}

impl Shared {
    /// The flow itself needs all services that take part, or does not any more.
    pub(crate) fn hold_services(&self, holds: bool) {
        if self.holds_services.swap(holds, Ordering::SeqCst) == holds {
            return;
        }
        self.services.iter().for_each(|service| service.hold(holds));
    }

    /// Ends when no service is enabled any more.
    pub(crate) async fn services_off(&self) {
        off(&self.base, &self.services).await;
    }
}

/// Ends when none of `services` is enabled any more.
pub(crate) async fn off(base: &Base, services: &[Arc<ServiceNode>]) {
    loop {
        let activity = base.activity.notified();
        tokio::pin!(activity);
        activity.as_mut().enable();
        if services.iter().all(|service| service.phase() == Phase::Off) {
            return;
        }
        activity.await;
    }
}

/// The service that is to blame that not all of these are enabled, and why, if one failed.
pub(crate) fn hindrance(services: &[Arc<ServiceNode>]) -> Option<(String, String)> {
    services.iter().find_map(|service| match service.failure() {
        Some(why) => Some((service.path.clone(), why)),
        None if service.phase() == Phase::Enabled => None,
        None => hindrance(&service.uses),
    })
}

fn acquire(service: &Arc<ServiceNode>) {
    let mut standing = service.standing.lock();
    standing.users += 1;
    service.is_wanted.send_replace(true);
    if !standing.has_driver {
        standing.has_driver = true;
        standing.phase = Phase::Enabling;
        service.base.runtime.spawn(drive(Arc::clone(service)));
    }
}

fn release(service: &ServiceNode) {
    let mut standing = service.standing.lock();
    standing.users -= 1;
    if standing.users == 0 {
        service.is_wanted.send_replace(false);
        service.wake.notify_one();
    }
}

/// Services that somebody needs, as long as this lives.
pub(crate) struct Using {
    base: Arc<Base>,
    services: Vec<Arc<ServiceNode>>,
}

impl Using {
    pub(crate) fn of(base: &Arc<Base>, services: Vec<Arc<ServiceNode>>) -> Self {
        services.iter().for_each(acquire);
        Self { base: Arc::clone(base), services }
    }

    /// As [`hindrance`].
    pub(crate) fn hindrance(&self) -> Option<(String, String)> {
        hindrance(&self.services)
    }

    /// Ends when all are enabled; whether they are: not when whoever needs them does not `want`
    /// them any more, of which `wake` tells.
    pub(crate) async fn enabled(&self, want: impl Fn() -> bool, wake: &Notify) -> bool {
        loop {
            let activity = self.base.activity.notified();
            tokio::pin!(activity);
            activity.as_mut().enable();
            if !want() {
                return false;
            }
            if self.services.iter().all(|service| service.phase() == Phase::Enabled) {
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
        self.services.iter().for_each(|service| release(service));
    }
}

/// Keeps a service enabled as long as somebody needs it.
async fn drive(service: Arc<ServiceNode>) {
    let service = &*service;
    let using = Using::of(&service.base, service.uses.clone());
    loop {
        if enable(service, &using).await {
            service.tell(Phase::Enabled);
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
    service.base.activity.notify_waiters();
}

/// Enables it, again and again until that succeeds; whether it did before nobody needed it.
async fn enable(service: &ServiceNode, using: &Using) -> bool {
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
        service.base.activity.notify_waiters();
        pause(service, pauses.next()).await;
    }
    false
}

/// Ends when the time has passed, or nobody needs the service any more.
async fn pause(service: &ServiceNode, time: Duration) {
    let sleep = service.base.environment.clock.sleep_ms(milliseconds(time));
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
